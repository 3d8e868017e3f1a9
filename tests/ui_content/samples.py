"""Believable content for looking at the panes, and the hostile kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.call import Call, CallState, Direction, Outcome
from app.domain.call_log import Synced
from app.domain.counterpart import Card, CrmCase, CrmRecord, Deal, Match, RecordRef, TimelineEntry
from app.domain.message import Delivery
from app.reads.rows import PersonRow
from tests.ui_content.fake_desk import ANA, BO, NOON, FakeDesk, call, conversation, text

HOSTILE = "<b>Ana</b>\u202e gnp.exe\x00\n" + "名前 " * 1400
REF = RecordRef("Contact", "003000000000001AAA")
DAY = 24 * 60

PERSON = CrmRecord(
    REF,
    "Ana Flores",
    title="VP Operations",
    company="Acme Logistics",
    account_id="001000000000001AAA",
    email="ana.flores@acme.example",
    owner="Mia Tran",
    phones=(("Phone", "(415) 555-0100"), ("Mobile", "+1 628 555 0143"), ("Assistant", "+49 1512 3456789 x123")),
)
CARD = Card(
    PERSON,
    deals=(
        Deal("006000000000001AAA", "Renewal 2027", "Negotiation", 42_000, "2026-12-15"),
        Deal("006000000000002AAA", "Warehouse roll-out, second phase", "Proposal", 1_250_000, "2027-02-01"),
    ),
    cases=(CrmCase("500000000000001AAA", "00001042", "Cannot log in since Monday", "Working", "High"),),
    timeline=(
        TimelineEntry("00T1", "call", "Call to Ana Flores", "2026-11-20T09:41:00Z", "Mia Tran", "Interested"),
        TimelineEntry("a011", "texts", "", "2026-11-19", "Mia Tran", "+14155550100", texts=3),
        TimelineEntry("00T2", "task", "Send the revised quote", "2026-11-17", "Jon Bell", "Not Started"),
        TimelineEntry("00T3", "call", "Missed call from Ana Flores", "2026-10-02", "Jon Bell", ""),
    ),
)


def calls(fake: FakeDesk) -> None:
    """A morning of calls."""
    out, missed, busy = Direction.OUT, Outcome.MISSED, Outcome.BUSY
    fake.reads.calls = [
        call("1", minutes=12, name="Ana Flores", company="Acme Logistics", duration=734, notes=True, record=REF),
        call("2", minutes=47, name="Bo Lindqvist", company="Nord", number=BO, direction=out, duration=48),
        call("3", minutes=95, number="+15035550188", outcome=missed),
        call("4", minutes=DAY, name="山田 太郎", company="株式会社サンプル", number="+81312345678", outcome=missed),
        call("5", minutes=DAY + 90, number="+442071838750", direction=out, outcome=Outcome.FAILED),
        call("6", minutes=2 * DAY, name="Chi 🚀 Studio", number="+14155550122", direction=out, outcome=busy),
        call("7", minutes=3 * DAY, name=HOSTILE, company=HOSTILE, duration=3725, notes=True, synced=Synced.FAILED),
        call("8", minutes=5 * DAY, name="Front desk", number="120", outcome=Outcome.ELSEWHERE),
        call("9", minutes=9 * DAY, number="+4915123456789", outcome=Outcome.DECLINED),
        call("10", minutes=40 * DAY, number="", outcome=missed),
        call("11", minutes=300 * DAY, name="Ana Flores", company="Acme Logistics", direction=out, duration=3661),
    ]


def live(fake: FakeDesk) -> None:
    """One call talked on, one on hold."""
    began = NOON - timedelta(seconds=134)
    fake.live = [
        Call("h", "main", Direction.OUT, BO, "", CallState.HELD, began, answered=began),
        Call("l", "main", Direction.IN, ANA, "", CallState.ACTIVE, began, answered=began),
    ]
    fake.reads.matches[ANA] = Match((PERSON,), PERSON)


def threads(fake: FakeDesk) -> None:
    """A list of conversations."""
    out = Direction.OUT
    fake.reads.threads = [
        conversation(ANA, minutes=4, name="Ana Flores", snippet="Can you send the quote?\nBy Friday?", unread=2),
        conversation(BO, minutes=31, name="Bo Lindqvist", snippet="Sent, page 2 has the discount", direction=out),
        conversation("+15035550188", minutes=80, snippet="I will call you at", direction=out, draft=True),
        conversation("+81312345678", minutes=DAY, name="山田 太郎", snippet="よろしくお願いします。", unread=1),
        conversation("+442071838750", minutes=3 * DAY, snippet="On my way", direction=out, delivery=Delivery.FAILED),
        conversation("+14155550122", minutes=8 * DAY, name=HOSTILE, snippet=HOSTILE, unread=140),
    ]


def people(fake: FakeDesk) -> None:
    """Some people."""
    rows = [
        ("Ana Flores", "VP Operations", "Acme Logistics", ANA),
        ("Bo Lindqvist", "", "Nord", BO),
        ("Chi 🚀 Studio", "", "", "+14155550122"),
        ("Dana Whitfield-Oyelaran", "Regional Procurement Manager", "International Freight Forwarding", "120"),
        ("Elsa Nobody", "Buyer", "Nord", ""),
        (HOSTILE, HOSTILE, HOSTILE, "+442071838750"),
        ("山田 太郎", "部長", "株式会社サンプル", "+81312345678"),
    ]
    fake.reads.persons = [
        PersonRow(RecordRef("Contact", str(at)), name, title, company, (("Phone", number),) if number else ())
        for at, (name, title, company, number) in enumerate(rows)
    ]


def thread(fake: FakeDesk) -> None:
    """A talk over three days, with all that can go wrong."""
    out = Direction.OUT
    two, one = NOON - timedelta(days=2), NOON - timedelta(days=1)
    fake.reads.texts = [
        text("Hi, this is Mia from Northwind. Is now a good time?", out, at=two),
        text("Sure, give me ten minutes.", at=two + timedelta(minutes=3)),
        text("Here is the summary: https://example.com/quote?id=42", out, at=one),
        text("Page 2 has the discount.", out, at=one + timedelta(minutes=1), delivery=Delivery.SENT),
        text("ありがとうございます！確認します。🙏", at=one + timedelta(minutes=9)),
        text("On my way", out, at=NOON - timedelta(minutes=50), delivery=Delivery.FAILED, reason="network"),
        text("Did you get this one?", out, at=NOON - timedelta(minutes=49), delivery=Delivery.UNKNOWN),
        text("<a href='x'>click</a> " + "long " * 30, at=NOON - timedelta(minutes=21), cut=True),
        text("Can you send the quote?", at=NOON - timedelta(minutes=5)),
        text("By Friday?", at=NOON - timedelta(minutes=4)),
        text("Of course", out, at=NOON - timedelta(minutes=1), delivery=Delivery.SENDING),
    ]
    fake.reads.threads = [conversation(ANA, name="Ana Flores", unread=2)]


def card(fake: FakeDesk) -> None:
    """Ana with all that is open."""
    fake.reads.matches[ANA] = Match((PERSON,), PERSON)
    fake.reads.records[REF.id] = PERSON
    fake.cards.cards[REF] = CARD


def several(fake: FakeDesk) -> None:
    """A number of three people, nobody said whose."""
    other = replace(PERSON, ref=RecordRef("Contact", "003000000000002AAA"), name="Benjamin Ostrowski-Featherstone")
    lead = replace(PERSON, ref=RecordRef("Lead", "00Q000000000001AAA"), name="山田 太郎", company="株式会社サンプル")
    fake.reads.matches[ANA] = Match((PERSON, other, lead))
    fake.cards.cards[REF] = CARD


def hostile() -> CrmRecord:
    """Somebody whose record is a trap."""
    phones = (("<i>Mobile</i>" * 40, "+1 (415) 555-0100;ext=99"), ("Fax\n\u202e", "call me <b>maybe</b> " * 20))
    return replace(
        PERSON,
        ref=RecordRef("Contact", "003000000000009AAA"),
        name=HOSTILE,
        title=HOSTILE,
        company=HOSTILE,
        owner=HOSTILE,
        email=HOSTILE,
        phones=phones,
        do_not_call=True,
    )
