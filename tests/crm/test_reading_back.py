"""What people change in the Task of a call comes back, and is told from what was sent from here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.counterpart import RecordRef
from app.domain.external_ids import call_key
from app.errors import AppError, ErrorCode
from app.ports.crm import CallWrite, TaskNews, TaskReceipt, TaskRow
from crm import task_reading
from crm.gateway import SalesforceGateway
from crm.ids import id18
from crm.mapping import MARKER, split_description
from tests.crm.samples import call_log
from tests.crm.standin_process import Standin


class Desk:
    """One call that Salesforce holds, as the app remembers it."""

    def __init__(self, gateway: SalesforceGateway, **values: Any) -> None:
        self.gateway = gateway
        self.user = gateway.sign_in()
        log = call_log(**values)
        self.call = CallWrite(log, call_key(self.user.id, log.call.sip_call_id), "+14155550100", {})
        self.write()

    def write(self) -> TaskReceipt:
        """Send it, and remember what was sent."""
        (receipt,) = self.gateway.log_calls([self.call], zone=self.user.zone)
        assert isinstance(receipt, TaskReceipt)
        self.call = replace(self.call, log=replace(self.call.log, task_id=receipt.task_id), sent=receipt.sent)
        return receipt

    def here(self, **values: Any) -> None:
        """The rep changes something."""
        self.call = replace(self.call, log=replace(self.call.log, **values))

    def there(self, **values: Any) -> None:
        """A colleague changes something."""
        self.gateway._run(lambda lane: lane.sf.Task.update(self.call.log.task_id, values))

    def row(self) -> TaskRow:
        """The Task as it is there now."""
        (row,) = self.gateway.read_tasks([self.call.log.task_id])
        return row

    def news(self) -> TaskNews:
        """What of it is new."""
        return self.gateway.news(self.call, self.row(), zone=self.user.zone)


@pytest.fixture
def desk(gateway: SalesforceGateway) -> Desk:
    return Desk(gateway, notes="Agreed", subject="Mine")


def test_what_was_sent_is_no_news(desk: Desk) -> None:
    news = desk.news()
    assert news == TaskNews(sent=desk.call.sent)


def test_each_field_comes_back(org: Standin, desk: Desk) -> None:
    contact = org.load("Contact", {"FirstName": "Mia", "LastName": "Okafor"})[0]
    deal = org.load("Opportunity", {"Name": "Big one", "StageName": "Prospecting", "CloseDate": "2027-01-01"})[0]
    desk.there(
        Subject="Theirs",
        Description=f"Theirs too\r\n\r\n{MARKER}\r\nwhatever",
        CallDisposition="Wants a quote",
        WhoId=contact,
        WhatId=deal,
    )
    news = desk.news()
    assert (news.subject, news.disposition) == ("Theirs", "Wants a quote")
    assert news.notes is not None
    assert (news.notes.there, news.notes.base, news.notes.also_here) == ("Theirs too", "Agreed", False)
    assert news.who is not None
    assert (news.who.ref, news.who.name) == (RecordRef("Contact", contact), "Mia Okafor")
    assert news.what is not None
    assert (news.what.ref, news.what.name) == (RecordRef("Opportunity", deal), "Big one")
    # Taken over, nothing of it is sent back.
    desk.here(subject="Theirs", notes="Theirs too", disposition="Wants a quote", who=news.who.ref, what=news.what.ref)
    desk.call = replace(desk.call, sent=news.sent)
    org.clear_log()
    assert not desk.gateway.touches_notes(desk.call, zone=desk.user.zone)
    desk.write()
    assert org.requests() == []


def test_what_the_rep_changed_and_has_not_sent_wins(org: Standin, desk: Desk) -> None:
    desk.here(subject="Mine, newer", notes="Mine, newer")
    desk.there(Subject="Theirs", Description="Theirs", CallDisposition="Theirs")
    news = desk.news()
    assert (news.subject, news.disposition) == (None, "Theirs")
    assert news.notes is not None
    assert (news.notes.there, news.notes.also_here) == ("Theirs", True)
    desk.here(disposition="Theirs", notes="Mine, newer\nTheirs")
    desk.call = replace(desk.call, sent=news.sent)
    assert desk.gateway.touches_notes(desk.call, zone=desk.user.zone)
    desk.write()
    (task,) = org.rows("Task")
    assert (task["Subject"], task["CallDisposition"]) == ("Mine, newer", "Theirs")
    assert split_description(task["Description"]) == "Mine, newer\nTheirs"


def test_the_same_change_on_both_sides_is_no_news(desk: Desk) -> None:
    desk.here(subject="Agreed anew")
    desk.there(Subject="Agreed anew")
    news = desk.news()
    assert news.subject is None
    assert news.sent["Subject"] == "Agreed anew"


def test_only_the_part_above_the_marker_is_read(desk: Desk) -> None:
    desk.there(Description=f"Agreed\n\n{MARKER}\nsomebody wrote here")
    assert desk.news().notes is None


def test_an_emptied_subject_is_left_alone(desk: Desk) -> None:
    desk.there(Subject=None, CallDisposition=None)
    news = desk.news()
    assert (news.subject, news.disposition) == (None, None)
    assert news.sent["Subject"] == "Mine"


def test_a_converted_lead_is_followed(org: Standin, gateway: SalesforceGateway) -> None:
    lead = org.load("Lead", {"LastName": "L", "Company": "C", "Status": "Open - Not Contacted"})[0]
    contact = org.load("Contact", {"LastName": "L"})[0]
    desk = Desk(gateway, who=RecordRef("Lead", lead))
    desk.there(WhoId=contact)
    news = desk.news()
    assert news.who is not None
    assert news.who.ref == RecordRef("Contact", contact)
    assert news.what is None


def test_a_deleted_task_is_told_from_a_hidden_one(org: Standin, desk: Desk) -> None:
    desk.gateway._run(lambda lane: lane.sf.Task.delete(desk.call.log.task_id))
    assert desk.row().deleted
    desk.here(notes="too late")
    (error,) = desk.gateway.log_calls([desk.call], zone=desk.user.zone)
    assert isinstance(error, AppError)
    assert (error.code, error.values["reason"]) == (ErrorCode.CRM_NOT_FOUND, "gone")
    # One the org knows nothing of (shared away, or emptied from the recycle bin) is only hidden.
    hidden = replace(desk.call, log=replace(desk.call.log, task_id=id18("00TRd0000099999")))
    assert desk.gateway.read_tasks([hidden.log.task_id]) == []
    (error,) = desk.gateway.log_calls([hidden], zone=desk.user.zone)
    assert isinstance(error, AppError)
    assert (error.code, error.values["reason"]) == (ErrorCode.CRM_NOT_FOUND, "hidden")


def test_all_calls_that_changed_come_in_one_request(org: Standin, desk: Desk) -> None:
    user = desk.user
    org.load("Task", {"Subject": "nobody's", "Status": "Completed"})
    org.load("Task", {"Subject": "x", "Status": "Completed", "Ringdown_Key__c": "005000000000009AAA|other"})
    rows, mark = desk.gateway.changed_tasks(user, "")
    assert [row.task_id for row in rows] == [desk.call.log.task_id]
    assert mark == rows[0].stamp
    org.clear_log()
    desk.gateway._run(lambda lane: lane.sf.Task.delete(desk.call.log.task_id))
    rows, mark = desk.gateway.changed_tasks(user, mark)
    assert [row.deleted for row in rows] == [True]
    assert sum("/queryAll" in request for request in org.requests()) == 1
    assert desk.gateway.changed_tasks(user, "2030-01-01T00:00:00.000+00:00") == ([], "2030-01-01T00:00:00.000+00:00")


def test_without_the_package_it_comes_back_too(org: Standin, gateway: SalesforceGateway) -> None:
    org.settings(package=False)
    desk = Desk(gateway, notes="Agreed")
    desk.there(Subject="Theirs")
    assert desk.news().subject == "Theirs"
    rows, _ = gateway.changed_tasks(desk.user, "")
    assert [row.task_id for row in rows] == [desk.call.log.task_id]


def test_thousands_changed_at_once_hide_nothing_behind_them(
    org: Standin, gateway: SalesforceGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_reading, "_MOST", 5)
    user = gateway.sign_in()
    names = [f"c{n}" for n in range(17)]
    calls = [CallWrite(call_log({"sip_call_id": one, "id": one}), call_key(user.id, one), "", {}) for one in names]
    gateway.log_calls(calls, zone="UTC")  # all of them within a second or two, as by an admin's hand
    rows, mark = gateway.changed_tasks(user, "")
    assert len({row.task_id for row in rows}) == 17
    again, _ = gateway.changed_tasks(user, mark)
    assert {row.task_id for row in again} == {row.task_id for row in rows}
