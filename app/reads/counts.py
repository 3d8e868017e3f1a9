"""The badges of the rail."""

from __future__ import annotations

from app.reads.rows import Counts
from app.store.database import Session
from app.store.queries.counts import missed_calls, unread_messages


def counts(s: Session) -> Counts:
    """Missed calls the rep has not seen in the list, and unread texts."""
    return Counts(missed=missed_calls(s), unread=unread_messages(s))
