"""A second client, written by others, against the stand-in: it must not be shaped by one library alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests import npm
from tests.crm_standin import jsforce_client
from tests.crm_standin.client import Client
from tests.crm_standin.signing_in import CLIENT_ID, RILEY, OAuth

pytestmark = pytest.mark.skipif(not npm.is_possible(), reason="node and npm are not installed")


@pytest.fixture(scope="module")
def got(standin: Client) -> dict[str, Any]:
    """What jsforce got, all at once: a program start and an installation are slow."""
    assert standin.control("POST", "/reset").status == 204
    standin.control("POST", "/settings", {"unique_task_key": False})
    standin.control("POST", "/records/Lead", [{"LastName": f"L{n:04}", "Company": "Bulk"} for n in range(2500)])
    standin.control("POST", "/records/Task", [{"Ringdown_Key__c": "twice"}] * 2)
    tokens = OAuth(standin).sign_in(RILEY)
    return jsforce_client.run(standin.url, str(tokens["access_token"]), str(tokens["refresh_token"]), CLIENT_ID)


def test_limits_and_identity(got: dict[str, Any]) -> None:
    assert "DailyApiRequests" in got["limits"]
    assert got["usage"] is True
    assert got["identity"] == RILEY


def test_collections(got: dict[str, Any]) -> None:
    found = got["collections"]
    assert (found["made"], found["changed"], found["gone"]) == (250, [True] * 3, 201)
    assert found["mixed"] == [[True, []], [False, ["REQUIRED_FIELD_MISSING"]]]
    assert found["all"] == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]
    assert found["read"] == ["changed", "changed"]


def test_upsert(got: dict[str, Any]) -> None:
    assert got["upsert"] == {
        "first": {"success": True, "created": True},
        "same": True,
        "second": False,
        "many": [[True, False], [True, True]],
        "subject": "third",
    }


def test_queries_and_their_pages(got: dict[str, Any]) -> None:
    found = got["query"]
    assert (found["first"], found["next"], found["every"]) == ([2500, False, 2000], [True, 500], 2500)
    assert (found["account"], found["children"], found["count"]) == ("Acme Logistics", 5, 1)
    assert found["groups"] == "AggregateResult"
    assert found["wrong"]["name"] == "INVALID_FIELD"


def test_describe(got: dict[str, Any]) -> None:
    found = got["describe"]
    assert {"Task", "Contact", "Ringdown_Day__c"} <= set(found["objects"])
    assert (found["prefix"], found["key"]) == ("00T", {"externalId": True, "unique": False, "type": "string"})


def test_updated_and_deleted(got: dict[str, Any]) -> None:
    assert got["changes"] == {"updated": [True, False], "deleted": [True], "covered": True}


def test_bulk_query(got: dict[str, Any]) -> None:
    # In one page: jsforce takes the header line of every further page for a row.
    found = got["bulk"]
    assert (found["rows"], found["first"], found["last"]) == (2500, "L0000", "L2499")
    assert found["wrong"]["name"] == "API_ERROR"


def test_search_and_composite(got: dict[str, Any]) -> None:
    assert got["search"] == ["Ana Flores"]
    assert got["composite"] == 200


def test_several_records_with_one_key_are_an_error(got: dict[str, Any]) -> None:
    assert got["several"]["name"] == "MULTIPLE_CHOICES"


def test_an_ended_session_is_refreshed_once(got: dict[str, Any]) -> None:
    assert got["refresh"] == {"found": 1, "refreshed": 1, "changed": True}
