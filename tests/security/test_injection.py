"""Text from anywhere on its way to Salesforce: kept letter by letter where it is data, and never a part of a query."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest

from app.domain.counterpart import RecordRef
from app.domain.external_ids import call_key, day_key
from app.domain.follow_up import FollowUp
from app.domain.new_record import NewRecord
from app.domain.people_index import IndexScope
from app.errors import AppError, ErrorCode
from app.ports.crm import CallWrite, DayRecord
from crm.gateway import SalesforceGateway
from tests.crm import samples
from tests.crm.standin_process import Standin

EVIL = {
    "quote": "O'Brien' OR Name LIKE '%",
    "backslash": "back\\slash\\' OR Id != '",
    "wildcards": "100%_off_%",
    "braces": "{0} {} {name} {{x}} %s %(a)s",
    "sosl": "x} RETURNING Lead(Id) {y",
    "operators": '"a" AND (b OR c) NOT d? * ~ ^ : ! | & - +',
    "address": "a/b?c=d#e%2F%00;f&g",
    "lines": "one\r\ntwo\tthree\nfour",
    "control": "nul\x00bell\x07esc\x1b[31m",
    "half": "half\ud800a\udfffcharacter",
    "turned": "\u202eevil\u202c שלום",
    "long": "Z" * 10_000,
    "wide": "\U0001f469\u200d\U0001f469 日本太郎",
}
OTHER: dict[str, object] = {"LastName": "Somebody Else", "Phone": "+1 415 555 0199"}


@pytest.fixture(params=EVIL)
def evil(request: pytest.FixtureRequest) -> str:
    """One text of an enemy."""
    return EVIL[request.param]


def test_what_is_searched_for_is_only_searched_for(org: Standin, gateway: SalesforceGateway, evil: str) -> None:
    org.load("Contact", OTHER)
    org.load("Case", {"Subject": "Quite another"})
    org.load("Opportunity", {"Name": "Another deal", "StageName": "New", "CloseDate": "2026-12-01"})
    contact = RecordRef("Contact", org.rows("Contact")[0]["Id"])
    assert gateway.search(evil) == []
    assert gateway.related(evil, who=None) == []
    assert gateway.related(evil, who=contact, account_id=evil) == []
    assert gateway.read_related(evil) is None
    for kind in ("Contact", evil):
        with pytest.raises(AppError, match=ErrorCode.CRM_NOT_FOUND):
            gateway.card(RecordRef(kind, evil))


def test_ids_are_never_a_part_of_a_query(org: Standin, gateway: SalesforceGateway, evil: str) -> None:
    org.load("Contact", OTHER)
    gateway.sign_in()
    before = org.rows("Contact")
    for ask in (
        lambda: gateway.read_people([RecordRef("Contact", evil)]),
        lambda: gateway.read_tasks([evil]),
        lambda: gateway.index_page(IndexScope("2026-01-01T00:00:00Z", False, (f"003{evil}",))),
        lambda: gateway.phone_slots(RecordRef("Contact", evil)),
    ):
        try:
            found = ask()
        except AppError:
            continue
        if isinstance(found, list):
            assert found == []
    assert org.rows("Contact") == before


def test_a_new_person_is_called_just_that(org: Standin, gateway: SalesforceGateway, evil: str) -> None:
    wanted = NewRecord("Contact", {"LastName": evil[:60], "Phone": "+14155550123"})
    made = gateway.create(wanted)
    assert gateway.create(wanted) == made, "asked again it is found again, not made twice"
    (row,) = org.rows("Contact")
    assert _plain(row["LastName"]) == _plain(evil[:60])


def test_keys_calls_and_days(org: Standin, gateway: SalesforceGateway, evil: str) -> None:
    user = gateway.sign_in()
    logs = [
        samples.call_log({"sip_call_id": evil, "name": evil, "id": "c1"}, notes=evil, person=evil, disposition=evil),
        samples.call_log({"sip_call_id": "another", "id": "c2"}),
    ]
    calls = [CallWrite(log, call_key(user.id, log.call.sip_call_id), evil, {}, None) for log in logs]
    for _ in range(2):
        results = gateway.log_calls(calls, zone="UTC")
        assert not isinstance(results[1], AppError), "one bad record stops no other"
    assert len(org.rows("Task")) == sum(not isinstance(one, AppError) for one in results)
    number = f"sip:{evil[:100]}@h"
    day = DayRecord(day_key(user.id, number, "2026-11-20", 1), "2026-11-20", number[:80], "UTC", 1, 1, evil)
    for _ in range(2):
        with suppress(AppError):  # a number that is longer than its field
            gateway.upsert_days([day])
    assert len(org.rows("Ringdown_Day__c")) <= 1


def test_a_follow_up(org: Standin, gateway: SalesforceGateway, evil: str) -> None:
    user = gateway.sign_in()
    one = FollowUp("f1", "c1", evil, evil, date(2026, 11, 27), None, evil)
    key = f"{user.id}|followup|f1"
    for _ in range(2):
        gateway.log_follow_up(one, samples.call_log(person=evil), key=key, sent={})
    assert len(org.rows("Task")) == 1


def _plain(text: str) -> str:
    kept = "".join(c for c in text if c in "\r\n\t" or (ord(c) > 31 and c != "\x7f"))
    return " ".join(kept.encode("utf-8", "replace").decode().split())
