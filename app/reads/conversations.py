"""The list of conversations as rows."""

from __future__ import annotations

from typing import Any

from app.domain.call import Direction
from app.domain.counterpart import RecordRef
from app.domain.message import Delivery
from app.reads.rows import ConversationRow, Page
from app.store.database import Session
from app.store.queries import conversations as query
from app.store.queries import keys


def conversations(s: Session, *, before: str, limit: int, text: str) -> Page[ConversationRow]:
    """One page of conversations, newest first."""
    found = query.conversations(s, before=before, most=limit + 1, text=text)
    rows = tuple(_row(row) for row in found[:limit])
    last = rows[-1] if len(found) > limit else None
    return Page(rows, keys.encode(last.time, last.line, last.number) if last else "")


def conversation(s: Session, line: str, number: str) -> ConversationRow | None:
    """One conversation; None when nothing was ever texted there."""
    row = query.conversation_of(s, line, number)
    return None if row is None else _row(row)


def _row(row: Any) -> ConversationRow:
    # A conversation that is only a draft has no message yet: it shows as an outgoing text that has not left.
    return ConversationRow(
        line=row.line,
        number=row.number,
        name=row.person_name or "",
        company=row.person_company or "",
        record=RecordRef(row.person_kind, row.person_id) if row.person_id else None,
        time=row.time,
        snippet=row.draft or row.snippet or "",
        direction=Direction(row.direction or Direction.OUT),
        delivery=Delivery(row.delivery or Delivery.HELD),
        unread=row.unread,
        is_draft=bool(row.draft),
    )
