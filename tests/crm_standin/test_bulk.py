"""Bulk API 2.0 queries: the life of a job, its CSV, its pages."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from crm.standin.bulk_jobs import Job
from tests.crm_standin.client import BASE, Answer, Client

JOBS = "/jobs/query"


def made(client: Client, soql: str, **options: Any) -> str:
    answer = client.api("POST", JOBS, {"operation": "query", "query": soql, **options})
    assert answer.status == 200, answer.body
    return str(answer.body["id"])


def results(client: Client, job: str, rest: str = "") -> Answer:
    return client.api("GET", f"{JOBS}/{job}/results{rest}")


def finished(client: Client, soql: str, **options: Any) -> tuple[str, Answer]:
    """A job that is done, and its first page."""
    job = made(client, soql, **options)
    assert client.api("GET", f"{JOBS}/{job}").body["state"] == "JobComplete"
    return job, results(client, job)


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_a_job_from_start_to_end(client: Client) -> None:
    client.control("POST", "/settings", {"bulk_seconds": 3600})
    answer = client.api("POST", JOBS, {"operation": "query", "query": "SELECT Id FROM contact"})
    assert answer.status == 200
    job = answer.body["id"]
    assert answer.body == {
        "id": job,
        "operation": "query",
        "object": "Contact",
        "createdById": client.rows("User")[0]["Id"],
        "createdDate": answer.body["createdDate"],
        "systemModstamp": answer.body["createdDate"],
        "state": "UploadComplete",
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": 66.0,
        "lineEnding": "LF",
        "columnDelimiter": "COMMA",
    }
    waiting = client.api("GET", f"{JOBS}/{job}").body
    assert (waiting["state"], waiting["jobType"]) == ("UploadComplete", "V2Query")
    assert "numberRecordsProcessed" not in waiting
    assert results(client, job).code == "INVALIDJOBSTATE"
    assert client.api("DELETE", f"{JOBS}/{job}").code == "API_ERROR"
    client.control("POST", "/settings", {"bulk_seconds": 0})
    done = client.api("GET", f"{JOBS}/{job[:15]}").body
    assert (done["state"], done["numberRecordsProcessed"], done["retries"]) == ("JobComplete", 24, 0)
    assert [one["id"] for one in client.api("GET", JOBS).body["records"]] == [job]
    assert client.api("DELETE", f"{JOBS}/{job}").status == 204
    assert client.api("GET", f"{JOBS}/{job}").status == 404


def test_a_job_waits_runs_and_ends() -> None:
    job = Job("750", "query", "Contact", 66.0, "COMMA", "LF", "then", "005", 100.0, (), lambda: [{"Id": "003"}])
    states = []
    for age in (0, 4, 5, 9, 10, 99):
        job.grow(100.0 + age, f"at {age}", seconds=10, fails=False)
        states.append(job.state.value)
    assert states == ["UploadComplete", "UploadComplete", "InProgress", "InProgress", "JobComplete", "JobComplete"]
    assert (job.changed, job.milliseconds, job.rows) == ("at 10", 10_000, [{"Id": "003"}])


def test_results_are_quoted_csv_in_the_order_asked(client: Client) -> None:
    client.create("Contact", LastName='Quo"te, Jr', Phone="+1 (2) 3", DoNotCall=True)
    job, page = finished(
        client,
        "SELECT name, DoNotCall, Account.Owner.Name, phone, CreatedDate, id FROM Contact "
        "WHERE Name IN ('Ana Flores', 'Quo\"te, Jr') ORDER BY Name",
    )
    assert page.headers["content-type"].startswith("text/csv")
    assert (page.headers["sforce-locator"], page.headers["sforce-numberofrecords"]) == ("null", "2")
    lines = page.body.splitlines()
    assert lines[0] == '"Name","DoNotCall","Account.Owner.Name","Phone","CreatedDate","Id"'
    assert lines[1].startswith('"Ana Flores","false","Riley Chen","(415) 555-0142","')
    assert lines[2].startswith('"Quo""te, Jr","true","","+1 (2) 3","')
    assert table(page.body)[1][4].endswith(".000Z")
    assert results(client, job).body == page.body


def test_columns_may_come_by_name(client: Client) -> None:
    client.control("POST", "/settings", {"bulk_sorts_columns": True})
    _, page = finished(client, "SELECT Phone, Id, Account.Name FROM Contact LIMIT 1")
    assert table(page.body)[0] == ["Account.Name", "Id", "Phone"]


def test_long_answers_come_in_pages_with_locators(client: Client) -> None:
    client.control("POST", "/records/Lead", [{"LastName": f"L{n:04}", "Company": "Bulk"} for n in range(2500)])
    job, page = finished(client, "SELECT LastName FROM Lead WHERE Company = 'Bulk' ORDER BY LastName")
    assert page.headers["sforce-locator"] == "null"
    seen: list[str] = []
    locator, pages = "", 0
    while locator != "null":
        page = results(client, job, f"?maxRecords=1000{f'&locator={locator}' if locator else ''}")
        lines = table(page.body)
        assert lines[0] == ["LastName"]
        assert page.headers["sforce-numberofrecords"] == str(len(lines) - 1)
        seen += [line[0] for line in lines[1:]]
        locator, pages = page.headers["sforce-locator"], pages + 1
    assert (seen, pages) == ([f"L{n:04}" for n in range(2500)], 3)
    client.control("POST", "/settings", {"bulk_page": 100})
    assert results(client, job, "?maxRecords=1000").headers["sforce-numberofrecords"] == "100"
    assert results(client, job, "?locator=nonsense").code == "INVALID_QUERY_LOCATOR"
    assert results(client, job, "?locator=OTk5OTk").code == "INVALID_QUERY_LOCATOR"
    assert results(client, job, "?maxRecords=0").status == 400


def test_results_are_what_was_when_the_job_ended(client: Client) -> None:
    job, page = finished(client, "SELECT Id, LastName FROM Contact WHERE LastName = 'Flores'")
    ana = table(page.body)[1][0]
    client.api("PATCH", f"/sobjects/Contact/{ana}", {"LastName": "Changed"})
    assert results(client, job).body == page.body


def test_delimiters_and_line_endings(client: Client) -> None:
    _, page = finished(
        client,
        "SELECT FirstName, LastName FROM Contact WHERE Name = 'Ana Flores'",
        columnDelimiter="PIPE",
        lineEnding="CRLF",
    )
    assert page.body == '"FirstName"|"LastName"\r\n"Ana"|"Flores"\r\n'


def test_nothing_found_is_a_header_line(client: Client) -> None:
    _, page = finished(client, "SELECT Id FROM Contact WHERE LastName = 'nobody'")
    assert (page.body, page.headers["sforce-numberofrecords"]) == ('"Id"\n', "0")


def test_query_all_adds_the_recycle_bin(client: Client) -> None:
    gone = client.create("Contact", LastName="gone")
    client.api("DELETE", f"/sobjects/Contact/{gone}")
    soql = "SELECT Id, IsDeleted FROM Contact WHERE LastName = 'gone'"
    assert finished(client, soql)[1].body == '"Id","IsDeleted"\n'
    assert finished(client, soql, operation="queryAll")[1].body == f'"Id","IsDeleted"\n"{gone}","true"\n'


def test_abort(client: Client) -> None:
    client.control("POST", "/settings", {"bulk_seconds": 3600})
    job = made(client, "SELECT Id FROM Contact")
    assert client.api("PATCH", f"{JOBS}/{job}", {"state": "JobComplete"}).status == 400
    answer = client.api("PATCH", f"{JOBS}/{job}", {"state": "Aborted"})
    assert (answer.status, answer.body["state"]) == (200, "Aborted")
    assert client.api("GET", f"{JOBS}/{job}").body["state"] == "Aborted"
    assert client.api("PATCH", f"{JOBS}/{job}", {"state": "Aborted"}).code == "INVALIDJOBSTATE"
    assert results(client, job).status == 400
    assert client.api("DELETE", f"{JOBS}/{job}").status == 204


def test_a_failing_job(client: Client) -> None:
    client.control("POST", "/settings", {"bulk_fails": True})
    job = made(client, "SELECT Id FROM Contact")
    info = client.api("GET", f"{JOBS}/{job}").body
    assert (info["state"], info["numberRecordsProcessed"]) == ("Failed", 0)
    assert results(client, job).code == "INVALIDJOBSTATE"


@pytest.mark.parametrize(
    ("body", "code", "part"),
    [
        ({"operation": "insert", "query": "SELECT Id FROM Contact"}, "INVALIDOPERATION", "insert"),
        ({"operation": "query"}, "INVALIDJOB", "query"),
        ({"operation": "query", "query": "SELECT Id FROM Contact", "contentType": "JSON"}, "INVALIDJOB", ""),
        ({"operation": "query", "query": "SELECT Id FROM Contact", "columnDelimiter": "X"}, "INVALIDJOB", ""),
        ({"operation": "query", "query": "SELECT Foo FROM Contact"}, "API_ERROR", "INVALID_FIELD"),
        ({"operation": "query", "query": "SELECT Id Contact"}, "API_ERROR", "MALFORMED_QUERY"),
        ({"operation": "query", "query": "SELECT count() FROM Contact"}, "API_ERROR", "COUNT()"),
        ({"operation": "query", "query": "SELECT Id FROM Contact OFFSET 5"}, "API_ERROR", "OFFSET"),
        ({"operation": "query", "query": "SELECT (SELECT Id FROM Cases) FROM Contact"}, "API_ERROR", "parent-to-child"),
        ({"operation": "query", "query": "SELECT Id FROM TaskStatus"}, "INVALIDENTITY", "TaskStatus"),
        ({"operation": "query", "query": "SELECT COUNT(Id) FROM Task GROUP BY Status"}, "API_ERROR", "GROUP BY"),
        ({"operation": "query", "query": "SELECT TYPEOF Who WHEN Lead THEN Name END FROM Task"}, "API_ERROR", "TYPEOF"),
        ({"operation": "query", "query": "SELECT FIELDS(ALL) FROM Contact LIMIT 1"}, "API_ERROR", "functions"),
    ],
)
def test_what_a_job_cannot_be(client: Client, body: dict[str, Any], code: str, part: str) -> None:
    answer = client.api("POST", JOBS, body)
    assert (answer.status, answer.code) == (400, code)
    assert part in answer.message


def test_jobs_need_a_session_and_a_known_method(client: Client) -> None:
    assert client.call("POST", f"{BASE}{JOBS}", {"operation": "query"}).status == 401
    assert client.api("GET", f"{JOBS}/750Rd0000000009").status == 404
    assert client.api("PATCH", JOBS, {}).status == 405
    assert client.api("GET", f"{JOBS}/x/y").status == 404
