"""Follow-ups: the tasks for later that the notes of a call wish for, and what Salesforce was given of each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.domain.follow_up import FollowUp
from app.store.schema import follow_up as table

if TYPE_CHECKING:
    from app.store.results import AnyRow

_new = insert(table)
_KEPT = {"id", "sent", "task_id"}  # what Salesforce holds is told by `set_follow_up_sent` alone
_SAVE = _new.on_conflict_do_update(
    index_elements=["id"], set_={c.name: _new.excluded[c.name] for c in table.c if c.name not in _KEPT}
)
_OF_CALL = select(table).where(table.c.call == bindparam("call")).order_by(table.c.position, table.c.id)
_GET = select(table).where(table.c.id == bindparam("id"))


def save_follow_ups(s: Session, rows: Sequence[FollowUp]) -> None:
    """Insert or change these, in the order of their lines. What was sent of them stays known."""
    for position, one in enumerate(rows):
        s.execute(_SAVE, _values(one, position))


def follow_ups_of(s: Session, call_id: str) -> list[FollowUp]:
    """All follow-ups of a call, the removed ones among them, in the order of their lines."""
    return [_follow_up(row) for row in s.execute(_OF_CALL, {"call": call_id})]


def get_follow_up(s: Session, id: str) -> FollowUp | None:
    """One follow-up."""
    row = s.execute(_GET, {"id": id}).first()
    return None if row is None else _follow_up(row)


def get_follow_up_sent(s: Session, id: str) -> dict[str, Any]:
    """The field values Salesforce was last given; empty before the first try."""
    found = s.execute(select(table.c.sent).where(table.c.id == id)).scalar()
    values: dict[str, Any] = json.loads(found) if found else {}
    return values


def set_follow_up_sent(s: Session, id: str, values: Mapping[str, object], *, task_id: str = "") -> None:
    """Remember what Salesforce holds now; an empty ``task_id`` keeps the one known. Values must be plain JSON ones."""
    changed: dict[str, object] = {"sent": json.dumps(dict(values), ensure_ascii=False)}
    if task_id:
        changed["task_id"] = task_id
    s.execute(update(table).where(table.c.id == id).values(**changed))


def _values(one: FollowUp, position: int) -> dict[str, object]:
    return {
        "id": one.id,
        "call": one.call_id,
        "position": position,
        "line": one.line,
        "text": one.text,
        "day": one.day.isoformat(),
        "at": f"{one.at:%H:%M}" if one.at else "",
        "zone": one.zone,
        "removed": one.removed,
        "task_id": one.task_id,
        "sent": "{}",
    }


def _follow_up(row: AnyRow) -> FollowUp:
    return FollowUp(
        id=row.id,
        call_id=row.call,
        line=row.line,
        text=row.text,
        day=date.fromisoformat(row.day),
        at=time.fromisoformat(row.at) if row.at else None,
        zone=row.zone,
        removed=row.removed,
        task_id=row.task_id,
    )
