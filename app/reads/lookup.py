"""What is known of one number."""

from __future__ import annotations

from app.domain.call import Direction
from app.reads.rows import LastContact
from app.store.database import Session
from app.store.queries.contacts import last_contact as query


def last_contact(s: Session, number: str, before_call_id: str) -> LastContact | None:
    """The last ended call or text with the number, before the call named; None when there never was one."""
    if not number:
        return None
    call, text = query(s, number, before_call_id)
    if text is not None and (call is None or text.time >= call.time):
        return LastContact("text", Direction(text.direction), text.time, text.body)
    if call is not None:
        return LastContact("call", Direction(call.direction), call.time, call.outcome or "")
    return None
