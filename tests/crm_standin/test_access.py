"""Object permissions, field-level security and sharing, as other users of the org meet them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.crm_standin.client import Client
from tests.crm_standin.signing_in import JORDAN, RILEY, signed_in


@pytest.fixture
def jordan(client: Client) -> Client:
    """Another user of the org."""
    return signed_in(client, JORDAN)


def allow(client: Client, *rules: dict[str, Any]) -> None:
    assert client.control("POST", "/access", list(rules)).status == 201


def test_a_hidden_field_is_no_column_anywhere(client: Client, jordan: Client) -> None:
    allow(client, {"user": JORDAN, "object": "Contact", "field": "MobilePhone", "visible": False})
    refused = jordan.query("SELECT Id, MobilePhone FROM Contact")
    assert (refused.status, refused.code) == (400, "INVALID_FIELD")
    assert "No such column 'MobilePhone' on entity 'Contact'" in refused.message
    assert "ERROR at Row:1:Column:12" in refused.message
    parent = jordan.query("SELECT Contact.MobilePhone FROM Case")
    assert parent.code == "INVALID_FIELD"
    filtered = jordan.query("SELECT Id FROM Contact WHERE MobilePhone = '1'")
    assert filtered.code == "INVALID_FIELD"
    names = {one["name"] for one in jordan.api("GET", "/sobjects/Contact/describe").body["fields"]}
    assert "Phone" in names
    assert "MobilePhone" not in names
    ana = client.column("SELECT Id FROM Contact WHERE Name = 'Ana Flores'", "Id")[0]
    assert "MobilePhone" not in jordan.read("Contact", ana)
    assert jordan.api("GET", f"/sobjects/Contact/{ana}?fields=MobilePhone").code == "INVALID_FIELD"
    write = jordan.api("PATCH", f"/sobjects/Contact/{ana}", {"MobilePhone": "1"})
    assert (write.status, write.code) == (400, "INVALID_FIELD")
    found = jordan.search("FIND {6285550117} IN PHONE FIELDS RETURNING Contact(Id, MobilePhone)")
    assert found.code == "INVALID_FIELD"
    assert client.read("Contact", ana)["MobilePhone"] == "+1 628 555 0117"


def test_saving_keeps_what_the_user_does_not_see(client: Client, jordan: Client) -> None:
    allow(
        client,
        {"user": JORDAN, "object": "Task", "field": "Priority", "visible": False},
        {"user": JORDAN, "object": "Task", "field": "Description", "visible": False},
    )
    made = client.create("Task", Subject="a", Description="kept")
    assert jordan.api("PATCH", f"/sobjects/Task/{made}", {"Subject": "b"}).status == 204
    assert client.read("Task", made, "Subject,Description")["Description"] == "kept"
    theirs = jordan.create("Task", Subject="c")
    assert client.read("Task", theirs)["Priority"] == "Normal"


def test_a_read_only_field_is_refused_by_name(client: Client, jordan: Client) -> None:
    allow(client, {"user": JORDAN, "object": "Task", "field": "Type", "editable": False})
    refused = jordan.api("POST", "/sobjects/Task", {"Subject": "x", "Type": "Call"})
    assert (refused.status, refused.code) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")
    assert refused.body[0]["fields"] == ["Type"]
    assert "Please check the security settings" in refused.message
    described = {one["name"]: one for one in jordan.api("GET", "/sobjects/Task/describe").body["fields"]}
    assert (described["Type"]["createable"], described["Type"]["updateable"]) == (False, False)
    assert described["Subject"]["createable"] is True


def test_without_object_permission_there_is_no_such_object(client: Client, jordan: Client) -> None:
    allow(client, {"user": JORDAN, "object": "QuickText", "read": False})
    refused = jordan.query("SELECT Id FROM QuickText")
    assert (refused.status, refused.code) == (400, "INVALID_TYPE")
    assert jordan.api("GET", "/sobjects/QuickText/describe").status == 404
    assert "QuickText" not in {one["name"] for one in jordan.api("GET", "/sobjects").body["sobjects"]}
    record = {"attributes": {"type": "QuickText"}, "Name": "x", "Message": "y"}
    answer = jordan.api("POST", "/composite/sobjects", {"records": [record]}).body[0]
    assert answer["errors"][0]["statusCode"] == "INVALID_TYPE"
    assert len(client.records("SELECT Id FROM QuickText")) == 5


@pytest.mark.parametrize(
    ("rule", "code"),
    [({"create": False}, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"), ({"read": False}, "NOT_FOUND")],
)
def test_creating_needs_permission(client: Client, jordan: Client, rule: dict[str, Any], code: str) -> None:
    allow(client, {"user": JORDAN, "object": "Lead", **rule})
    assert jordan.api("POST", "/sobjects/Lead", {"LastName": "x", "Company": "y"}).code == code
    assert client.create("Lead", LastName="x", Company="y")


def test_editing_and_deleting_need_permission(client: Client, jordan: Client) -> None:
    allow(client, {"user": JORDAN, "object": "Lead", "edit": False, "delete": False})
    lead = client.create("Lead", LastName="x", Company="y")
    assert jordan.api("PATCH", f"/sobjects/Lead/{lead}", {"Title": "z"}).code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    assert jordan.api("DELETE", f"/sobjects/Lead/{lead}").code == "INSUFFICIENT_ACCESS_OR_READONLY"
    described = jordan.api("GET", "/sobjects/Lead/describe").body
    assert (described["createable"], described["updateable"], described["deletable"]) == (True, False, False)


def test_other_sharing_shows_fewer_rows(client: Client, jordan: Client) -> None:
    mine = jordan.create("Contact", LastName="Jordans", Phone="415 555 0188")
    allow(client, {"user": JORDAN, "object": "Contact", "see": "own"})
    assert jordan.column("SELECT Id FROM Contact", "Id") == [mine]
    assert jordan.query("SELECT count() FROM Contact").body["totalSize"] == 1
    assert client.query("SELECT count() FROM Contact").body["totalSize"] == 25
    ana = client.column("SELECT Id FROM Contact WHERE Name = 'Ana Flores'", "Id")[0]
    assert jordan.api("GET", f"/sobjects/Contact/{ana}").status == 404
    assert jordan.found("FIND {4155550142} IN PHONE FIELDS RETURNING Contact(Id, Name)") == []
    assert client.found("FIND {4155550142} IN PHONE FIELDS RETURNING Contact(Id, Name)") == ["Ana Flores"]
    change = jordan.api("PATCH", f"/sobjects/Contact/{ana}", {"Title": "x"})
    assert (change.status, change.code) == (400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY")
    link = jordan.api("POST", "/sobjects/Task", {"Subject": "x", "WhoId": ana})
    assert link.code == "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
    cases = jordan.records("SELECT Id, Contact.Name FROM Case WHERE ContactId != null")
    assert cases
    assert all(case["Contact"] is None for case in cases)
    span = "start={}&end={}".format(
        *(time.strftime("%Y-%m-%dT%H:%M:00Z", time.gmtime(time.time() + s)) for s in (-120, 120))
    )
    assert jordan.api("GET", f"/sobjects/Contact/updated/?{span}").body["ids"] == [mine]
    assert jordan.api("GET", f"/composite/sobjects/Contact?ids={ana},{mine}&fields=Id").body[0] is None


def test_one_row_can_be_withheld_or_read_only(client: Client, jordan: Client) -> None:
    first, second = client.column("SELECT Id FROM Account ORDER BY Id LIMIT 2", "Id")
    allow(
        client,
        {"user": JORDAN, "object": "Account", "record": first, "see": "none"},
        {"user": JORDAN, "object": "Account", "change": "own"},
    )
    assert first not in jordan.column("SELECT Id FROM Account", "Id")
    assert jordan.read("Account", second)["Id"] == second
    for call in (
        jordan.api("PATCH", f"/sobjects/Account/{second}", {"Site": "x"}),
        jordan.api("DELETE", f"/sobjects/Account/{second}"),
    ):
        assert (call.status, call.code) == (400, "INSUFFICIENT_ACCESS_OR_READONLY")
    client.control("POST", "/settings", {"access_status": 403})
    assert jordan.api("PATCH", f"/sobjects/Account/{second}", {"Site": "x"}).status == 403


def test_a_key_taken_by_a_hidden_row_is_told_without_its_id(client: Client, jordan: Client) -> None:
    client.upsert("Task", "Ringdown_Key__c", "shared", Subject="x")
    allow(client, {"user": JORDAN, "object": "Task", "see": "own"})
    answer = jordan.upsert("Task", "Ringdown_Key__c", "shared", Subject="y")
    assert (answer.status, answer.code) == (400, "DUPLICATE_VALUE")
    assert answer.message == "duplicate value found: <unknown> duplicates value on record with id: <unknown>"


def test_the_call_fields_know_no_field_level_security(client: Client, jordan: Client) -> None:
    names = ("CallType", "CallDisposition", "CallDurationInSeconds", "CallObject")
    allow(client, *({"object": "Task", "field": name, "visible": False} for name in names))
    made = jordan.create("Task", CallType="Inbound", CallDisposition="x", CallDurationInSeconds=3, CallObject="k")
    assert jordan.read("Task", made, ",".join(names))["CallDisposition"] == "x"


def test_without_our_permission_set_the_package_is_not_there(client: Client, jordan: Client) -> None:
    allow(client, {"package": False, "user": JORDAN})
    assert jordan.query("SELECT Ringdown_Key__c FROM Task").code == "INVALID_FIELD"
    assert jordan.query("SELECT Id FROM Ringdown_Day__c").code == "INVALID_TYPE"
    answer = jordan.upsert("Task", "Ringdown_Key__c", "k", Subject="x")
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
    assert answer.message.startswith("Provided external ID field does not exist or is not accessible")
    assert client.upsert("Task", "Ringdown_Key__c", "k", Subject="x").status == 201
    allow(client, {"package": True, "user": JORDAN})
    assert jordan.upsert("Task", "Ringdown_Key__c", "k", Subject="y").status == 200


def test_rules_for_everyone_later_ones_and_taking_them_away(client: Client, jordan: Client) -> None:
    allow(client, {"object": "Contact", "field": "Title", "visible": False})
    assert client.query("SELECT Title FROM Contact").code == jordan.query("SELECT Title FROM Contact").code
    allow(client, {"user": RILEY, "object": "Contact", "field": "title", "visible": True})
    assert client.query("SELECT Title FROM Contact").status == 200
    assert jordan.query("SELECT Title FROM Contact").status == 400
    assert len(client.control("GET", "/access").body) == 2
    assert client.control("DELETE", "/access").status == 204
    assert jordan.query("SELECT Title FROM Contact").status == 200


def test_describe_is_fresh_after_a_rule(client: Client) -> None:
    before = client.api("GET", "/sobjects/Contact/describe").headers["last-modified"]
    allow(client, {"object": "Contact", "field": "Title", "visible": False})
    after = client.api("GET", "/sobjects/Contact/describe", If_Modified_Since=before)
    assert after.status == 200
    assert (
        client.api("GET", "/sobjects/Contact/describe", If_Modified_Since=after.headers["last-modified"]).status == 304
    )


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"object": "Nope"},
        {"object": "Contact", "visible": False},
        {"object": "Contact", "field": "Phone"},
        {"object": "Contact", "see": "some"},
        {"object": "Contact", "read": "no"},
        {"object": "Contact", "typo": True},
        {"object": "Contact", "user": "nobody", "read": False},
        {"package": "no"},
        {"package": False, "object": "Task"},
        "x",
    ],
)
def test_unreadable_rules_are_refused(client: Client, rule: Any) -> None:
    assert client.control("POST", "/access", rule).status == 400
    assert client.control("GET", "/access").body == []
