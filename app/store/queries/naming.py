"""Who a number is, found while reading: a match made later changes every list at once.

1. A record the rep or the sync has linked to the very call.
2. The remembered choice for the number, if that record is still in the cache.
3. The only record with the number.
4. Nobody: the caller shows what the network said, or the number.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, bindparam, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from app.store.schema import counterpart, match_choice, person, person_phone
from app.store.text_search import digits, words

_EMPTY: ColumnElement[str] = literal_column("''")

# The columns `reads` makes a name of.
PERSON_COLUMNS = (
    person.c.kind.label("person_kind"),
    person.c.id.label("person_id"),
    person.c.name.label("person_name"),
    person.c.company.label("person_company"),
)


def person_of(number: ColumnElement[str]) -> ColumnElement[str]:
    """The id of the chosen or only person with the number in that column; NULL when nobody or not clear."""
    return func.coalesce(_chosen(number), _only(number))


def _chosen(number: ColumnElement[str]) -> ScalarSelect[str]:
    cached = person.alias()
    return (
        select(cached.c.id)
        .join(match_choice, match_choice.c.person == cached.c.id)
        .where(match_choice.c.number == number)
        .scalar_subquery()
    )


def _only(number: ColumnElement[str]) -> ScalarSelect[str]:
    first, last = func.min(person_phone.c.person), func.max(person_phone.c.person)
    return (
        select(first)
        # The first term, written out, is what lets the partial index be used.
        .where(person_phone.c.number != _EMPTY, person_phone.c.number == number)
        .having(first == last)
        .scalar_subquery()
    )


def numbers_like(text: str) -> tuple[Select[str], dict[str, object]]:
    """Every number that ``text`` may mean: by its digits, a name seen with it, or a person who has it."""
    asked = words(text)
    number_part = digits(text)
    values: dict[str, object] = {f"word{i}": word for i, word in enumerate(asked)}
    if number_part:
        values["digits"] = number_part
    return _numbers(len(asked), bool(number_part)), values


def few_numbers_like(s: Session, text: str, most: int) -> list[str] | None:
    """The same, each once; None when there may be more than ``most``: then the search has stopped early."""
    statement, values = numbers_like(text)
    found = list(s.execute(statement.limit(bindparam("most")), values | {"most": most + 1}).scalars())
    return None if len(found) > most else list(dict.fromkeys(found))


def holds_words(column: ColumnElement[str], count: int) -> ColumnElement[bool]:
    """Every one of the folded words (``word0``…) is somewhere in the folded column."""
    return and_(*(func.instr(column, bindparam(f"word{i}")) > 0 for i in range(count)))


@cache
def _numbers(count: int, with_digits: bool) -> Select[str]:
    number = counterpart.c.number
    people = select(person.c.id).where(holds_words(person.c.search_text, count))
    parts: list[Select[str]] = [
        select(number).where(holds_words(counterpart.c.search_text, count)),
        select(person_phone.c.number).where(person_phone.c.person.in_(people), person_phone.c.number != _EMPTY),
        select(match_choice.c.number).where(match_choice.c.person.in_(people)),
    ]
    if with_digits:
        parts.append(select(number).where(func.instr(number, bindparam("digits")) > 0))
    return select(union_all(*parts).subquery().c.number)
