"""People and companies of the local cache, by name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, bindparam, cast, exists, func, literal_column, or_, select, text, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.types import String

from app.domain.counterpart import RecordKind
from app.store.people import phones_of
from app.store.person_words import Asked
from app.store.person_words import asked as read
from app.store.queries import keys
from app.store.queries.people_found import few_people
from app.store.schema import person, person_phone

if TYPE_CHECKING:
    from app.store.results import AnyRow, AnySelect

_COLLEAGUES = frozenset({RecordKind.USER.value, RecordKind.COLLEAGUE.value})
_SHOWN = (
    *(person.c.key, person.c.id, person.c.kind, person.c.name, person.c.title, person.c.company, person.c.sort_name),
    *(person.c.email, person.c.extension, person.c.department, person.c.is_active),
)
# Written into the statement: a bound value could not use the index of the colleagues.
_IS_COLLEAGUE: ColumnElement[bool] = person.c.kind.in_([literal_column("'User'"), literal_column("'Colleague'")])
# The plus makes SQLite walk the names in their order, which it leaves only for those that are in the index.
_IN_INDEX = text("+person.key IN (SELECT rowid FROM person_words WHERE person_words MATCH :match)")


def people(
    s: Session, typed: str, *, after: str, most: int, kinds: Sequence[str] = ()
) -> Sequence[tuple[AnyRow, list[AnyRow]]]:
    """Records after the key ``after`` in the order of names, each with its numbers.

    Every word of ``typed`` must begin one of name, company, title, department or e-mail, or its digits be in a number.
    ``kinds``: of these objects only; all when empty. Colleagues who left are in no list.
    """
    asked = read(typed)
    few = None if asked.is_all else few_people(s, asked)
    if few is not None and not few:
        return ()
    values: dict[str, object] = {"most": most}
    if few is not None:
        values["keys"] = few
    else:
        values |= {f"hold{i}": word for i, word in enumerate(asked.holds)}
        if asked.number:
            values["digits"] = asked.number
        if asked.match:
            values["match"] = asked.match
    if after:
        sort_name, key = keys.decode(after)
        values |= {"sort_name": sort_name, "key": int(str(key))}
    if kinds:
        values["kinds"] = list(kinds)
    only_colleagues = bool(kinds) and _COLLEAGUES.issuperset(kinds)
    rows = s.execute(_page(_shape(asked, few), bool(after), bool(kinds), only_colleagues), values).all()
    phones = phones_of(s, [row.key for row in rows]) if rows else {}
    return [(row, phones.get(row.key, [])) for row in rows]


def _shape(asked: Asked, few: list[int] | None) -> tuple[int, bool, bool] | None:
    """How the rows are found: None by their keys, else by so many words, by digits or not, with the index or not."""
    return None if few is not None else (len(asked.holds), bool(asked.number), bool(asked.match))


@cache
def _page(shape: tuple[int, bool, bool] | None, is_later: bool, with_kinds: bool, only_colleagues: bool) -> AnySelect:
    statement = select(*_SHOWN)
    if shape is None:
        statement = statement.where(person.c.key.in_(bindparam("keys", expanding=True)))
    elif any(shape):
        count, with_digits, with_index = shape
        if with_index:
            statement = statement.where(_IN_INDEX)
        statement = statement.where(_holds(count, with_digits))
    if only_colleagues:
        statement = statement.where(_IS_COLLEAGUE, person.c.is_active)
    else:
        statement = statement.where(or_(~_IS_COLLEAGUE, person.c.is_active))
    if with_kinds:
        statement = statement.where(person.c.kind.in_(bindparam("kinds", expanding=True)))
    place = (person.c.sort_name, person.c.key)
    if is_later:
        statement = statement.where(tuple_(*place) > tuple_(bindparam("sort_name"), bindparam("key")))
    return statement.order_by(*place).limit(bindparam("most"))


def _holds(count: int, with_digits: bool) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if count:
        ways.append(and_(*(func.instr(person.c.search_text, bindparam(f"hold{i}")) > 0 for i in range(count))))
    if with_digits:
        number = func.coalesce(cast(person_phone.c.number, String), person_phone.c.stored)
        ways.append(
            exists(
                select(literal_column("1")).where(
                    person_phone.c.person == person.c.key, func.instr(number, bindparam("digits")) > 0
                )
            )
        )
    return or_(*ways)
