"""The last thing that happened with a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from app.store.schema import EPOCH, call_log, message

if TYPE_CHECKING:
    from app.store.results import AnyRow

_START = select(call_log.c.started).where(call_log.c.id == bindparam("id"))
_CALL = (
    select(call_log.c.direction, call_log.c.started.label("time"), call_log.c.outcome)
    .where(
        call_log.c.number == bindparam("number"),
        call_log.c.id != bindparam("id"),
        call_log.c.state == literal_column("'ended'"),
        call_log.c.started <= bindparam("until", type_=call_log.c.started.type),
    )
    .order_by(call_log.c.started.desc(), call_log.c.id.desc())
    .limit(1)
)
_TEXT = (
    select(message.c.direction, message.c.time, func.substr(message.c.body, 1, 120).label("body"))
    .where(
        message.c.number == bindparam("number"),
        message.c.time <= bindparam("until", type_=message.c.time.type),
    )
    .order_by(message.c.time.desc(), message.c.id.desc())
    .limit(1)
)
_FAR = EPOCH.replace(year=9999)


def last_contact(s: Session, number: str, before_call_id: str) -> tuple[AnyRow | None, AnyRow | None]:
    """The last ended call and the last text with the number, up to the start of the call named and without it."""
    until = s.execute(_START, {"id": before_call_id}).scalar() if before_call_id else None
    values = {"number": number, "until": until or _FAR}
    return s.execute(_CALL, values | {"id": before_call_id}).first(), s.execute(_TEXT, values).first()
