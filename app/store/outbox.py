"""The durable list of what Salesforce must still be told.

1. A fact and its row are written in one unit of work, so neither exists without the other.
2. There is one row for each (kind, ref); putting it again raises its version instead of adding a second.
3. Putting an untried row again puts it off, so that ten edits are sent once; but never longer than `LONGEST` in all.
4. Claiming makes the row the signed-in rep's for ever. A crash leaves it waiting, with the time of the last try: an
   answer that nobody read may yet have been a yes.
5. What was sent is removed only if nobody put it again meanwhile; else it stays and is sent again.
6. What Salesforce refuses for good stays as failed, with Salesforce's own words, until it is put again or retried.
7. After a try without an answer the row outlives its success for a while (`doubt`): the lost request may still be
   under way in Salesforce and write old values over the new ones, so it is looked at once more. Such a row counts as
   done, and an edit makes it an ordinary one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, delete, func, literal_column, or_, select, true, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.errors import ErrorCode
from app.store.results import affected
from app.store.schema import EPOCH
from app.store.schema import outbox as table

__all__ = [
    "AT_ONCE",
    "DOUBT",
    "LONGEST",
    "OutboxItem",
    "claim",
    "count",
    "done",
    "doubt",
    "drop",
    "fail",
    "forget",
    "hasten",
    "hurry",
    "is_of",
    "next_due",
    "postpone",
    "put",
    "retry_all",
    "trying",
]

AT_ONCE = EPOCH
"""When something is due that a person asked for: no edit puts it off, and it does not keep the rounds' distance."""
DOUBT = "doubt"
"""The reason of a row that counts as done: only a lost request is still in doubt."""
LONGEST = timedelta(minutes=3)
"""How long edits may put a row off after the time it was first to be sent."""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing to send: ``kind`` is "call", "day" or "follow-up", ``ref`` says which; ``tries`` counts attempts.

    ``tried_at``: when it may have reached Salesforce without its answer being known. ``again``: all was sent since,
    and only that lost request is still in doubt.
    """

    id: int
    kind: str
    ref: str
    version: int
    tries: int
    tried_at: datetime | None = None
    again: bool = False


_new = insert(table)
_LONGEST_MICROS: ColumnElement[int] = literal_column(str(LONGEST // timedelta(microseconds=1)))
_is_over = or_(table.c.failed, table.c.reason == DOUBT)
_PUT = _new.on_conflict_do_update(
    index_elements=["kind", "ref"],
    set_={
        "version": table.c.version + 1,
        "due": case(
            (_is_over, _new.excluded.due),
            (table.c.due == AT_ONCE, table.c.due),
            # After a refused attempt the pause is kept; before one, the later wish wins within its bounds.
            (table.c.tries > 0, func.max(table.c.due, _new.excluded.due)),
            else_=func.max(
                table.c.due,
                func.min(_new.excluded.due, func.coalesce(table.c.since, table.c.due).op("+")(_LONGEST_MICROS)),
            ),
        ),
        "since": case((_is_over, _new.excluded.due), else_=func.coalesce(table.c.since, table.c.due)),
        "tries": case((table.c.failed, 0), else_=table.c.tries),
        "failed": False,
        # While the pause goes on, so does its reason.
        "code": case((table.c.failed, ""), else_=table.c.code),
        "message": case((table.c.failed, ""), else_=table.c.message),
        "reason": case((_is_over, ""), else_=table.c.reason),
    },
)
_NEXT = select(func.min(table.c.due, type_=table.c.due.type)).where(table.c.failed == bindparam("failed"))
_COUNT = select(table.c.failed, func.count().label("rows")).where(table.c.reason != DOUBT).group_by(table.c.failed)
_FRESH = {"failed": False, "tries": 0, "code": "", "message": "", "reason": ""}


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
            "user": "",
            "tried_at": None,
            "since": due,
            "reason": "",
        },
    )


def claim(
    s: Session, now: datetime, limit: int = 20, *, user: str = "", kinds: Sequence[str] | None = None
) -> list[OutboxItem]:
    """What is due at ``now``, the longest due first. With ``user`` it is that rep's from now on; others' is left out.

    ``kinds``: only these.
    """
    wanted = _of(
        select(
            *(table.c.id, table.c.kind, table.c.ref, table.c.version, table.c.tries, table.c.tried_at, table.c.reason)
        )
        .where(table.c.failed.is_(False), table.c.due <= now)
        .order_by(table.c.due, table.c.id)
        .limit(limit),
        user,
        kinds,
    )
    items = [
        OutboxItem(row.id, row.kind, row.ref, row.version, row.tries, row.tried_at, row.reason == DOUBT)
        for row in s.execute(wanted)
    ]
    if user and items:
        s.execute(
            update(table).where(table.c.id.in_([item.id for item in items]), table.c.user == "").values(user=user)
        )
    return items


def trying(s: Session, items: Iterable[OutboxItem], now: datetime) -> None:
    """These are about to be sent: from here on nobody knows whether they arrived, until an answer does."""
    s.execute(update(table).where(table.c.id.in_([item.id for item in items])).values(tried_at=now))


def doubt(s: Session, item: OutboxItem, until: datetime) -> bool:
    """It was sent, but an earlier request without an answer may still be under way: look again at ``until``.

    False when it was put again meanwhile and goes on waiting.
    """
    if item.tried_at is None:
        raise ValueError("nothing is in doubt")
    kept = {"tries": 0, "code": "", "message": "", "tried_at": item.tried_at}
    same = update(table).where(table.c.id == item.id, table.c.version == item.version)
    if affected(s.execute(same.values(due=until, reason=DOUBT, **kept))):
        return True
    s.execute(update(table).where(table.c.id == item.id).values(reason="", since=table.c.due, **kept))
    return False


def done(s: Session, item: OutboxItem) -> bool:
    """It was sent. True when the row is gone; False when it was put again meanwhile and goes on waiting."""
    gone = s.execute(delete(table).where(table.c.id == item.id, table.c.version == item.version))
    if affected(gone):
        return True
    s.execute(
        update(table)
        .where(table.c.id == item.id)
        .values(tries=0, code="", message="", reason="", tried_at=None, since=table.c.due)
    )
    return False


def postpone(
    s: Session,
    item: OutboxItem,
    due: datetime,
    code: ErrorCode,
    message: str = "",
    *,
    reason: str = "",
    tried_at: datetime | None = None,
) -> None:
    """The attempt did not succeed; try again at ``due``. ``message`` is shown to the rep.

    ``tried_at`` is given when the attempt may have succeeded all the same.
    """
    s.execute(
        update(table)
        .where(table.c.id == item.id)
        .values(tries=table.c.tries + 1, due=due, code=code.value, message=message, reason=reason, tried_at=tried_at)
    )


def fail(s: Session, item: OutboxItem, code: ErrorCode, message: str = "", *, reason: str = "") -> bool:
    """Salesforce refuses it for good. False when it was put again meanwhile: then it goes on waiting, changed."""
    changed = s.execute(
        update(table)
        .where(table.c.id == item.id, table.c.version == item.version)
        .values(tries=table.c.tries + 1, failed=True, code=code.value, message=message, reason=reason, tried_at=None)
    )
    return affected(changed) > 0


def forget(s: Session, kind: str) -> int:
    """Drop every row of a kind: the caller puts them anew. How many there were."""
    return affected(s.execute(delete(table).where(table.c.kind == kind)))


def drop(s: Session, kind: str, ref: str) -> bool:
    """There is nothing to tell of this any more. False when nothing waited."""
    return affected(s.execute(delete(table).where(table.c.kind == kind, table.c.ref == ref))) > 0


def hasten(s: Session, kind: str, ref: str, now: datetime) -> bool:
    """Due at once, failed or not, and as if it were untried. False when nothing waits under this name."""
    changed = s.execute(
        update(table).where(table.c.kind == kind, table.c.ref == ref).values(due=AT_ONCE, since=now, **_FRESH)
    )
    return affected(changed) > 0


def retry_all(s: Session, *, user: str = "") -> int:
    """Everything (of this rep), failed or waiting, is due at once and counts as untried; how many rows that is."""
    mine = update(table).where(_is_of(user), table.c.reason != DOUBT)
    return affected(s.execute(mine.values(due=AT_ONCE, **_FRESH)))


def hurry(s: Session) -> int:
    """What waits is due at once; what failed stays failed. How many rows wait."""
    waits = update(table).where(table.c.failed.is_(False), table.c.reason != DOUBT)
    changed = s.execute(waits.values(due=AT_ONCE))
    return affected(changed)


def next_due(s: Session, *, user: str = "", kinds: Sequence[str] | None = None) -> datetime | None:
    """When the next row (of this rep, of these kinds) is due; None when nothing waits."""
    at: datetime | None = s.execute(_of(_NEXT, user, kinds), {"failed": False}).scalar()
    return at


def count(s: Session, *, user: str = "") -> tuple[int, int]:
    """How many rows (of this rep) wait, and how many failed."""
    found = {bool(row.failed): int(row.rows) for row in s.execute(_of(_COUNT, user, None))}
    return found.get(False, 0), found.get(True, 0)


def is_of(s: Session, item: OutboxItem, user: str) -> bool:
    """Is the row still this rep's? Preparing it may have shown that it is another's."""
    owner = s.execute(select(table.c.user).where(table.c.id == item.id)).scalar()
    return owner in {"", user}


def _of(query: Select[Any], user: str, kinds: Sequence[str] | None) -> Select[Any]:
    mine = query.where(_is_of(user))
    return mine.where(table.c.kind.in_(kinds)) if kinds is not None else mine


def _is_of(user: str) -> ColumnElement[bool]:
    return or_(table.c.user == "", table.c.user == user) if user else true()
