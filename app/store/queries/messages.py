"""Messages of one conversation by the page, and across all of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from app.domain.message import Message
from app.store.messages import COLUMNS, to_message
from app.store.queries import keys
from app.store.schema import message

if TYPE_CHECKING:
    from app.store.results import AnySelect

_NEWEST = (message.c.time.desc(), message.c.id.desc())
_ALL = select(*COLUMNS).order_by(*_NEWEST).limit(bindparam("most"))
_OF_NUMBER = _ALL.where(message.c.number == bindparam("number"))


def thread(s: Session, line: str, number: str, *, before: str, most: int) -> list[Message]:
    """Messages of one conversation older than the key ``before``, newest first."""
    values: dict[str, object] = {"line": line, "number": number, "most": most}
    if before:
        values["time"], values["id"] = keys.decode(before)
    return [to_message(row) for row in s.execute(_page(bool(before)), values)]


def newest(s: Session, number: str | None, most: int) -> list[Message]:
    """The newest messages with one number or with anybody, on any line, newest first."""
    rows = (
        s.execute(_ALL, {"most": most}) if number is None else s.execute(_OF_NUMBER, {"most": most, "number": number})
    )
    return [to_message(row) for row in rows]


@cache
def _page(is_later: bool) -> AnySelect:
    statement = _ALL.where(message.c.line == bindparam("line"), message.c.number == bindparam("number"))
    if is_later:
        time = bindparam("time", type_=message.c.time.type)
        statement = statement.where(tuple_(message.c.time, message.c.id) < tuple_(time, bindparam("id")))
    return statement
