"""What Salesforce showed last of a call's Task."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.call_log import Synced
from app.store.schema import call_log as table

_AT_ONCE = 400


def calls_of_tasks(s: Session, task_ids: Sequence[str]) -> dict[str, str]:
    """Task id → call id, of those known here."""
    found: dict[str, str] = {}
    for at in range(0, len(task_ids), _AT_ONCE):
        some = select(table.c.task_id, table.c.id).where(
            table.c.task_id.in_(task_ids[at : at + _AT_ONCE]), table.c.task_id != ""
        )
        found |= {row.task_id: row.id for row in s.execute(some)}
    return found


def set_task_stamp(s: Session, call_id: str, stamp: str) -> None:
    """Remember the state the Task was read in."""
    s.execute(update(table).where(table.c.id == call_id).values(task_stamp=stamp))


def set_task_gone(s: Session, call_id: str, gone: bool) -> None:
    """Somebody deleted the Task in Salesforce, or took it out of the recycle bin."""
    s.execute(
        update(table).where(table.c.id == call_id).values(task_gone=gone, synced=Synced.DONE.value, sync_error="")
    )


def forget_task(s: Session, call_id: str, sent: dict[str, object]) -> None:
    """The call has no Task any more and shall get a new one; ``sent`` holds nothing but its new key."""
    s.execute(
        update(table)
        .where(table.c.id == call_id)
        .values(
            task_id="",
            task_stamp="",
            task_gone=False,
            synced=Synced.WAITING.value,
            sync_error="",
            sent=json.dumps(sent),
        )
    )


def has_tasks(s: Session) -> bool:
    """Is there any call that Salesforce holds?"""
    return s.execute(select(table.c.id).where(table.c.task_id != "").limit(1)).first() is not None
