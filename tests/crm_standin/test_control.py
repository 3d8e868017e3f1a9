"""Faults, the request log, settings, loading and reset."""

from __future__ import annotations

import http.client
import time
from typing import Any

import pytest

from crm.standin import ids
from tests.crm_standin.client import Client


def arm(client: Client, **fault: Any) -> None:
    assert client.control("POST", "/faults", fault).status == 201


def keys(client: Client) -> list[Any]:
    return [row["Subject"] for row in client.rows("Task") if row["Ringdown_Key__c"] == "k"]


def test_drop_after_commit_commits_and_never_answers(client: Client) -> None:
    arm(client, match="PATCH .*Ringdown_Key__c", kind="drop-after-commit")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        client.upsert("Task", "Ringdown_Key__c", "k", Subject="first")
    assert keys(client) == ["first"]
    assert client.upsert("Task", "Ringdown_Key__c", "k", Subject="second").status == 200
    assert keys(client) == ["second"]
    log = client.control("GET", "/log").body
    assert [(entry["status"], entry["fault"]) for entry in log] == [(None, "drop-after-commit"), (200, None)]


def test_drop_before_does_nothing(client: Client) -> None:
    arm(client, match="PATCH", kind="drop-before")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        client.upsert("Task", "Ringdown_Key__c", "k")
    assert keys(client) == []


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "status", "status": 500}, 500, "UNKNOWN_EXCEPTION"),
        ({"kind": "status", "status": 503}, 503, "SERVER_UNAVAILABLE"),
        ({"kind": "status", "status": 400, "code": "QUERY_TIMEOUT", "message": "slow"}, 400, "QUERY_TIMEOUT"),
        ({"kind": "expire-session"}, 401, "INVALID_SESSION_ID"),
        ({"kind": "row-lock"}, 400, "UNABLE_TO_LOCK_ROW"),
        ({"kind": "limit-exceeded"}, 403, "REQUEST_LIMIT_EXCEEDED"),
    ],
)
def test_refusing_faults_do_nothing_and_wear_off(client: Client, fault: dict[str, Any], status: int, code: str) -> None:
    arm(client, match="PATCH .*", count=2, **fault)
    for _ in range(2):
        answer = client.upsert("Task", "Ringdown_Key__c", "k")
        assert (answer.status, answer.code) == (status, code)
    assert keys(client) == []
    assert client.upsert("Task", "Ringdown_Key__c", "k").status == 201


def test_an_html_page_with_503(client: Client) -> None:
    arm(client, match=".*", kind="html-503")
    answer = client.api("GET", "/limits")
    assert answer.status == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.body.startswith("<!DOCTYPE html>")


def test_slow_answers_late_but_answers(client: Client) -> None:
    arm(client, match="limits", kind="slow", seconds=0.2)
    started = time.monotonic()
    assert client.api("GET", "/limits").status == 200
    assert time.monotonic() - started >= 0.2


def test_an_ended_session_stays_ended(client: Client) -> None:
    arm(client, match="limits", kind="expire-session", end=True)
    assert client.api("GET", "/limits").status == 401
    assert client.api("GET", "/limits").status == 401
    client.token = client.control("POST", "/session").body["access_token"]
    assert client.api("GET", "/limits").status == 200


def test_row_locks_hit_single_records_of_a_collection(client: Client) -> None:
    arm(client, match="composite/sobjects", kind="row-lock", records=[1])
    records = [{"attributes": {"type": "Task"}, "Ringdown_Key__c": key} for key in "ab"]
    answer = client.api("PATCH", "/composite/sobjects/Task/Ringdown_Key__c", {"records": records})
    assert answer.status == 200
    assert [one["success"] for one in answer.body] == [True, False]
    assert answer.body[1]["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"


def test_faults_are_listed_used_in_order_and_cleared(client: Client) -> None:
    faults = [
        {"match": "GET .*limits", "kind": "status", "status": 500, "count": None},
        {"match": r"Contact\|x", "kind": "limit-exceeded", "count": 3},
    ]
    assert len(client.control("POST", "/faults", faults).body) == 2
    assert [client.api("GET", "/limits").status for _ in range(3)] == [500] * 3
    assert client.api("GET", "/sobjects/Contact%7Cx").status == 403
    assert [one["count"] for one in client.control("GET", "/faults").body] == [None, 2]
    assert client.control("DELETE", "/faults").status == 204
    assert client.control("GET", "/faults").body == []
    assert client.api("GET", "/limits").status == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "nope"},
        {"kind": "slow", "match": "("},
        {"kind": "slow", "seconds": -1},
        {"kind": "slow", "typo": 1},
        "x",
    ],
)
def test_unreadable_faults_are_refused(client: Client, fault: Any) -> None:
    assert client.control("POST", "/faults", fault).status == 400


def test_the_log_tells_what_came_in_order(client: Client) -> None:
    client.api("GET", "/limits", User_Agent="Ringdown/1")
    client.api("GET", "/sobjects/Nope")
    log = client.control("GET", "/log").body
    assert [(one["n"], one["method"], one["status"], one["user_agent"]) for one in log] == [
        (1, "GET", 200, "Ringdown/1"),
        (2, "GET", 404, ""),
    ]
    assert log[0]["path"] == "/services/data/v66.0/limits"
    assert log[0]["at"].endswith("Z")
    assert [one["n"] for one in client.control("GET", "/log?since=1").body] == [2]


def test_settings_are_read_changed_and_checked(client: Client) -> None:
    first = client.control("GET", "/settings").body
    assert first["package"] is True
    assert first["index_delay"] == 0
    assert client.control("POST", "/settings", {"index_delay": 60}).body == {**first, "index_delay": 60}
    wrongs: list[Any] = [{"nope": 1}, {"package": "yes"}, {"index_delay": True}, []]
    for wrong in wrongs:
        assert client.control("POST", "/settings", wrong).status == 400


def test_loading_takes_thousands_and_read_only_fields(client: Client) -> None:
    rows = [{"LastName": f"L{n}", "Phone": f"555{n:07}", "CreatedDate": "2020-01-02T03:04:05Z"} for n in range(5000)]
    answer = client.control("POST", "/records/Contact", rows)
    assert (answer.status, answer.body["loaded"], len(set(answer.body["ids"]))) == (201, 5000, 5000)
    record = client.read("Contact", answer.body["ids"][-1])
    assert (record["Name"], record["CreatedDate"]) == ("L4999", "2020-01-02T03:04:05.000+0000")
    assert record["SystemModstamp"] == record["CreatedDate"]


def test_loading_is_all_or_nothing(client: Client) -> None:
    before = len(client.rows("Task"))
    rows = [{"Ringdown_Key__c": "k"}, {"Ringdown_Key__c": "k"}]
    assert client.control("POST", "/records/Task", rows).code == "DUPLICATE_VALUE"
    assert client.control("POST", "/records/Task", [{"Foo": 1}]).code == "INVALID_FIELD"
    assert client.control("POST", "/records/Task", ["x"]).code == "JSON_PARSER_ERROR"
    assert len(client.rows("Task")) == before


def test_loading_over_an_id_changes_that_record(client: Client) -> None:
    made = client.create("Task", Subject="mine", CallDisposition="kept")
    colleague = client.rows("User")[1]["Id"]
    change = {"Id": made, "Subject": "theirs", "LastModifiedById": colleague}
    assert client.control("POST", "/records/Task", [change]).body["ids"] == [made]
    record = client.read("Task", made)
    assert (record["Subject"], record["CallDisposition"]) == ("theirs", "kept")
    assert (record["CreatedById"] == colleague, record["LastModifiedById"] == colleague) == (False, True)
    assert client.control("POST", "/records/Lead", [{"Id": made}]).code == "MALFORMED_ID"


def test_a_loaded_id_is_not_given_out_again(client: Client) -> None:
    number = len(client.rows("Task")) + 2
    client.control("POST", "/records/Task", [{"Id": ids.make("00T", number), "Subject": "x"}])
    assert client.create("Task", Subject="next") == ids.make("00T", number + 1)


def test_reset_gives_the_same_org_again(client: Client) -> None:
    before = [row["Id"] for row in client.rows("Contact")]
    client.create("Contact", LastName="x")
    arm(client, match=".*", kind="html-503")
    client.control("POST", "/settings", {"package": False})
    client.control("POST", "/reset")
    assert [row["Id"] for row in client.rows("Contact")] == before
    assert client.control("GET", "/faults").body == client.control("GET", "/log").body == []
    assert client.api("GET", "/limits").headers["sforce-limit-info"].startswith("api-usage=1/")
    client.control("POST", "/reset", {"empty": True})
    assert client.rows("Contact") == []
    assert client.create("Contact", LastName="first") == before[0]


def test_control_needs_no_token_and_is_neither_counted_nor_logged(client: Client) -> None:
    client.control("GET", "/faults")
    assert client.control("GET", "/nothing").status == 404
    assert client.control("GET", "/log").body == []
    assert client.api("GET", "/limits").headers["sforce-limit-info"].startswith("api-usage=1/")
