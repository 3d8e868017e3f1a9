"""Every kind of fault on every kind of path."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.crm_standin.client import BASE, Answer, Client
from tests.crm_standin.signing_in import OAuth, as_user

KEY = "Ringdown_Key__c"
GONE = (http.client.RemoteDisconnected, ConnectionResetError)
RECORDS = [{"attributes": {"type": "Task"}, KEY: key, "Subject": "x"} for key in "ab"]
PARTS = [
    {"method": "PATCH", "url": f"{BASE}/sobjects/Task/{KEY}/{key}", "referenceId": key, "body": {"Subject": "x"}}
    for key in "ab"
]
UPLOAD = (
    b'--z\r\nContent-Disposition: form-data; name="entity_content"\r\n\r\n{"PathOnClient": "a"}\r\n'
    b'--z\r\nContent-Disposition: form-data; name="VersionData"; filename="a"\r\n\r\nbytes\r\n--z--\r\n'
)
CALLS: dict[str, tuple[str, Callable[[Client], Answer]]] = {
    "row": ("PATCH .*/sobjects/Task", lambda c: c.upsert("Task", KEY, "a", Subject="x")),
    "query": ("GET .*/query", lambda c: c.query("SELECT Id FROM Task")),
    "search": ("GET .*/search", lambda c: c.search("FIND {4155550142} RETURNING Contact(Id)")),
    "describe": ("GET .*/describe", lambda c: c.api("GET", "/sobjects/Task/describe")),
    "limits": ("GET .*/limits", lambda c: c.api("GET", "/limits")),
    "collection": (
        "PATCH .*/composite/sobjects",
        lambda c: c.api("PATCH", f"/composite/sobjects/Task/{KEY}", {"records": RECORDS}),
    ),
    "composite": ("POST .*/composite", lambda c: c.api("POST", "/composite", {"compositeRequest": PARTS})),
    "changes": (
        "GET .*/updated",
        lambda c: c.api("GET", f"/sobjects/Task/updated/?start={stamp(-300)}&end={stamp(0)}"),
    ),
    "upload": (
        "POST .*/ContentVersion",
        lambda c: c.api("POST", "/sobjects/ContentVersion", UPLOAD, Content_Type="multipart/form-data; boundary=z"),
    ),
    "bulk": (
        "POST .*/jobs/query",
        lambda c: c.api("POST", "/jobs/query", {"operation": "query", "query": "SELECT Id FROM Task"}),
    ),
}
API = pytest.mark.parametrize("name", CALLS)


def stamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:00Z", time.gmtime(time.time() + seconds))


def arm(client: Client, **fault: Any) -> None:
    assert client.control("POST", "/faults", fault).status == 201


def written(client: Client) -> int:
    tasks = [row for row in client.rows("Task") if row[KEY] in ("a", "b")]
    return len(tasks) + len(client.rows("ContentVersion"))


@API
@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "status", "status": 500}, 500, "UNKNOWN_EXCEPTION"),
        ({"kind": "status", "status": 503, "code": "SERVER_UNAVAILABLE"}, 503, "SERVER_UNAVAILABLE"),
        ({"kind": "expire-session"}, 401, "INVALID_SESSION_ID"),
        ({"kind": "limit-exceeded"}, 403, "REQUEST_LIMIT_EXCEEDED"),
    ],
)
def test_refusals_do_nothing_and_are_over_at_once(
    client: Client, name: str, fault: dict[str, Any], status: int, code: str
) -> None:
    match, call = CALLS[name]
    arm(client, match=match, **fault)
    answer = call(client)
    assert (answer.status, answer.code) == (status, code)
    assert written(client) == 0
    assert call(client).status in (200, 201)


@API
def test_the_page_of_the_day_comes_as_html(client: Client, name: str) -> None:
    match, call = CALLS[name]
    arm(client, match=match, kind="html-503")
    answer = call(client)
    assert (answer.status, answer.body[:15]) == (503, "<!DOCTYPE html>")
    assert answer.headers["content-type"].startswith("text/html")
    assert written(client) == 0


def test_a_dripping_answer_comes_whole_in_the_end(client: Client) -> None:
    arm(client, match="GET .*/limits", kind="drip", seconds=0.001)
    answer = client.api("GET", "/limits")
    assert answer.status == 200
    assert "DailyApiRequests" in answer.body
    arm(client, match="PATCH .*/sobjects/Task", kind="drip", seconds=0.001)
    assert client.upsert("Task", KEY, "a", Subject="x").status == 201
    assert written(client) == 1


@API
def test_a_dropped_call_did_nothing_or_everything(client: Client, name: str) -> None:
    match, call = CALLS[name]
    arm(client, match=match, kind="drop-before")
    with pytest.raises(GONE):
        call(client)
    assert written(client) == 0
    arm(client, match=match, kind="drop-after-commit")
    with pytest.raises(GONE):
        call(client)
    done = {"row": 1, "collection": 2, "composite": 2, "upload": 1}
    assert written(client) == done.get(name, 0)
    assert [one["fault"] for one in client.control("GET", "/log").body] == ["drop-before", "drop-after-commit"]


@API
def test_a_slow_answer_is_a_whole_one(client: Client, name: str) -> None:
    match, call = CALLS[name]
    arm(client, match=match, kind="slow", seconds=0.05)
    started = time.monotonic()
    assert call(client).status in (200, 201)
    assert time.monotonic() - started >= 0.05


@API
def test_a_locked_row(client: Client, name: str) -> None:
    match, call = CALLS[name]
    arm(client, match=match, kind="row-lock")
    answer = call(client)
    assert written(client) == 0
    match name:
        case "collection":
            assert [one["errors"][0]["statusCode"] for one in answer.body] == ["UNABLE_TO_LOCK_ROW"] * 2
        case "composite":
            codes = [one["body"][0]["errorCode"] for one in answer.body["compositeResponse"]]
            assert codes == ["UNABLE_TO_LOCK_ROW"] * 2
        case _:
            assert (answer.status, answer.code) == (400, "UNABLE_TO_LOCK_ROW")


@pytest.mark.parametrize("path", ["/jobs/query/{}", "/jobs/query/{}/results"])
@pytest.mark.parametrize(("kind", "status"), [("expire-session", 401), ("html-503", 503), ("limit-exceeded", 403)])
def test_faults_while_a_bulk_job_is_read(client: Client, path: str, kind: str, status: int) -> None:
    job = CALLS["bulk"][1](client).body["id"]
    arm(client, match=f"GET .*{path.format(job)}$", kind=kind)
    assert client.api("GET", path.format(job)).status == status
    assert client.api("GET", path.format(job)).status == 200


# -- sign-in


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ({"kind": "status", "status": 500}, 500, "unknown_error"),
        ({"kind": "status", "status": 503}, 503, "temporarily_unavailable"),
        ({"kind": "status", "status": 400, "code": "rate_limit_exceeded"}, 400, "rate_limit_exceeded"),
        ({"kind": "status", "status": 400, "code": "OAUTH_APP_BLOCKED"}, 400, "OAUTH_APP_BLOCKED"),
        ({"kind": "limit-exceeded"}, 400, "rate_limit_exceeded"),
        ({"kind": "expire-session"}, 400, "invalid_grant"),
        ({"kind": "row-lock"}, 400, "unknown_error"),
    ],
)
def test_the_token_service_words_faults_as_objects(
    client: Client, fault: dict[str, Any], status: int, error: str
) -> None:
    oauth = OAuth(client)
    tokens = oauth.sign_in()
    arm(client, match="POST .*oauth2/token", **fault)
    answer = oauth.refresh(tokens["refresh_token"])
    assert (answer.status, answer.body["error"]) == (status, error)
    assert oauth.refresh(tokens["refresh_token"]).status == 200


def test_the_token_service_can_be_a_page_or_gone(client: Client) -> None:
    oauth = OAuth(client)
    tokens = oauth.sign_in()
    arm(client, match="oauth2/token", kind="html-503")
    assert oauth.refresh(tokens["refresh_token"]).status == 503
    arm(client, match="oauth2/token", kind="drop-before")
    with pytest.raises(GONE):
        oauth.refresh(tokens["refresh_token"])
    arm(client, match="oauth2/token", kind="slow", seconds=0.05)
    assert oauth.refresh(tokens["refresh_token"]).status == 200


def test_a_lost_refresh_answer_costs_the_refresh_token(client: Client) -> None:
    oauth = OAuth(client)
    tokens = oauth.sign_in()
    arm(client, match="oauth2/token", kind="drop-after-commit")
    with pytest.raises(GONE):
        oauth.refresh(tokens["refresh_token"])
    assert oauth.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"
    oauth.policy(rotation=False)
    tokens = oauth.sign_in()
    arm(client, match="oauth2/token", kind="drop-after-commit")
    with pytest.raises(GONE):
        oauth.refresh(tokens["refresh_token"])
    assert oauth.refresh(tokens["refresh_token"]).status == 200


def test_an_ended_session_is_that_users_alone(client: Client) -> None:
    oauth = OAuth(client)
    mine, other = oauth.sign_in(), oauth.sign_in()
    arm(client, match="limits", kind="expire-session", end=True)
    assert as_user(client, mine["access_token"]).api("GET", "/limits").status == 401
    assert not oauth.works(mine["access_token"])
    assert oauth.works(other["access_token"])
    assert oauth.works(client.token)
    assert oauth.refresh(mine["refresh_token"]).status == 200


def test_an_ended_refresh_token_stays_ended(client: Client) -> None:
    oauth = OAuth(client)
    tokens = oauth.sign_in()
    arm(client, match="oauth2/token", kind="expire-session", end=True)
    for _ in range(2):
        assert oauth.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"


# -- the clock


@pytest.mark.parametrize("seconds", [-7200, 7200])
def test_a_clock_that_goes_wrong(client: Client, seconds: int) -> None:
    tokens = OAuth(client).sign_in()
    client.control("POST", "/settings", {"clock_skew": seconds})
    answer = client.api("GET", "/limits")
    told = time.mktime(time.strptime(answer.headers["date"], "%a, %d %b %Y %H:%M:%S %Z")) - time.timezone
    assert abs(told - time.time() - seconds) < 60
    made = client.read("Task", client.create("Task", Subject="x"))
    stamped = time.mktime(time.strptime(made["SystemModstamp"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
    assert abs(stamped - time.time() - seconds) < 60
    assert OAuth(client).works(tokens["access_token"])
    issued = int(OAuth(client).refresh(tokens["refresh_token"]).body["issued_at"]) / 1000
    assert abs(issued - time.time() - seconds) < 60
