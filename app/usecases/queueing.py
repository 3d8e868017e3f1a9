"""What of a call waits for Salesforce: its Task, and the follow-ups its notes wish for."""

from __future__ import annotations

from datetime import datetime

from app.domain.call_log import CallLog, Synced
from app.store import outbox, records
from app.store.database import Session

FOLLOW_UP = "follow-up"


def queue_call(s: Session, log: CallLog, due: datetime, *, follow_ups_due: datetime | None = None) -> None:
    """Something of the call changed: send it, and its follow-ups, which belong to the same people and records.

    A live call goes when it has ended, and one that never left goes nowhere; what was to be done after it goes.
    """
    if log.call.is_live:
        return
    if log.call.sip_call_id:
        records.set_synced(s, log.id, Synced.WAITING)
        outbox.put(s, "call", log.id, due)
    queue_follow_ups(s, log, follow_ups_due or due)


def queue_follow_ups(s: Session, log: CallLog, due: datetime) -> None:
    """Send the follow-ups of an ended call."""
    if log.call.is_live:
        return
    for one in records.follow_ups_of(s, log.id):
        if not one.removed or one.task_id or records.get_follow_up_sent(s, one.id):
            outbox.put(s, FOLLOW_UP, one.id, due)
