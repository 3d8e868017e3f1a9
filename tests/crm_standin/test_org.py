"""Describe, and the org it starts with."""

from __future__ import annotations

import re

from crm.standin import ids, seed_people
from tests.crm_standin.client import BASE, Client


def test_the_global_describe_lists_every_object(client: Client) -> None:
    listed = {one["name"]: one for one in client.api("GET", "/sobjects/").body["sobjects"]}
    assert {
        "Account", "Contact", "Lead", "Opportunity", "OpportunityContactRole", "Case", "Task", "User", "QuickText",
        "TaskStatus", "Ringdown_Day__c",
    } <= set(listed)  # fmt: skip
    assert listed["Contact"]["urls"]["describe"] == f"{BASE}/sobjects/Contact/describe"
    assert (listed["Task"]["keyPrefix"], listed["Ringdown_Day__c"]["custom"]) == ("00T", True)
    assert client.api("GET", "/sobjects/contact").body["objectDescribe"]["name"] == "Contact"


def test_describe_tells_what_a_client_must_know(client: Client) -> None:
    task = client.api("GET", "/sobjects/Task/describe/")
    fields = {one["name"]: one for one in task.body["fields"]}
    key = fields["Ringdown_Key__c"]
    assert (key["externalId"], key["unique"], key["idLookup"], key["length"]) == (True, True, True, 255)
    subtype = fields["TaskSubtype"]
    assert (subtype["createable"], subtype["updateable"], subtype["restrictedPicklist"]) == (True, False, True)
    assert [one["value"] for one in fields["CallType"]["picklistValues"]] == ["Internal", "Inbound", "Outbound"]
    assert fields["WhoId"]["referenceTo"] == ["Contact", "Lead"]
    assert fields["WhoId"]["relationshipName"] == "Who"
    assert fields["Description"]["filterable"] is False
    assert fields["Status"]["defaultedOnCreate"] is True
    contact = client.api("GET", "/sobjects/Contact/describe").body
    phones = {one["name"] for one in contact["fields"] if one["type"] == "phone"}
    assert phones == {"Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone", "Fax"}
    children = {one["relationshipName"] for one in contact["childRelationships"]}
    assert {"Cases", "Tasks", "Ringdown_Days__r", "OpportunityContactRoles"} <= children
    body = client.api("GET", "/sobjects/Ringdown_Day__c/describe").body
    assert {one["name"]: one["length"] for one in body["fields"]}["Body__c"] == 131_072
    assert client.api("GET", "/sobjects/Task/describe", If_Modified_Since=task.headers["last-modified"]).status == 304


def test_the_demo_people_are_there(client: Client) -> None:
    ana = client.records(
        "SELECT Title, Account.Name, Phone, MobilePhone, (SELECT Subject FROM Cases WHERE IsClosed = false) "
        "FROM Contact WHERE Name = 'Ana Flores'"
    )[0]
    assert (ana["Title"], ana["Account"]["Name"]) == ("VP Operations", "Acme Logistics")
    assert (ana["Phone"], ana["MobilePhone"]) == ("(415) 555-0142", "+1 628 555 0117")
    assert [case["Subject"] for case in ana["Cases"]["records"]] == ["Login fails after update"]
    deal = client.records("SELECT Amount, StageName, IsClosed FROM Opportunity WHERE Name = 'Renewal 2027'")[0]
    assert (deal["Amount"], deal["StageName"], deal["IsClosed"]) == (42_000, "Negotiation/Review", False)
    bo = "Account.Name = 'Nordlys Energy' AND IsClosed = false"
    assert client.query(f"SELECT count() FROM Opportunity WHERE {bo}").body["totalSize"] == 1
    dev = client.records("SELECT Company, Phone FROM Lead WHERE Name = 'Dev Patel'")[0]
    assert (dev["Company"], dev["Phone"]) == ("Brightside Clinics", "312 555 0128")


def test_the_org_has_the_promised_size(client: Client) -> None:
    counts = {
        name: len(client.rows(name))
        for name in ("Account", "Contact", "Lead", "Opportunity", "Case", "Task", "QuickText", "User")
    }
    assert counts == {
        "Account": 10, "Contact": 24, "Lead": 8, "Opportunity": 10, "Case": 8, "Task": 20, "QuickText": 5, "User": 5
    }  # fmt: skip
    statuses = client.records("SELECT MasterLabel, IsClosed, IsDefault FROM TaskStatus ORDER BY SortOrder")
    assert [one["MasterLabel"] for one in statuses if one["IsClosed"]] == ["Completed"]
    assert [one["MasterLabel"] for one in statuses if one["IsDefault"]] == ["Not Started"]
    assert client.query("SELECT count() FROM User WHERE Extension != null AND IsActive = true").body["totalSize"] == 5
    calls = client.query("SELECT count() FROM Task WHERE IsClosed = true AND TaskSubtype = 'Call'")
    assert calls.body["totalSize"] == 20


def test_every_us_number_is_reserved_for_fiction() -> None:
    people = [person.fields for person in (*seed_people.CONTACTS, *seed_people.LEADS)]
    numbers = [
        str(value)
        for fields in (*people, *seed_people.ACCOUNTS, *seed_people.USERS)
        for name, value in fields.items()
        if name in ("Phone", "MobilePhone")
    ]
    assert len(numbers) > 40
    for number in numbers:
        digits = re.sub(r"\D", "", number)
        japan, berlin = digits.startswith(("81355550", "0355550")), digits.startswith("493023125")
        assert japan or berlin or re.match(r"1?\d{3}55501\d\d", digits), number


def test_ids_have_the_documented_suffix() -> None:
    assert ids.normalise("001D000000IqhSL") == "001D000000IqhSLIAZ"
    assert ids.normalise("005D0000001KyEI") == "005D0000001KyEIIA0"
    assert ids.normalise("001D000000IqhSLIAA") is None
    assert ids.normalise("short") is None
    assert ids.number_of(ids.make("003", 123_456)) == 123_456
