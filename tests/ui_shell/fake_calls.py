"""Calls of the desk made by hand: no engine, and the test plays the far side."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.call import (
    Call,
    CallAnswered,
    CallEnded,
    CallEvent,
    CallHangupAsked,
    CallHoldChanged,
    CallMuteChanged,
    CallRinging,
    CallSent,
    CallState,
    Direction,
    EndReason,
    advance,
)
from app.domain.call_log import CallLog
from app.domain.call_quality import CallSound
from app.domain.events import CallChanged, CallFinished, CallRang
from app.domain.phone_number import parse
from app.errors import AppError, ErrorCode

if TYPE_CHECKING:
    from tests.ui_shell.fake_desk import FakeDesk

_ids = itertools.count(1)


class FakeCalls:
    """Calls that move as the real ones do; a test plays the engine with `fold`."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self._calls: dict[str, Call] = {}
        self._ended: dict[str, Call] = {}
        self.digits_sent: list[tuple[str, str]] = []
        self.dialled: list[tuple[str, str, str]] = []
        self.seen = 0
        self.sounds: dict[str, CallSound] = {}
        self.refuse: AppError | None = None

    def quality(self, call_id: str) -> CallSound | None:
        return self.sounds.get(call_id)

    def live(self) -> tuple[Call, ...]:
        return tuple(self._calls.values())

    def get(self, call_id: str) -> Call | None:
        return self._calls.get(call_id) or self._ended.get(call_id)

    def dial(self, typed: str, *, line_id: str = "", caller_id: str = "", about: str = "", anyway: bool = False) -> str:
        if self.refuse is not None:
            raise self.refuse
        line = self._desk.lines.choose(line_id)
        number = parse(typed, line.region)
        who = self._desk.matching.known(number.value).not_to_be_called(about)
        if who is not None and not anyway:
            raise AppError(ErrorCode.CALL_NOT_WANTED, name=who.name)
        self.dialled.append((number.value, line.id, about))
        return self._new(
            Call(f"c{next(_ids)}", line.id, Direction.OUT, number.value, "", CallState.DIALING, self._now())
        )

    def ring(self, number: str, name: str = "", line: str = "main") -> str:
        """Somebody calls."""
        call = Call(f"c{next(_ids)}", line, Direction.IN, number, name, CallState.RINGING, self._now(), "sip-call-id")
        self._calls[call.id] = call
        self._desk.hub.publish(CallRang(call.id))
        return self._new(call)

    def answer(self, call_id: str) -> None:
        for other in self.live():
            if other.state is CallState.ACTIVE:
                self.fold(CallHoldChanged(other.id, self._now(), True))
        self.fold(CallAnswered(call_id, self._now()))

    def connect(self, call_id: str) -> None:
        """The far end rings and answers."""
        self.fold(CallSent(call_id, self._now(), "sip-call-id"))
        self.fold(CallRinging(call_id, self._now()))
        self.fold(CallAnswered(call_id, self._now()))

    def reject(self, call_id: str) -> None:
        self.fold(CallHangupAsked(call_id, self._now(), declined=True))
        self.end(call_id, 486)

    def hangup(self, call_id: str) -> None:
        self.fold(CallHangupAsked(call_id, self._now()))
        self.end(call_id)

    def end(self, call_id: str, status: int = 200, reason: EndReason = EndReason.NONE) -> None:
        """The leg is over."""
        self.fold(CallEnded(call_id, self._now(), status, reason))
        self._desk.hub.publish(CallFinished(call_id))

    def hold(self, call_id: str) -> None:
        self.fold(CallHoldChanged(call_id, self._now(), True))

    def resume(self, call_id: str) -> None:
        self.fold(CallHoldChanged(call_id, self._now(), False))

    def mute(self, call_id: str, on: bool) -> None:
        self.fold(CallMuteChanged(call_id, self._now(), on))

    def digits(self, call_id: str, digits: str) -> None:
        self.digits_sent.append((call_id, digits))

    def mark_seen(self, then: Callable[[], None] | None = None) -> None:
        self.seen += 1
        self._desk.reads.missed = 0
        if then is not None:
            then()

    def fold(self, event: CallEvent) -> None:
        """The engine reports."""
        call = advance(self._calls[event.call_id], event)
        if call.is_live:
            self._calls[call.id] = call
        else:
            del self._calls[call.id]
            self._ended[call.id] = call
        self._keep(call)
        self._desk.hub.publish(CallChanged(call.id))

    def _new(self, call: Call) -> str:
        self._calls[call.id] = call
        self._keep(call)
        self._desk.hub.publish(CallChanged(call.id))
        return call.id

    def _keep(self, call: Call) -> None:
        log = self._desk.reads.logs.get(call.id) or CallLog(call)
        self._desk.reads.logs[call.id] = replace(log, call=call)

    def _now(self) -> datetime:
        return self._desk.clock.now()
