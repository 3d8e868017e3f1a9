"""An admin's own set-up: fields, record types, validation rules, duplicate rules, assignment."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crm_standin.client import BASE, Client
from tests.crm_standin.signing_in import JORDAN, signed_in

WORDS = "Bitte ein Ergebnis wählen – sonst geht es nicht."
MATCHES = [
    {"object": "Contact", "rule": "Standard_Contact_Match_Rule_v1_1", "every": ["LastName"], "some": ["Phone", "Email"]}
]


def custom(client: Client, what: str, **given: Any) -> Any:
    answer = client.control("POST", f"/custom/{what}", given)
    assert answer.status == 201, answer.body
    return answer.body


def result_rule(client: Client, **changes: Any) -> None:
    rule = {
        "object": "Task",
        "when": "Status = 'Completed' AND CallDisposition = null",
        "message": WORDS,
        "field": "CallDisposition",
        **changes,
    }
    custom(client, "validation", **rule)


def duplicates(client: Client, **changes: Any) -> None:
    custom(client, "duplicates", **{"object": "Contact", "matches": MATCHES, **changes})


# -- validation rules


def test_a_validation_rule_speaks_in_the_admins_words(client: Client) -> None:
    result_rule(client)
    refused = client.api("POST", "/sobjects/Task", {"Subject": "x", "Status": "Completed"})
    assert refused.status == 400
    assert refused.body == [
        {"message": WORDS, "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fields": ["CallDisposition"]}
    ]
    made = client.create("Task", Subject="x")
    assert client.api("PATCH", f"/sobjects/Task/{made}", {"Status": "Completed"}).status == 400
    assert client.read("Task", made)["Status"] == "Not Started"
    done = {"Status": "Completed", "CallDisposition": "Left a message"}
    assert client.api("PATCH", f"/sobjects/Task/{made}", done).status == 204


def test_a_validation_rule_in_a_collection_hits_its_record_only(client: Client) -> None:
    result_rule(client, field=None)
    records = [
        {"attributes": {"type": "Task"}, "Ringdown_Key__c": "a", "Status": "Completed"},
        {"attributes": {"type": "Task"}, "Ringdown_Key__c": "b"},
    ]
    answer = client.api("PATCH", "/composite/sobjects/Task/Ringdown_Key__c", {"records": records})
    assert [one["success"] for one in answer.body] == [False, True]
    assert answer.body[0]["errors"] == [
        {"statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": WORDS, "fields": []}
    ]


def test_a_rule_may_look_at_long_text_and_at_parents_and_only_on_insert(client: Client) -> None:
    result_rule(client, when="Description = null AND Owner.Name != 'Nobody'", on=["insert"], field=None)
    assert client.api("POST", "/sobjects/Task", {"Subject": "x"}).status == 400
    made = client.create("Task", Subject="x", Description="y")
    assert client.api("PATCH", f"/sobjects/Task/{made}", {"Description": None}).status == 204


def test_a_rule_sees_what_its_user_does_not(client: Client) -> None:
    result_rule(client, when="Type = null", field="Type")
    client.control("POST", "/access", {"user": JORDAN, "object": "Task", "field": "Type", "visible": False})
    answer = signed_in(client, JORDAN).api("POST", "/sobjects/Task", {"Status": "Completed"})
    assert answer.code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"


def test_an_unreadable_rule_is_refused_when_it_is_made(client: Client) -> None:
    for wrong in ({"when": "Nope = 1"}, {"when": "("}, {"object": "Nope"}, {"typo": 1}):
        rule = {"object": "Task", "when": "Subject = null", "message": "m", **wrong}
        assert client.control("POST", "/custom/validation", rule).status in (400, 404)
    assert client.control("GET", "/custom").body["validation"] == []


# -- fields


def test_a_required_field_of_the_admins_own(client: Client) -> None:
    custom(client, "fields", object="Task", name="Region__c", label="Region", required=True, length=10)
    described = {one["name"]: one for one in client.api("GET", "/sobjects/Task/describe").body["fields"]}
    assert (described["Region__c"]["nillable"], described["Region__c"]["custom"]) == (False, True)
    refused = client.api("POST", "/sobjects/Task", {"Subject": "x"})
    assert (refused.code, refused.message) == ("REQUIRED_FIELD_MISSING", "Required fields are missing: [Region__c]")
    long = client.api("POST", "/sobjects/Task", {"Region__c": "x" * 11})
    assert long.message == f"Region: data value too large: {'x' * 11} (max length=10)"
    made = client.create("Task", Region__c="West")
    assert client.column("SELECT Id FROM Task WHERE Region__c = 'west'", "Id") == [made]


def test_fields_of_every_kind_and_changes_to_standard_ones(client: Client) -> None:
    custom(client, "fields", object="Contact", name="Vip__c", type="boolean")
    custom(client, "fields", object="Contact", name="Tier__c", type="picklist", values=["A", "B"], restricted=True)
    custom(client, "fields", object="Contact", name="Partner__c", type="reference", references=["Account"])
    custom(client, "fields", object="Contact", name="Direct_Line__c", type="phone")
    custom(client, "fields", object="Contact", name="Title", required=True)
    assert client.api("POST", "/sobjects/Contact", {"LastName": "x"}).body[0]["fields"] == ["Title"]
    account = client.create("Account", Name="Partner Inc")
    made = client.create(
        "Contact", LastName="x", Title="y", Tier__c="A", Partner__c=account, Direct_Line__c="4155550177"
    )
    assert client.read("Contact", made)["Vip__c"] is False
    named = client.records(f"SELECT Partner__r.Name FROM Contact WHERE Id = '{made}'")
    assert named[0]["Partner__r"]["Name"] == "Partner Inc"
    bad = client.api("PATCH", f"/sobjects/Contact/{made}", {"Tier__c": "C"})
    assert bad.code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    found = client.found("FIND {4155550177} IN PHONE FIELDS RETURNING Contact(Name)")
    assert found == ["x"]
    assert client.control("DELETE", "/custom").status == 204
    assert client.query("SELECT Vip__c FROM Contact").code == "INVALID_FIELD"


def test_a_field_needs_an_object_a_name_and_a_type(client: Client) -> None:
    for wrong in ({"object": "Nope"}, {"name": "Plain"}, {"type": "nope"}):
        assert client.control("POST", "/custom/fields", {"object": "Task", "name": "A__c", **wrong}).status == 400


# -- record types


def test_record_types_are_described_and_given(client: Client) -> None:
    call = custom(client, "record-types", object="Task", name="Phone Call", default=True)["id"]
    private = custom(client, "record-types", object="Task", name="Private", users=[JORDAN])["id"]
    infos = {one["name"]: one for one in client.api("GET", "/sobjects/Task/describe").body["recordTypeInfos"]}
    assert list(infos) == ["Phone Call", "Private", "Master"]
    assert infos["Phone Call"]["recordTypeId"] == call
    assert (infos["Phone Call"]["developerName"], infos["Phone Call"]["defaultRecordTypeMapping"]) == (
        "Phone_Call",
        True,
    )
    assert (infos["Private"]["available"], infos["Master"]["master"]) == (False, True)
    assert infos["Master"]["defaultRecordTypeMapping"] is False
    master = client.create("Task", RecordTypeId=infos["Master"]["recordTypeId"])
    assert client.read("Task", master)["RecordTypeId"] is None
    made = client.create("Task", Subject="x")
    assert client.read("Task", made)["RecordTypeId"] == call
    record = client.records(f"SELECT RecordType.Name FROM Task WHERE Id = '{made}'")[0]
    assert record["RecordType"]["Name"] == "Phone Call"
    refused = client.api("POST", "/sobjects/Task", {"RecordTypeId": private})
    assert (refused.status, refused.code) == (400, "INVALID_CROSS_REFERENCE_KEY")
    assert refused.message == f"Record Type ID: this ID value isn't valid for the user: {private}"
    jordan = signed_in(client, JORDAN)
    assert jordan.read("Task", jordan.create("Task", RecordTypeId=private))["RecordTypeId"] == private
    types = client.records("SELECT Id, DeveloperName FROM RecordType WHERE SobjectType = 'Task'")
    assert [one["Id"] for one in types] == [call, private]


def test_without_record_types_there_is_no_such_field(client: Client) -> None:
    assert client.query("SELECT RecordTypeId FROM Task").code == "INVALID_FIELD"
    infos = client.api("GET", "/sobjects/Task/describe").body["recordTypeInfos"]
    assert [(one["name"], one["master"], one["defaultRecordTypeMapping"]) for one in infos] == [("Master", True, True)]


def test_a_record_type_of_another_object_is_refused(client: Client) -> None:
    custom(client, "record-types", object="Task", name="Phone Call")
    other = custom(client, "record-types", object="Lead", name="Web")["id"]
    assert client.api("POST", "/sobjects/Task", {"RecordTypeId": other}).code == "INVALID_CROSS_REFERENCE_KEY"


# -- duplicate rules


def test_a_duplicate_comes_back_as_salesforce_spells_it(client: Client) -> None:
    duplicates(client)
    there = client.create("Contact", LastName="Twin", Phone="(415) 555-0181")
    refused = client.api("POST", "/sobjects/Contact", {"LastName": "twin", "Phone": "415-555-0181"})
    assert refused.status == 400
    record = {"attributes": {"type": "Contact", "url": f"{BASE}/sobjects/Contact/{there}"}, "Id": there}
    assert refused.body == [
        {
            "duplicateResut": {
                "allowSave": True,
                "duplicateRule": "Standard_Contact_Duplicate_Rule",
                "duplicateRuleEntityType": "Contact",
                "errorMessage": "Use one of these records?",
                "matchResults": [
                    {
                        "entityType": "Contact",
                        "errors": [],
                        "matchEngine": "FuzzyMatchEngine",
                        "matchRecords": [
                            {
                                "additionalInformation": [],
                                "fieldDiffs": [],
                                "matchConfidence": 100.0,
                                "record": record,
                            }
                        ],
                        "rule": "Standard_Contact_Match_Rule_v1_1",
                        "size": 1,
                        "success": True,
                    }
                ],
            },
            "errorCode": "DUPLICATES_DETECTED",
            "message": "Use one of these records?",
        }
    ]
    assert next(iter(refused.body[0])) == "duplicateResut"
    custom(client, "spelling", key="duplicateResult")
    assert (
        "duplicateResult"
        in client.api("POST", "/sobjects/Contact", {"LastName": "twin", "Phone": "4155550181"}).body[0]
    )
    assert client.control("POST", "/custom/spelling", {"key": "x"}).status == 400


def test_a_warning_is_passed_with_the_header_a_block_is_not(client: Client) -> None:
    duplicates(client)
    twin = {"LastName": "Twin", "Phone": "1"}
    client.create("Contact", **twin)
    for header in ("", "allowSave=false", "includeRecordDetails=true", "garbage"):
        assert client.api("POST", "/sobjects/Contact", twin, Sforce_Duplicate_Rule_Header=header).status == 400
    full = "allowSave=true; includeRecordDetails=true; runAsCurrentUser=true"
    assert client.api("POST", "/sobjects/Contact", twin, Sforce_Duplicate_Rule_Header=full).status == 201
    client.control("DELETE", "/custom")
    duplicates(client, allow_save=False, message="No twins.")
    blocked = client.api("POST", "/sobjects/Contact", twin, Sforce_Duplicate_Rule_Header=full)
    assert (blocked.status, blocked.message) == (400, "No twins.")
    result = blocked.body[0]["duplicateResut"]
    assert result["allowSave"] is False
    assert result["matchResults"][0]["size"] == 2
    assert result["matchResults"][0]["matchRecords"][0]["record"]["LastName"] == "Twin"


def test_matches_may_be_leads_and_hidden_ones_only_without_run_as(client: Client) -> None:
    duplicates(client, matches=[{"object": "Lead", "rule": "Lead_Match", "some": ["Phone"]}])
    lead = client.create("Lead", LastName="x", Company="y", Phone="415 555 0182")
    client.control("POST", "/access", {"user": JORDAN, "object": "Lead", "see": "own"})
    jordan = signed_in(client, JORDAN)
    body = {"LastName": "Other", "Phone": "(415) 555 0182"}
    refused = jordan.api("POST", "/sobjects/Contact", body)
    record = refused.body[0]["duplicateResut"]["matchResults"][0]["matchRecords"][0]["record"]
    assert (record["attributes"]["type"], record["Id"]) == ("Lead", lead)
    assert jordan.api("GET", f"/sobjects/Lead/{lead}").status == 404
    as_me = {"Sforce_Duplicate_Rule_Header": "runAsCurrentUser=true"}
    assert jordan.api("POST", "/sobjects/Contact", body, **as_me).status == 201


def test_collections_tell_a_duplicate_without_candidates(client: Client) -> None:
    duplicates(client)
    client.create("Contact", LastName="Twin", Phone="1")
    record = {"attributes": {"type": "Contact"}, "LastName": "Twin", "Phone": "1"}
    answer = client.api("POST", "/composite/sobjects", {"records": [record]})
    assert answer.status == 200
    assert answer.body == [
        {
            "success": False,
            "errors": [{"statusCode": "DUPLICATES_DETECTED", "message": "Use one of these records?", "fields": []}],
        }
    ]
    header = {"Sforce_Duplicate_Rule_Header": "allowSave=true"}
    assert client.api("POST", "/composite/sobjects", {"records": [record]}, **header).body[0]["success"] is True


def test_a_part_of_a_composite_sends_its_own_header(client: Client) -> None:
    duplicates(client)
    client.create("Contact", LastName="Twin", Phone="1")
    part = {"method": "POST", "url": f"{BASE}/sobjects/Contact", "body": {"LastName": "Twin", "Phone": "1"}}
    headers = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
    parts = [{**part, "referenceId": "a"}, {**part, "referenceId": "b", "httpHeaders": headers}]
    answers = client.api("POST", "/composite", {"compositeRequest": parts}).body["compositeResponse"]
    assert [one["httpStatusCode"] for one in answers] == [400, 201]
    assert "duplicateResut" in answers[0]["body"][0]


def test_changes_are_looked_at_only_when_asked_and_only_where_compared(client: Client) -> None:
    client.create("Contact", LastName="Twin", Phone="1")
    other = client.create("Contact", LastName="Twin", Phone="2")
    duplicates(client)
    assert client.api("PATCH", f"/sobjects/Contact/{other}", {"Phone": "1"}).status == 204
    duplicates(client, on=["update"])
    assert client.api("PATCH", f"/sobjects/Contact/{other}", {"Title": "x"}).status == 204
    assert client.api("PATCH", f"/sobjects/Contact/{other}", {"Email": "a@b.example"}).code == "DUPLICATES_DETECTED"


# -- assignment


@pytest.mark.parametrize("header", ["FALSE", "false"])
def test_an_assignment_rule_takes_leads_unless_told_not_to(client: Client, header: str) -> None:
    custom(client, "assignment", object="Lead", owner=JORDAN)
    jordan = client.column(f"SELECT Id FROM User WHERE Username = '{JORDAN}'", "Id")[0]
    body = {"LastName": "x", "Company": "y"}
    taken = client.api("POST", "/sobjects/Lead", body).body["id"]
    assert client.read("Lead", taken)["OwnerId"] == jordan
    kept = client.api("POST", "/sobjects/Lead", body, Sforce_Auto_Assign=header).body["id"]
    assert client.read("Lead", kept)["OwnerId"] != jordan
    custom(client, "assignment", object="Lead", owner=None)
    assert client.read("Lead", client.create("Lead", **body))["OwnerId"] != jordan
