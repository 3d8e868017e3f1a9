"""The durable list of what Salesforce must still be told.

1. A fact and its row are written in one unit of work, so neither exists without the other.
2. There is one row for each (kind, ref); putting it again raises its version instead of adding a second.
3. Claiming changes nothing: a crash leaves the row waiting. There is one drain at a time.
4. What was sent is removed only if nobody put it again meanwhile; else it stays and is sent again.
5. What Salesforce refuses for good stays as failed, with Salesforce's own words, until it is put again or retried.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.errors import ErrorCode
from app.store.results import affected
from app.store.schema import EPOCH
from app.store.schema import outbox as table

__all__ = [
    "OutboxItem",
    "claim",
    "count",
    "done",
    "fail",
    "forget",
    "hurry",
    "next_due",
    "postpone",
    "put",
    "retry_all",
]


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing to send: ``kind`` is "call" or "day", ``ref`` says which; ``tries`` counts attempts so far."""

    id: int
    kind: str
    ref: str
    version: int
    tries: int


_new = insert(table)
_PUT = _new.on_conflict_do_update(
    index_elements=["kind", "ref"],
    set_={
        "version": table.c.version + 1,
        "due": case(
            (table.c.failed, _new.excluded.due),
            # After a refused attempt the pause is kept; before one, the earlier wish wins.
            (table.c.tries > 0, func.max(table.c.due, _new.excluded.due)),
            else_=func.min(table.c.due, _new.excluded.due),
        ),
        "tries": case((table.c.failed, 0), else_=table.c.tries),
        "failed": False,
        "code": "",
        "message": "",
    },
)
_CLAIM = (
    select(table.c.id, table.c.kind, table.c.ref, table.c.version, table.c.tries)
    .where(table.c.failed == bindparam("failed"), table.c.due <= bindparam("now", type_=table.c.due.type))
    .order_by(table.c.due, table.c.id)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(table.c.due, type_=table.c.due.type)).where(table.c.failed == bindparam("failed"))
_COUNT = select(table.c.failed, func.count().label("rows")).group_by(table.c.failed)


def put(s: Session, kind: str, ref: str, due: datetime) -> None:
    """Something must be sent at ``due`` (UTC) or later. Putting again makes a failed row wait again."""
    s.execute(
        _PUT,
        {
            "kind": kind,
            "ref": ref,
            "version": 1,
            "tries": 0,
            "due": due,
            "failed": False,
            "code": "",
            "message": "",
        },
    )


def claim(s: Session, now: datetime, limit: int = 20) -> list[OutboxItem]:
    """What is due at ``now``, the longest due first."""
    rows = s.execute(_CLAIM, {"now": now, "most": limit, "failed": False})
    return [OutboxItem(row.id, row.kind, row.ref, row.version, row.tries) for row in rows]


def done(s: Session, item: OutboxItem) -> bool:
    """It was sent. True when the row is gone; False when it was put again meanwhile and goes on waiting."""
    gone = s.execute(delete(table).where(table.c.id == item.id, table.c.version == item.version))
    if affected(gone):
        return True
    s.execute(update(table).where(table.c.id == item.id).values(tries=0, code="", message=""))
    return False


def postpone(s: Session, item: OutboxItem, due: datetime, code: ErrorCode, message: str = "") -> None:
    """The attempt did not succeed; try again at ``due``. ``message`` is shown to the rep."""
    s.execute(
        update(table)
        .where(table.c.id == item.id)
        .values(tries=table.c.tries + 1, due=due, code=code.value, message=message)
    )


def fail(s: Session, item: OutboxItem, code: ErrorCode, message: str = "") -> bool:
    """Salesforce refuses it for good. False when it was put again meanwhile: then it goes on waiting, changed."""
    changed = s.execute(
        update(table)
        .where(table.c.id == item.id, table.c.version == item.version)
        .values(tries=table.c.tries + 1, failed=True, code=code.value, message=message)
    )
    return affected(changed) > 0


def forget(s: Session, kind: str) -> int:
    """Drop every row of a kind: the caller puts them anew. How many there were."""
    return affected(s.execute(delete(table).where(table.c.kind == kind)))


def retry_all(s: Session) -> int:
    """Everything, failed or waiting, is due at once and counts as untried; how many rows that is."""
    changed = s.execute(update(table).values(failed=False, tries=0, due=EPOCH, code="", message=""))
    return affected(changed)


def hurry(s: Session) -> int:
    """What waits is due at once; what failed stays failed. How many rows wait."""
    changed = s.execute(update(table).where(table.c.failed.is_(False)).values(due=EPOCH))
    return affected(changed)


def next_due(s: Session) -> datetime | None:
    """When the next row is due; None when nothing waits."""
    at: datetime | None = s.execute(_NEXT, {"failed": False}).scalar()
    return at


def count(s: Session) -> tuple[int, int]:
    """How many rows wait, and how many failed."""
    found = {bool(row.failed): int(row.rows) for row in s.execute(_COUNT)}
    return found.get(False, 0), found.get(True, 0)
