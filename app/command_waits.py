"""Waiting for something to happen: what is so already, what has just happened, what will."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.command_json import call_json, log_json, message_json
from app.control import Answer, bad, good
from app.desk import Desk
from app.domain.call import CallState, Direction
from app.domain.counterpart import LineState
from app.domain.events import CallChanged, CallFinished, CallRang, LineStateChanged, MessageStored, OutboxChanged
from app.errors import AppError, ErrorCode

EVENTS = ("registered", "call-incoming", "call-active", "call-ended", "message-received", "synced")
# An event counts for a `wait` that comes this long after it, once: a script need not win a race to hear of it.
RECENT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Happened:
    kind: str
    at: datetime
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    kind: str
    answer: Answer
    end_patience: Callable[[], None]


class Waits:
    """Main thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._recent: deque[_Happened] = deque(maxlen=50)
        self._waiting: list[_Waiter] = []
        desk.hub.subscribe(CallFinished, self._finished)
        desk.hub.subscribe(MessageStored, self._stored)
        for kind in (CallChanged, CallRang, LineStateChanged, OutboxChanged):
            desk.hub.subscribe(kind, lambda _: self._look())

    def wait(self, event: str, seconds: float, answer: Answer) -> None:
        """Answer with the event's JSON as soon as it is there; else TIMED_OUT after ``seconds``."""
        if event not in EVENTS:
            raise AppError(ErrorCode.USAGE, detail=f"Wait for one of: {', '.join(EVENTS)}.")
        if (state := self._state(event)) is not None:
            answer(good(state))
            return
        now = self._desk.clock.now()
        for past in tuple(self._recent):
            if past.kind == event and abs(now - past.at) <= RECENT:  # the clock may have been put back
                self._recent.remove(past)
                answer(good(past.payload))
                return

        def late() -> None:
            self._waiting.remove(waiter)
            answer(bad(AppError(ErrorCode.TIMED_OUT, seconds=f"{seconds:g}")))

        waiter = _Waiter(event, answer, self._desk.loop.later(seconds, late))
        self._waiting.append(waiter)

    def _state(self, event: str) -> dict[str, Any] | None:
        """The payload when what is waited for is so already."""
        desk = self._desk
        match event:
            case "registered":
                for found in desk.lines.all():
                    if found.state is LineState.REGISTERED:
                        return {"line": found.line.id, "state": found.state.value, "contact": found.contact}
            case "call-incoming":
                for call in desk.calls.live():
                    if call.direction is Direction.IN and call.state is CallState.RINGING:
                        return call_json(self._desk, call)
            case "call-active":
                for call in desk.calls.live():
                    if call.state is CallState.ACTIVE:
                        return call_json(self._desk, call)
            case "synced":
                count = desk.reads.outbox_count()
                if count.waiting == 0 and not desk.calls.live():
                    return {"waiting": 0, "failed": count.failed}
        return None

    def _look(self) -> None:
        for waiter in tuple(self._waiting):
            if (state := self._state(waiter.kind)) is not None:
                self._tell(waiter, state)

    def _finished(self, event: CallFinished) -> None:
        log = self._desk.reads.call_log(event.call_id)
        if log is not None:
            self._happened("call-ended", log_json(self._desk, log))

    def _stored(self, event: MessageStored) -> None:
        row = self._desk.reads.message(event.message_id) if event.received else None
        if row is not None:
            self._happened("message-received", message_json(row))

    def _happened(self, kind: str, payload: dict[str, Any]) -> None:
        asked = [waiter for waiter in self._waiting if waiter.kind == kind]
        awaited = [waiter for waiter in asked if waiter.answer.is_awaited()]
        for waiter in asked:
            self._tell(waiter, payload)
        if not awaited:  # nobody waited, or who did has gone
            self._recent.append(_Happened(kind, self._desk.clock.now(), payload))

    def _tell(self, waiter: _Waiter, payload: dict[str, Any]) -> None:
        self._waiting.remove(waiter)
        waiter.end_patience()
        waiter.answer(good(payload))
