"""Waiting for something to happen: what is so already, what has just happened, what will."""

from __future__ import annotations

from collections import deque
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


class Waits:
    """Main thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._recent: deque[_Happened] = deque(maxlen=50)
        self._waiting: list[tuple[str, Answer]] = []
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
            if past.kind == event and now - past.at <= RECENT:
                self._recent.remove(past)
                answer(good(past.payload))
                return
        entry = (event, answer)
        self._waiting.append(entry)

        def late() -> None:
            if entry in self._waiting:
                self._waiting.remove(entry)
                answer(bad(AppError(ErrorCode.TIMED_OUT, seconds=f"{seconds:g}")))

        self._desk.loop.later(seconds, late)

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
        for entry in tuple(self._waiting):
            if entry in self._waiting and (state := self._state(entry[0])) is not None:
                self._waiting.remove(entry)
                entry[1](good(state))

    def _finished(self, event: CallFinished) -> None:
        log = self._desk.reads.call_log(event.call_id)
        if log is not None:
            self._happened("call-ended", log_json(self._desk, log))

    def _stored(self, event: MessageStored) -> None:
        row = self._desk.reads.message(event.message_id) if event.received else None
        if row is not None:
            self._happened("message-received", message_json(row))

    def _happened(self, kind: str, payload: dict[str, Any]) -> None:
        asked = [entry for entry in self._waiting if entry[0] == kind]
        awaited = [answer for _, answer in asked if answer.is_awaited()]
        for entry in asked:
            self._waiting.remove(entry)
            entry[1](good(payload))
        if not awaited:  # nobody waited, or who did has gone
            self._recent.append(_Happened(kind, self._desk.clock.now(), payload))
