"""The day's pool of calls, and counting who called what."""

from __future__ import annotations

import pytest

from tests.crm_standin.client import BASE, Client
from tests.crm_standin.signing_in import JORDAN, RILEY, OAuth, signed_in


@pytest.mark.parametrize(("percent", "told"), [(80, "api-usage=801/1000"), (95, "api-usage=951/1000")])
def test_usage_can_be_put_anywhere(client: Client, percent: int, told: str) -> None:
    client.control("POST", "/settings", {"api_limit": 1000})
    assert client.control("POST", "/usage", {"percent": percent}).body == {"used": percent * 10, "limit": 1000}
    answer = client.api("GET", "/limits")
    assert answer.headers["sforce-limit-info"] == told
    assert answer.body["DailyApiRequests"] == {"Max": 1000, "Remaining": 999 - percent * 10}


def test_an_apps_own_limit_is_told_beside_the_orgs(client: Client) -> None:
    client.control("POST", "/settings", {"api_limit": 5000, "per_app_limit": 250})
    told = client.api("GET", "/limits").headers["sforce-limit-info"]
    assert told == "api-usage=1/5000; per-app-api-usage=1/250(appName=Ringdown)"


def test_a_used_up_pool_refuses_every_api_call_and_nothing_else(client: Client) -> None:
    oauth = OAuth(client)
    tokens = oauth.sign_in()
    client.control("POST", "/usage", {"percent": 100})
    record = {"attributes": {"type": "Contact"}, "LastName": "x"}
    for answer in (
        client.api("GET", "/limits"),
        client.query("SELECT Id FROM Task"),
        client.api("POST", "/composite/sobjects", {"records": [record]}),
        client.api("POST", "/composite", {"compositeRequest": []}),
    ):
        assert (answer.status, answer.code) == (403, "REQUEST_LIMIT_EXCEEDED")
        assert answer.message == "TotalRequests Limit exceeded."
        assert answer.headers["sforce-limit-info"].endswith("/100000")
        assert "retry-after" not in answer.headers
    assert client.call("GET", "/services/data").status == 200
    assert oauth.refresh(tokens["refresh_token"]).status == 200
    client.control("POST", "/usage", {"used": 0})
    assert client.api("GET", "/limits").status == 200


@pytest.mark.parametrize("wrong", [{}, {"used": -1}, {"percent": "x"}, {"used": 1.5}])
def test_unreadable_usage_is_refused(client: Client, wrong: dict[str, object]) -> None:
    assert client.control("POST", "/usage", wrong).status == 400


def test_a_composite_counts_once(client: Client) -> None:
    parts = [{"method": "GET", "url": f"{BASE}/limits", "referenceId": f"r{n}"} for n in range(5)]
    answer = client.api("POST", "/composite", {"compositeRequest": parts})
    assert answer.headers["sforce-limit-info"] == "api-usage=1/100000"


def test_calls_are_counted_by_user_and_resource(client: Client) -> None:
    jordan = signed_in(client, JORDAN)
    made = client.create("Task", Subject="x")
    client.read("Task", made)
    for _ in range(3):
        jordan.query("SELECT Id FROM Task")
    jordan.api("GET", "/limits")
    client.call("GET", "/services/data")
    client.call("GET", f"{BASE}/limits")
    counts = client.control("GET", "/log/counts").body
    assert (counts["requests"], counts["api"]) == (8, 7)
    assert counts["by_user"] == {RILEY: 2, JORDAN: 4, "": 1}
    assert counts["by_resource"] == {
        "POST sobjects/Task": 1,
        "GET sobjects/Task": 1,
        "GET query": 3,
        "GET limits": 2,
    }
    assert [one["user"] for one in client.control("GET", "/log").body][:3] == [RILEY, RILEY, JORDAN]
    client.control("DELETE", "/log")
    assert client.control("GET", "/log/counts").body["requests"] == 0


def test_an_edition_without_the_api(client: Client) -> None:
    client.control("POST", "/settings", {"api_enabled": False})
    answer = client.api("GET", "/limits")
    assert (answer.status, answer.code) == (403, "API_DISABLED_FOR_ORG")
