"""What waits for Salesforce or was refused, for the rep to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, literal, or_, select
from sqlalchemy.orm import Session

from app.store.outbox import DOUBT
from app.store.schema import outbox

if TYPE_CHECKING:
    from app.store.results import AnyRow

_ROWS = (
    select(
        outbox.c.id,
        outbox.c.kind,
        outbox.c.ref,
        outbox.c.failed,
        outbox.c.code,
        outbox.c.message,
        outbox.c.tries,
        outbox.c.due,
        outbox.c.reason,
    )
    .where(outbox.c.reason != DOUBT)
    .where(or_(outbox.c.user == "", outbox.c.user == bindparam("user"), literal("") == bindparam("user")))
    .order_by(outbox.c.failed.desc(), outbox.c.due, outbox.c.id)
    .limit(bindparam("most"))
)


def outbox_rows(s: Session, most: int, user: str = "") -> Sequence[AnyRow]:
    """Refused ones first, then by when they are due; of this rep, or of all."""
    return s.execute(_ROWS, {"most": most, "user": user}).all()
