"""Messages, the conversations they make, and drafts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, case, delete, func, literal_column, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.domain.call import Direction
from app.domain.local_time import rep_day
from app.domain.message import Delivery, Message
from app.store.counterparts import note_counterpart
from app.store.results import affected
from app.store.schema import conversation, draft
from app.store.schema import message as table

if TYPE_CHECKING:
    from app.store.results import AnyRow

COLUMNS = list(table.c)
_INSERT = insert(table).on_conflict_do_nothing()
_GET = select(*COLUMNS).where(table.c.id == bindparam("id"))
_DAY = (
    select(*COLUMNS)
    .where(table.c.number == bindparam("number"), table.c.day == bindparam("day"), table.c.rep == literal_column("''"))
    .order_by(table.c.time, table.c.id)
)
_DAYS = (
    select(table.c.day)
    .where(table.c.number == bindparam("number"), table.c.rep == literal_column("''"))
    .distinct()
    .order_by(table.c.day)
)
# Written out as in the partial index: bound values could not use it.
_PENDING = (
    select(*COLUMNS)
    .where(table.c.delivery.in_([literal_column("'queued'"), literal_column("'sending'")]))
    .order_by(table.c.time, table.c.id)
)

_moved = insert(conversation)
_is_newer = or_(
    conversation.c.last_message == "",
    _moved.excluded.time > conversation.c.time,
    and_(_moved.excluded.time == conversation.c.time, _moved.excluded.last_message > conversation.c.last_message),
)
_MOVE_UP = _moved.on_conflict_do_update(
    index_elements=["line", "number"],
    set_={
        "unread": conversation.c.unread + _moved.excluded.unread,
        "time": case((_is_newer, _moved.excluded.time), else_=conversation.c.time),
        "last_message": case((_is_newer, _moved.excluded.last_message), else_=conversation.c.last_message),
    },
)
_new_draft = insert(draft)
_SAVE_DRAFT = _new_draft.on_conflict_do_update(
    index_elements=["line", "number"], set_={"text": _new_draft.excluded.text}
)


def save_message(s: Session, message: Message) -> bool:
    """Store a new message, move its conversation up, count it unread when it came in.

    False, and nothing changes, when this id is there already, or this carrier id on this line in this direction:
    what the network repeats is harmless.
    """
    added = s.execute(_INSERT, _values(message))
    if not affected(added):
        return False
    s.execute(
        _MOVE_UP,
        {
            "line": message.line,
            "number": message.number,
            "time": message.time,
            "last_message": message.id,
            "unread": int(message.direction is Direction.IN),
        },
    )
    note_counterpart(s, message.number)
    return True


def get_message(s: Session, id: str) -> Message | None:
    """The message with this id."""
    row = s.execute(_GET, {"id": id}).first()
    return None if row is None else to_message(row)


def set_delivery(s: Session, id: str, delivery: Delivery, reason: str = "") -> bool:
    """How far the text has come, with the reason of a failure. False when there is no such message."""
    changed = s.execute(update(table).where(table.c.id == id).values(delivery=delivery.value, reason=reason))
    return affected(changed) > 0


def messages_of_day(s: Session, number: str, day: str) -> list[Message]:
    """All the rep's messages with the number on their local ``day``, on any line, in order."""
    return [to_message(row) for row in s.execute(_DAY, {"number": number, "day": day})]


def days_of(s: Session, number: str) -> list[str]:
    """The rep's local days with texts of theirs with the number, oldest first."""
    return list(s.execute(_DAYS, {"number": number}).scalars())


def move_to_zone(s: Session, zone: str) -> list[tuple[str, str]]:
    """Count every text's day in ``zone``; the (number, day) pairs there are now. For the first sign-in only.

    Before it the rep's zone is a guess, and no day can have been sent yet.
    """
    for row in s.execute(select(table.c.id, table.c.time)).all():
        day = rep_day(row.time, zone)
        s.execute(update(table).where(table.c.id == row.id).values(day=day, zone=zone))
    days = select(table.c.number, table.c.day).distinct().order_by(table.c.number, table.c.day)
    return [(row.number, row.day) for row in s.execute(days)]


def pending_messages(s: Session) -> list[Message]:
    """Texts on their way when the app stopped, oldest first: nobody knows whether they left."""
    return [to_message(row) for row in s.execute(_PENDING)]


def mark_read(s: Session, line: str, number: str) -> bool:
    """Nothing is unread in the conversation any more. False when nothing was."""
    changed = s.execute(
        update(conversation)
        .where(conversation.c.line == line, conversation.c.number == number, conversation.c.unread > 0)
        .values(unread=0)
    )
    return affected(changed) > 0


def save_draft(s: Session, line: str, number: str, text: str, *, at: datetime | None = None) -> None:
    """Keep what was typed but not sent; an empty text removes it.

    With ``at`` a draft to a number never texted before gets its place in the list of conversations.
    """
    here = and_(conversation.c.line == line, conversation.c.number == number)
    if text:
        s.execute(_SAVE_DRAFT, {"line": line, "number": number, "text": text})
        if at is not None:
            place = {"line": line, "number": number, "time": at, "last_message": "", "unread": 0}
            s.execute(insert(conversation).on_conflict_do_nothing(), place)
            note_counterpart(s, number)
        return
    s.execute(delete(draft).where(draft.c.line == line, draft.c.number == number))
    s.execute(delete(conversation).where(here, conversation.c.last_message == ""))


def get_draft(s: Session, line: str, number: str) -> str:
    """What was typed but not sent; empty when nothing was."""
    found = s.execute(select(func.max(draft.c.text)).where(draft.c.line == line, draft.c.number == number)).scalar()
    return str(found or "")


def to_message(row: AnyRow) -> Message:
    """A row of `COLUMNS` as its Message."""
    return Message(
        id=row.id,
        line=row.line,
        number=row.number,
        direction=Direction(row.direction),
        body=row.body,
        time=row.time,
        day=row.day,
        zone=row.zone,
        delivery=Delivery(row.delivery),
        reason=row.reason,
        carrier_id=row.carrier_id,
        cut=row.cut,
    )


def _values(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "line": message.line,
        "number": message.number,
        "direction": message.direction.value,
        "body": message.body,
        "time": message.time,
        "day": message.day,
        "zone": message.zone,
        "delivery": message.delivery.value,
        "reason": message.reason,
        "carrier_id": message.carrier_id,
        "cut": message.cut,
    }
