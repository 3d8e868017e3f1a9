"""People and companies of the local cache, by name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.store.people import phones_of
from app.store.queries import keys
from app.store.queries.naming import holds_words
from app.store.schema import person, person_phone
from app.store.text_search import digits, words

if TYPE_CHECKING:
    from app.store.results import AnyRow, AnySelect


def people(s: Session, text: str, *, after: str, most: int) -> Sequence[tuple[AnyRow, list[AnyRow]]]:
    """Records after the key ``after`` in the order of names, each with its numbers.

    Every word of ``text`` must be in name, company, title or e-mail, or its digits in a number.
    """
    asked = words(text)
    number_part = digits(text)
    values: dict[str, object] = {f"word{i}": word for i, word in enumerate(asked)} | {"most": most}
    if number_part:
        values["digits"] = number_part
    if after:
        values["sort_name"], values["id"] = keys.decode(after)
    rows = s.execute(_page(len(asked), bool(number_part), bool(after)), values).all()
    phones = phones_of(s, [row.id for row in rows]) if rows else {}
    return [(row, phones.get(row.id, [])) for row in rows]


@cache
def _page(count: int, with_digits: bool, is_later: bool) -> AnySelect:
    place = (person.c.sort_name, person.c.id)
    statement = select(person.c.id, person.c.kind, person.c.name, person.c.title, person.c.company, person.c.sort_name)
    if with_digits:
        holders = select(person_phone.c.person).where(func.instr(person_phone.c.digits, bindparam("digits")) > 0)
        statement = statement.where(or_(holds_words(person.c.search_text, count), person.c.id.in_(holders)))
    elif count:
        statement = statement.where(holds_words(person.c.search_text, count))
    if is_later:
        statement = statement.where(tuple_(*place) > tuple_(bindparam("sort_name"), bindparam("id")))
    return statement.order_by(*place).limit(bindparam("most"))
