"""Wrap-up: notes while talking and later, and the close of a call log with its outbox row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.domain.call import Call
from app.domain.call_log import CallLog, Synced
from app.domain.counterpart import Match
from app.domain.events import CallFinished, CallLogChanged, OutboxChanged
from app.domain.text import storable
from app.errors import AppError, ErrorCode
from app.hub import Hub
from app.ports import Clock
from app.store import outbox, records
from app.store.database import Session
from app.store.writer import Writer
from app.usecases.matching import link_of

# A moment for the last words of the notes, so that a call is usually written once.
SETTLE = timedelta(seconds=4)


class Wrapup:
    """Main thread."""

    def __init__(self, *, writer: Writer, hub: Hub, clock: Clock) -> None:
        self._writer = writer
        self._hub = hub
        self._clock = clock

    def keep(
        self,
        call: Call,
        match: Match,
        *,
        about: str = "",
        then: Callable[[], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Store the call as it is now; when it has ended, its outbox row goes in the same transaction.

        What the rep wrote meanwhile stays: only the call itself and a still missing link are laid over.
        """
        now = self._clock.now()

        def store(s: Session) -> None:
            log = records.get_call_log(s, call.id) or CallLog(call, about=about)
            records.save_call_log(s, _linked(replace(log, call=call), match))
            # Without a SIP Call-ID no INVITE ever left: there was no call to log in Salesforce.
            if not call.is_live and call.sip_call_id:
                outbox.put(s, "call", call.id, now + SETTLE)

        def done(_: None) -> None:
            self._hub.publish(CallLogChanged(call.id))
            if not call.is_live:
                self._hub.publish(CallFinished(call.id))
                self._hub.publish(OutboxChanged())
            if then is not None:
                then()

        self._writer.write(store, done, failed)

    def set_notes(
        self,
        call_id: str,
        text: str,
        then: Callable[[], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Keep the notes as typed, during the call and any time later; Salesforce gets them when it has ended."""
        now, text = self._clock.now(), storable(text)

        def store(s: Session) -> None:
            log = records.get_call_log(s, call_id)
            if log is None:
                raise AppError(ErrorCode.LOG_UNKNOWN, call=call_id)
            records.set_notes(s, call_id, text)
            if not log.call.is_live and log.call.sip_call_id:
                records.set_synced(s, call_id, Synced.WAITING)
                outbox.put(s, "call", call_id, now + SETTLE)

        def done(_: None) -> None:
            self._hub.publish(CallLogChanged(call_id))
            self._hub.publish(OutboxChanged())
            if then is not None:
                then()

        self._writer.write(store, done, failed)


def _linked(log: CallLog, match: Match) -> CallLog:
    if log.who is not None or log.what is not None or match.chosen is None:
        return replace(log, synced=Synced.WAITING)
    who, what = link_of(match.chosen)
    return replace(log, who=who, what=what, person=match.chosen.name, synced=Synced.WAITING)
