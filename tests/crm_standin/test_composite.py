"""Collections and composite: one result each, references, roll-back."""

from __future__ import annotations

from typing import Any

from tests.crm_standin.client import BASE, Client


def task(**fields: Any) -> dict[str, Any]:
    return {"attributes": {"type": "Task"}, **fields}


def call_keys(client: Client) -> list[str]:
    return sorted(row["Ringdown_Key__c"] for row in client.rows("Task") if row["Ringdown_Key__c"])


def test_collection_upsert_keeps_order_and_marks_doubles(client: Client) -> None:
    client.upsert("Task", "Ringdown_Key__c", "b")
    records = [task(Ringdown_Key__c=key) for key in ("a", "b", "c", "c", "d")]
    records[4]["CallType"] = "Missed"
    answer = client.api("PATCH", "/composite/sobjects/Task/Ringdown_Key__c", {"records": records})
    assert answer.status == 200
    assert [one["success"] for one in answer.body] == [True, True, False, False, False]
    assert [one["created"] for one in answer.body] == [True, False, False, False, False]
    assert answer.body[2]["errors"][0]["statusCode"] == "DUPLICATE_VALUE"
    assert answer.body[4]["errors"] == [
        {
            "statusCode": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "message": "Call Type: bad value for restricted picklist field: Missed",
            "fields": ["CallType"],
        }
    ]
    assert call_keys(client) == ["a", "b"]


def test_collection_upsert_wants_the_key_and_no_id(client: Client) -> None:
    records = [task(Subject="x"), task(Ringdown_Key__c="k", id="00TRd0000000001")]
    answer = client.api("PATCH", "/composite/sobjects/Task/Ringdown_Key__c", {"records": records}).body
    assert [one["errors"][0]["statusCode"] for one in answer] == ["MISSING_ARGUMENT", "INVALID_FIELD"]
    assert client.api("PATCH", "/composite/sobjects/Task/Nope__c", {"records": []}).status == 404


def test_all_or_none_rolls_the_innocent_back(client: Client) -> None:
    before = client.rows("Task")
    body = {"allOrNone": True, "records": [task(Subject="good"), task(CallType="Missed")]}
    answer = client.api("POST", "/composite/sobjects", body).body
    codes = [one["errors"][0]["statusCode"] for one in answer]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"]
    assert client.rows("Task") == before


def test_collections_create_change_read_and_delete(client: Client) -> None:
    records = [task(Subject="a"), {"attributes": {"type": "Contact"}, "LastName": "b"}]
    made = [one["id"] for one in client.api("POST", "/composite/sobjects", {"records": records}).body]
    changes = [task(id=made[0], Subject="c"), task(id="00TRd000000zzzz", Subject="c"), task(Subject="c")]
    answer = client.api("PATCH", "/composite/sobjects", {"records": changes}).body
    assert [one["success"] for one in answer] == [True, False, False]
    found = client.api("GET", f"/composite/sobjects/Task?ids={made[0]},00TRd000000zzzz&fields=Subject").body
    assert found[0]["Subject"] == "c"
    assert found[1] is None
    gone = client.api("DELETE", f"/composite/sobjects?ids={','.join(made)}&allOrNone=true").body
    assert gone == [{"id": one, "success": True, "errors": []} for one in made]
    assert client.api("GET", f"/sobjects/Task/{made[0]}").code == "ENTITY_IS_DELETED"


def test_collections_are_bounded_and_counted_once(client: Client) -> None:
    many = {"records": [task(Subject="x")] * 201}
    assert client.api("POST", "/composite/sobjects", many).code == "EXCEEDED_ID_LIMIT"
    answer = client.api("POST", "/composite/sobjects", {"records": many["records"][:200]})
    assert len(answer.body) == 200
    assert answer.headers["sforce-limit-info"].startswith("api-usage=2/")
    assert client.api("POST", "/composite/sobjects", {"records": ["x"]}).code == "JSON_PARSER_ERROR"
    assert client.api("POST", "/composite/sobjects", {"records": [{"Subject": "x"}]}).code == "INVALID_INPUT"


def part(name: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
    given = {"method": method, "url": BASE + path, "referenceId": name}
    return given if body is None else {**given, "body": body}


def test_later_parts_use_earlier_answers(client: Client) -> None:
    parts = [
        part("acc", "POST", "/sobjects/Account", {"Name": "New Co"}),
        part("con", "POST", "/sobjects/Contact", {"LastName": "New", "AccountId": "@{acc.id}"}),
        part("read", "GET", "/sobjects/Contact/@{con.id}?fields=AccountId,Name"),
        part("found", "GET", "/query/?q=SELECT+Id,Name+FROM+Account+WHERE+Id='@{read.AccountId}'"),
        part("task", "POST", "/sobjects/Task", {"WhatId": "@{found.records[0].Id}", "Subject": "About @{read.Name}"}),
    ]
    answer = client.api("POST", "/composite", {"allOrNone": True, "compositeRequest": parts})
    assert answer.status == 200
    assert answer.headers["sforce-limit-info"].startswith("api-usage=1/")
    results = answer.body["compositeResponse"]
    assert [one["referenceId"] for one in results] == ["acc", "con", "read", "found", "task"]
    assert [one["httpStatusCode"] for one in results] == [201, 201, 200, 200, 201]
    assert results[0]["httpHeaders"]["Location"].startswith(f"{BASE}/sobjects/Account/001")
    made = client.read("Task", results[4]["body"]["id"])
    assert (made["Subject"], made["AccountId"]) == ("About New", results[0]["body"]["id"])


def test_a_failed_part_halts_what_depends_on_it(client: Client) -> None:
    parts = [
        part("bad", "POST", "/sobjects/Contact", {}),
        part("dependent", "POST", "/sobjects/Task", {"WhoId": "@{bad.id}"}),
        part("free", "POST", "/sobjects/Task", {"Subject": "free"}),
    ]
    results = client.api("POST", "/composite", {"compositeRequest": parts}).body["compositeResponse"]
    assert [one["httpStatusCode"] for one in results] == [400, 400, 201]
    assert results[1]["body"][0]["errorCode"] == "PROCESSING_HALTED"


def test_all_or_none_composite_rolls_back(client: Client) -> None:
    before = client.rows("Task")
    parts = [
        part("one", "POST", "/sobjects/Task", {"Subject": "x"}),
        part("two", "POST", "/sobjects/Contact", {}),
        part("three", "POST", "/sobjects/Task", {"Subject": "y"}),
    ]
    body = {"allOrNone": True, "compositeRequest": parts}
    results = client.api("POST", "/composite", body).body["compositeResponse"]
    codes = [one["body"][0]["errorCode"] for one in results]
    assert codes == ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]
    assert client.rows("Task") == before


def test_malformed_composites(client: Client) -> None:
    one = part("a", "GET", "/limits")
    malformed: list[Any] = [[], "x", [{}], [one, one], [part("a-b", "GET", "/limits")], [one] * 26]
    for parts in malformed:
        assert client.api("POST", "/composite", {"compositeRequest": parts}).status == 400
    heavy = [part(f"q{n}", "GET", "/query/?q=SELECT+Id+FROM+User") for n in range(6)]
    assert client.api("POST", "/composite", {"compositeRequest": heavy}).code == "LIMIT_EXCEEDED"
    answer = client.api("POST", "/composite", {"compositeRequest": heavy[:5]}).body["compositeResponse"]
    assert [part["body"]["totalSize"] for part in answer] == [5] * 5
