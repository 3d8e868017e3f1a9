"""Many records in one request: each has its own fate, and the org's ways are learnt once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.counterpart import RecordRef
from app.domain.external_ids import call_key
from app.errors import AppError, ErrorCode
from app.ports.crm import CallWrite, CrmUser, DayRecord, OrgFinding, TaskReceipt
from crm.gateway import SalesforceGateway
from crm.org_rules import read_describe
from tests.crm.samples import call_log
from tests.crm.standin_process import Standin


class Rep:
    def __init__(self, gateway: SalesforceGateway) -> None:
        self.gateway = gateway
        self.user: CrmUser = gateway.sign_in()

    def call(self, name: str, **values: object) -> CallWrite:
        log = call_log({"sip_call_id": name, "id": name}, **values)
        return CallWrite(log, call_key(self.user.id, name), "+14155550100", {})

    def log(self, calls: list[CallWrite]) -> list[TaskReceipt | AppError]:
        return self.gateway.log_calls(calls, zone=self.user.zone)

    def day(self, number: int, body: str = "x") -> DayRecord:
        key = f"{self.user.id}|+1415555{number:04d}|2026-11-20|1"
        return DayRecord(key, "2026-11-20", f"+1415555{number:04d}", "UTC", 1, 1, body)


@pytest.fixture
def rep(gateway: SalesforceGateway) -> Rep:
    rep = Rep(gateway)
    rep.log([rep.call("first")])  # the org is described by now
    return rep


def test_two_hundred_calls_are_one_request(org: Standin, rep: Rep) -> None:
    org.clear_log()
    results = rep.log([rep.call(f"c{i}") for i in range(200)])
    assert all(isinstance(one, TaskReceipt) for one in results)
    assert len(org.rows("Task")) == 201
    assert len(org.requests()) == 1
    org.clear_log()
    changed = [
        replace(rep.call(f"c{i}", notes="more", task_id=one.task_id), sent=one.sent)
        for i, one in enumerate(results)
        if isinstance(one, TaskReceipt)
    ]
    assert all(isinstance(one, TaskReceipt) for one in rep.log(changed))
    assert len(org.requests()) == 1
    assert len(org.rows("Task")) == 201
    org.clear_log()
    rep.log([rep.call(f"d{i}") for i in range(201)])
    assert len(org.requests()) == 2


def test_one_bad_call_does_not_hold_up_the_others(org: Standin, rep: Rep) -> None:
    gone = org.load("Contact", {"LastName": "Gone"})[0]
    rep.gateway._run(lambda lane: lane.sf.Contact.delete(gone))
    good, bad, also_good = rep.log(
        [rep.call("a"), rep.call("b", who=RecordRef("Contact", gone)), rep.call("c", notes="x")]
    )
    assert isinstance(good, TaskReceipt)
    assert isinstance(also_good, TaskReceipt)
    assert isinstance(bad, AppError)
    assert bad.code is ErrorCode.CRM_REFUSED
    assert bad.values["message"]
    assert len(org.rows("Task")) == 3


def test_two_of_one_key_are_one_task(org: Standin, rep: Rep) -> None:
    results = rep.log([rep.call("same"), rep.call("other"), rep.call("same", notes="later")])
    assert all(isinstance(one, TaskReceipt) for one in results)
    assert len({one.task_id for one in results if isinstance(one, TaskReceipt)}) == 2
    (task,) = [row for row in org.rows("Task") if str(row["Ringdown_Key__c"]).endswith("|same")]
    assert task["Description"].startswith("later")


def test_a_locked_row_waits_alone(org: Standin, rep: Rep) -> None:
    org.fault("PATCH .*/Task/", "row-lock", records=[1])
    first, second, third = rep.log([rep.call("a"), rep.call("b"), rep.call("c")])
    assert isinstance(first, TaskReceipt)
    assert isinstance(third, TaskReceipt)
    assert isinstance(second, AppError)
    assert second.code is ErrorCode.CRM_BUSY


def test_what_stops_the_request_is_said_of_each(org: Standin, rep: Rep) -> None:
    org.fault("PATCH .*/Task/", "limit-exceeded")
    results = rep.log([rep.call("a"), rep.call("b")])
    assert [one.code for one in results if isinstance(one, AppError)] == [ErrorCode.CRM_LIMIT] * 2


def test_a_request_that_cannot_be_read_is_halved_until_one_is_to_blame(org: Standin, rep: Rep) -> None:
    org.fault("PATCH .*/Task/", "status", status=400, code="JSON_PARSER_ERROR", message="?", count=1)
    org.clear_log()
    results = rep.log([rep.call(f"c{i}") for i in range(4)])
    assert all(isinstance(one, TaskReceipt) for one in results)
    assert len(org.requests()) == 3
    assert len(org.rows("Task")) == 5


def test_days_go_together_too(org: Standin, rep: Rep) -> None:
    rep.gateway.upsert_days([rep.day(1)])
    org.clear_log()
    ids = rep.gateway.upsert_days([rep.day(i) for i in range(200)])
    assert len(set(map(str, ids))) == 200
    assert len(org.requests()) == 1
    assert rep.gateway.upsert_days([rep.day(7, body="more")]) == [ids[7]]
    assert len(org.rows("Ringdown_Day__c")) == 200


def test_without_the_package_one_look_serves_all(org: Standin, gateway: SalesforceGateway) -> None:
    org.settings(package=False)
    rep = Rep(gateway)
    rep.log([rep.call("first")])
    org.clear_log()
    rep.log([rep.call(f"c{i}") for i in range(50)])
    assert len(org.requests()) == 2
    rep.log([rep.call(f"c{i}", notes="again") for i in range(50)])
    assert len(org.rows("Task")) == 51
    assert gateway.findings[0] == OrgFinding("package-missing")


def test_the_org_is_described_once(org: Standin, rep: Rep) -> None:
    rep.log([rep.call("a")])
    rep.gateway.upsert_days([rep.day(1)])
    rep.gateway.upsert_days([rep.day(2)])
    assert sum(request.endswith("/describe") for request in org.requests()) == 2


def test_a_text_longer_than_its_field_is_cut(org: Standin, rep: Rep) -> None:
    (receipt,) = rep.log([rep.call("long", subject="s" * 400, disposition="d" * 400)])
    assert isinstance(receipt, TaskReceipt)
    assert len(str(receipt.sent["Subject"])) == 255


FIELD = {"label": "Region", "type": "string", "length": 20, "createable": True, "updateable": True}


class TestDescribe:
    def test_what_may_not_be_written_is_left_out(self) -> None:
        rules = read_describe(
            {
                "fields": [
                    {"name": "Subject", **FIELD, "length": 10},
                    {"name": "Description", **FIELD, "updateable": False},
                    {"name": "TaskSubtype", **FIELD, "updateable": False},
                ]
            }
        )
        values = {"Subject": "x" * 30, "Description": "d", "TaskSubtype": "Call", "Type": "Call"}
        assert rules.fit(values) == {"Subject": "x" * 10, "TaskSubtype": "Call"}
        assert rules.hidden(values) == ["Description", "Type"]

    def test_fields_the_org_demands_and_its_record_type_are_told(self) -> None:
        rules = read_describe(
            {
                "fields": [
                    {"name": "Region__c", **FIELD, "nillable": False, "defaultedOnCreate": False},
                    {"name": "Kind__c", **FIELD, "nillable": False, "defaultedOnCreate": True},
                    {"name": "Ringdown_Line__c", **FIELD, "nillable": False},
                ],
                "recordTypeInfos": [
                    {"name": "Master", "master": True, "defaultRecordTypeMapping": False},
                    {"name": "Sales call", "master": False, "defaultRecordTypeMapping": True},
                ],
            }
        )
        assert rules.demanded == ("Region",)
        assert rules.record_type == "Sales call"

    def test_an_odd_answer_is_no_trouble(self) -> None:
        assert read_describe({"fields": [None, {"name": 3}, {}], "recordTypeInfos": None}).fields == {}


class TestTogether:
    def test_calls_days_and_the_question_for_changes_are_one_request(self, org: Standin, rep: Rep) -> None:
        rep.gateway.upsert_days([rep.day(1)])
        (old,) = rep.log([rep.call("old")])
        assert isinstance(old, TaskReceipt)
        changed = replace(rep.call("old", notes="more", task_id=old.task_id), sent=old.sent)
        org.clear_log()
        got = rep.gateway.write_together(
            [rep.call("new"), changed], [rep.day(2), rep.day(3)], user=rep.user, zone=rep.user.zone, since=""
        )
        assert [request.rsplit("/", 1)[-1] for request in org.requests()] == ["composite"]
        assert all(isinstance(one, TaskReceipt) for one in got.calls)
        assert all(isinstance(one, str) for one in got.days)
        assert got.changed is not None
        assert len(got.changed[0]) == 3
        assert len(org.rows("Task")) == 3
        assert len(org.rows("Ringdown_Day__c")) == 3

    def test_each_has_its_own_fate_there_too(self, org: Standin, rep: Rep) -> None:
        rep.gateway.upsert_days([rep.day(1)])
        gone = org.load("Contact", {"LastName": "Gone"})[0]
        rep.gateway._run(lambda lane: lane.sf.Contact.delete(gone))
        nobody = RecordRef("Contact", gone)
        got = rep.gateway.write_together(
            [rep.call("a", who=nobody), rep.call("b")],
            [replace(rep.day(2), who=nobody), rep.day(3)],
            user=rep.user,
            zone=rep.user.zone,
        )
        assert [isinstance(one, AppError) for one in got.calls] == [True, False]
        assert [isinstance(one, AppError) for one in got.days] == [True, False]
        assert got.changed is None

    def test_an_answer_is_taken_once_and_never_by_a_later_question(self, org: Standin, rep: Rep) -> None:
        rep.gateway.upsert_days([rep.day(1)])
        rep.gateway.write_together([rep.call("a")], [rep.day(2)], user=rep.user, zone=rep.user.zone, since="")
        org.clear_log()
        rep.log([rep.call("a")])
        rep.gateway.upsert_days([rep.day(2)])
        rep.gateway.changed_tasks(rep.user, "")
        # The first finds the Task there, and leaves out in a second go what only an insert takes.
        assert len(org.requests()) == 4

    def test_a_lost_answer_is_an_error_of_each_and_doubles_nothing(self, org: Standin, rep: Rep) -> None:
        rep.gateway.upsert_days([rep.day(1)])
        org.fault("POST .*/composite$", "drop-after-commit")
        got = rep.gateway.write_together([rep.call("a")], [rep.day(2)], user=rep.user, zone=rep.user.zone)
        errors = [one for one in (*got.calls, *got.days) if isinstance(one, AppError)]
        assert [one.code for one in errors] == [ErrorCode.CRM_OFFLINE] * 2
        assert all(one.values["unanswered"] for one in errors)
        rep.gateway.write_together([rep.call("a")], [rep.day(2)], user=rep.user, zone=rep.user.zone)
        assert len(org.rows("Task")) == 2
        assert len(org.rows("Ringdown_Day__c")) == 2

    def test_without_the_package_the_calls_are_logged_and_the_days_wait(
        self, org: Standin, gateway: SalesforceGateway
    ) -> None:
        org.settings(package=False)
        rep = Rep(gateway)
        got = gateway.write_together([rep.call("a")], [rep.day(2)], user=rep.user, zone=rep.user.zone)
        assert isinstance(got.calls[0], TaskReceipt)
        assert isinstance(got.days[0], AppError)
        assert got.days[0].code is ErrorCode.CRM_PACKAGE_MISSING
