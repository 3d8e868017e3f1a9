"""Reading people for the local index, against the stand-in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.people_index import Gone, IndexPage, IndexScope
from app.errors import AppError, ErrorCode
from crm import people_index
from crm.gateway import SalesforceGateway
from tests.crm.standin_process import Standin

MINE = IndexScope()
ALL = IndexScope(everything=True)


def person(**values: object) -> dict[str, object]:
    return {"LastName": "Stone", "FirstName": "Ann", **values}


def read(gateway: SalesforceGateway, scope: IndexScope) -> tuple[list[CrmRecord], list[Gone], str]:
    """Everything of one reading, and its cursor."""
    people: list[CrmRecord] = []
    gone: list[Gone] = []
    page = gateway.index_page(scope)
    while True:
        people += page.people
        gone += page.gone
        if not page.next:
            return people, gone, page.cursor
        page = gateway.index_page(scope, page.next)


def customers(people: Sequence[CrmRecord]) -> set[str]:
    return {record.ref.id for record in people if not record.is_colleague}


def since(cursor: str) -> IndexScope:
    return IndexScope(since=cursor)


def colleague(org: Standin, gateway: SalesforceGateway) -> str:
    me = gateway.sign_in().id
    return next(str(user["Id"]) for user in org.rows("User") if user["Id"] != me)


def test_a_full_reading_brings_whom_the_rep_works_with(org: Standin, gateway: SalesforceGateway) -> None:
    other = colleague(org, gateway)
    foreign = {"OwnerId": other, "LastModifiedById": other}
    account = org.load("Account", {"Name": "Acme", "Phone": "415 555 0100"})[0]
    mine, touched, called, _theirs = org.load(
        "Contact",
        person(AccountId=account, Phone="415 555 0123"),
        person(OwnerId=other),
        person(**foreign),
        person(**foreign),
    )
    lead, _converted = org.load(
        "Lead", person(Company="Leaf", MobilePhone="415 555 0124"), person(Company="Gone", IsConverted=True)
    )
    people, gone, cursor = read(gateway, IndexScope(contacted=(called,)))
    assert customers(people) == {account, mine, touched, called, lead}
    assert not gone
    assert abs(datetime.now(UTC) - datetime.fromisoformat(cursor)) < timedelta(seconds=30)
    found = {record.ref.id: record for record in people}
    assert found[mine].own
    assert not found[touched].own
    assert (found[mine].company, found[mine].account_id) == ("Acme", account)
    assert found[account].phones == (("Phone", "415 555 0100"),)


def test_colleagues_come_with_what_a_directory_needs(org: Standin, gateway: SalesforceGateway) -> None:
    other = colleague(org, gateway)
    org.load("User", {"Id": other, "Extension": "42", "Phone": "(415) 555-0142", "Title": "AE", "Department": "Sales"})
    people, _, cursor = read(gateway, MINE)
    found = next(record for record in people if record.ref == RecordRef("User", other))
    assert (found.extension, found.title, found.department, found.is_active) == ("42", "AE", "Sales", True)
    assert ("Phone", "(415) 555-0142") in found.phones
    assert ("Extension", "42") in found.phones
    org.load("User", {"Id": other, "IsActive": False})
    changed, _, _ = read(gateway, since(cursor))
    assert [record.is_active for record in changed if record.ref.id == other] == [False]


def test_every_phone_field_is_read(org: Standin, gateway: SalesforceGateway) -> None:
    org.control("POST", "custom/fields", {"object": "Contact", "name": "Direct__c", "type": "phone", "label": "Direct"})
    contact = org.load(
        "Contact", person(Fax="415 555 0001", Direct__c="415 555 0002", HomePhone="415 555 0003", Phone="415 555 0004")
    )[0]
    people, _, _ = read(gateway, MINE)
    phones = next(record.phones for record in people if record.ref.id == contact)
    assert phones == (
        ("Phone", "415 555 0004"),
        ("Home", "415 555 0003"),
        ("Direct", "415 555 0002"),
        ("Fax", "415 555 0001"),
    )


def test_changes_take_one_request(org: Standin, gateway: SalesforceGateway) -> None:
    known = org.load("Contact", person(Phone="415 555 0123"))[0]
    _, _, cursor = read(gateway, MINE)
    new = org.load("Contact", person(Phone="415 555 0199"))[0]
    org.clear_log()
    people, gone, later = read(gateway, since(cursor))
    assert len(org.requests()) == 1
    # The overlap brings back what has just been read: transactions commit after their stamp.
    assert customers(people) == {known, new}
    assert not gone
    assert later >= cursor
    far = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert not customers(read(gateway, since(far))[0])


def test_the_cursor_is_the_servers_clock(org: Standin, gateway: SalesforceGateway) -> None:
    org.settings(clock_skew=-7200)
    _, _, cursor = read(gateway, MINE)
    new = org.load("Contact", person())[0]
    assert customers(read(gateway, since(cursor))[0]) == {new}


def test_the_deleted_the_merged_and_the_converted(org: Standin, gateway: SalesforceGateway) -> None:
    master, loser, thrown = org.load("Contact", person(), person(), person())
    lead = org.load("Lead", person(Company="Leaf", MobilePhone="415 555 0124"))[0]
    _, _, cursor = read(gateway, MINE)
    org.control("POST", "merge/Contact", {"master": master, "losers": [loser]})
    heir = org.control("POST", "convert", {"leadId": lead})["contactId"]
    gateway.delete(RecordRef("Contact", thrown))
    people, gone, cursor = read(gateway, since(cursor))
    assert set(gone) == {
        Gone(RecordRef("Contact", loser), RecordRef("Contact", master)),
        Gone(RecordRef("Contact", thrown)),
        Gone(RecordRef("Lead", lead), RecordRef("Contact", heir)),
    }
    assert customers(people) >= {master, heir}
    org.control("POST", "undelete", {"ids": [thrown]})
    assert thrown in customers(read(gateway, since(cursor))[0])


def test_a_person_account_is_the_contact_behind_it(org: Standin, gateway: SalesforceGateway) -> None:
    org.settings(person_accounts=True)
    account = org.load("Account", {"FirstName": "Noor", "LastName": "Haas", "PersonMobilePhone": "+1 212 555 0177"})[0]
    contact = next(row for row in org.rows("Contact") if row.get("AccountId") == account)
    people, _, _ = read(gateway, MINE)
    found = {record.ref: record for record in people if not record.is_colleague}
    assert set(found) == {RecordRef("Contact", contact["Id"])}
    (one,) = found.values()
    assert (one.name, one.account_id, one.phones) == ("Noor Haas", account, (("Mobile", "+1 212 555 0177"),))


def test_pages_of_many(org: Standin, gateway: SalesforceGateway) -> None:
    ids = set(org.load("Contact", *(person(Phone=f"415 555 {n:04}") for n in range(4100))))
    gateway.sign_in()
    org.clear_log()
    people, _, cursor = read(gateway, MINE)
    assert customers(people) == ids
    # Describe, colleagues, leads, companies, and the contacts two thousand at a time.
    assert len(org.requests()) == 7
    org.clear_log()
    changed, _, _ = read(gateway, since(cursor))
    assert customers(changed) == ids
    assert len(org.requests()) == 3


def test_everybody_comes_by_bulk_jobs(
    org: Standin, gateway: SalesforceGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_index, "BULK_PAGE", 1000)
    other = colleague(org, gateway)
    account = org.load("Account", {"Name": 'Ac"me,\nInc', "OwnerId": other})[0]
    foreign = {"OwnerId": other, "LastModifiedById": other, "AccountId": account, "DoNotCall": True, "Title": "社長"}
    ids = set(org.load("Contact", *(person(Phone=f"415 555 {n:04}", **foreign) for n in range(2500))))
    org.settings(bulk_sorts_columns=True)
    people, _, cursor = read(gateway, ALL)
    assert customers(people) == {account, *ids}
    one = next(record for record in people if record.ref.id in ids)
    assert (one.company, one.title, one.do_not_call, one.own) == ('Ac"me,\nInc', "社長", True, False)
    assert one.owner
    assert any(record.is_colleague for record in people)
    changed, _, _ = read(gateway, IndexScope(since=cursor, everything=True))
    assert customers(changed) == {account, *ids}


def test_a_job_is_waited_for(org: Standin, gateway: SalesforceGateway) -> None:
    org.settings(bulk_seconds=3600)
    page = _until_wait(gateway)
    again = gateway.index_page(ALL, page.next)
    assert (page.wait, again.wait) == (2.0, 2.0)
    assert gateway.index_page(ALL, again.next).wait == 4.0
    org.settings(bulk_seconds=0)
    page = gateway.index_page(ALL, again.next)
    assert not page.wait


def test_a_job_that_fails_is_read_the_plain_way(org: Standin, gateway: SalesforceGateway) -> None:
    contact = org.load("Contact", person())[0]
    org.settings(bulk_fails=True)
    assert customers(read(gateway, ALL)[0]) == {contact}


def test_a_job_that_is_refused_is_read_the_plain_way(org: Standin, gateway: SalesforceGateway) -> None:
    contacts = set(org.load("Contact", *(person() for _ in range(2100))))
    refused = {"status": 400, "code": "API_ERROR", "message": "Implementation restriction"}
    for _ in range(3):
        org.fault("POST .*/jobs/query", "status", **refused)
    assert customers(read(gateway, ALL)[0]) == contacts


def _until_wait(gateway: SalesforceGateway) -> IndexPage:
    page = gateway.index_page(ALL)
    while not page.wait:
        page = gateway.index_page(ALL, page.next)
    return page


def test_a_reading_goes_on_after_a_restart(org: Standin, gateway: SalesforceGateway) -> None:
    ids = set(org.load("Contact", *(person() for _ in range(2100))))
    page = gateway.index_page(MINE)
    seen = [*page.people]
    restarted = SalesforceGateway(org.url, lambda: org.token)
    while page.next:
        page = restarted.index_page(MINE, page.next)
        seen += page.people
    assert customers(seen) == ids
    restarted.close()


def test_a_mark_that_has_expired_is_refused(org: Standin, gateway: SalesforceGateway) -> None:
    org.load("Contact", *(person() for _ in range(2100)))
    page = gateway.index_page(MINE)
    while "query/" not in page.next:
        page = gateway.index_page(MINE, page.next)
    mark = page.next.replace("01g", "01h")
    with pytest.raises(AppError) as raised:
        gateway.index_page(MINE, mark)
    assert raised.value.code is ErrorCode.CRM_REFUSED


def test_an_org_that_hides_its_leads(org: Standin, gateway: SalesforceGateway) -> None:
    contact = org.load("Contact", person())[0]
    org.control("POST", "access", {"object": "Lead", "read": False})
    people, _, cursor = read(gateway, MINE)
    assert customers(people) == {contact}
    assert customers(read(gateway, since(cursor))[0]) == {contact}


def test_the_cursor_is_salesforces_clock_also_where_nothing_was_asked_before(org: Standin) -> None:
    """An hour behind this computer's: with this one's, what changes within that hour would never be read."""
    org.settings(clock_skew=-3600.0)
    memory: dict[str, str] = {}

    class Memory:
        def recall(self, name: str) -> str:
            return memory.get(name, "")

        def keep(self, name: str, text: str) -> None:
            memory[name] = text

    for _ in range(2):  # the second start describes nothing
        gateway = SalesforceGateway(org.url, lambda: org.token, memory=Memory())
        gateway.sign_in()
        gateway._lanes.close()
        gateway._lanes._local.lane = None  # as another thread
        mark, cursor = "", ""
        while not cursor:
            page = gateway.index_page(IndexScope(), mark)
            mark, cursor = page.next, page.cursor
        assert datetime.fromisoformat(cursor) < datetime.now(UTC) - timedelta(minutes=50)
        gateway.close()
