"""SOQL beyond simple lists: groups, date functions, TYPEOF, pages of children, cursors, limits of an address."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from crm.standin import times
from tests.crm_standin.client import BASE, Client

SATURDAY = date(2026, 11, 21)


# -- date literals


@pytest.mark.parametrize(
    ("name", "count", "first", "after"),
    [
        ("TODAY", 0, "2026-11-21", "2026-11-22"),
        ("YESTERDAY", 0, "2026-11-20", "2026-11-21"),
        ("TOMORROW", 0, "2026-11-22", "2026-11-23"),
        ("THIS_WEEK", 0, "2026-11-15", "2026-11-22"),
        ("LAST_WEEK", 0, "2026-11-08", "2026-11-15"),
        ("NEXT_WEEK", 0, "2026-11-22", "2026-11-29"),
        ("LAST_MONTH", 0, "2026-10-01", "2026-11-01"),
        ("NEXT_MONTH", 0, "2026-12-01", "2027-01-01"),
        ("THIS_QUARTER", 0, "2026-10-01", "2027-01-01"),
        ("LAST_QUARTER", 0, "2026-07-01", "2026-10-01"),
        ("NEXT_FISCAL_QUARTER", 0, "2027-01-01", "2027-04-01"),
        ("THIS_YEAR", 0, "2026-01-01", "2027-01-01"),
        ("LAST_FISCAL_YEAR", 0, "2025-01-01", "2026-01-01"),
        ("LAST_90_DAYS", 0, "2026-08-23", "2026-11-22"),
        ("NEXT_90_DAYS", 0, "2026-11-22", "2027-02-20"),
        ("LAST_N_DAYS", 7, "2026-11-14", "2026-11-22"),
        ("NEXT_N_DAYS", 7, "2026-11-22", "2026-11-29"),
        ("N_DAYS_AGO", 2, "2026-11-19", "2026-11-20"),
        ("LAST_N_WEEKS", 2, "2026-11-01", "2026-11-15"),
        ("NEXT_N_WEEKS", 1, "2026-11-22", "2026-11-29"),
        ("N_WEEKS_AGO", 1, "2026-11-08", "2026-11-15"),
        ("LAST_N_MONTHS", 3, "2026-08-01", "2026-11-01"),
        ("NEXT_N_MONTHS", 2, "2026-12-01", "2027-02-01"),
        ("N_MONTHS_AGO", 11, "2025-12-01", "2026-01-01"),
        ("LAST_N_QUARTERS", 4, "2025-10-01", "2026-10-01"),
        ("N_QUARTERS_AGO", 1, "2026-07-01", "2026-10-01"),
        ("LAST_N_YEARS", 1, "2025-01-01", "2026-01-01"),
        ("NEXT_N_FISCAL_YEARS", 2, "2027-01-01", "2029-01-01"),
        ("N_FISCAL_QUARTERS_AGO", 3, "2026-01-01", "2026-04-01"),
    ],
)
def test_what_a_date_literal_covers(name: str, count: int, first: str, after: str) -> None:
    assert times.is_literal(name) is (count == 0)
    assert times.is_counted_literal(name) is (count > 0)
    assert tuple(day.isoformat() for day in times.span(name, count, SATURDAY)) == (first, after)


def test_weeks_begin_as_the_users_locale_has_it() -> None:
    assert (times.week_start("en_US"), times.week_start("ja_JP"), times.week_start("de_DE")) == (6, 6, 0)
    assert times.span("THIS_WEEK", 0, SATURDAY, 0)[0] == date(2026, 11, 16)


def test_today_is_the_users_day_not_the_servers(client: Client) -> None:
    me = client.rows("User")[0]["Id"]
    # Fourteen hours ahead and eleven behind: at any moment one of the two has another date than UTC.
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        client.control("POST", "/records/User", [{"Id": me, "TimeZoneSidKey": zone}])
        today = datetime.now(times.zone(zone)).date().isoformat()
        task = client.create("Task", Subject=zone, ActivityDate=today)
        assert client.column(f"SELECT Id FROM Task WHERE ActivityDate = TODAY AND Subject = '{zone}'", "Id") == [task]
        assert client.column(f"SELECT Id FROM Task WHERE CreatedDate = TODAY AND Id = '{task}'", "Id") == [task]


# -- groups


def groups(client: Client, soql: str) -> list[dict[str, Any]]:
    found = client.records(soql)
    assert {one.pop("attributes")["type"] for one in found} <= {"AggregateResult"}
    return found


def load_tasks(client: Client) -> None:
    rows = [
        {"Subject": "g", "Status": "Completed", "CallDurationInSeconds": 10, "CreatedDate": "2020-01-31T23:30:00Z"},
        {"Subject": "g", "Status": "completed", "CallDurationInSeconds": 30, "CreatedDate": "2020-02-01T00:30:00Z"},
        {"Subject": "g", "Status": "In Progress", "CreatedDate": "2021-02-01T08:30:00Z"},
    ]
    assert client.control("POST", "/records/Task", rows).status == 201


def test_groups_with_every_aggregate(client: Client) -> None:
    load_tasks(client)
    found = groups(
        client,
        "SELECT Status, COUNT(Id) calls, SUM(CallDurationInSeconds) total, MIN(CallDurationInSeconds), "
        "MAX(CreatedDate), AVG(CallDurationInSeconds) mean FROM Task WHERE Subject = 'g' GROUP BY Status "
        "ORDER BY Status",
    )
    assert found == [
        {
            "Status": "Completed",
            "calls": 2,
            "total": 40.0,
            "expr0": 10,
            "expr1": "2020-02-01T00:30:00.000+0000",
            "mean": 20.0,
        },
        {
            "Status": "In Progress",
            "calls": 1,
            "total": None,
            "expr0": None,
            "expr1": "2021-02-01T08:30:00.000+0000",
            "mean": None,
        },
    ]


def test_groups_by_parents_and_date_parts(client: Client) -> None:
    load_tasks(client)
    year = "CALENDAR_YEAR(CreatedDate)"
    soql = f"SELECT {year} y, COUNT(Id) FROM Task WHERE Subject = 'g' GROUP BY {year}"
    assert groups(client, soql + " ORDER BY COUNT(Id) DESC") == [{"y": 2020, "expr0": 2}, {"y": 2021, "expr0": 1}]
    assert groups(client, soql + " HAVING COUNT(Id) > 1") == [{"y": 2020, "expr0": 2}]
    people = groups(
        client, "SELECT Account.Name, COUNT(Id) n FROM Contact GROUP BY Account.Name ORDER BY COUNT(Id) DESC LIMIT 1"
    )
    assert people == [{"Name": "Acme Logistics", "n": 5}]


def test_one_aggregate_without_groups(client: Client) -> None:
    companies = {one["AccountId"] for one in client.rows("Contact")}
    assert groups(client, "SELECT COUNT_DISTINCT(AccountId) n FROM Contact") == [{"n": len(companies)}]
    assert groups(client, "SELECT MAX(SystemModstamp) FROM Contact WHERE Name = 'nobody'") == [{"expr0": None}]
    assert groups(client, "SELECT COUNT(Id) FROM Contact WHERE Name = 'nobody'") == [{"expr0": 0}]


@pytest.mark.parametrize(
    ("soql", "part"),
    [
        ("SELECT Name, COUNT(Id) FROM Contact", "Field must be grouped or aggregated: Name"),
        ("SELECT Name, Title FROM Contact GROUP BY Name", "Field must be grouped or aggregated: Title"),
        ("SELECT COUNT(Id) n, COUNT(Name) n FROM Contact", "duplicate alias: n"),
        ("SELECT SUM(Name) FROM Contact", "does not support aggregate operator SUM"),
        ("SELECT COUNT(Description) FROM Task", "does not support aggregate operator COUNT"),
        ("SELECT CreatedDate, COUNT(Id) FROM Task GROUP BY CreatedDate", "can not be grouped"),
        ("SELECT Description, COUNT(Id) FROM Task GROUP BY Description", "can not be grouped"),
        ("SELECT Name n FROM Contact", "only aggregate expressions use field aliasing"),
        ("SELECT Id FROM Contact WHERE COUNT(Id) > 1", "unexpected token: 'COUNT'"),
        ("SELECT Id FROM Contact WHERE NOSUCH(Id) > 1", "unexpected token: '('"),
        ("SELECT Id FROM Contact WHERE CALENDAR_YEAR(Name) = 1", "does not support function CALENDAR_YEAR"),
        ("SELECT CALENDAR_YEAR(CreatedDate) FROM Contact", "unexpected token"),
        ("SELECT Id FROM Contact HAVING COUNT(Id) > 1", "Field must be grouped or aggregated: Id"),
        ("SELECT COUNT(Id), (SELECT Id FROM Cases) FROM Contact", "Grouped query cannot use"),
    ],
)
def test_groups_that_make_no_sense(client: Client, soql: str, part: str) -> None:
    answer = client.query(soql)
    assert answer.status == 400
    assert part in answer.message


def test_too_many_groups(client: Client) -> None:
    client.control("POST", "/records/Lead", [{"LastName": f"L{n}", "Company": "x"} for n in range(2001)])
    soql = "SELECT LastName, COUNT(Id) FROM Lead WHERE Company = 'x' GROUP BY LastName"
    assert client.query(soql).code == "EXCEEDED_ID_LIMIT"
    assert len(client.records(soql + " LIMIT 2000")) == 2000


def test_date_functions_in_conditions(client: Client) -> None:
    load_tasks(client)

    def seconds(where: str) -> list[Any]:
        soql = f"SELECT CallDurationInSeconds FROM Task WHERE Subject = 'g' AND {where} ORDER BY CreatedDate"
        return client.column(soql, "CallDurationInSeconds")

    assert seconds("CALENDAR_MONTH(CreatedDate) = 2") == [30, None]
    assert seconds("DAY_ONLY(CreatedDate) < 2020-02-01") == [10]
    assert seconds("HOUR_IN_DAY(CreatedDate) IN (0, 8)") == [30, None]
    assert seconds("CALENDAR_QUARTER(CreatedDate) = 1 AND DAY_IN_WEEK(CreatedDate) = 6") == [10]


# -- polymorphism


def test_typeof_shows_each_kind_its_own_fields(client: Client) -> None:
    records = client.records(
        "SELECT Subject, TYPEOF Who WHEN Lead THEN Company, Rating WHEN Contact THEN Name, Account.Name END, Id "
        "FROM Task WHERE Who.Name IN ('Dev Patel', 'Ana Flores') ORDER BY CreatedDate DESC"
    )
    by_kind = {one["Who"]["attributes"]["type"]: one["Who"] for one in records}
    assert (by_kind["Lead"]["Company"], by_kind["Lead"]["Rating"]) == ("Brightside Clinics", "Hot")
    assert by_kind["Contact"]["Account"]["Name"] == "Acme Logistics"
    other = client.records(
        "SELECT TYPEOF What WHEN Account THEN Phone ELSE Name, Type END FROM Task WHERE What.Type = 'Opportunity'"
    )
    assert (other[0]["What"]["attributes"]["type"], other[0]["What"]["Type"]) == ("Name", "Opportunity")
    none = client.records("SELECT TYPEOF What WHEN Account THEN Phone END FROM Task WHERE What.Type = 'Opportunity'")
    assert none[0]["What"] is None


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT TYPEOF Who WHEN Account THEN Phone END FROM Task",
        "SELECT TYPEOF Account WHEN Account THEN Phone END FROM Contact",
        "SELECT TYPEOF Who WHEN Lead THEN Nope END FROM Task",
        "SELECT TYPEOF Who ELSE Name END FROM Task",
        "SELECT TYPEOF Who WHEN Lead THEN Name FROM Task",
    ],
)
def test_typeof_that_makes_no_sense(client: Client, soql: str) -> None:
    assert client.query(soql).status == 400


# -- children, semi-joins, scope


def test_many_children_come_in_pages_of_their_own(client: Client) -> None:
    account = client.create("Account", Name="Big")
    client.control("POST", "/records/Contact", [{"LastName": f"C{n:03}", "AccountId": account} for n in range(450)])
    soql = f"SELECT Id, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account WHERE Id = '{account}'"
    page = client.query(soql, Sforce_Query_Options="batchSize=200").body["records"][0]["Contacts"]
    assert (page["totalSize"], page["done"], len(page["records"])) == (450, False, 200)
    seen = [one["LastName"] for one in page["records"]]
    while not page["done"]:
        page = client.call(
            "GET", page["nextRecordsUrl"], Authorization=f"Bearer {client.token}", Sforce_Query_Options="batchSize=200"
        ).body
        seen += [one["LastName"] for one in page["records"]]
    assert seen == [f"C{n:03}" for n in range(450)]


def test_semi_and_anti_joins_are_on_ids_only(client: Client) -> None:
    with_deal = "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE IsWon = true)"
    without = "SELECT Id FROM Account WHERE Id NOT IN (SELECT AccountId FROM Opportunity WHERE IsWon = true)"
    every = {one["Id"] for one in client.rows("Account")}
    assert set(client.column(with_deal, "Id")) | set(client.column(without, "Id")) == every
    assert len(client.records(with_deal)) == 1
    outer = client.query("SELECT Id FROM Contact WHERE Name IN (SELECT OwnerId FROM Account)")
    assert (outer.code, "should be an id field" in outer.message) == ("MALFORMED_QUERY", True)
    inner = client.query("SELECT Id FROM Contact WHERE OwnerId IN (SELECT Name FROM Account)")
    assert (inner.code, "must be an id field" in inner.message) == ("MALFORMED_QUERY", True)


def test_scope_mine(client: Client) -> None:
    mine, all_of_them = (client.records(f"SELECT Id FROM Task USING SCOPE {one}") for one in ("mine", "everything"))
    me = client.rows("User")[0]["Id"]
    assert len(mine) == len([one for one in client.rows("Task") if one["OwnerId"] == me]) < len(all_of_them)


def test_links_of_files_need_a_filter(client: Client) -> None:
    answer = client.query("SELECT Id FROM ContentDocumentLink WHERE ShareType = 'V'")
    assert (answer.code, "ContentDocumentLink requires a filter" in answer.message) == ("MALFORMED_QUERY", True)


def test_fields_functions_are_bounded(client: Client) -> None:
    assert client.query("SELECT FIELDS(ALL) FROM Contact LIMIT 201").code == "MALFORMED_QUERY"
    every = set(client.records("SELECT FIELDS(ALL) FROM Task LIMIT 200")[0])
    standard = set(client.records("SELECT FIELDS(STANDARD) FROM Task")[0])
    custom = set(client.records("SELECT FIELDS(CUSTOM) FROM Task LIMIT 1")[0])
    assert every == standard | custom
    assert standard & custom == {"attributes"}


# -- cursors and addresses


def test_a_cursor_ends(client: Client) -> None:
    client.control("POST", "/records/Lead", [{"LastName": "x", "Company": "Bulk"}] * 300)
    page = client.query("SELECT Id FROM Lead WHERE Company = 'Bulk'", Sforce_Query_Options="batchSize=200").body
    assert client.control("POST", "/expire-cursors").status == 204
    gone = client.call("GET", page["nextRecordsUrl"], Authorization=f"Bearer {client.token}")
    assert (gone.status, gone.code) == (400, "INVALID_QUERY_LOCATOR")


def test_an_address_has_a_limit(client: Client) -> None:
    numbers = ",".join(f"'{n:018}'" for n in range(500))
    fine = client.query(f"SELECT Id FROM Contact WHERE LastName IN ({numbers})")
    assert fine.status == 200
    too_long = "SELECT Id FROM Contact WHERE LastName IN (" + ",".join(f"'{n:018}'" for n in range(1000)) + ")"
    assert client.query(too_long).status in {414, 431}
    path = f"{BASE}/query/?" + urlencode({"q": "SELECT Id FROM Contact"})
    head = client.call("GET", path, Authorization=f"Bearer {client.token}", X_Padding="x" * 16_384)
    assert head.status == 431


def test_deep_parents_and_datetimes_with_offsets(client: Client) -> None:
    soql = (
        "SELECT Contact.Account.Owner.Manager.Name FROM Case WHERE Contact.Account.Owner.Name = 'Riley Chen' "
        "AND Contact.Account.Name = 'Acme Logistics' LIMIT 1"
    )
    assert client.records(soql)[0]["Contact"]["Account"]["Owner"]["Manager"] is None
    ago = datetime.now(UTC) - timedelta(hours=1)
    made = client.create("Contact", LastName="now")
    plus = ago.strftime("%Y-%m-%dT%H:%M:%S") + "+00:00"
    assert made in client.column(f"SELECT Id FROM Contact WHERE CreatedDate >= {plus}", "Id")


def test_an_index_never_knows_less_than_a_scan(client: Client) -> None:
    ana = client.records("SELECT Id, AccountId, Phone FROM Contact WHERE Name = 'Ana Flores'")[0]
    # The first equality on a field builds its index, later ones use it.
    for _ in range(2):
        assert client.column("SELECT Name FROM Contact WHERE Phone IN ('(415) 555-0142', '1')", "Name") == [
            "Ana Flores"
        ]
        assert "Ana Flores" in client.column(
            f"SELECT Name FROM Contact WHERE AccountId = '{ana['AccountId'][:15]}'", "Name"
        )
        assert client.column("SELECT Id FROM Contact WHERE Name = 'ANA FLORES'", "Id") == [ana["Id"]]
    client.api("PATCH", f"/sobjects/Contact/{ana['Id']}", {"Phone": "+1", "LastName": "Florez"})
    assert client.column("SELECT Name FROM Contact WHERE Phone = '(415) 555-0142'", "Name") == []
    assert client.column("SELECT Name FROM Contact WHERE Phone = '+1'", "Name") == ["Ana Florez"]
    assert client.column("SELECT Id FROM Contact WHERE Name = 'Ana Florez' AND Phone != null", "Id") == [ana["Id"]]
    body = {"allOrNone": True, "records": [
        {"attributes": {"type": "Contact"}, "id": ana["Id"], "Phone": "+2"},
        {"attributes": {"type": "Contact"}, "id": ana["Id"], "Email": "no"},
    ]}  # fmt: skip
    client.api("PATCH", "/composite/sobjects", body)
    assert client.column("SELECT Name FROM Contact WHERE Phone = '+1'", "Name") == ["Ana Florez"]


def test_ids_have_an_order(client: Client) -> None:
    made = sorted(client.create("Contact", LastName=f"Order{n}") for n in range(3))
    after = f"SELECT Id FROM Contact WHERE LastName LIKE 'Order%' AND Id > '{made[0]}' ORDER BY Id"
    assert [row["Id"] for row in client.records(after)] == made[1:]
