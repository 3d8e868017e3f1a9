"""Small makers of domain objects for the tests of the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.call import Call, CallState, Direction, Outcome
from app.domain.call_log import CallLog
from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.message import Delivery, Message

KEY = "0123456789abcdef" * 4
OTHER_KEY = "fedcba9876543210" * 4
NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
ANN = RecordRef("Contact", "003000000000001AAA")
BOB = RecordRef("Contact", "003000000000002AAA")
FIRM = RecordRef("Account", "001000000000001AAA")
NUMBER = "+14155550101"


def at(seconds: float) -> datetime:
    """Some seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def call(
    id: str,
    *,
    number: str = NUMBER,
    started: datetime = NOON,
    direction: Direction = Direction.IN,
    outcome: Outcome | None = Outcome.ANSWERED,
    name: str = "",
) -> Call:
    """An ended call, or a ringing one when ``outcome`` is None."""
    ended = None if outcome is None else started + timedelta(seconds=65)
    return Call(
        id=id,
        line="main",
        direction=direction,
        number=number,
        name=name,
        state=CallState.RINGING if outcome is None else CallState.ENDED,
        started=started,
        sip_call_id=f"{id}@sip",
        answered=started + timedelta(seconds=5) if outcome is Outcome.ANSWERED else None,
        ended=ended,
        outcome=outcome,
    )


def log(id: str, **values: object) -> CallLog:
    """A log of `call`, same arguments."""
    return CallLog(call(id, **values))  # type: ignore[arg-type]


def text(
    id: str,
    *,
    number: str = NUMBER,
    line: str = "main",
    body: str = "hello",
    time: datetime = NOON,
    direction: Direction = Direction.IN,
    carrier_id: str = "",
    day: str = "2026-03-02",
    delivery: Delivery = Delivery.DELIVERED,
) -> Message:
    """A text."""
    return Message(
        id=id,
        line=line,
        number=number,
        direction=direction,
        body=body,
        time=time,
        day=day,
        zone="Europe/Rome",
        delivery=delivery,
        carrier_id=carrier_id,
    )


def person(ref: RecordRef, name: str, *phones: str, company: str = "") -> CrmRecord:
    """A record with these numbers."""
    return CrmRecord(ref=ref, name=name, company=company, phones=tuple(("Phone", phone) for phone in phones))
