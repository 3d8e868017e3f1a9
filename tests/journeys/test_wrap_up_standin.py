"""A call with a stranger from its end to Salesforce, with the real gateway and the stand-in behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from app.domain.call import CallState
from app.domain.call_log import CallLog
from app.domain.counterpart import CrmRecord
from app.domain.new_record import NewRecord, Related
from app.errors import AppError, ErrorCode
from crm.gateway import SalesforceGateway
from tests.crm.standin_process import Standin
from tests.fakes import FakeCrm
from tests.journeys.conftest import World

STRANGER = "+15035550188"


class LinkedWorld(World):
    """The desk with Salesforce's stand-in."""

    def __init__(self, folder: Path, org: Standin) -> None:
        self.org = org
        super().__init__(folder)

    def open(self) -> None:
        """Start the app with the real gateway."""
        self.crm = cast(FakeCrm, SalesforceGateway(self.org.url, lambda: self.org.token))
        super().open()

    def find(self, call_id: str) -> CallLog | None:
        """The log as stored."""
        return self.desk.reads.call_log(call_id)

    def log(self, call_id: str) -> CallLog:
        """The log, which must be there."""
        found = self.find(call_id)
        assert found is not None
        return found

    def task(self, kind: str) -> dict[str, Any]:
        """The only Task that is a Call, or a plain Task."""
        (found,) = (row for row in self.org.rows("Task") if row["TaskSubtype"] == kind)
        return found


@pytest.fixture(scope="module")
def process() -> Iterator[Standin]:
    """The stand-in's process."""
    running = Standin()
    yield running
    running.stop()


@pytest.fixture
def linked(process: Standin, tmp_path: Path) -> Iterator[LinkedWorld]:
    """A signed-in desk on a fresh org."""
    process.reset(empty=True)
    made = LinkedWorld(tmp_path / "profile", process)
    made.signed_in()
    yield made
    made.background.close()
    made.crm.close()
    made.database.close()
    assert not made.bugs


def test_a_stranger_becomes_a_contact_with_a_deal_and_a_follow_up(linked: LinkedWorld) -> None:
    acme = linked.org.load("Account", {"Name": "Acme"})[0]
    desk = linked.desk
    call_id = linked.short_call(STRANGER)
    linked.pushed()
    assert linked.task("Call")["WhoId"] is None

    people: list[CrmRecord] = []
    wanted = NewRecord("Contact", {"FirstName": "Mia", "LastName": "Okafor", "Phone": STRANGER, "AccountId": acme})
    trouble: list[AppError] = []
    linked.org.fault("POST .*/Contact/", "drop-after-commit")
    desk.new_people.create(STRANGER, wanted, people.append, lambda error, _: trouble.append(error))
    linked.until(lambda: trouble)
    assert trouble[0].code is ErrorCode.CRM_OFFLINE
    desk.new_people.create(STRANGER, wanted, people.append, lambda error, _: trouble.append(error))
    linked.until(lambda: people)
    assert len(linked.org.rows("Contact")) == 1, "the answer was lost, the contact was not"

    deals: list[Related] = []
    deal = NewRecord("Opportunity", {"Name": "Forty sites", "StageName": "Prospecting", "CloseDate": "2026-12-20"})
    desk.relation.create(linked.log(call_id), deal, deals.append, trouble.append)
    linked.until(lambda: deals)
    (made,) = linked.org.rows("Opportunity")
    assert (made["AccountId"], made["ContactId"]) == (acme, people[0].ref.id)

    desk.wrapup.set_disposition(call_id, "Connected")
    desk.wrapup.set_notes(call_id, "Likes it.\n!next fri 3pm send quote")
    desk.wrapup.log(call_id)
    linked.pushed()
    task, follow_up = linked.task("Call"), linked.task("Task")
    assert (task["WhoId"], task["WhatId"], task["CallDisposition"]) == (people[0].ref.id, made["Id"], "Connected")
    assert (follow_up["WhoId"], follow_up["WhatId"]) == (people[0].ref.id, made["Id"])
    assert (follow_up["Subject"], follow_up["ActivityDate"]) == ("send quote", "2026-11-27")

    found: list[Related] = []
    desk.relation.search(linked.log(call_id), "forty", found.extend, trouble.append)
    linked.until(lambda: found)
    assert [one.name for one in found] == ["Forty sites"]


def test_undone_the_contact_is_gone_and_the_task_is_nobodys(linked: LinkedWorld) -> None:
    call_id = linked.short_call(STRANGER)
    linked.pushed()
    people: list[CrmRecord] = []
    wanted = NewRecord("Contact", {"LastName": "Okafor", "Phone": STRANGER})
    linked.desk.new_people.create(STRANGER, wanted, people.append, lambda *_: None)
    linked.until(lambda: people)
    done: list[bool] = []
    linked.desk.new_people.undo(STRANGER, lambda: done.append(True), lambda _: None)
    linked.until(lambda: done)
    linked.pushed()
    assert linked.org.rows("Contact") == []
    assert linked.task("Call")["WhoId"] is None
    assert linked.log(call_id).who is None


def test_a_blocked_duplicate_leads_to_the_one_who_is_there(linked: LinkedWorld) -> None:
    there = linked.org.load("Contact", {"FirstName": "Mia", "LastName": "Okafor", "Phone": "(503) 555-0100"})[0]
    rule = {"object": "Contact", "rule": "r", "every": ["LastName"]}
    linked.org.control("POST", "custom/duplicates", {"object": "Contact", "allow_save": False, "matches": [rule]})
    call_id = linked.short_call(STRANGER)
    alike: list[CrmRecord] = []
    wanted = NewRecord("Contact", {"LastName": "Okafor", "Phone": STRANGER})
    linked.desk.new_people.create(STRANGER, wanted, lambda _: None, lambda _, found: alike.extend(found))
    linked.until(lambda: alike)
    assert [one.ref.id for one in alike] == [there]
    slots: list[Any] = []
    linked.desk.new_people.slots(alike[0].ref, slots.extend, lambda _: None)
    linked.until(lambda: slots)
    mobile = next(slot for slot in slots if slot.field == "MobilePhone")
    took: list[CrmRecord] = []
    linked.desk.new_people.add(STRANGER, alike[0].ref, mobile, took.append, lambda _: None)
    linked.until(lambda: took)
    linked.pushed()
    assert linked.org.rows("Contact")[0]["MobilePhone"] == STRANGER
    assert linked.task("Call")["WhoId"] == there
    assert linked.log(call_id).person == "Mia Okafor"


def test_a_call_from_a_deal_is_linked_and_named_by_itself(linked: LinkedWorld) -> None:
    fields = {"Name": "Renewal", "StageName": "Prospecting", "CloseDate": "2026-12-01"}
    deal = linked.org.load("Opportunity", dict(fields))[0]
    call_id = linked.desk.calls.dial(STRANGER, about=deal)
    linked.until(lambda: linked.find(call_id))
    linked.desk.relation.name(linked.log(call_id))
    linked.until(lambda: linked.log(call_id).what_name == "Renewal")
    linked.until(linked.desk.calls.live)
    linked.phone.far_answers(call_id)
    linked.until(lambda: linked.desk.calls.only().state is CallState.ACTIVE)
    linked.phone.far_ends(call_id)
    linked.until(lambda: linked.log(call_id).call.state is CallState.ENDED)
    linked.pushed()
    assert linked.task("Call")["WhatId"] == deal
    linked.desk.relation.choose(call_id, None, lambda: None, lambda _: None)
    linked.pushed()
    assert linked.task("Call")["WhatId"] is None


def test_a_call_is_named_by_the_organisations_pattern_until_the_rep_names_it(linked: LinkedWorld) -> None:
    linked.desk.lines.set_call_subject("{direction} – {person}")
    call_id = linked.short_call(STRANGER)
    linked.pushed()
    assert linked.task("Call")["Subject"] == "Inbound – +1 503-555-0188"
    linked.desk.wrapup.set_subject(call_id, "About prices")
    linked.pushed()
    assert linked.task("Call")["Subject"] == "About prices"
