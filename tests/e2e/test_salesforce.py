"""Every call is one Task and every day of texts one record, whatever happens between here and Salesforce."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.ringdown import FAILED, Json, Ringdown, provisioning
from tests.peers import far_end as numbers
from tests.peers.child import until
from tests.peers.far_end import FarEnd
from tests.peers.salesforce import Row, Salesforce

pytestmark = pytest.mark.peers

MARKER = "----- Ringdown: written by the app below this line -----"


def _sip_id(far_end: FarEnd, number: str) -> str:
    return str(far_end.newest(number)["sip_call_id"])


def _call(app: Ringdown, far_end: FarEnd, number: str = numbers.ECHO) -> tuple[Json, str]:
    """A short call; its log and SIP Call-ID."""
    log = app.hangup(app.call(number))
    return log, _sip_id(far_end, number)


def _only_task(salesforce: Salesforce, sip_call_id: str) -> Row:
    tasks = salesforce.tasks(sip_call_id)
    assert len(tasks) == 1, tasks
    assert len(salesforce.rows("Task")) == len({row["Ringdown_Key__c"] for row in salesforce.rows("Task")})
    return tasks[0]


def _ana(salesforce: Salesforce, number: str) -> str:
    return salesforce.load("Contact", {"FirstName": "Ana", "LastName": "Flores", "Phone": number})[0]


def test_a_call_becomes_one_task(app: Ringdown, far_end: FarEnd, salesforce: Salesforce, tmp_path: Path) -> None:
    contact = _ana(salesforce, "(415) 555-0105")
    app.provision(
        provisioning(
            tmp_path / "p.toml",
            line={"uri": f"sip:riley@{far_end.sip}"},
            salesforce=(salesforce.url, salesforce.token),
        )
    )
    app.start(registered=True)
    until(lambda: app.status()["salesforce"]["state"] == "signed-in", what="signed in")
    call = app.do("call", numbers.ECHO, "--wait")
    app.do("note", call["id"], "In the call: wants the renewal.\nSecond line 日本語 👍 <b>")
    sip_call_id = _sip_id(far_end, numbers.ECHO)
    log = app.hangup(call["id"])
    assert (log["name"], log["record"], log["synced"]) == ("Ana Flores", contact, "waiting")
    assert app.do("sync") == {"sent": 1, "waiting": 0, "failed": 0}

    task = _only_task(salesforce, sip_call_id)
    assert {name: task[name] for name in ("TaskSubtype", "Status", "CallType", "WhoId")} == {
        "TaskSubtype": "Call",
        "Status": "Completed",
        "CallType": "Outbound",
        "WhoId": contact,
    }
    assert task["Subject"] == "Call to Ana Flores"
    assert task["CallDurationInSeconds"] == log["duration"]
    notes, generated = task["Description"].split(f"\n\n{MARKER}\n")
    assert notes == "In the call: wants the renewal.\nSecond line 日本語 👍 <b>"
    assert "Outcome: answered" in generated
    log = app.recent(call["id"])
    assert (log["synced"], log["task"]) == ("done", task["Id"])

    # Notes written later change the same Task, and nothing else of it.
    salesforce.control("DELETE", "log")
    app.do("note", call["id"], "After the call: sent the quote.")
    assert app.recent(call["id"])["synced"] == "waiting"
    app.do("sync")
    task = _only_task(salesforce, sip_call_id)
    assert task["Description"].startswith(f"After the call: sent the quote.\n\n{MARKER}\n")
    assert not [request for request in salesforce.requests() if request.startswith("POST ") and "Task" in request]


def test_every_outcome_is_logged(ready: Ringdown, far_end: FarEnd, salesforce: Salesforce) -> None:
    wanted: dict[str, tuple[str, str, str]] = {}
    ready.run("call", numbers.BUSY, "--wait")
    wanted[_sip_id(far_end, numbers.BUSY)] = ("Outbound", "busy", "Busy: call to +1 415-555-0102")
    ready.run("call", numbers.NO_SUCH_NUMBER, "--wait")
    wanted[_sip_id(far_end, numbers.NO_SUCH_NUMBER)] = (
        "Outbound",
        "failed",
        "Unanswered call to +1 415-555-0108",
    )
    there = far_end.call(ready.contact(), "+15035550199")
    call_id = ready.wait("call-incoming")["id"]
    far_end.hangup(there)
    ready.call_ended(call_id)
    wanted[far_end.by_id(there)["sip_call_id"]] = ("Inbound", "missed", "Missed call from +1 503-555-0199")
    there = far_end.call(ready.contact(), "+15035550198")
    ready.wait("call-incoming")
    ready.do("reject")
    wanted[far_end.by_id(there)["sip_call_id"]] = ("Inbound", "declined", "Declined call from +1 503-555-0198")
    # What never left is no call.
    ready.refuses("call", "hello")
    ready.do("sync")
    for sip_call_id, (direction, outcome, subject) in wanted.items():
        task = _only_task(salesforce, sip_call_id)
        assert (task["CallType"], task["CallDisposition"], task["Subject"], task["WhoId"]) == (
            direction,
            outcome,
            subject,
            None,
        )
    assert len(salesforce.rows("Task")) == len(wanted)


def test_a_day_of_texts_is_one_record(ready: Ringdown, far_end: FarEnd, salesforce: Salesforce) -> None:
    bodies = ["first 日本", "second 👍\nwith two lines", "third", "مرحبا"]
    ready.do("text", numbers.TALKS, bodies[0])
    far_end.text(ready.contact(), numbers.TALKS, bodies[1])
    ready.wait("message-received")
    ready.do("sync")
    assert len(salesforce.days(numbers.TALKS)) == 1
    ready.do("text", numbers.TALKS, bodies[2])
    far_end.text(ready.contact(), numbers.TALKS, bodies[3])
    ready.wait("message-received")
    ready.do("text", "+14155550107", "to somebody else")
    ready.do("sync")
    (day,) = salesforce.days(numbers.TALKS)
    places = [day["Body__c"].index(body) for body in bodies]
    assert places == sorted(places)
    assert (day["Messages__c"], day["Counterpart__c"]) == (4, numbers.TALKS)
    assert abs((datetime.fromisoformat(day["Day__c"]).date() - datetime.now(UTC).date()).days) <= 1
    assert day["Key__c"].split("|")[1:] == [numbers.TALKS, day["Day__c"], "1"]
    assert len(salesforce.rows("Ringdown_Day__c")) == 2


FAULTS: dict[str, dict[str, object]] = {
    "drop-after-commit": {},
    "drop-before": {},
    "html-503": {},
    "row-lock": {},
    "status": {"status": 500},
    "slow": {"seconds": 1.5},
    "limit-exceeded": {},
}


def test_a_fault_leaves_exactly_one_of_each(ready: Ringdown, far_end: FarEnd, salesforce: Salesforce) -> None:
    until(lambda: ready.status()["salesforce"]["state"] == "signed-in", what="signed in")
    for kind, more in FAULTS.items():
        _, sip_call_id = _call(ready, far_end)
        body = f"a text with {kind}"
        ready.do("text", numbers.TALKS, body)
        for match in ("(POST|PATCH) .*/(Task|composite$)", "(POST|PATCH) .*/(Ringdown_Day__c|composite$)"):
            salesforce.fault(kind, match, **more)
        # It meets the fault; asking once more must not have to wait for its own next attempt.
        ready.run("sync", "--timeout", "1")
        assert len(salesforce.armed()) < 2, kind
        salesforce.clear_faults()
        assert ready.do("sync")["waiting"] == 0, kind
        _only_task(salesforce, sip_call_id)
        (day,) = salesforce.days(numbers.TALKS)
        assert day["Body__c"].count(body) == 1
        assert ready.status()["outbox"] == {"waiting": 0, "failed": 0}


def test_an_expired_session_waits_for_a_new_token(
    ready: Ringdown, far_end: FarEnd, salesforce: Salesforce, tmp_path: Path
) -> None:
    until(lambda: ready.status()["salesforce"]["state"] == "signed-in", what="signed in")
    log, sip_call_id = _call(ready, far_end)
    # The token of this org is dead from here on.
    fresh = salesforce.control("POST", "session")["access_token"]
    try:
        assert ready.run("sync", "--timeout", "1").code == FAILED
        until(lambda: ready.status()["salesforce"]["state"] == "signed-out", what="signed out")
        assert ready.recent(log["id"])["synced"] == "waiting"
        assert salesforce.tasks(sip_call_id) == []
        ready.provision(provisioning(tmp_path / "fresh.toml", salesforce=(salesforce.url, fresh)))
        until(lambda: ready.status()["salesforce"]["state"] == "signed-in", 10, "signed in again")
        ready.do("sync")
        _only_task(salesforce, sip_call_id)
    finally:
        salesforce.token = fresh


def test_a_kill_right_after_the_call(ready: Ringdown, far_end: FarEnd, salesforce: Salesforce) -> None:
    call_id = ready.call(numbers.ECHO)
    ready.do("note", call_id, "survives")
    ready.hangup(call_id)
    sip_call_id = _sip_id(far_end, numbers.ECHO)
    ready.kill()
    assert salesforce.tasks(sip_call_id) == []
    ready.start(registered=True)
    ready.do("sync")
    task = _only_task(salesforce, sip_call_id)
    assert task["Description"].startswith("survives\n\n")


def test_a_kill_while_salesforce_is_writing(ready: Ringdown, far_end: FarEnd, salesforce: Salesforce) -> None:
    until(lambda: ready.status()["salesforce"]["state"] == "signed-in", what="signed in")
    _, sip_call_id = _call(ready, far_end)
    salesforce.fault("slow", "(POST|PATCH) .*/Task", seconds=3.0, after=True)
    syncing = ready.ask("sync")
    until(lambda: salesforce.tasks(sip_call_id), what="it is written over there")
    ready.kill()  # and the answer never arrives
    ready.answered(syncing)
    ready.start(registered=True)
    assert ready.do("sync")["waiting"] == 0
    _only_task(salesforce, sip_call_id)


def test_without_the_package_it_is_one_task_too(ready: Ringdown, far_end: FarEnd, salesforce: Salesforce) -> None:
    salesforce.control("POST", "settings", {"package": False})
    _, sip_call_id = _call(ready, far_end)
    ready.do("sync")
    ready.do("sync")
    tasks = [row for row in salesforce.rows("Task") if str(row["CallObject"]).endswith(sip_call_id)]
    assert len(tasks) == 1


def test_salesforce_is_down_at_the_start_and_comes_back(app: Ringdown, far_end: FarEnd, tmp_path: Path) -> None:
    with Salesforce(tmp_path, keeps=True) as salesforce:
        salesforce.reset(empty=True)
        app.provision(
            provisioning(
                tmp_path / "p.toml",
                line={"uri": f"sip:riley@{far_end.sip}"},
                salesforce=(salesforce.url, salesforce.token),
            )
        )
        # Once online, so that the rep is known: keys carry the user.
        app.start(registered=True)
        until(lambda: app.status()["salesforce"]["state"] == "signed-in", what="signed in")
        app.do("quit")
        app.ended()
        salesforce.close()
        app.start(registered=True)
        until(lambda: app.status()["salesforce"]["state"] == "offline", 10, "offline is said")
        log, sip_call_id = _call(app, far_end)
        app.do("note", log["id"], "taken offline")
        app.do("text", numbers.TALKS, "sent offline")
        assert app.run("sync", "--timeout", "3").code == FAILED
        assert app.status()["outbox"]["waiting"] == 2
        salesforce.start()
        until(lambda: app.status()["salesforce"]["state"] == "signed-in", 40, "signed in by itself")
        app.do("sync")
        assert _only_task(salesforce, sip_call_id)["Description"].startswith("taken offline\n\n")
        assert "sent offline" in salesforce.days(numbers.TALKS)[0]["Body__c"]


def test_never_online_before(app: Ringdown, far_end: FarEnd, tmp_path: Path) -> None:
    """The first start of a rep is on a train: who the rep is becomes known later, and nothing is lost."""
    with Salesforce(tmp_path, keeps=True) as salesforce:
        salesforce.reset(empty=True)
        salesforce.close()
        app.provision(
            provisioning(
                tmp_path / "p.toml",
                line={"uri": f"sip:riley@{far_end.sip}"},
                salesforce=(salesforce.url, salesforce.token),
            )
        )
        app.start(registered=True)
        _, sip_call_id = _call(app, far_end)
        salesforce.start()
        app.do("quit")
        app.ended()
        app.start(registered=True)
        until(lambda: app.status()["salesforce"]["state"] == "signed-in", 10, "signed in")
        app.do("sync")
        _only_task(salesforce, sip_call_id)
