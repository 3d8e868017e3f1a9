"""Tasks and day records against the stand-in: each exactly once, whatever happens on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.call_log import CallLog
from app.domain.counterpart import RecordRef
from app.domain.external_ids import call_key
from app.errors import AppError, ErrorCode
from app.ports.crm import CallWrite, CrmGateway, CrmUser, DayRecord, TaskReceipt
from crm.gateway import SalesforceGateway
from crm.mapping import split_description
from tests.crm.samples import call_log
from tests.crm.standin_process import Standin


class Rep:
    """Logs calls as the app does."""

    def __init__(self, gateway: SalesforceGateway) -> None:
        self.gateway = gateway
        self.user: CrmUser = gateway.sign_in()

    def log(self, log: CallLog, sent: TaskReceipt | None = None, *, tried_at: datetime | None = None) -> TaskReceipt:
        key = call_key(self.user.id, log.call.sip_call_id)
        call = CallWrite(log, key, "+14155550100", sent.sent if sent else {}, tried_at)
        (result,) = self.gateway.log_calls([call], zone=self.user.zone)
        if isinstance(result, AppError):
            raise result
        return result

    def keep(self, day: DayRecord) -> str:
        (result,) = self.gateway.upsert_days([day])
        if isinstance(result, AppError):
            raise result
        return result

    def fails(self, log: CallLog, sent: TaskReceipt | None = None, *, tried_at: datetime | None = None) -> AppError:
        with pytest.raises(AppError) as raised:
            self.log(log, sent, tried_at=tried_at)
        return raised.value


@pytest.fixture
def rep(gateway: SalesforceGateway) -> Rep:
    return Rep(gateway)


def test_it_is_the_port(gateway: SalesforceGateway) -> None:
    port: CrmGateway = gateway
    assert port


def test_a_call_is_one_completed_task(org: Standin, rep: Rep) -> None:
    contact = org.load("Contact", {"LastName": "Stone"})[0]
    receipt = rep.log(call_log(notes="Hi", who=RecordRef("Contact", contact)))
    (task,) = org.rows("Task")
    assert task["Id"] == receipt.task_id
    assert (task["Status"], task["TaskSubtype"], task["CallType"]) == ("Completed", "Call", "Outbound")
    assert (task["CallDurationInSeconds"], task["WhoId"]) == (65, contact)
    assert task["Ringdown_Key__c"] == f"{rep.user.id}|a/b%c@host"
    assert split_description(task["Description"]) == "Hi"


def test_twice_is_once(org: Standin, rep: Rep) -> None:
    assert rep.log(call_log()).task_id == rep.log(call_log()).task_id
    assert len(org.rows("Task")) == 1


def test_a_lost_answer_does_not_double(org: Standin, rep: Rep) -> None:
    org.fault("PATCH .*/Task/", "drop-after-commit")
    assert rep.fails(call_log()).code is ErrorCode.CRM_OFFLINE
    assert len(org.rows("Task")) == 1
    receipt = rep.log(call_log(notes="more"))  # holds TaskSubtype, which an existing Task refuses
    (task,) = org.rows("Task")
    assert task["Id"] == receipt.task_id
    assert split_description(task["Description"]) == "more"


def test_later_only_changes_are_sent(org: Standin, rep: Rep) -> None:
    first = rep.log(call_log(subject="Mine"))
    org.control("DELETE", "log")
    rep.gateway._run(lambda lane: lane.sf.Task.update(first.task_id, {"Subject": "Changed in Salesforce"}))
    second = rep.log(call_log(subject="Mine", notes="New", task_id=first.task_id), first)
    (task,) = org.rows("Task")
    assert task["Subject"] == "Changed in Salesforce"
    assert split_description(task["Description"]) == "New"
    org.clear_log()
    assert rep.log(call_log(subject="Mine", notes="New", task_id=first.task_id), second) == second
    assert org.requests() == []


def test_a_task_deleted_there_stays_deleted(org: Standin, rep: Rep) -> None:
    first = rep.log(call_log())
    rep.gateway._run(lambda lane: lane.sf.Task.delete(first.task_id))
    assert rep.fails(call_log(notes="x", task_id=first.task_id), first).code is ErrorCode.CRM_NOT_FOUND
    assert org.rows("Task") == []


def test_a_lead_takes_no_relation(org: Standin, rep: Rep) -> None:
    lead = org.load("Lead", {"LastName": "L", "Company": "C", "Status": "Open - Not Contacted"})[0]
    account = org.load("Account", {"Name": "Acme"})[0]
    first = rep.log(call_log(what=RecordRef("Account", account)))
    # Somebody relates the Task in Salesforce; the change here knows nothing of it.
    rep.log(call_log(task_id=first.task_id), first)
    rep.gateway._run(lambda lane: lane.sf.Task.update(first.task_id, {"WhatId": account}))
    related = TaskReceipt(first.task_id, {**first.sent, "WhatId": None})
    rep.log(call_log(task_id=first.task_id, who=RecordRef("Lead", lead)), related)
    (task,) = org.rows("Task")
    assert (task["WhoId"], task["WhatId"]) == (lead, None)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("html-503", ErrorCode.CRM_OFFLINE),
        ("drop-before", ErrorCode.CRM_OFFLINE),
        ("expire-session", ErrorCode.CRM_SIGNED_OUT),
        ("row-lock", ErrorCode.CRM_BUSY),
        ("limit-exceeded", ErrorCode.CRM_LIMIT),
    ],
)
def test_a_failed_write_is_made_good(org: Standin, rep: Rep, kind: str, code: ErrorCode) -> None:
    org.fault("PATCH .*/Task/", kind)
    assert rep.fails(call_log()).code is code
    assert org.rows("Task") == []
    rep.log(call_log())
    assert len(org.rows("Task")) == 1


def test_a_validation_rule_speaks_in_its_own_words(org: Standin, rep: Rep) -> None:
    org.fault(
        "PATCH .*/Task/", "status", status=400, code="FIELD_CUSTOM_VALIDATION_EXCEPTION", message="Say why you called"
    )
    error = rep.fails(call_log())
    assert (error.code, error.values["message"]) == (ErrorCode.CRM_REFUSED, "Say why you called")


def test_a_field_the_org_hides_is_left_out(org: Standin, rep: Rep) -> None:
    org.fault(
        "PATCH .*/Task/",
        "status",
        status=400,
        code="INVALID_FIELD",
        message="No such column 'Ringdown_Line__c' on sobject of type Task",
    )
    rep.log(call_log())
    (task,) = org.rows("Task")
    assert task["Ringdown_Line__c"] is None
    assert task["Ringdown_Outcome__c"] == "answered"


def test_the_orgs_own_word_for_done(org: Standin, rep: Rep) -> None:
    rep.log(call_log())
    rep.log(call_log({"sip_call_id": "other"}))
    assert sum("TaskStatus" in request for request in org.requests()) == 1


def test_doubles_are_settled_on_the_oldest(org: Standin, rep: Rep) -> None:
    org.settings(unique_task_key=False)
    key = call_key(rep.user.id, "a/b%c@host")
    same = {"Ringdown_Key__c": key, "Status": "Completed", "Subject": "Call"}
    _younger, oldest = org.load(
        "Task",
        {**same, "CreatedDate": "2026-11-02T00:00:00.000+0000"},
        {**same, "CreatedDate": "2026-11-01T00:00:00.000+0000"},
    )
    assert rep.log(call_log(subject="Mine")).task_id == oldest
    subjects = {task["Id"]: task["Subject"] for task in org.rows("Task")}
    assert subjects == {_younger: "Duplicate: Call", oldest: "Mine"}
    assert rep.log(call_log(subject="Mine")).task_id == oldest


class TestWithoutPackage:
    @pytest.fixture(autouse=True)
    def bare(self, org: Standin) -> None:
        org.settings(package=False)

    def test_the_key_travels_in_call_object(self, org: Standin, rep: Rep) -> None:
        first = rep.log(call_log())
        assert rep.gateway.package_missing
        assert rep.log(call_log(notes="again")).task_id == first.task_id
        (task,) = org.rows("Task")
        assert task["CallObject"] == call_key(rep.user.id, "a/b%c@host")
        assert split_description(task["Description"]) == "again"

    def test_a_lost_answer_is_looked_up(self, org: Standin, rep: Rep) -> None:
        org.fault("POST .*/composite/sobjects", "drop-after-commit")
        error = rep.fails(call_log())
        assert (error.code, error.values["unsure"]) == (ErrorCode.CRM_OFFLINE, True)
        rep.log(call_log())
        assert len(org.rows("Task")) == 1

    def test_a_lost_request_waits_before_it_is_repeated(self, org: Standin, rep: Rep) -> None:
        org.fault("POST .*/composite/sobjects", "drop-before")
        rep.fails(call_log())
        error = rep.fails(call_log())
        assert error.code is ErrorCode.CRM_BUSY
        assert 590 < float(str(error.values["retry_after"])) <= 600
        assert org.rows("Task") == []

    def test_what_an_earlier_process_may_have_sent_waits_too(self, org: Standin, rep: Rep) -> None:
        now = datetime.now(UTC)
        assert rep.fails(call_log(), tried_at=now - timedelta(minutes=1)).code is ErrorCode.CRM_BUSY
        rep.log(call_log({"sip_call_id": "old"}), tried_at=now - timedelta(minutes=11))
        assert len(org.rows("Task")) == 1

    def test_a_plain_refusal_is_tried_again_at_once(self, org: Standin, rep: Rep) -> None:
        org.fault("POST .*/composite/sobjects", "row-lock")
        assert rep.fails(call_log()).code is ErrorCode.CRM_BUSY
        rep.log(call_log())
        assert len(org.rows("Task")) == 1

    def test_days_wait(self, rep: Rep) -> None:
        with pytest.raises(AppError) as raised:
            rep.keep(DayRecord("k", "2026-11-20", "+14155550123", "UTC", 1, 1, "x"))
        assert raised.value.code is ErrorCode.CRM_PACKAGE_MISSING

    def test_the_package_is_found_when_it_comes(self, org: Standin, rep: Rep) -> None:
        rep.log(call_log())
        org.settings(package=True)
        rep.gateway.sign_in()
        rep.log(call_log({"sip_call_id": "new"}))
        assert {task["Ringdown_Key__c"] for task in org.rows("Task")} == {None, call_key(rep.user.id, "new")}


def test_a_day_is_one_record_that_grows(org: Standin, rep: Rep) -> None:
    contact = org.load("Contact", {"LastName": "Stone"})[0]
    key = f"{rep.user.id}|+14155550123|2026-11-20|1"
    day = DayRecord(key, "2026-11-20", "+14155550123", "Europe/Berlin", 1, 1, "09:00 me:\nHi")
    first = rep.keep(day)
    org.fault("PATCH .*/Ringdown_Day__c/", "drop-after-commit")
    more = DayRecord(key, day.day, day.number, day.zone, 1, 2, "…", RecordRef("Contact", contact))
    with pytest.raises(AppError):
        rep.keep(more)
    assert rep.keep(more) == first
    (row,) = org.rows("Ringdown_Day__c")
    assert (row["Key__c"], row["Day__c"], row["Counterpart__c"]) == (key, "2026-11-20", "+14155550123")
    assert (row["Messages__c"], row["Body__c"], row["Contact__c"]) == (2, "…", contact)
