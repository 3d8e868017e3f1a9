"""Wrap-up: what the rep adds to a call while talking and later, and the close of a call log with its outbox row.

Everything is stored as it is typed, and reaches Salesforce by itself when the call has ended; Log only ends the wait.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.call import Call, Direction
from app.domain.call_log import CallLog, Synced
from app.domain.call_quality import CallSound
from app.domain.counterpart import CrmRecord, Match, RecordKind
from app.domain.events import CallFinished, CallLogChanged, MatchChanged, OutboxChanged
from app.domain.follow_up import MONTH_FIRST, follow_ups
from app.domain.local_time import local, rep_day
from app.domain.new_record import Related
from app.domain.notes_merge import typed_over
from app.domain.text import storable
from app.errors import AppError, ErrorCode
from app.store import outbox, records
from app.store.database import Session
from app.usecases.matching import link_of
from app.usecases.queueing import FOLLOW_UP, queue_call, queue_follow_ups
from app.usecases.tools import Tools

# A moment for the last words of the notes, so that a call is usually written once.
SETTLE = timedelta(seconds=30)
# A follow-up is written in pieces; Log sends it at once.
WISH_SETTLE = timedelta(seconds=30)
_SUBJECT, _DISPOSITION = 255, 255  # characters Salesforce has room for


class Wrapup:
    """Main thread."""

    def __init__(self, tools: Tools, *, zone: Callable[[], str], region: Callable[[], str]) -> None:
        """``zone`` is the rep's IANA zone, ``region`` the country whose way of writing dates is meant."""
        self._writer = tools.writer
        self._hub = tools.hub
        self._clock = tools.clock
        self._zone = zone
        self._region = region
        self._open: list[str] = []

    def keep(
        self,
        call: Call,
        match: Match,
        *,
        about: str = "",
        then: Callable[[], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
        sound: CallSound | None = None,
    ) -> None:
        """Store the call as it is now; when it has ended, its outbox row goes in the same transaction.

        What the rep wrote meanwhile stays: only the call itself and a still missing link are laid over. What the disk
        refuses is tried again until it is kept, unless ``failed`` says that somebody else cares.
        """
        now = self._clock.now()

        def store(s: Session) -> None:
            log = records.get_call_log(s, call.id) or CallLog(call, about=about)
            if call.is_live and not log.call.is_live:
                return  # this came late; how the call ended is stored already
            records.save_call_log(s, _linked(replace(log, call=call), match))
            if sound is not None:
                records.set_call_sound(s, call.id, sound)
            # Without a SIP Call-ID no INVITE ever left: there was no call to log in Salesforce.
            if not call.is_live and call.sip_call_id:
                outbox.put(s, "call", call.id, now + SETTLE)
            queue_follow_ups(s, replace(log, call=call), now + SETTLE)

        def done(_: None) -> None:
            if not call.is_live and _is_worth_a_wrap_up(call) and call.id not in self._open:
                self._open.append(call.id)
            self._hub.publish(CallLogChanged(call.id))
            if not call.is_live:
                self._hub.publish(CallFinished(call.id))
                self._hub.publish(OutboxChanged())
            if then is not None:
                then()

        if failed is None:
            self._writer.keep(store, done)
        else:
            self._writer.write(store, done, failed)

    def settled(self, then: Callable[[], None]) -> None:
        """Run ``then`` when everything asked of the store before is written, drafts of texts included."""
        self._writer.write(lambda s: None, lambda _: then(), lambda _: then())

    def set_notes(
        self,
        call_id: str,
        text: str,
        then: Callable[[], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
        *,
        base: str | None = None,
    ) -> None:
        """Keep the notes as typed, during the call and any time later; Salesforce gets them when it has ended.

        ``base`` is what stood there when the typing began, or what was given here last: when other notes have come
        from Salesforce since then, both are kept. Without it these notes take the place of any others.
        """
        typed = storable(text)
        begun = storable(base) if base is not None else None
        zone, month_first = self._zone(), self._region() in MONTH_FIRST

        def change(s: Session, log: CallLog, now: datetime) -> None:
            text = typed if begun is None else typed_over(typed, log.notes, base=begun, day=rep_day(now, zone))
            records.set_notes(s, call_id, text)
            kept = records.follow_ups_of(s, call_id)
            planned = follow_ups(
                text,
                kept,
                call_id=call_id,
                now=local(now, zone),
                zone=zone,
                new_id=lambda: uuid.uuid4().hex,
                month_first=month_first,
            )
            if list(planned) != kept:
                records.save_follow_ups(s, planned)
            queue_call(s, log, now + SETTLE, follow_ups_due=now + WISH_SETTLE)

        self._change(call_id, change, then, failed)

    def set_subject(
        self,
        call_id: str,
        subject: str,
        then: Callable[[], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Call the call so; empty means the generated subject."""
        subject = " ".join(storable(subject).split())[:_SUBJECT]
        self._set(call_id, lambda s: records.set_subject(s, call_id, subject), then, failed)

    def set_disposition(
        self,
        call_id: str,
        disposition: str,
        then: Callable[[], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """What came of the call, in the rep's words; empty takes it back."""
        disposition = " ".join(storable(disposition).split())[:_DISPOSITION]
        self._set(call_id, lambda s: records.set_disposition(s, call_id, disposition), then, failed)

    def set_relation(
        self,
        call_id: str,
        related: Related | None,
        then: Callable[[], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Relate the call to a deal or case, another one, or none."""
        ref, name = (related.ref, related.name) if related is not None else (None, "")
        self._set(call_id, lambda s: records.set_relation(s, call_id, ref, name), then, failed)

    def set_who(
        self,
        call_id: str,
        person: CrmRecord,
        then: Callable[[], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """It was this one of several with the number: remembered for the next call too."""
        who, what = link_of(person)
        number: list[str] = []

        def change(s: Session, log: CallLog, now: datetime) -> None:
            records.set_who(s, call_id, who, what, person.name)
            if log.call.number:
                records.choose(s, log.call.number, person.ref)
                number.append(log.call.number)
            queue_call(s, log, now + SETTLE)

        def done() -> None:
            for one in number:
                self._hub.publish(MatchChanged(one))
            if then is not None:
                then()

        self._change(call_id, change, done, failed)

    def drop_follow_up(self, call_id: str, id: str) -> None:
        """Take a follow-up back. Its line stays in the notes, and makes no other until it is changed."""

        def change(s: Session, log: CallLog, now: datetime) -> None:
            rows = records.follow_ups_of(s, call_id)
            records.save_follow_ups(s, [replace(one, removed=True) if one.id == id else one for one in rows])
            queue_follow_ups(s, log, now)

        self._change(call_id, change)

    def unfinished(self) -> tuple[str, ...]:
        """Ended calls whose wrap-up the rep has neither logged nor left for later, oldest first."""
        return tuple(self._open)

    def log(self, call_id: str, then: Callable[[], None] | None = None) -> None:
        """The rep is done with this call: what waits of it goes to Salesforce now."""
        self.later(call_id)
        now = self._clock.now()

        def hurry(s: Session) -> None:
            outbox.hasten(s, "call", call_id, now)
            for one in records.follow_ups_of(s, call_id):
                outbox.hasten(s, FOLLOW_UP, one.id, now)

        def done(_: None) -> None:
            self._hub.publish(OutboxChanged())
            if then is not None:
                then()

        self._writer.write(hurry, done)

    def later(self, call_id: str) -> None:
        """The rep leaves the wrap-up for later. Nothing is lost by it."""
        if call_id in self._open:
            self._open.remove(call_id)

    def _set(
        self,
        call_id: str,
        work: Callable[[Session], object],
        then: Callable[[], None] | None,
        failed: Callable[[AppError], None] | None,
    ) -> None:
        def change(s: Session, log: CallLog, now: datetime) -> None:
            work(s)
            queue_call(s, log, now + SETTLE)

        self._change(call_id, change, then, failed)

    def _change(
        self,
        call_id: str,
        change: Callable[[Session, CallLog, datetime], None],
        then: Callable[[], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Change what is kept of a call, in one transaction with what must be sent."""
        now = self._clock.now()

        def store(s: Session) -> None:
            log = records.get_call_log(s, call_id)
            if log is None:
                raise AppError(ErrorCode.LOG_UNKNOWN, call=call_id)
            change(s, log, now)

        def done(_: None) -> None:
            self._hub.publish(CallLogChanged(call_id))
            self._hub.publish(OutboxChanged())
            if then is not None:
                then()

        self._writer.write(store, done, failed)


def _is_worth_a_wrap_up(call: Call) -> bool:
    """Somebody was talked to, or the rep tried: a missed call asks nothing of anybody."""
    return bool(call.sip_call_id) and (call.answered is not None or call.direction is Direction.OUT)


def _linked(log: CallLog, match: Match) -> CallLog:
    chosen = match.chosen
    related = log.what is not None and log.what.kind != RecordKind.ACCOUNT
    if chosen is None or log.who is not None or (log.what is not None and not related):
        return replace(log, synced=Synced.WAITING)
    who, what = link_of(chosen)
    # A deal or case the rep chose before anybody knew the caller stays.
    return replace(log, who=who, what=log.what or what, person=chosen.name, synced=Synced.WAITING)
