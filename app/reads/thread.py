"""Messages as rows: one conversation by the page, or the newest of all."""

from __future__ import annotations

from app.reads.rows import MessageRow, Page
from app.store.database import Session
from app.store.queries import keys
from app.store.queries import messages as query


def thread(s: Session, line: str, number: str, *, before: str, limit: int) -> Page[MessageRow]:
    """One page of a conversation: the newest page first, oldest message first within it."""
    found = query.thread(s, line, number, before=before, most=limit + 1)
    rows = tuple(MessageRow.of(message) for message in reversed(found[:limit]))
    return Page(rows, keys.encode(rows[0].time, rows[0].id) if len(found) > limit else "")


def messages(s: Session, number: str | None, limit: int) -> tuple[MessageRow, ...]:
    """The newest messages on any line, newest last; with one number or, for None, with anybody."""
    return tuple(MessageRow.of(message) for message in reversed(query.newest(s, number, limit)))
