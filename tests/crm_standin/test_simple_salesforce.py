"""The library our gateway uses, against the stand-in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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


def test_query_more_by_address_and_query_all(client: Client, salesforce: Any) -> None:
    client.control("POST", "/records/Lead", [{"LastName": f"L{n:04}", "Company": "Bulk"} for n in range(2100)])
    page = salesforce.query("SELECT LastName FROM Lead WHERE Company = 'Bulk' ORDER BY LastName")
    rest = salesforce.query_more(page["nextRecordsUrl"], identifier_is_url=True)
    assert (len(page["records"]), [one["LastName"] for one in rest["records"]]) == (
        2000,
        [f"L{n:04}" for n in range(2000, 2100)],
    )
    gone = salesforce.Contact.create({"LastName": "gone"})["id"]
    salesforce.Contact.delete(gone)
    found = salesforce.query_all("SELECT Id, IsDeleted FROM Contact WHERE LastName = 'gone'", include_deleted=True)
    assert [(one["Id"], one["IsDeleted"]) for one in found["records"]] == [(gone, True)]


def test_collections_of_the_library(salesforce: Any) -> None:
    def call(method: str, path: str, **options: Any) -> list[Any]:
        return list(salesforce.restful(f"composite/sobjects{path}", method=method, **options))

    records = [{"attributes": {"type": "Contact"}, "LastName": f"C{n}"} for n in range(3)]
    made = [one["id"] for one in call("POST", "", json={"allOrNone": False, "records": records})]
    changes = [{"attributes": {"type": "Contact"}, "id": one, "Title": "t"} for one in made]
    assert all(one["success"] for one in call("PATCH", "", json={"records": changes}))
    read = call("POST", "/Contact", json={"ids": made, "fields": ["Title"]})
    assert [one["Title"] for one in read] == ["t"] * 3
    gone = call("DELETE", "", params={"ids": ",".join(made), "allOrNone": "true"})
    assert [one["success"] for one in gone] == [True] * 3


def test_several_matches_of_a_key(client: Client, salesforce: Any) -> None:
    client.control("POST", "/settings", {"unique_task_key": False})
    made = [salesforce.Task.create({"Ringdown_Key__c": "k"})["id"] for _ in range(2)]
    with pytest.raises(exceptions.SalesforceMoreThanOneRecord) as read:
        salesforce.Task.get("Ringdown_Key__c/k")
    with pytest.raises(exceptions.SalesforceMoreThanOneRecord) as written:
        salesforce.Task.upsert("Ringdown_Key__c/k", {"Subject": "x"})
    for caught in (read, written):
        addresses: Any = caught.value.content
        assert [one[-18:] for one in addresses] == made


def test_upsert_of_several_kinds(client: Client, salesforce: Any) -> None:
    assert salesforce.Ringdown_Day__c.upsert("Key__c/a%7Cb", {"Messages__c": 1}) == 201
    assert salesforce.Ringdown_Day__c.upsert("Key__c/A%7CB", {"Messages__c": 2}) == 200
    assert client.column("SELECT Messages__c FROM Ringdown_Day__c", "Messages__c") == [2]
    with pytest.raises(exceptions.SalesforceResourceNotFound):
        salesforce.Task.upsert("Subject/x", {})
    with pytest.raises(exceptions.SalesforceMalformedRequest):
        salesforce.Task.upsert("Ringdown_Key__c/x", {"Ringdown_Key__c": "x"})


def test_updated_and_deleted(salesforce: Any) -> None:
    kept, gone = (salesforce.Account.create({"Name": name})["id"] for name in ("kept", "gone"))
    salesforce.Account.delete(gone)
    start, end = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (-2, 2))
    updated = salesforce.Account.updated(start, end)
    assert kept in updated["ids"]
    assert gone not in updated["ids"]
    deleted = salesforce.Account.deleted(start, end)
    assert [one["id"] for one in deleted["deletedRecords"]] == [gone]
    assert set(deleted) == {"deletedRecords", "earliestDateAvailable", "latestDateCovered"}


def test_bulk_queries(client: Client, salesforce: Any) -> None:
    client.control("POST", "/records/Lead", [{"LastName": f"L{n:04}", "Company": "Bulk"} for n in range(2500)])
    soql = "SELECT Id, LastName, Owner.Name FROM Lead WHERE Company = 'Bulk' ORDER BY LastName"
    pages = list(salesforce.bulk2.Lead.query(soql, max_records=1000, wait=0.01))
    rows = [row for page in pages for row in csv.DictReader(io.StringIO(page))]
    assert (len(pages), [row["LastName"] for row in rows]) == (3, [f"L{n:04}" for n in range(2500)])
    assert {row["Owner.Name"] for row in rows} == {"Riley Chen"}
    every = list(salesforce.bulk2.Lead.query_all("SELECT Id FROM Lead WHERE Company = 'Nobody'", wait=0.01))
    assert every == ['"Id"\n']
    with pytest.raises(exceptions.SalesforceMalformedRequest):
        list(salesforce.bulk2.Lead.query("SELECT Nope FROM Lead", wait=0.01))
    client.control("POST", "/settings", {"bulk_fails": True})
    with pytest.raises(exceptions.SalesforceOperationError):
        list(salesforce.bulk2.Lead.query("SELECT Id FROM Lead", wait=0.01))


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
