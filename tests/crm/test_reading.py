"""Sign-in, search and card against the stand-in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest

from app.domain.counterpart import RecordRef
from app.domain.people_index import IndexScope
from app.domain.phone_number import parse
from app.errors import AppError, ErrorCode
from crm.gateway import SalesforceGateway
from tests.crm.standin_process import Standin

NUMBER = parse("+14155550123", "US")


def person(**values: object) -> dict[str, object]:
    return {"LastName": "Stone", "FirstName": "Ann", **values}


def code_of(work: Callable[[], object]) -> ErrorCode:
    with pytest.raises(AppError) as raised:
        work()
    return raised.value.code


def test_sign_in_says_who_and_where(gateway: SalesforceGateway) -> None:
    user = gateway.sign_in()
    assert user.id.startswith("005")
    assert len(user.id) == 18
    assert user.org_id.startswith("00D")
    assert user.name
    assert "@" in user.username
    assert "/" in user.zone


def test_sign_in_without_the_identity_page(org: Standin, gateway: SalesforceGateway) -> None:
    expected = gateway.sign_in()
    org.fault("GET /id/", "status", status=404)
    assert gateway.sign_in() == expected


def test_usage_is_read_from_every_answer(gateway: SalesforceGateway) -> None:
    assert gateway.usage is None
    gateway.sign_in()
    used, total = gateway.usage or (0, 0)
    assert 0 < used < total


def test_nobody_has_the_number(gateway: SalesforceGateway) -> None:
    assert list(gateway.find(NUMBER, "US")) == []


@pytest.mark.parametrize("stored", ["(415) 555-0123", "415.555.0123", "+14155550123", "1 415 555 0123", "4155550123"])
def test_a_number_is_found_however_it_is_stored(org: Standin, gateway: SalesforceGateway, stored: str) -> None:
    account = org.load("Account", {"Name": "Acme"})[0]
    contact = org.load(
        "Contact", person(MobilePhone=stored, Title="CFO", Email="ann@acme.test", AccountId=account, DoNotCall=True)
    )[0]
    (found,) = gateway.find(NUMBER, "US")
    assert found.ref == RecordRef("Contact", contact)
    assert (found.name, found.title, found.company, found.account_id) == ("Ann Stone", "CFO", "Acme", account)
    assert (found.email, found.do_not_call) == ("ann@acme.test", True)
    assert found.phones == (("Mobile", stored),)
    assert found.owner


def test_several_share_a_number(org: Standin, gateway: SalesforceGateway) -> None:
    acme, other = org.load("Account", {"Name": "Acme", "Phone": "415-555-0123"}, {"Name": "B", "Phone": "4155550123"})
    contact = org.load("Contact", person(Phone="(415) 555-0123", AccountId=acme))[0]
    lead, converted = org.load(
        "Lead",
        person(Company="Leaf", Phone="415 555 0123", Status="Open - Not Contacted"),
        person(Company="Gone", Phone="415 555 0123", Status="Closed - Converted", IsConverted=True),
    )
    found = [record.ref.id for record in gateway.find(NUMBER, "US")]
    assert found == [contact, lead, other]
    assert converted not in found


def test_a_near_miss_of_the_index_is_dropped(org: Standin, gateway: SalesforceGateway) -> None:
    org.load("Contact", person(Phone="+44 4155550123"), person(Phone="415 555 0123 45"))
    assert list(gateway.find(NUMBER, "US")) == []


@pytest.mark.parametrize("typed", ["*97", "1234", "sip:ann@example.com"])
def test_codes_and_addresses_are_not_searched(org: Standin, gateway: SalesforceGateway, typed: str) -> None:
    org.clear_log()
    assert list(gateway.find(parse(typed, "US"), "US")) == []
    assert org.requests() == []


@pytest.mark.parametrize("name", ["O'Brien", 'Mc"Quote', "Curly{Brace}", "Dash-Smith", "Back\\slash", "Müller", "李明"])
def test_names_with_odd_characters(org: Standin, gateway: SalesforceGateway, name: str) -> None:
    contact = org.load("Contact", {"LastName": name})[0]
    org.load("Contact", {"LastName": "Somebody"})
    assert [record.ref.id for record in gateway.search(name)] == [contact]


def test_names_by_their_beginnings(org: Standin, gateway: SalesforceGateway) -> None:
    contact = org.load("Contact", person())[0]
    account = org.load("Account", {"Name": "Stone & Sons"})[0]
    assert [record.ref.id for record in gateway.search("sto")] == [contact, account]
    assert [record.ref.id for record in gateway.search("an sto")] == [contact]
    assert [record.ref.id for record in gateway.search("sto", limit=1)] == [contact]
    assert list(gateway.search("s")) == []


def test_somebody_made_a_moment_ago(org: Standin, gateway: SalesforceGateway) -> None:
    org.settings(index_delay=600)
    contact = org.load("Contact", person(MobilePhone="(415) 555-0123"))[0]
    org.load("Lead", person(Company="L", Phone="415 555 0123", IsConverted=True))
    assert list(gateway.find(NUMBER, "US")) == []
    org.clear_log()
    assert [record.ref.id for record in gateway.find_exact(NUMBER, "US")] == [contact]
    assert len(org.requests()) == 1


def test_of_several_the_likeliest_comes_first(org: Standin, gateway: SalesforceGateway) -> None:
    me = gateway.sign_in().id
    other = next(user["Id"] for user in org.rows("User") if user["Id"] != me)
    plain, deal_of, role, mine = org.load(
        "Contact",
        person(Phone="4155550123", FirstName="A", OwnerId=other),
        person(Phone="4155550123", FirstName="B", OwnerId=other, AccountId=org.load("Account", {"Name": "Acme"})[0]),
        person(Phone="4155550123", FirstName="C", OwnerId=other),
        person(Phone="4155550123", FirstName="D"),
    )
    account = next(row["AccountId"] for row in org.rows("Contact") if row["Id"] == deal_of)
    by_role, _ = org.load("Opportunity", deal("Role"), deal("Open", AccountId=account))
    org.load("OpportunityContactRole", {"OpportunityId": by_role, "ContactId": role})
    org.clear_log()
    found = gateway.find(NUMBER, "US")
    assert [record.ref.id for record in found] == [mine, deal_of, role, plain]
    assert [record.has_deal for record in found] == [False, True, True, False]
    assert len(org.requests()) == 2


def test_a_person_account_is_found_once(org: Standin, gateway: SalesforceGateway) -> None:
    org.settings(person_accounts=True)
    account = org.load("Account", {"LastName": "Haas", "PersonMobilePhone": "+1 415 555 0123"})[0]
    contact = next(row["Id"] for row in org.rows("Contact") if row.get("AccountId") == account)
    for _ in range(2):  # before and after describe has told that there are such accounts
        assert [record.ref for record in gateway.find(NUMBER, "US")] == [RecordRef("Contact", contact)]
        gateway.index_page(IndexScope())


def deal(name: str, **values: object) -> dict[str, object]:
    return {"Name": name, "StageName": "Prospecting", "CloseDate": "2026-12-31", **values}


def test_the_later_part_of_a_day_of_texts_comes_first(org: Standin, gateway: SalesforceGateway) -> None:
    contact = org.load("Contact", person())[0]
    day = {"Contact__c": contact, "Day__c": "2026-11-03", "Counterpart__c": "+14155550123"}
    org.load(
        "Ringdown_Day__c",
        {**day, "Key__c": "k2", "Part__c": 2, "Messages__c": 10},
        {**day, "Key__c": "k1", "Part__c": 1, "Messages__c": 81},
        {**day, "Key__c": "k3", "Part__c": 3, "Messages__c": 1},
        {**day, "Key__c": "k0", "Part__c": 1, "Messages__c": 4, "Day__c": "2026-11-04"},
    )
    card = gateway.card(RecordRef("Contact", contact))
    assert [(entry.texts, entry.part) for entry in card.timeline] == [(4, 1), (1, 3), (10, 2), (81, 1)]


def test_the_card_of_a_contact_takes_one_request(org: Standin, gateway: SalesforceGateway) -> None:
    account = org.load("Account", {"Name": "Acme"})[0]
    contact = org.load("Contact", person(AccountId=account, Phone="415 555 0123"))[0]
    by_role, by_account, _closed = org.load(
        "Opportunity",
        deal("Role"),
        deal("Account", AccountId=account, Amount=1200.5),
        deal("Won", AccountId=account, StageName="Closed Won", IsClosed=True, IsWon=True),
    )
    org.load("OpportunityContactRole", {"OpportunityId": by_role, "ContactId": contact})
    case, _ = org.load(
        "Case",
        {"ContactId": contact, "Subject": "Broken", "Status": "New"},
        {"ContactId": contact, "Subject": "Done", "Status": "Closed", "IsClosed": True},
    )
    org.load(
        "Task",
        {
            **{"Subject": "Call to Ann", "WhoId": contact, "Status": "Completed", "ActivityDate": "2026-11-02"},
            **{"TaskSubtype": "Call", "CallDisposition": "Interested"},
        },
        {"Subject": "Send offer", "WhoId": contact, "Status": "Not Started", "ActivityDate": "2026-11-04"},
    )
    org.load(
        "Ringdown_Day__c",
        {
            "Key__c": "k",
            "Contact__c": contact,
            "Day__c": "2026-11-03",
            "Messages__c": 2,
            "Counterpart__c": "+14155550123",
        },
    )
    org.clear_log()
    card = gateway.card(RecordRef("Contact", contact[:15]))
    assert len(org.requests()) == 1
    assert card.record.ref == RecordRef("Contact", contact)
    assert card.record.company == "Acme"
    assert [(d.id, d.name, d.amount) for d in card.deals] == [(by_role, "Role", None), (by_account, "Account", 1200.5)]
    assert [(c.id, c.subject) for c in card.cases] == [(case, "Broken")]
    assert [(t.kind, t.subject, t.when, t.detail) for t in card.timeline] == [
        ("task", "Send offer", "2026-11-04", "Not Started"),
        ("texts", "", "2026-11-03", "+14155550123"),
        ("call", "Call to Ann", "2026-11-02", "Interested"),
    ]
    assert card.timeline[1].texts == 2


def test_cards_of_a_lead_an_account_and_a_deal(org: Standin, gateway: SalesforceGateway) -> None:
    lead = org.load("Lead", person(Company="Leaf", Status="Open - Not Contacted"))[0]
    account = org.load("Account", {"Name": "Acme"})[0]
    contact = org.load("Contact", person(AccountId=account))[0]
    opportunity = org.load("Opportunity", deal("Big", AccountId=account))[0]
    org.load("Case", {"AccountId": account, "Subject": "Broken", "Status": "New"})
    org.load("Task", {"Subject": "With Ann", "WhoId": contact, "Status": "Completed", "AccountId": account})
    org.load("Task", {"Subject": "On the deal", "WhatId": opportunity, "Status": "Completed"})
    org.load("Task", {"Subject": "With the lead", "WhoId": lead, "Status": "Completed"})
    assert gateway.card(RecordRef("Lead", lead)).record.company == "Leaf"
    assert [t.subject for t in gateway.card(RecordRef("Lead", lead)).timeline] == ["With the lead"]
    card = gateway.card(RecordRef("Account", account))
    assert ([d.id for d in card.deals], [c.subject for c in card.cases]) == ([opportunity], ["Broken"])
    assert "With Ann" in [t.subject for t in card.timeline]
    about = gateway.card(RecordRef("Opportunity", opportunity))
    assert (about.record.name, [t.subject for t in about.timeline]) == ("Big", ["On the deal"])


def test_the_card_of_a_colleague(org: Standin, gateway: SalesforceGateway) -> None:
    user = org.rows("User")[0]
    org.load("User", {"Id": user["Id"], "Phone": "+1 415 555 0177", "Extension": "77", "Title": "AE"})
    org.clear_log()
    card = gateway.card(RecordRef("User", user["Id"]))
    assert (card.record.name, card.record.title, card.record.extension) == (user["Name"], "AE", "77")
    assert ("Phone", "+1 415 555 0177") in card.record.phones
    assert (card.deals, card.cases, card.timeline) == ((), (), ())


def test_a_card_without_the_package(org: Standin, gateway: SalesforceGateway) -> None:
    org.settings(package=False)
    contact = org.load("Contact", person())[0]
    for _ in range(2):
        org.clear_log()
        assert gateway.card(RecordRef("Contact", contact)).timeline == ()
        assert len(org.requests()) == 1


@pytest.mark.parametrize("record_id", ["003000000009999AAA", "nonsense", "003' OR Id != '"])
def test_no_such_record(gateway: SalesforceGateway, record_id: str) -> None:
    assert code_of(lambda: gateway.card(RecordRef("Contact", record_id))) is ErrorCode.CRM_NOT_FOUND


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("html-503", ErrorCode.CRM_OFFLINE),
        ("drop-before", ErrorCode.CRM_OFFLINE),
        ("drop-after-commit", ErrorCode.CRM_OFFLINE),
        ("expire-session", ErrorCode.CRM_SIGNED_OUT),
        ("limit-exceeded", ErrorCode.CRM_LIMIT),
    ],
)
def test_faults(org: Standin, gateway: SalesforceGateway, kind: str, code: ErrorCode) -> None:
    org.fault("GET .*/search", kind)
    assert code_of(lambda: gateway.find(NUMBER, "US")) is code
    assert list(gateway.find(NUMBER, "US")) == []


def test_what_an_org_hides_is_asked_for_once(org: Standin, gateway: SalesforceGateway) -> None:
    org.load("Contact", person(Phone="415 555 0123"))
    refused = {"status": 400, "code": "INVALID_TYPE", "message": "sObject type 'Lead' is not supported."}
    org.fault("GET .*/search", "status", **refused)
    column = {"status": 400, "code": "INVALID_FIELD", "message": "No such column 'DoNotCall' on entity 'Contact'. If"}
    org.fault("GET .*/search", "status", **column)
    org.clear_log()
    assert len(gateway.find(NUMBER, "US")) == 1
    assert len(org.requests()) == 3
    assert len(gateway.search("stone")) == 1
    last = org.requests()[-1]
    assert "Lead(" not in last
    assert "DoNotCall" not in last


def test_an_answer_that_is_none_of_salesforces(org: Standin, gateway: SalesforceGateway) -> None:
    org.fault("GET .*/search", "status", status=200)
    assert code_of(lambda: gateway.find(NUMBER, "US")) is ErrorCode.CRM_OFFLINE


@pytest.mark.parametrize("instance", ["", "nonsense"])
def test_no_instance_yet(instance: str) -> None:
    gateway = SalesforceGateway(instance, lambda: "token")
    assert code_of(gateway.sign_in) is ErrorCode.CRM_SIGNED_OUT


def test_slowness_has_an_end(org: Standin) -> None:
    gateway = SalesforceGateway(org.url, lambda: org.token, timeout=(5.0, 0.2))
    org.fault("GET .*/search", "slow", seconds=1)
    assert code_of(lambda: gateway.find(NUMBER, "US")) is ErrorCode.CRM_OFFLINE
    gateway.close()


def test_nothing_listens() -> None:
    gateway = SalesforceGateway("http://127.0.0.1:1", lambda: "token")
    assert code_of(gateway.sign_in) is ErrorCode.CRM_OFFLINE


def test_without_a_token_nothing_is_asked(org: Standin) -> None:
    gateway = SalesforceGateway(org.url, lambda: None)
    org.clear_log()
    assert code_of(gateway.sign_in) is ErrorCode.CRM_SIGNED_OUT
    assert org.requests() == []


def test_a_refused_token_is_renewed_once(org: Standin) -> None:
    current = ["stale"]

    def renew(refused: str) -> str | None:
        asked.append(refused)
        current[0] = org.token
        return org.token

    asked: list[str] = []
    gateway = SalesforceGateway(org.url, lambda: current[0], refresh=renew)
    gateway.sign_in()
    gateway.sign_in()
    assert asked == ["stale"]
    gateway.close()


def test_a_token_nobody_can_renew(org: Standin) -> None:
    gateway = SalesforceGateway(org.url, lambda: "stale", refresh=lambda _refused: None)
    assert code_of(gateway.sign_in) is ErrorCode.CRM_SIGNED_OUT
    gateway.close()


def test_two_lanes_at_once(org: Standin, gateway: SalesforceGateway) -> None:
    org.load("Contact", person(Phone="415 555 0123"))
    org.fault("POST .*/composite", "slow", seconds=1)
    contact = org.rows("Contact")[0]["Id"]
    order: list[str] = []

    def read_card() -> None:
        gateway.card(RecordRef("Contact", contact))
        order.append("card")

    slow = threading.Thread(target=read_card)
    slow.start()
    assert len(list(gateway.find(NUMBER, "US"))) == 1
    order.append("find")
    slow.join(10)
    assert order == ["find", "card"]


def test_logs_name_nobody(org: Standin, gateway: SalesforceGateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    org.fault("GET .*/search", "status", status=400, code="INVALID_SEARCH", message="4155550123")
    assert code_of(lambda: gateway.find(NUMBER, "US")) is ErrorCode.CRM_REFUSED
    gateway.find(NUMBER, "US")
    assert "GET answered 200" in caplog.text
    assert not [secret for secret in ("4155550123", org.token, "/services", "127.0.0.1") if secret in caplog.text]


def test_record_page(org: Standin, gateway: SalesforceGateway) -> None:
    assert gateway.record_url(RecordRef("Contact", "003000000000001AAA")) == f"{org.url}/003000000000001AAA"
