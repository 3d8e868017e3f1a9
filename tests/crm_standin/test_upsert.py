"""Upsert by external id: statuses, bodies, several matches, races."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from tests.crm_standin.client import BASE, Client

KEY = "005Rd0000000001IAA|call/1+2@host;x=%41|日本"


def test_first_creates_then_updates_with_a_body(client: Client) -> None:
    first = client.upsert("Task", "Ringdown_Key__c", KEY, Subject="a")
    assert first.status == 201
    made = first.body["id"]
    assert first.body == {"id": made, "success": True, "errors": [], "created": True}
    second = client.upsert("task", "ringdown_key__c", KEY, Subject="b")
    assert (second.status, second.body["id"], second.body["created"]) == (200, made, False)
    read = client.api("GET", f"/sobjects/Task/Ringdown_Key__c/{quote(KEY, safe='')}/?fields=Id,Subject,Ringdown_Key__c")
    assert (read.status, read.body["Subject"], read.body["Ringdown_Key__c"]) == (200, "b", KEY)


def test_keys_match_in_any_case_unless_the_field_tells_cases_apart(client: Client) -> None:
    made = client.upsert("Ringdown_Day__c", "Key__c", "ABC|x").body["id"]
    assert client.upsert("Ringdown_Day__c", "Key__c", "abc|X").body["id"] == made
    assert client.column("SELECT Id FROM Ringdown_Day__c WHERE Key__c = 'aBC|x'", "Id") == [made]
    call = client.upsert("Task", "Ringdown_Key__c", "005|Call").body["id"]
    assert client.upsert("Task", "Ringdown_Key__c", "005|call").body["id"] != call
    assert client.column("SELECT Id FROM Task WHERE Ringdown_Key__c IN ('005|Call')", "Id") == [call]
    assert client.column("SELECT Id FROM Task WHERE Ringdown_Key__c = '005|CALL'", "Id") == []
    records = [{"attributes": {"type": "Task"}, "Ringdown_Key__c": key} for key in ("e", "E")]
    answer = client.api("PATCH", "/composite/sobjects/Task/Ringdown_Key__c", {"records": records})
    assert [one["created"] for one in answer.body] == [True, True]


def test_old_versions_answer_an_update_without_a_body(client: Client) -> None:
    path = "/services/data/v45.0/sobjects/Task/Ringdown_Key__c/k"
    bearer = {"Authorization": f"Bearer {client.token}"}
    first = client.call("PATCH", path, {"Subject": "a"}, **bearer)
    assert (first.status, "created" in first.body) == (201, False)
    assert client.call("PATCH", path, {"Subject": "b"}, **bearer).status == 204


def test_update_only_never_creates(client: Client) -> None:
    path = "/sobjects/Task/Ringdown_Key__c/k?updateOnly=true"
    assert client.api("PATCH", path, {"Subject": "a"}).code == "NOT_FOUND"
    client.upsert("Task", "Ringdown_Key__c", "k")
    assert client.api("PATCH", path, {"Subject": "a"}).status == 200


def test_key_or_id_in_the_body_and_unknown_keys_are_refused(client: Client) -> None:
    assert client.upsert("Task", "Ringdown_Key__c", "k", Ringdown_Key__c="k").code == "INVALID_FIELD"
    assert client.upsert("Task", "Ringdown_Key__c", "k", Id="00T").code == "INVALID_FIELD"
    missing = client.upsert("Task", "Subject", "k")
    assert (missing.status, missing.code) == (404, "NOT_FOUND")
    assert missing.message.startswith("Provided external ID field does not exist or is not accessible")
    assert client.api("GET", "/sobjects/Task/Ringdown_Key__c/none").status == 404


def test_a_unique_key_is_unique_except_in_the_recycle_bin(client: Client) -> None:
    made = client.create("Task", Ringdown_Key__c="k")
    assert client.create("Task", Ringdown_Key__c="K") != made
    answer = client.api("POST", "/sobjects/Task", {"Ringdown_Key__c": "k"})
    assert (answer.status, answer.code) == (400, "DUPLICATE_VALUE")
    expected = f"duplicate value found: Ringdown_Key__c duplicates value on record with id: {made[:15]}"
    assert answer.message == expected
    client.api("DELETE", f"/sobjects/Task/{made}")
    again = client.upsert("Task", "Ringdown_Key__c", "k")
    assert (again.status, again.body["id"] != made) == (201, True)


def test_several_matches_answer_300_with_addresses(client: Client) -> None:
    client.control("POST", "/settings", {"unique_task_key": False})
    made = [client.create("Task", Ringdown_Key__c="k") for _ in range(2)]
    for method, body in (("PATCH", {"Subject": "a"}), ("GET", None)):
        answer = client.api(method, "/sobjects/Task/Ringdown_Key__c/k", body)
        assert (answer.status, answer.body) == (300, [f"{BASE}/sobjects/Task/{one}" for one in made])


def test_threads_with_one_key_make_one_row(client: Client) -> None:
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: client.upsert("Task", "Ringdown_Key__c", "race", Subject=f"s{n}"), range(48)))
    assert sorted(answer.status for answer in answers) == [200] * 47 + [201]
    assert len({answer.body["id"] for answer in answers}) == 1
    assert len([row for row in client.rows("Task") if row["Ringdown_Key__c"] == "race"]) == 1


def test_without_the_package_neither_fields_nor_object_exist(client: Client) -> None:
    client.control("POST", "/settings", {"package": False})
    assert client.upsert("Task", "Ringdown_Key__c", "k").code == "NOT_FOUND"
    assert client.api("POST", "/sobjects/Task", {"Ringdown_Key__c": "k"}).code == "INVALID_FIELD"
    assert client.api("GET", "/sobjects/Ringdown_Day__c/describe").status == 404
    assert client.query("SELECT Id FROM Ringdown_Day__c").code == "INVALID_TYPE"
    assert client.query("SELECT Ringdown_Key__c FROM Task").code == "INVALID_FIELD"
    names = [one["name"] for one in client.api("GET", "/sobjects/Task/describe").body["fields"]]
    assert not [name for name in names if name.startswith("Ringdown_")]


def test_the_day_record_takes_everything_it_should(client: Client) -> None:
    answer = client.upsert(
        "Ringdown_Day__c",
        "Key__c",
        "005Rd0000000001IAA|+14155550142|2026-11-20|1",
        Day__c="2026-11-20",
        Zone__c="America/Los_Angeles",
        Counterpart__c="+14155550142",
        Messages__c=3,
        Part__c=1,
        Body__c="x" * 131_072,
        Contact__c="003Rd0000000001",
    )
    assert answer.status == 201
    record = client.read("Ringdown_Day__c", answer.body["id"])
    assert (record["Name"], record["Messages__c"], record["Part__c"]) == ("RD-000001", 3, 1)
    assert client.upsert("Ringdown_Day__c", "Key__c", "k2", Body__c="x" * 131_073).code == "STRING_TOO_LONG"
    assert client.upsert("Ringdown_Day__c", "Key__c", "k2", Zone__c="x" * 65).code == "STRING_TOO_LONG"
    assert client.upsert("Task", "Ringdown_Key__c", "k", Ringdown_Outcome__c="x" * 41).code == "STRING_TOO_LONG"
    assert client.upsert("Task", "Ringdown_Key__c", "k", Ringdown_Line__c="x" * 81).code == "STRING_TOO_LONG"
