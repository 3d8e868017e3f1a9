"""The library our gateway uses, against the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import requests
from simple_salesforce import exceptions
from simple_salesforce.api import Salesforce
from simple_salesforce.format import format_external_id, format_soql

from tests.crm_standin.client import Client


class LoopbackSession(requests.Session):
    """The library always says https; loopback speaks http."""

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(url)
        if parts.hostname == "127.0.0.1":
            url = urlunsplit(parts._replace(scheme="http"))
        kwargs["timeout"] = kwargs.get("timeout") or (5, 30)
        return super().request(method, url, *args, **kwargs)


@pytest.fixture
def salesforce(client: Client) -> Iterator[Any]:
    with LoopbackSession() as session:
        yield Salesforce(instance_url=client.url, session_id=client.token, version="66.0", session=session)


def test_create_read_change_delete(salesforce: Any) -> None:
    made = salesforce.Contact.create({"LastName": "Library"})
    assert made["success"] is True
    assert salesforce.Contact.update(made["id"], {"FirstName": "The"}) == 204
    assert salesforce.Contact.get(made["id"])["Name"] == "The Library"
    assert salesforce.Contact.delete(made["id"]) == 204
    with pytest.raises(exceptions.SalesforceResourceNotFound) as caught:
        salesforce.Contact.get(made["id"])
    assert "ENTITY_IS_DELETED" in str(caught.value.content)


def test_upsert_and_read_by_key(salesforce: Any) -> None:
    address = format_external_id("Ringdown_Key__c", "005|a b/c+d@host")
    assert salesforce.Task.upsert(address, {"Subject": "x"}) == 201
    raw = salesforce.Task.upsert(address, {"Subject": "y"}, raw_response=True)
    assert (raw.status_code, raw.json()["created"]) == (200, False)
    assert salesforce.Task.get(address)["Ringdown_Key__c"] == "005|a b/c+d@host"


def test_query_with_paging_and_search(client: Client, salesforce: Any) -> None:
    client.control("POST", "/records/Lead", [{"LastName": f"L{n}", "Company": "O'Bulk"} for n in range(2100)])
    found = salesforce.query_all(format_soql("SELECT Id FROM Lead WHERE Company = {}", "O'Bulk"))
    assert (found["totalSize"], len(found["records"]), found["done"]) == (2100, 2100, True)
    result = salesforce.search("FIND {4155550142} IN PHONE FIELDS RETURNING Contact(Name)")
    assert result["searchRecords"][0]["Name"] == "Ana Flores"


def test_describe_limits_and_collections(salesforce: Any) -> None:
    assert salesforce.describe()["maxBatchSize"] == 200
    assert salesforce.Task.describe()["name"] == "Task"
    assert salesforce.Task.metadata()["objectDescribe"]["keyPrefix"] == "00T"
    assert "DailyApiRequests" in salesforce.limits()
    body = {"records": [{"attributes": {"type": "Task"}, "Ringdown_Key__c": "k"}]}
    result = salesforce.restful("composite/sobjects/Task/Ringdown_Key__c", method="PATCH", json=body)
    assert result[0]["created"] is True


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "expire-session"}, exceptions.SalesforceExpiredSession),
        ({"kind": "limit-exceeded"}, exceptions.SalesforceRefusedRequest),
        ({"kind": "row-lock"}, exceptions.SalesforceMalformedRequest),
        ({"kind": "html-503"}, exceptions.SalesforceGeneralError),
        ({"kind": "drop-before"}, requests.ConnectionError),
    ],
)
def test_faults_become_the_librarys_errors(
    client: Client, salesforce: Any, fault: dict[str, Any], error: type[Exception]
) -> None:
    client.control("POST", "/faults", {"match": "POST .*Task", **fault})
    with pytest.raises(error):
        salesforce.Task.create({"Subject": "x"})
    assert salesforce.Task.create({"Subject": "x"})["success"] is True
