"""Small facts about the app's own progress: parts of days already sent, and single named values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.store.schema import day_part, from_micros, meta, to_micros

CALLS_SEEN = "calls_seen"

_PARTS = (
    select(day_part.c.part, day_part.c.salesforce_id, day_part.c.sent_hash)
    .where(
        day_part.c.user == bindparam("user"),
        day_part.c.number == bindparam("number"),
        day_part.c.day == bindparam("day"),
    )
    .order_by(day_part.c.part)
)
_new_part = insert(day_part)
_SET_PART = _new_part.on_conflict_do_update(
    index_elements=["user", "number", "day", "part"],
    set_={"salesforce_id": _new_part.excluded.salesforce_id, "sent_hash": _new_part.excluded.sent_hash},
)
_META = select(meta.c.value).where(meta.c.key == bindparam("key"))
_new_meta = insert(meta)
_SET_META = _new_meta.on_conflict_do_update(index_elements=["key"], set_={"value": _new_meta.excluded.value})


@dataclass(frozen=True, slots=True)
class SentPart:
    """One part of a day as Salesforce holds it; ``sent_hash`` tells whether it has changed here since."""

    part: int
    salesforce_id: str
    sent_hash: str


def get_day_parts(s: Session, user: str, number: str, day: str) -> dict[int, SentPart]:
    """The parts of this user's day with the number that Salesforce holds, by part number."""
    rows = s.execute(_PARTS, {"user": user, "number": number, "day": day})
    return {row.part: SentPart(row.part, row.salesforce_id, row.sent_hash) for row in rows}


def set_day_part(s: Session, user: str, number: str, day: str, sent: SentPart) -> None:
    """Remember that Salesforce holds this part now."""
    s.execute(
        _SET_PART,
        {
            "user": user,
            "number": number,
            "day": day,
            "part": sent.part,
            "salesforce_id": sent.salesforce_id,
            "sent_hash": sent.sent_hash,
        },
    )


def get_meta(s: Session, key: str, default: str = "") -> str:
    """A named value (the signed-in user, the rep's zone…). Never a secret."""
    found = s.execute(_META, {"key": key}).scalar()
    return default if found is None else str(found)


def set_meta(s: Session, key: str, value: str) -> None:
    """Set a named value."""
    s.execute(_SET_META, {"key": key, "value": value})


def get_metas(s: Session, prefix: str) -> dict[str, str]:
    """All named values whose names begin with ``prefix``, which holds no wildcards."""
    rows = s.execute(select(meta.c.key, meta.c.value).where(meta.c.key.startswith(prefix)))
    return {row.key: row.value for row in rows}


def forget_metas(s: Session, prefix: str) -> None:
    """Forget all named values whose names begin with ``prefix``."""
    s.execute(delete(meta).where(meta.c.key.startswith(prefix)))


def set_calls_seen(s: Session, at: datetime) -> None:
    """The rep has looked at the list of calls: calls missed up to ``at`` no longer count in the badge."""
    set_meta(s, CALLS_SEEN, str(to_micros(at)))


def calls_seen(s: Session) -> datetime:
    """When the rep last looked at the list of calls; long ago when never."""
    return from_micros(int(get_meta(s, CALLS_SEEN, "0")))
