"""Create, read, change, delete: what is filled in and what is refused, with the words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.crm_standin.client import BASE, Client

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000")


def id_of(client: Client, sobject: str, name: str) -> str:
    return str(client.column(f"SELECT Id FROM {sobject} WHERE Name = '{name}'", "Id")[0])


def test_create_answers_with_id_and_location(client: Client) -> None:
    answer = client.api("POST", "/sobjects/Contact/", {"LastName": "Nguyen", "FirstName": "Kim"})
    assert answer.status == 201
    assert answer.body == {"id": answer.body["id"], "success": True, "errors": []}
    assert answer.headers["location"] == f"{BASE}/sobjects/Contact/{answer.body['id']}"
    record = client.read("Contact", answer.body["id"])
    assert record["attributes"] == {"type": "Contact", "url": answer.headers["location"]}
    assert (record["Name"], record["Id"], record["Email"]) == ("Kim Nguyen", answer.body["id"], None)
    assert record["OwnerId"] == record["CreatedById"] == client.api("GET", "").body["identity"][-18:]
    assert STAMP.fullmatch(record["SystemModstamp"])
    assert record["CreatedDate"] == record["LastModifiedDate"]


def test_names_are_found_in_any_case_and_ids_in_both_lengths(client: Client) -> None:
    made = client.create("cOnTaCt", lastname="Nguyen", PHONE="1")
    short = client.api("GET", f"/sobjects/contact/{made[:15]}/?fields=id,PHONE")
    assert short.body["Id"] == made
    assert (short.body["attributes"]["type"], short.body["Phone"]) == ("Contact", "1")
    assert set(short.body) == {"attributes", "Id", "Phone"}


def test_update_and_delete_answer_nothing(client: Client) -> None:
    made = client.create("Contact", LastName="Nguyen")
    changed = client.api("PATCH", f"/sobjects/Contact/{made}", {"FirstName": "Kim", "Title": ""})
    assert (changed.status, changed.body) == (204, None)
    assert client.read("Contact", made)["Name"] == "Kim Nguyen"
    assert client.api("DELETE", f"/sobjects/Contact/{made}/").status == 204
    for method, body in (("GET", None), ("PATCH", {"Title": "x"}), ("DELETE", None)):
        gone = client.api(method, f"/sobjects/Contact/{made}", body)
        assert (gone.status, gone.code, gone.message) == (404, "ENTITY_IS_DELETED", "entity is deleted")
    assert [row["IsDeleted"] for row in client.rows("Contact") if row["Id"] == made] == [True]


def test_what_is_not_there(client: Client) -> None:
    assert client.api("GET", "/sobjects/Contact/003Rd000000zzzz").code == "NOT_FOUND"
    assert client.api("GET", "/sobjects/Nope").message == "The requested resource does not exist"
    assert client.api("GET", "/sobjects/Contact/xyz").message.startswith("Provided external ID field does not exist")
    assert client.api("GET", "/sobjects/Contact/001Rd0000000001").code == "MALFORMED_ID"
    assert client.api("GET", f"/sobjects/Contact/{client.create('Contact', LastName='A')}?fields=Nope").status == 400


@pytest.mark.parametrize(
    ("sobject", "body", "code", "message", "fields"),
    [
        ("Contact", {}, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", ["LastName"]),
        ("Lead", {}, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName, Company]", None),
        ("Opportunity", {"Name": "x"}, "REQUIRED_FIELD_MISSING", "Required fields are missing: [StageName", None),
        ("Contact", {"LastName": "x", "Foo__c": 1}, "INVALID_FIELD", "No such column 'Foo__c' on sobject of", None),
        ("Contact", {"LastName": "x", "Id": "003"}, "INVALID_FIELD", "cannot specify Id in an insert call", None),
        ("Task", {"CallType": "Missed"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Call Type: bad value", None),
        ("Task", {"TaskSubtype": "Fax"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Task Subtype: bad", None),
        (
            "Task",
            {"CallDisposition": "x" * 256},
            "STRING_TOO_LONG",
            f"Call Result: data value too large: {'x' * 256} (max length=255)",
            ["CallDisposition"],
        ),
        ("Task", {"WhoId": "nope"}, "MALFORMED_ID", "Name ID: id value of incorrect type: nope", ["WhoId"]),
        ("Task", {"WhoId": "001Rd0000000001"}, "FIELD_INTEGRITY_EXCEPTION", "Name ID: id value of incorrect", None),
        ("Contact", {"LastName": "x", "AccountId": "003Rd0000000001"}, "MALFORMED_ID", "Account ID: id value", None),
        ("Task", {"WhatId": "006Rd000000zzzz"}, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", None),
        ("Task", {"IsClosed": True}, "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: IsCl", None),
        ("Contact", {"LastName": "x", "Email": "no"}, "INVALID_EMAIL_ADDRESS", "Email: invalid email", None),
        ("Task", {"CallDurationInSeconds": "long"}, "JSON_PARSER_ERROR", "Cannot deserialize instance of int", None),
        ("Task", {"ActivityDate": "2026-13-01"}, "JSON_PARSER_ERROR", "Cannot deserialize instance of date", None),
        ("Task", {"Subject": 5}, "JSON_PARSER_ERROR", "Cannot deserialize instance of string", None),
        ("TaskStatus", {}, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "entity type cannot be inserted", None),
    ],
)
def test_create_is_refused(
    client: Client, sobject: str, body: dict[str, Any], code: str, message: str, fields: list[str] | None
) -> None:
    before = len(client.rows(sobject))
    answer = client.api("POST", f"/sobjects/{sobject}", body)
    assert (answer.status, answer.code) == (400, code)
    assert answer.message.startswith(message)
    if fields is not None:
        assert answer.body[0]["fields"] == fields
    assert len(client.rows(sobject)) == before


def test_several_bad_values_are_all_named(client: Client) -> None:
    answer = client.api("POST", "/sobjects/Task", {"CallType": "Missed", "CallObject": "x" * 300})
    assert [one["fields"] for one in answer.body] == [["CallType"], ["CallObject"]]


def test_a_deleted_parent_is_a_wrong_reference(client: Client) -> None:
    account = client.create("Account", Name="Gone")
    client.api("DELETE", f"/sobjects/Account/{account}")
    answer = client.api("POST", "/sobjects/Contact", {"LastName": "x", "AccountId": account})
    assert answer.code == "INVALID_CROSS_REFERENCE_KEY"


def test_update_is_refused_for_required_create_only_and_id(client: Client) -> None:
    task = client.create("Task", TaskSubtype="Call")
    fixed = client.api("PATCH", f"/sobjects/Task/{task}", {"TaskSubtype": "Task"})
    assert (fixed.status, fixed.code, fixed.body[0]["fields"]) == (
        400,
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        ["TaskSubtype"],
    )
    assert client.api("PATCH", f"/sobjects/Task/{task}", {"Status": None}).code == "REQUIRED_FIELD_MISSING"
    assert client.api("PATCH", f"/sobjects/Task/{task}", {"Id": task}).code == "INVALID_FIELD"


def test_a_lead_task_takes_no_related_record(client: Client) -> None:
    lead, account = id_of(client, "Lead", "Dev Patel"), id_of(client, "Account", "Acme Logistics")
    answer = client.api("POST", "/sobjects/Task", {"WhoId": lead, "WhatId": account})
    assert (answer.code, answer.message) == ("FIELD_INTEGRITY_EXCEPTION", "cannot specify whatID with lead whoID")
    task = client.create("Task", WhoId=lead)
    assert client.api("PATCH", f"/sobjects/Task/{task}", {"WhatId": account}).code == "FIELD_INTEGRITY_EXCEPTION"


def test_a_task_is_completed_by_its_status(client: Client) -> None:
    ana, acme = id_of(client, "Contact", "Ana Flores"), id_of(client, "Account", "Acme Logistics")
    task = client.create("Task", Subject="Call", WhoId=ana, ActivityDate="2031-02-03", Priority="High")
    record = client.read("Task", task)
    assert (record["Status"], record["TaskSubtype"], record["IsClosed"]) == ("Not Started", "Task", False)
    assert (record["AccountId"], record["IsHighPriority"], record["CompletedDateTime"]) == (acme, True, None)
    client.api("PATCH", f"/sobjects/Task/{task}", {"Status": "Completed"})
    record = client.read("Task", task)
    assert record["IsClosed"] is True
    assert STAMP.fullmatch(record["CompletedDateTime"])
    assert client.read("Contact", ana)["LastActivityDate"] == "2031-02-03"
    client.api("PATCH", f"/sobjects/Task/{task}", {"Status": "In Progress"})
    assert client.read("Task", task, "IsClosed,CompletedDateTime")["CompletedDateTime"] is None


def test_deals_and_cases_follow_stage_and_status(client: Client) -> None:
    deal = client.create("Opportunity", Name="D", StageName="Qualification", CloseDate="2030-01-01", Amount=1000)
    assert client.read("Opportunity", deal)["ExpectedRevenue"] == 100
    client.api("PATCH", f"/sobjects/Opportunity/{deal}", {"StageName": "Closed Won"})
    record = client.read("Opportunity", deal)
    assert (record["IsClosed"], record["IsWon"], record["Probability"]) == (True, True, 100)
    ana = client.records("SELECT Id, AccountId FROM Contact WHERE Name = 'Ana Flores'")[0]
    case = client.create("Case", Subject="Help", ContactId=ana["Id"])
    record = client.read("Case", case)
    assert (record["Status"], record["IsClosed"], record["AccountId"]) == ("New", False, ana["AccountId"])
    assert (record["ContactPhone"], record["ContactMobile"]) == ("(415) 555-0142", "+1 628 555 0117")
    assert re.fullmatch(r"\d{8}", record["CaseNumber"])
    client.api("PATCH", f"/sobjects/Case/{case}", {"Status": "Closed"})
    assert client.read("Case", case)["ClosedDate"]


def test_values_are_stored_as_salesforce_stores_them(client: Client) -> None:
    task = client.create(
        "Task",
        Subject="  trimmed  ",
        Description="two\nlines 日本語 🎉",
        Ringdown_Started__c="2026-03-04T05:06:07.891+09:00",
        CallDurationInSeconds="42",
        CallType="inbound",
    )
    record = client.read("Task", task)
    assert (record["Subject"], record["Description"]) == ("trimmed", "two\nlines 日本語 🎉")
    assert record["Ringdown_Started__c"] == "2026-03-03T20:06:07.000+0000"
    assert (record["CallDurationInSeconds"], record["CallType"]) == (42, "Inbound")


def test_conditional_reads_and_writes(client: Client) -> None:
    contact = client.create("Contact", LastName="x")
    date = client.api("GET", "/limits").headers["date"]
    assert client.api("GET", f"/sobjects/Contact/{contact}", If_Modified_Since=date).status == 304
    old = "Mon, 01 Jan 2024 00:00:00 GMT"
    late = client.api("PATCH", f"/sobjects/Contact/{contact}", {"Title": "x"}, If_Unmodified_Since=old)
    assert late.status == 412
    assert client.api("PATCH", f"/sobjects/Contact/{contact}", {"Title": "x"}, If_Unmodified_Since=date).status == 204


def test_updated_and_deleted_lists(client: Client) -> None:
    kept, gone = client.create("Contact", LastName="kept"), client.create("Contact", LastName="gone")
    client.api("DELETE", f"/sobjects/Contact/{gone}")
    window = f"?start={client.rows('Task')[-1]['CreatedDate'].replace('+', '%2B')}&end=2099-01-01T00:00:00Z"
    updated = client.api("GET", f"/sobjects/Contact/updated/{window}").body
    assert kept in updated["ids"]
    assert gone not in updated["ids"]
    deleted = client.api("GET", f"/sobjects/Contact/deleted/{window}").body
    assert [one["id"] for one in deleted["deletedRecords"]] == [gone]
    assert client.api("GET", "/sobjects/Contact/updated/?start=2020-01-01&end=2021-01-01").status == 400
