"""What waits for Salesforce, as rows."""

from __future__ import annotations

from app.reads.rows import OutboxCount, OutboxRow
from app.store import outbox, reps
from app.store.database import Session
from app.store.queries.outbox import outbox_rows as query


def outbox_rows(s: Session, limit: int) -> tuple[OutboxRow, ...]:
    """Refused ones first, then by when they are due."""
    return tuple(
        OutboxRow(
            id=row.id,
            kind=row.kind,
            ref=row.ref,
            failed=bool(row.failed),
            code=row.code,
            message=row.message,
            tries=row.tries,
            due=row.due,
            reason=row.reason,
        )
        for row in query(s, limit, reps.current(s))
    )


def outbox_count(s: Session) -> OutboxCount:
    """How much of the rep's waits and how much failed. What waits for another rep is not counted."""
    waiting, failed = outbox.count(s, user=reps.current(s))
    return OutboxCount(waiting, failed)
