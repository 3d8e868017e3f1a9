"""The list of conversations, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from app.store.queries import keys
from app.store.queries.naming import PERSON_COLUMNS, few_numbers_like, numbers_like, person_of
from app.store.schema import conversation, draft, message, person

if TYPE_CHECKING:
    from app.store.results import AnyRow, AnySelect

_FEW = 300
_SNIPPET = 200  # characters of the last text

_HERE = and_(conversation.c.line == bindparam("line"), conversation.c.number == bindparam("number"))


def conversations(s: Session, *, before: str, most: int, text: str) -> Sequence[AnyRow]:
    """Conversations older than the key ``before``; with ``text`` those whose number or name has it."""
    values: dict[str, object] = {"most": most}
    if before:
        values["time"], values["line"], values["number"] = keys.decode(before)
    statement = _page(bool(before))
    if text.strip():
        few = few_numbers_like(s, text, _FEW)
        if few is None:
            numbers, asked = numbers_like(text)
            statement = statement.where(conversation.c.number.concat("").in_(numbers))
            values |= asked
        elif few:
            statement = statement.where(conversation.c.number.in_(bindparam("numbers", expanding=True)))
            values["numbers"] = few
        else:
            return ()
    return s.execute(statement, values).all()


def conversation_of(s: Session, line: str, number: str) -> AnyRow | None:
    """One conversation."""
    return s.execute(_one(), {"line": line, "number": number}).first()


@cache
def _page(is_later: bool) -> AnySelect:
    place = (conversation.c.time, conversation.c.line, conversation.c.number)
    statement = _named()
    if is_later:
        time = bindparam("time", type_=conversation.c.time.type)
        statement = statement.where(tuple_(*place) < tuple_(time, bindparam("line"), bindparam("number")))
    return statement.order_by(*(column.desc() for column in place)).limit(bindparam("most"))


@cache
def _one() -> AnySelect:
    return _named().where(_HERE)


def _named() -> AnySelect:
    rows = (
        conversation.outerjoin(message, message.c.id == conversation.c.last_message)
        .outerjoin(draft, and_(draft.c.line == conversation.c.line, draft.c.number == conversation.c.number))
        .outerjoin(person, person.c.id == person_of(conversation.c.number))
    )
    return select(
        conversation.c.line,
        conversation.c.number,
        conversation.c.time,
        conversation.c.unread,
        message.c.direction,
        message.c.delivery,
        func.substr(message.c.body, 1, _SNIPPET).label("snippet"),
        func.substr(draft.c.text, 1, _SNIPPET).label("draft"),
        *PERSON_COLUMNS,
    ).select_from(rows)
