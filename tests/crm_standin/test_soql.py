"""SOQL: what is selected, filtered, sorted, paged, and how mistakes are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from crm.standin.package import ACTIVITY_FIELDS
from tests.crm_standin.client import BASE, Client


def names(client: Client, where: str) -> list[Any]:
    return client.column(f"SELECT Name FROM Contact WHERE {where} ORDER BY Name", "Name")


def test_fields_parents_and_attributes(client: Client) -> None:
    record = client.records(
        "select ID, account.NAME, Account.Owner.Name, Owner.Name from CONTACT where name = 'ana flores'"
    )[0]
    assert record["attributes"] == {"type": "Contact", "url": f"{BASE}/sobjects/Contact/{record['Id']}"}
    assert record["Account"]["attributes"]["type"] == "Account"
    assert record["Account"]["Name"] == "Acme Logistics"
    assert record["Account"]["Owner"]["Name"] == record["Owner"]["Name"] == "Riley Chen"


def test_polymorphic_parents(client: Client) -> None:
    records = client.records("SELECT Who.Name, Who.Type, What.Name, What.Type FROM Task WHERE Who.Type = 'Lead'")
    assert {record["Who"]["Name"] for record in records} == {"Dev Patel", "Omar Farouk", "Clara Jensen"}
    assert {record["Who"]["attributes"]["type"] for record in records} == {"Name"}
    assert [record["What"] for record in records] == [None] * 3
    deal = client.records("SELECT What.Name, What.Type FROM Task WHERE What.Name = 'Renewal 2027'")
    assert deal[0]["What"]["Type"] == "Opportunity"


def test_count_and_aliases(client: Client) -> None:
    answer = client.query("SELECT count() FROM Contact c WHERE c.Account.Name = 'Acme Logistics'").body
    assert answer == {"totalSize": 5, "done": True, "records": []}
    assert client.records("SELECT Contact.Name FROM Contact WHERE Contact.Name = 'Ana Flores'")[0]["Name"]
    role = client.records(
        "SELECT Opportunity.Name, Role, IsPrimary FROM OpportunityContactRole WHERE Contact.Name = 'Ana Flores'"
    )
    assert role[0]["Opportunity"]["Name"] == "Renewal 2027"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("Name IN ('ANA FLORES', 'Bo Lindqvist')", ["Ana Flores", "Bo Lindqvist"]),
        ("Name LIKE '%okaf_r'", ["Maya Okafor"]),
        ("Name LIKE 'Ana%' AND Phone LIKE '(415)%'", ["Ana Flores"]),
        ("(Name = 'Ana Flores' OR Name = 'Bo Lindqvist') AND NOT Title LIKE 'C%'", ["Ana Flores"]),
        ("NOT (NOT Name = 'Ana Flores')", ["Ana Flores"]),
        ("Phone = null", ["Lena Hoffmann"]),
        ("Name = '田中 美咲' AND Account.Name = 'Sakura Denki 株式会社'", ["田中 美咲"]),
        ("Name < 'B' AND DoNotCall = false", ["Ana Flores"]),
        ("Name > 'Ru' AND Name <= 'Sam Whitfield'", ["Ruth Abrams", "Sam Whitfield"]),
        ("Account.Phone = '503-555-0190' AND Name NOT IN ('Bo Lindqvist')", ["Ingrid Solberg"]),
        ("AccountId IN (SELECT AccountId FROM Opportunity WHERE Amount > 100000) AND FirstName = '健'", ["佐藤 健"]),
        ("Id = '003Rd0000000001'", ["Ana Flores"]),
        ("Id IN ('003Rd0000000001IAA', '003Rd0000000002')", ["Ana Flores", "Bo Lindqvist"]),
        ("Name = 'no\\'body\\\\ \\u0041'", []),
    ],
)
def test_where(client: Client, where: str, expected: list[str]) -> None:
    assert names(client, where) == expected


def test_unequal_keeps_rows_without_a_value(client: Client) -> None:
    assert "Lena Hoffmann" in names(client, "Phone != '1'")
    assert "Lena Hoffmann" not in names(client, "Phone LIKE '%'")


def test_an_escaped_wildcard_is_itself(client: Client) -> None:
    client.create("Contact", LastName="100% sure_")
    assert names(client, r"Name LIKE '100\% sure\_'") == ["100% sure_"]
    assert names(client, r"Name LIKE '10\% %'") == []
    assert client.query(r"SELECT Id FROM Contact WHERE Name = '100\%'").code == "MALFORMED_QUERY"


def test_multi_select_picklists(client: Client) -> None:
    base = "SELECT Name FROM QuickText WHERE IsInsertable = true AND Channel "
    assert set(client.column(base + "INCLUDES ('Email;Phone', 'Portal')", "Name")) == {"Thanks"}
    assert len(client.records(base + "INCLUDES ('Phone','Messaging')")) == 5
    assert set(client.column(base + "EXCLUDES ('Phone')", "Name")) == {"お礼"}


def test_dates_and_datetimes(client: Client) -> None:
    client.control(
        "POST",
        "/records/Task",
        [
            {"Subject": "old", "ActivityDate": "2020-01-31", "CreatedDate": "2020-01-31T23:30:00Z"},
            {"Subject": "new", "ActivityDate": "2020-02-01", "CreatedDate": "2020-02-01T00:30:00Z"},
        ],
    )

    def found(where: str) -> list[Any]:
        return client.column(f"SELECT Subject FROM Task WHERE ActivityDate < 2021-01-01 AND {where}", "Subject")

    assert found("ActivityDate = 2020-02-01") == ["new"]
    assert found("CreatedDate >= 2020-02-01T00:00:00Z") == ["new"]
    assert found("CreatedDate < 2020-02-01T09:00:00+09:00") == ["old"]
    assert found("CreatedDate <= 2020-01-31T16:30:00.000-0800 AND CreatedDate != null") == ["old", "new"]


def test_relative_dates_follow_the_users_zone(client: Client) -> None:
    now = datetime.now(UTC)
    rows = [{"Subject": f"t{hours}", "CreatedDate": (now - timedelta(hours=hours)).isoformat()} for hours in (0, 80)]
    client.control("POST", "/records/Task", rows)

    def found(where: str) -> list[Any]:
        return client.column(f"SELECT Subject FROM Task WHERE Subject LIKE 't%0' AND {where}", "Subject")

    assert found("CreatedDate = TODAY") == ["t0"]
    assert found("CreatedDate < TODAY") == ["t80"]
    assert found("CreatedDate = LAST_N_DAYS:10 ORDER BY CreatedDate") == ["t80", "t0"]
    assert found("CreatedDate > LAST_N_DAYS:2") == []
    assert found("CreatedDate != TODAY") == ["t80"]
    assert found("CreatedDate >= YESTERDAY") == ["t0"]


def test_order_nulls_limit_offset(client: Client) -> None:
    for last, title in (("x1", "b"), ("x2", None), ("x3", "A")):
        client.create("Contact", LastName=last, Title=title)

    def ordered(rest: str) -> list[Any]:
        return client.column(f"SELECT Name FROM Contact WHERE Name LIKE 'x_' ORDER BY {rest}", "Name")

    assert ordered("Title") == ["x2", "x3", "x1"]
    assert ordered("Title DESC NULLS LAST, Name") == ["x1", "x3", "x2"]
    assert ordered("Title ASC NULLS LAST LIMIT 1 OFFSET 1") == ["x1"]
    assert ordered("Account.Name, Name DESC") == ["x3", "x2", "x1"]
    assert len(client.records("SELECT Amount FROM Opportunity ORDER BY Amount")) == 10


def test_long_answers_come_in_pages(client: Client) -> None:
    client.control("POST", "/records/Lead", [{"LastName": f"L{n:04}", "Company": "Bulk"} for n in range(4500)])
    soql = "SELECT LastName FROM Lead WHERE Company = 'Bulk' ORDER BY LastName"
    page = client.query(soql).body
    assert (page["totalSize"], page["done"], len(page["records"])) == (4500, False, 2000)
    seen = [record["LastName"] for record in page["records"]]
    while not page["done"]:
        assert page["nextRecordsUrl"].startswith(f"{BASE}/query/01g")
        page = client.call("GET", page["nextRecordsUrl"], Authorization=f"Bearer {client.token}").body
        seen += [record["LastName"] for record in page["records"]]
    assert seen == [f"L{n:04}" for n in range(4500)]
    small = client.query(soql, Sforce_Query_Options="batchSize=200").body
    assert len(small["records"]) == 200
    assert small["nextRecordsUrl"].endswith("-200")
    assert len(client.query(soql, Sforce_Query_Options="batchSize=1").body["records"]) == 200
    gone = client.api("GET", "/query/01gRd000000zzzzEAA-2000")
    assert (gone.status, gone.code) == (400, "INVALID_QUERY_LOCATOR")


def test_query_all_adds_the_recycle_bin(client: Client) -> None:
    made = client.create("Contact", LastName="gone")
    client.api("DELETE", f"/sobjects/Contact/{made}")
    asked = "?q=SELECT+Id,IsDeleted+FROM+Contact+WHERE+LastName='gone'"
    assert client.api("GET", f"/query/{asked}").body["totalSize"] == 0
    record = client.api("GET", f"/queryAll/{asked}").body["records"][0]
    assert (record["Id"], record["IsDeleted"]) == (made, True)


def test_child_queries_and_fields_functions(client: Client) -> None:
    record = client.records(
        "SELECT Name, (SELECT Name FROM Contacts WHERE Title != null ORDER BY Name LIMIT 1), (SELECT Id FROM Cases) "
        "FROM Account WHERE Name IN ('Acme Logistics', 'Nordlys Energy') ORDER BY Name"
    )
    assert record[0]["Contacts"]["records"][0]["Name"] == "Ana Flores"
    assert record[0]["Cases"]["totalSize"] == 2
    assert record[1]["Cases"] is None
    custom = client.records("SELECT FIELDS(CUSTOM) FROM Task LIMIT 1")[0]
    assert set(custom) - {"attributes"} == {one.name for one in ACTIVITY_FIELDS}
    assert client.query("SELECT FIELDS(ALL) FROM Task").code == "MALFORMED_QUERY"


@pytest.mark.parametrize(
    ("soql", "code", "part"),
    [
        (
            "SELECT Foo FROM Contact",
            "INVALID_FIELD",
            "Row:1:Column:8\nNo such column 'Foo' on entity 'Contact'",
        ),
        (
            "SELECT Id FROM Contact WHERE\n Foo.Name = 'x'",
            "INVALID_FIELD",
            "Row:2:Column:2\nDidn't understand",
        ),
        ("SELECT Id FROM Foo", "INVALID_TYPE", "ERROR at Row:1:Column:16\nsObject type 'Foo' is not supported"),
        ("SELECT FROM Contact", "MALFORMED_QUERY", "unexpected token: 'FROM'"),
        ("SELECT Id Contact", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM Contact WHERE Name = 'x", "MALFORMED_QUERY", "unexpected token"),
        ('SELECT Id FROM Contact WHERE Name = "x"', "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM Contact WHERE Name = 'a\\q'", "MALFORMED_QUERY", "illegal escape"),
        ("SELECT Id FROM Contact WHERE Name='a' AND Name='b' OR Name='c'", "MALFORMED_QUERY", "unexpected token: 'OR'"),
        ("SELECT Id FROM Contact; DROP TABLE records", "MALFORMED_QUERY", "unexpected token: ';'"),
        ("SELECT Id FROM Contact LIMIT x", "MALFORMED_QUERY", "unexpected token: 'x'"),
        ("SELECT Id FROM Contact OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset"),
        ("SELECT Id, id FROM Contact", "INVALID_FIELD", "duplicate field selected: id"),
        ("SELECT Id FROM Task WHERE Description = 'x'", "INVALID_FIELD", "field 'Description' can not be filtered"),
        ("SELECT Id FROM QuickText WHERE Message LIKE 'x%'", "INVALID_FIELD", "field 'Message' can not be filtered"),
        ("SELECT Id FROM Task ORDER BY Description", "INVALID_FIELD", "field 'Description' can not be sorted"),
        ("SELECT Id FROM Contact WHERE Name = 5", "INVALID_FIELD", "must be of type string and should be enclosed"),
        ("SELECT Id FROM Task WHERE IsClosed = 'true'", "INVALID_FIELD", "must be of type boolean and should not be"),
        ("SELECT Id FROM Task WHERE CreatedDate > 2026-01-01", "INVALID_FIELD", "must be of type dateTime"),
        ("SELECT Id FROM Contact WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: x"),
        ("SELECT Id FROM Contact WHERE AccountId LIKE '001%'", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator"),
        ("SELECT Id FROM Task WHERE IsClosed > true", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator on boolean"),
        ("SELECT Id FROM Contact WHERE CreatedDate = LAST_N_DAYS:99999999", "MALFORMED_QUERY", "out of range"),
        ("SELECT Id FROM Contact WHERE " + "(" * 500 + "Id = null", "MALFORMED_QUERY", "nested too deeply"),
        ("", "MALFORMED_QUERY", "unexpected token"),
    ],
)
def test_mistakes_are_told_in_salesforces_form(client: Client, soql: str, code: str, part: str) -> None:
    answer = client.query(soql)
    assert (answer.status, answer.code) == (400, code)
    assert part in answer.message


def test_queries_take_get_only(client: Client) -> None:
    assert client.api("POST", "/query", {"q": "x"}).status == 405
    assert urlsplit(client.url).hostname == "127.0.0.1"
