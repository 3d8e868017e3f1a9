"""New people: a number nobody has becomes a contact or lead, or is given to somebody who is there already.

1. The record is made or changed in Salesforce first; only when that is certain does anything change here, and then
   it does: what the disk refuses is tried again.
2. In one transaction: it goes into the local index, the number is its own, and every call and day of texts with
   the number belongs to it and is sent again.
3. For ten seconds, and longer while none of that has reached Salesforce, it can be undone: the record goes to the
   recycle bin or its field gets back what stood there, and every call belongs to whom it belonged before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from app.background import Lane
from app.domain.call_log import Synced
from app.domain.counterpart import CrmRecord, RecordKind, RecordRef
from app.domain.events import CallLogChanged, MatchChanged, OutboxChanged
from app.domain.new_record import NewForm, NewRecord, PhoneSlot
from app.errors import AppError, ErrorCode
from app.log import logger
from app.ports.crm import CrmGateway
from app.store import outbox, records
from app.store.database import Session
from app.store.wrapup import Link
from app.usecases.lines import Lines
from app.usecases.login import Login
from app.usecases.matching import LINK_SETTLE, link_of
from app.usecases.queueing import queue_call
from app.usecases.tools import Tools

log = logger("new-people")
Answer = TypeVar("Answer")
UNDO_FOR = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Change:
    """What was done for a number, and how it was before. ``slot`` is None when the record was made.

    ``made_ref`` is what was made: of a person account the Account, while ``record`` is the Contact behind it.
    """

    number: str
    record: CrmRecord
    at: datetime
    before: tuple[Link, ...]
    linked: tuple[str, ...]
    slot: PhoneSlot | None = None
    made_ref: RecordRef | None = None

    @property
    def made(self) -> bool:
        """Was the record made, and not only changed?"""
        return self.slot is None


class NewPeople:
    """Main thread."""

    def __init__(self, tools: Tools, *, login: Login, lines: Lines) -> None:
        self._reads = tools.reads
        self._writer = tools.writer
        self._background = tools.background
        self._hub = tools.hub
        self._clock = tools.clock
        self._login = login
        self._lines = lines
        self._changes: dict[str, Change] = {}

    def kinds(self, then: Callable[[Sequence[str]], None], failed: Callable[[AppError], None]) -> None:
        """What a new person can be in this org: Contact, Lead, PERSON_ACCOUNT."""
        self._ask(lambda gateway: gateway.people_kinds(), then, failed)

    def form(self, kind: str, then: Callable[[NewForm], None], failed: Callable[[AppError], None]) -> None:
        """What a new person of this kind needs in this org."""
        self._ask(lambda gateway: gateway.new_form(kind), then, failed)

    def companies(
        self, text: str, then: Callable[[Sequence[CrmRecord]], None], failed: Callable[[AppError], None]
    ) -> None:
        """Accounts whose name begins so."""

        def only(found: Sequence[CrmRecord]) -> None:
            then([record for record in found if record.ref.kind == RecordKind.ACCOUNT])

        self._ask(lambda gateway: gateway.search(text, 50), only, failed)

    def create(
        self,
        number: str,
        wanted: NewRecord,
        then: Callable[[CrmRecord], None],
        failed: Callable[[AppError, Sequence[CrmRecord]], None],
        *,
        save_anyway: bool = False,
    ) -> None:
        """Make a record with this number. Safe to repeat after a lost answer.

        Where a duplicate rule objects, ``failed`` also gets the records it found that this user can see.
        """
        alike: list[CrmRecord] = []

        def make(gateway: CrmGateway) -> tuple[RecordRef, CrmRecord]:
            try:
                ref = gateway.create(wanted, save_anyway=save_anyway)
            except AppError as error:
                if error.code is ErrorCode.CRM_DUPLICATE:
                    alike.extend(gateway.read_people(_refs(error.values.get("duplicates"))))
                raise
            return ref, _read(gateway, ref) or CrmRecord(ref, _name(wanted), phones=(("Phone", number),))

        self._ask(
            make,
            lambda made: self._take(number, made[1], None, then, made_ref=made[0]),
            lambda error: failed(error, tuple(alike)),
        )

    def slots(
        self, ref: RecordRef, then: Callable[[Sequence[PhoneSlot]], None], failed: Callable[[AppError], None]
    ) -> None:
        """The phone fields of a record that this user may change, with what stands in them."""
        self._ask(lambda gateway: gateway.phone_slots(ref), then, failed)

    def add(
        self,
        number: str,
        ref: RecordRef,
        slot: PhoneSlot,
        then: Callable[[CrmRecord], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Put the number into a field of somebody who is there already, in place of what stands in it."""

        def change(gateway: CrmGateway) -> CrmRecord:
            gateway.set_phone(ref, slot.field, number, expected=slot.value)
            found = gateway.read_people([ref])
            if not found:
                raise AppError(ErrorCode.CRM_NOT_FOUND, message="")
            return found[0]

        self._ask(change, lambda record: self._take(number, record, slot, then), failed)

    def adopt(self, number: str, record: CrmRecord, then: Callable[[CrmRecord], None]) -> None:
        """The record has the number already: only what is known here changes."""
        self._take(number, record, PhoneSlot("", ""), then)

    def undoable(self, number: str) -> Change | None:
        """What was done last for this number and can still be undone."""
        change = self._changes.get(number)
        if change is None:
            return None
        if self._clock.now() - change.at < UNDO_FOR:
            return change
        logs = (self._reads.call_log(call_id) for call_id in change.linked)
        waits = [found.synced is Synced.WAITING for found in logs if found is not None and not found.call.is_live]
        if waits and all(waits):
            return change
        del self._changes[number]
        return None

    def undo(self, number: str, then: Callable[[], None], failed: Callable[[AppError], None]) -> None:
        """Take back what was done last for this number. Nothing happens when that is over."""
        change = self.undoable(number)
        if change is None:
            then()
            return

        def take_back(gateway: CrmGateway) -> Sequence[CrmRecord]:
            if change.slot is None:
                gateway.delete(change.made_ref or change.record.ref)
                return ()
            if change.slot.field:
                gateway.set_phone(change.record.ref, change.slot.field, change.slot.value, expected=number)
            return gateway.read_people([change.record.ref])

        self._ask(take_back, lambda left: self._restore(change, left, then), failed)

    # both ends

    def _take(
        self,
        number: str,
        record: CrmRecord,
        slot: PhoneSlot | None,
        then: Callable[[CrmRecord], None],
        *,
        made_ref: RecordRef | None = None,
    ) -> None:
        now, region = self._clock.now(), self._lines.region()
        who, what = link_of(record)

        def store(s: Session) -> Change:
            before = records.links_of(s, number)
            records.save_people(s, [record], region)
            records.choose(s, number, record.ref)
            records.set_looked_up(s, number, now)
            # A company takes over only what was nobody's: a deal or case that was chosen for a call stays.
            linked = records.relink(s, number, who, what, record.name, everything=who is not None)
            _send(s, number, linked, now)
            return Change(number, record, now, tuple(before), tuple(linked), slot, made_ref)

        def done(change: Change) -> None:
            self._changes[number] = change
            self._told(change)
            then(record)

        self._writer.keep(store, done)

    def _restore(self, change: Change, left: Sequence[CrmRecord], then: Callable[[], None]) -> None:
        now, region = self._clock.now(), self._lines.region()
        self._changes.pop(change.number, None)

        def store(s: Session) -> None:
            if left:
                records.save_people(s, left, region)
            else:
                records.drop_person(s, change.record.ref.id)
            records.forget_choice(s, change.number)
            records.restore_links(s, [link for link in change.before if link.call_id in change.linked])
            _send(s, change.number, change.linked, now)

        def done(_: None) -> None:
            self._told(change)
            then()

        self._writer.keep(store, done)

    def _told(self, change: Change) -> None:
        self._hub.publish(MatchChanged(change.number))
        for call_id in change.linked:
            self._hub.publish(CallLogChanged(call_id))
        self._hub.publish(OutboxChanged())

    def _ask(
        self,
        work: Callable[[CrmGateway], Answer],
        then: Callable[[Answer], None],
        failed: Callable[[AppError], None],
    ) -> None:
        gateway = self._login.gateway()
        if gateway is None:
            failed(self._login.status.problem or AppError(ErrorCode.CRM_SIGNED_OUT))
            return

        def told(error: AppError) -> None:
            log.info("not done: %s", error.code.value)
            self._login.noticed(error)
            failed(error)

        self._background.run(Lane.INTERACTIVE, lambda: work(gateway), then, told)


def _send(s: Session, number: str, calls: Sequence[str], now: datetime) -> None:
    """The calls and days of a number go out again: not before the rep has had the time to undo it."""
    for call_id in calls:
        found = records.get_call_log(s, call_id)
        if found is not None:
            queue_call(s, found, now + UNDO_FOR)
    for day in records.days_of(s, number):
        outbox.put(s, "day", f"{number}|{day}", now + LINK_SETTLE)


def _read(gateway: CrmGateway, ref: RecordRef) -> CrmRecord | None:
    """A record that was just made; None when it cannot be read back. It is there all the same.

    A sharing rule may hide it, or Salesforce be away again: to say that it was not made would make a second one.
    """
    try:
        return next(iter(gateway.read_people([ref])), None)
    except AppError as error:
        log.info("not read back: %s", error.code.value)
        return None


def _refs(found: object) -> list[RecordRef]:
    if not isinstance(found, tuple | list):
        return []
    return [RecordRef(str(kind), str(id)) for kind, id in found]


def _name(wanted: NewRecord) -> str:
    return " ".join(part for name in ("FirstName", "LastName") if (part := wanted.values.get(name, "")))
