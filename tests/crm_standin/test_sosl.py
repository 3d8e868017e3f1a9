"""SOSL: phone numbers in every stored form, names, operators, limits, a lagging index."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.crm_standin.client import Client

PEOPLE = "RETURNING Contact(Name), Lead(Name)"


@pytest.mark.parametrize(
    ("digits", "people"),
    [
        ("4155550142", ["Ana Flores"]),
        ("6285550117", ["Ana Flores"]),
        ("16285550117", ["Ana Flores"]),
        ("4155550163", ["Owen Marsh"]),
        ("4155550143", ["Nadia Haddad"]),
        ("2065550156", ["Victor Reyes"]),
        ("7575550146", ["Elise Tran"]),
        ("2065550155", ["Maya Okafor", "Mia Okafor"]),
        ("3125550128", ["Dev Patel"]),
        ("5035550199 OR 15035550199", ["Bo Lindqvist"]),
        ("355550123 OR 81355550123", ["田中 美咲"]),
        ("5550142", ["Ana Flores"]),
        ("550142", []),
        (r"\(415\) 555\-0142", []),
        (r"415\-555\-0142", ["Ana Flores"]),
        ("415555014*", ["Ana Flores", "Nadia Haddad"]),
        ("41555501?2", ["Tom Becker", "Ana Flores"]),
        ("Flores", []),
    ],
)
def test_phone_fields_whatever_the_punctuation(client: Client, digits: str, people: list[str]) -> None:
    assert sorted(client.found(f"FIND {{{digits}}} IN PHONE FIELDS {PEOPLE}")) == sorted(people)


def test_every_test_line_belongs_to_its_contact(client: Client) -> None:
    expected = ["Priya Nair", "Tom Becker", "Grace Kim", "Luis Ortega", "Echo Test", "Front Desk", "Sam Whitfield"]
    for last, name in enumerate(expected, start=1):
        assert client.found(f"FIND {{415555010{last}}} IN PHONE FIELDS RETURNING Contact(Name)") == [name]


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("flores", ["Ana Flores"]),
        ("okafor AND NOT mia", ["Maya Okafor"]),
        ("(ana OR maya) AND okafor", ["Maya Okafor"]),
        ('"ana flores" OR "dev patel"', ["Ana Flores", "Dev Patel"]),
        ("lindq*", ["Bo Lindqvist"]),
        ("田中", ["田中 美咲"]),
        ("flor", []),
        ("4155550142", []),
    ],
)
def test_name_fields(client: Client, words: str, people: list[str]) -> None:
    assert client.found(f"FIND {{{words}}} IN NAME FIELDS {PEOPLE}") == people


def test_conditions_order_and_limits_inside_returning(client: Client) -> None:
    statement = (
        "FIND {okafor} IN ALL FIELDS RETURNING Lead(Id, Name WHERE IsConverted = false AND Name != ')' LIMIT 5), "
        "Contact(Name, Account.Name ORDER BY Name DESC LIMIT 1)"
    )
    records = client.search(statement).body["searchRecords"]
    assert [record["attributes"]["type"] for record in records] == ["Lead", "Contact"]
    assert records[1]["Account"]["Name"] == "Harbor Analytics"
    assert len(client.search("FIND {okafor} RETURNING Lead, Contact LIMIT 1").body["searchRecords"]) == 1
    assert {one["attributes"]["type"] for one in client.search("FIND {okafor}").body["searchRecords"]} == {
        "Contact",
        "Lead",
    }


def test_one_object_gives_250_rows_several_give_fewer(client: Client) -> None:
    client.control("POST", "/records/Lead", [{"LastName": f"L{n}", "Company": "Crowd"} for n in range(400)])
    assert len(client.found("FIND {crowd} RETURNING Lead(Name)")) == 250
    assert len(client.found("FIND {crowd} RETURNING Lead(Name WHERE Company = 'Crowd')")) == 400


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("FIND {1} IN PHONE FIELDS RETURNING Contact", "INVALID_SEARCH"),
        ("FIND {} RETURNING Contact", "INVALID_SEARCH"),
        ("FIND {415-555-0142} RETURNING Contact", "INVALID_SEARCH"),
        ("FIND {+14155550142} RETURNING Contact", "INVALID_SEARCH"),
        ("FIND {*5550142} RETURNING Contact", "INVALID_SEARCH"),
        ("FIND {flores OR} RETURNING Contact", "INVALID_SEARCH"),
        ("FIND {(flores} RETURNING Contact", "INVALID_SEARCH"),
        ("FIND flores RETURNING Contact", "MALFORMED_SEARCH"),
        ("FIND {flores RETURNING Contact", "MALFORMED_SEARCH"),
        ("FIND {flores} RETURNING Contact(Id", "MALFORMED_SEARCH"),
        ("FIND {flores} RETURNING Contact(Foo)", "INVALID_FIELD"),
        ("FIND {flores} RETURNING Foo(Id)", "INVALID_TYPE"),
        ("FIND {flores} RETURNING Contact(Id) nonsense", "MALFORMED_SEARCH"),
    ],
)
def test_mistakes(client: Client, statement: str, code: str) -> None:
    answer = client.search(statement)
    assert (answer.status, answer.code) == (400, code)


def test_a_lagging_index_knows_only_what_was(client: Client) -> None:
    client.control("POST", "/settings", {"index_delay": 3600})
    made = client.create("Contact", LastName="Fresh", Phone="212 555 0166")
    find = "FIND {2125550166 OR 2125550167} IN PHONE FIELDS RETURNING Contact(Name, Phone)"
    assert client.found(find) == []
    client.control("POST", "/index")
    assert client.found(find) == ["Fresh"]
    client.api("PATCH", f"/sobjects/Contact/{made}", {"Phone": "1", "LastName": "Changed"})
    assert client.search(find).body["searchRecords"][0]["Phone"] == "1"
    client.control("POST", "/settings", {"index_delay": 0})
    assert client.found(find) == []


def test_the_search_without_a_language(client: Client) -> None:
    asked = {"q": "2065550155", "in": "PHONE", "sobject": "Contact,Lead", "Contact.fields": "Id,Name"}
    records = client.api("GET", "/parameterizedSearch/?" + urlencode(asked)).body["searchRecords"]
    assert [record.get("Name") for record in records] == ["Maya Okafor", None]
    body = {"q": "okafor", "in": "NAME", "fields": ["Name"], "sobjects": [{"name": "Lead", "limit": 1}]}
    records = client.api("POST", "/parameterizedSearch", body).body["searchRecords"]
    assert [record["Name"] for record in records] == ["Mia Okafor"]
    limited = {"q": "okafor", "in": "NAME", "fields": ["Name"], "sobjects": [{"name": "Lead"}], "defaultLimit": 1}
    assert len(client.api("POST", "/parameterizedSearch", limited).body["searchRecords"]) == 1


def test_every_write_waits_for_the_index(client: Client) -> None:
    find = "FIND {2125550166 OR 2125550167 OR 2125550168} IN PHONE FIELDS RETURNING Contact(Phone)"
    made = client.create("Contact", LastName="Fresh", Phone="212 555 0166")
    assert client.search(find).body["searchRecords"][0]["Phone"] == "212 555 0166"
    client.control("POST", "/settings", {"index_delay": 3600})
    for number in (7, 8):
        client.api("PATCH", f"/sobjects/Contact/{made}", {"Phone": f"212 555 016{number}"})
        # Known by the old number, shown with the new one.
        asked = "FIND {2125550166} IN PHONE FIELDS RETURNING Contact(Phone)"
        assert client.search(asked).body["searchRecords"][0]["Phone"] == f"212 555 016{number}"
        asked = f"FIND {{212555016{number}}} IN PHONE FIELDS RETURNING Contact(Phone)"
        assert client.search(asked).body["searchRecords"] == []
    second = client.create("Contact", LastName="Second", Phone="212 555 0168")
    client.api("DELETE", f"/sobjects/Contact/{made}")
    assert client.search(find).body["searchRecords"] == []
    client.control("POST", "/index")
    assert [one["attributes"]["url"][-18:] for one in client.search(find).body["searchRecords"]] == [second]


def test_a_write_that_is_rolled_back_is_never_found(client: Client) -> None:
    bodies = [{"attributes": {"type": "Contact"}, "LastName": "Ghost"}, {"attributes": {"type": "Contact"}}]
    client.found("FIND {flores} IN NAME FIELDS RETURNING Contact(Name)")
    client.api("POST", "/composite/sobjects", {"allOrNone": True, "records": bodies})
    assert client.found("FIND {ghost} IN NAME FIELDS RETURNING Contact(Name)") == []


def test_a_crowded_search_hides_what_the_filter_would_have_kept(client: Client) -> None:
    rows = [{"LastName": "Crowd", "Title": f"t{number}"} for number in range(20)]
    client.control("POST", "/records/Contact", rows)
    find = "FIND {crowd} IN NAME FIELDS RETURNING Contact(Title WHERE Title = 't15')"
    assert len(client.search(find).body["searchRecords"]) == 1
    client.control("POST", "/settings", {"search_limit": 10})
    assert client.search(find).body["searchRecords"] == []


def test_the_index_finds_what_looking_at_everything_finds(client: Client) -> None:
    for words in (
        "okafor",
        "maya AND okafor",
        "ok* OR flores",
        '"maya okafor"',
        "田中",
        "2065550155",
        "acme NOT flores",
    ):
        found = client.search(f"FIND {{{words}}} IN ALL FIELDS RETURNING Contact(Name), Lead(Name), Account(Name)")
        assert found.body["searchRecords"], words
