"""Recovery: what a crash left open is closed, so that every call is logged and no text stays on its way for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.call import CallEnded, EndReason, advance
from app.domain.events import OutboxChanged
from app.store import outbox, records
from app.store.database import Session
from app.usecases.calls import LAST_ALIVE
from app.usecases.messages import Messages
from app.usecases.queueing import queue_follow_ups
from app.usecases.tools import Tools


class Recovery:
    """Main thread."""

    def __init__(self, tools: Tools, messages: Messages) -> None:
        self._writer = tools.writer
        self._hub = tools.hub
        self._clock = tools.clock
        self._messages = messages

    def run(self) -> None:
        """Once, before the engine starts."""
        now = self._clock.now()
        self._writer.write(
            lambda s: _close_calls(s, now), lambda count: self._hub.publish(OutboxChanged()) if count else None
        )
        self._messages.recover()


def _close_calls(s: Session, now: datetime) -> int:
    logs = records.unfinished_call_logs(s)
    alive_text = records.get_meta(s, LAST_ALIVE)
    alive = datetime.fromisoformat(alive_text) if alive_text else now
    for log in logs:
        begun = log.call.answered or log.call.started
        ended = advance(log.call, CallEnded(log.id, max(begun, min(alive, now)), 0, EndReason.APP_STOPPED))
        records.save_call_log(s, replace(log, call=ended))
        if ended.sip_call_id:
            outbox.put(s, "call", log.id, now)
            queue_follow_ups(s, replace(log, call=ended), now)
    return len(logs)
