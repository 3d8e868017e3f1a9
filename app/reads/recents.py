"""The list of calls as rows."""

from __future__ import annotations

from datetime import datetime

from app.domain.call import CallState, Direction, Outcome
from app.domain.call_log import Synced
from app.domain.counterpart import RecordKind, RecordRef
from app.reads.rows import Page, RecentFilter, RecentRow
from app.store.database import Session
from app.store.queries import keys
from app.store.queries.recents import recents as query


def recents(s: Session, *, before: str, limit: int, only: RecentFilter, text: str, number: str = "") -> Page[RecentRow]:
    """One page of calls, newest first."""
    found = query(s, before=before, most=limit + 1, only=only.value, text=text, number=number)
    shown = found[:limit]
    rows = tuple(
        RecentRow(
            id=row.id,
            line=row.line,
            number=row.number,
            name=row.person_name or row.person or row.name,
            company=row.person_company or "",
            record=_record(row.who_kind, row.who_id)
            or _record(row.person_kind, row.person_id)
            or (_record(row.what_kind, row.what_id) if row.what_kind == RecordKind.ACCOUNT else None),
            direction=Direction(row.direction),
            outcome=Outcome(row.outcome) if row.outcome else None,
            started=row.started,
            duration=_seconds(row.answered, row.ended),
            has_notes=bool(row.has_notes),
            synced=Synced(row.synced),
            live=row.state != CallState.ENDED,
            reason=row.reason,
        )
        for row in shown
    )
    more = len(found) > limit
    return Page(rows, keys.encode(rows[-1].started, rows[-1].id) if more else "")


def _record(kind: str | None, id: str | None) -> RecordRef | None:
    return RecordRef(kind, id) if kind and id else None


def _seconds(answered: datetime | None, ended: datetime | None) -> int:
    if answered is None or ended is None:
        return 0
    return max(0, round((ended - answered).total_seconds()))
