"""Person accounts: fields that exist only with the switch, and one human seen twice."""

from __future__ import annotations

from typing import Any

from tests.crm_standin.client import Client


def switch_on(client: Client) -> str:
    """Turns person accounts on and gives the record type of persons."""
    assert client.control("POST", "/settings", {"person_accounts": True}).status == 200
    soql = "SELECT Id FROM RecordType WHERE SobjectType = 'Account' AND IsPersonType = true"
    return str(client.column(soql, "Id")[0])


def fields(client: Client, sobject: str) -> set[str]:
    return {one["name"] for one in client.api("GET", f"/sobjects/{sobject}/describe").body["fields"]}


def test_without_them_the_fields_do_not_exist(client: Client) -> None:
    assert client.query("SELECT IsPersonAccount FROM Account").code == "INVALID_FIELD"
    assert client.query("SELECT IsPersonAccount FROM Contact").code == "INVALID_FIELD"
    assert client.records("SELECT Id FROM RecordType WHERE SobjectType = 'Account'") == []
    assert client.query("SELECT IsPersonType FROM RecordType").code == "INVALID_FIELD"
    assert client.api("POST", "/sobjects/Account", {"LastName": "x"}).code == "INVALID_FIELD"
    assert not {name for name in fields(client, "Account") if name.startswith(("Person", "IsPerson"))}
    switch_on(client)
    assert {"IsPersonAccount", "PersonContactId", "PersonEmail", "PersonMobilePhone"} <= fields(client, "Account")
    assert "IsPersonAccount" in fields(client, "Contact")
    people = client.api("GET", "/sobjects/Account/describe").body
    phones = {one["name"] for one in people["fields"] if one["type"] == "phone"}
    assert phones == {"Phone", "Fax", *(f"Person{one}Phone" for one in ("Mobile", "Home", "Other", "Assistant"))}
    assert client.records("SELECT IsPersonAccount, PersonContactId FROM Account LIMIT 1")[0]["IsPersonAccount"] is False


def test_a_person_is_an_account_and_the_contact_behind_it(client: Client) -> None:
    person = switch_on(client)
    made = client.create(
        "Account", RecordTypeId=person, FirstName="Noor", LastName="Haas", PersonMobilePhone="+1 212 555 0177"
    )
    account = client.read("Account", made)
    assert (account["Name"], account["IsPersonAccount"]) == ("Noor Haas", True)
    contact = client.read("Contact", account["PersonContactId"])
    assert (contact["Name"], contact["MobilePhone"], contact["AccountId"], contact["IsPersonAccount"]) == (
        "Noor Haas",
        "+1 212 555 0177",
        made,
        True,
    )
    find = "FIND {2125550177} IN PHONE FIELDS RETURNING Account(Id, PersonContactId), Contact(Id)"
    found: list[dict[str, Any]] = client.search(find).body["searchRecords"]
    assert [one["attributes"]["type"] for one in found] == ["Account", "Contact"]
    assert found[0]["PersonContactId"] == found[1]["Id"]
    task = client.create("Task", WhoId=account["PersonContactId"])
    assert client.read("Task", task)["AccountId"] == made
    client.api("PATCH", f"/sobjects/Account/{made}", {"LastName": "Haase", "PersonMobilePhone": None})
    contact = client.read("Contact", contact["Id"])
    assert (contact["Name"], contact["MobilePhone"]) == ("Noor Haase", None)
    assert client.api("DELETE", f"/sobjects/Account/{made}").status == 204
    assert client.api("GET", f"/sobjects/Contact/{contact['Id']}").code == "ENTITY_IS_DELETED"


def test_names_belong_to_persons_or_to_companies(client: Client) -> None:
    person = switch_on(client)
    wrong = client.api("POST", "/sobjects/Account", {"RecordTypeId": person, "LastName": "x", "Name": "y"})
    assert (wrong.code, wrong.body[0]["fields"]) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ["Name"])
    wrong = client.api("POST", "/sobjects/Account", {"Name": "y", "LastName": "x"})
    assert (wrong.code, wrong.body[0]["fields"]) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ["LastName"])
    missing = client.api("POST", "/sobjects/Account", {"RecordTypeId": person})
    assert (missing.code, missing.body[0]["fields"]) == ("REQUIRED_FIELD_MISSING", ["LastName"])
    assert client.create("Account", Name="A company")


def test_persons_can_be_loaded_and_merged(client: Client) -> None:
    switch_on(client)
    rows = [{"FirstName": "Noor", "LastName": f"Haas{n}", "Phone": f"212 555 018{n}"} for n in range(2)]
    one, two = client.control("POST", "/records/Account", rows).body["ids"]
    behind = [client.read("Account", each)["PersonContactId"] for each in (one, two)]
    task = client.create("Task", WhoId=behind[1])
    assert client.control("POST", "/merge/Account", {"master": one, "losers": [two]}).status == 200
    assert client.read("Task", task)["WhoId"] == behind[0]
    assert client.api("GET", f"/sobjects/Contact/{behind[1]}").code == "ENTITY_IS_DELETED"


def test_a_company_takes_its_people_and_deals_along(client: Client) -> None:
    account = client.create("Account", Name="Gone")
    contact = client.create("Contact", LastName="x", AccountId=account)
    deal = client.create("Opportunity", Name="d", StageName="Prospecting", CloseDate="2030-01-01", AccountId=account)
    client.api("DELETE", f"/sobjects/Account/{account}")
    for sobject, record in (("Contact", contact), ("Opportunity", deal)):
        assert client.api("GET", f"/sobjects/{sobject}/{record}").code == "ENTITY_IS_DELETED"
    client.control("POST", "/undelete", {"ids": [account]})
    assert client.read("Contact", contact)["AccountId"] == account
    assert client.read("Opportunity", deal)["Name"] == "d"


def test_the_contact_behind_a_person_is_changed_and_deleted_through_the_account_only(client: Client) -> None:
    person = switch_on(client)
    account = client.create("Account", RecordTypeId=person, LastName="Haas")
    behind = client.read("Account", account)["PersonContactId"]
    path = f"/sobjects/Contact/{behind}"
    assert client.api("PATCH", path, {"MobilePhone": "+12125550177"}).code == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert client.api("DELETE", path).code == "INSUFFICIENT_ACCESS_OR_READONLY"
    records = [{"attributes": {"type": "Contact"}, "id": behind, "MobilePhone": "+12125550177"}]
    (refused,) = client.api("PATCH", "/composite/sobjects", {"records": records}).body
    assert refused["errors"][0]["statusCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert client.read("Contact", behind)["MobilePhone"] is None
    assert client.api("DELETE", f"/sobjects/Account/{account}").status == 204
    assert client.api("GET", path).status == 404
