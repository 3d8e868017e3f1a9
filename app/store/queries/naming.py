"""Who a number is, found while reading: a match made later changes every list at once.

1. A record the rep or the sync has linked to the very call.
2. The remembered choice for the number, if that record is still in the cache.
3. The only colleague with the number; else the only record, as `app.domain.candidates` counts them: a company steps
   behind its own people, the younger of two entries with one name in one company behind the older.
4. Nobody: the caller shows what the network said, or the number.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.store.person_words import asked as asked_people
from app.store.queries.people_found import few_people
from app.store.schema import counterpart, match_choice, person, person_phone
from app.store.text_search import digits, words

_EMPTY: ColumnElement[str] = literal_column("''")
_ACCOUNT: ColumnElement[str] = literal_column("'Account'")
_CONTACT: ColumnElement[str] = literal_column("'Contact'")
_USER: ColumnElement[str] = literal_column("'User'")
_COLLEAGUE: ColumnElement[str] = literal_column("'Colleague'")

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


def ambiguous(number: ColumnElement[str]) -> ColumnElement[bool]:
    """Have several people the number in that column, of whom nobody has said which? Colleagues are not asked about."""
    several = _customers(number, only=False)
    return and_(several.is_not(None), _chosen(number).is_(None), ~_is_internal(number))


def _only(number: ColumnElement[str]) -> ColumnElement[str]:
    return case((_is_internal(number), _colleague(number)), else_=_customers(number, only=True))


def _is_internal(number: ColumnElement[str]) -> ColumnElement[bool]:
    who, phone = person.alias(), person_phone.alias()
    return exists(_colleagues(select(literal_column("1")), who, phone, number))


def _colleague(number: ColumnElement[str]) -> ScalarSelect[str]:
    who, phone = person.alias(), person_phone.alias()
    user, users = case((who.c.kind == _USER, who.c.id)), func.count(case((who.c.kind == _USER, who.c.id)).distinct())
    found = case(
        (users == literal_column("1"), func.min(user)),
        (and_(users == literal_column("0"), func.min(who.c.key) == func.max(who.c.key)), func.min(who.c.id)),
    )
    return _colleagues(select(found), who, phone, number).scalar_subquery()


def _colleagues(statement: Select[Any], who: FromClause, phone: FromClause, number: ColumnElement[str]) -> Select[Any]:
    return statement.select_from(phone.join(who, phone.c.person == who.c.key)).where(
        phone.c.number == number, who.c.kind.in_([_USER, _COLLEAGUE]), who.c.is_active
    )


def _customers(number: ColumnElement[str], *, only: bool) -> ScalarSelect[str]:
    """The one with the number; or the first of several. NULL when there are not so many."""
    who, phone = person.alias(), person_phone.alias()
    other, their_phone = person.alias(), person_phone.alias()
    better = exists(
        select(literal_column("1"))
        .select_from(their_phone.join(other, other.c.key == their_phone.c.person))
        .where(
            their_phone.c.number == phone.c.number,
            other.c.kind == _CONTACT,
            or_(
                and_(who.c.kind == _ACCOUNT, other.c.account_id == who.c.id),
                and_(
                    who.c.kind == _CONTACT,
                    other.c.account_id == who.c.account_id,
                    other.c.account_id != _EMPTY,
                    other.c.sort_name == who.c.sort_name,
                    other.c.id < who.c.id,
                ),
            ),
        )
    )
    first, last = func.min(who.c.key), func.max(who.c.key)
    return (
        select(func.min(who.c.id))
        .select_from(phone.join(who, phone.c.person == who.c.key))
        .where(phone.c.number == number, who.c.kind.not_in([_USER, _COLLEAGUE]), ~better)
        .having(first == last if only else first != last)
        .scalar_subquery()
    )


def few_numbers_like(s: Session, text: str, most: int) -> list[str] | None:
    """Every number called or texted that ``text`` may mean: by its digits, a name seen with it, or who has it.

    None when there may be more than ``most``: then the search has stopped early.
    """
    seen, values = _seen_like(text)
    found = list(s.execute(seen.limit(most + 1), values).scalars())
    keys = few_people(s, asked_people(text))
    if keys is None or len(found) > most:
        return None
    if keys:
        found += s.execute(_numbers_of(), {"keys": keys}).scalars()
    return None if len(found) > most else list(dict.fromkeys(found))


def numbers_like(text: str) -> tuple[Select[str], dict[str, object]]:
    """The same as a statement, for when there are many: every number ever called or texted is looked at."""
    seen, values = _seen_like(text)
    people = asked_people(text)
    if people.holds:
        values |= {f"hold{i}": word for i, word in enumerate(people.holds)}
        return select(union_all(seen, *_named(len(people.holds))).subquery().c.number), values
    return seen, values


def holds_words(column: ColumnElement[str], count: int) -> ColumnElement[bool]:
    """Every one of the folded words (``word0``…) is somewhere in the folded column."""
    return and_(*(func.instr(column, bindparam(f"word{i}")) > 0 for i in range(count)))


def _seen_like(text: str) -> tuple[Select[str], dict[str, object]]:
    asked, number_part = words(text), digits(text)
    values: dict[str, object] = {f"word{i}": word for i, word in enumerate(asked)}
    if number_part:
        values["digits"] = number_part
    return _seen(len(asked), bool(number_part)), values


@cache
def _seen(count: int, with_digits: bool) -> Select[str]:
    number = counterpart.c.number
    is_like = holds_words(counterpart.c.search_text, count)
    if with_digits:
        is_like = or_(is_like, func.instr(number, bindparam("digits")) > 0)
    return select(number).where(is_like)


@cache
def _numbers_of() -> Select[str]:
    """Numbers ever called or texted of the people with these keys."""
    keys: BindParameter[list[int]] = bindparam("keys", expanding=True)
    # Not the bare column: with it the index would be asked for every key with every number, not for every number once.
    theirs = _of_people().where((person_phone.c.person + literal_column("0")).in_(keys))
    return select(union_all(theirs, _chosen_numbers().where(person.c.key.in_(keys))).subquery().c.number)


@cache
def _named(count: int) -> tuple[Select[str], Select[str]]:
    """Numbers ever called or texted of people whose words are these."""
    holds = and_(*(func.instr(person.c.search_text, bindparam(f"hold{i}")) > 0 for i in range(count)))
    return _of_people().join(person, person.c.key == person_phone.c.person).where(holds), _chosen_numbers().where(holds)


def _of_people() -> Select[str]:
    number = counterpart.c.number
    return select(number).join_from(counterpart, person_phone, person_phone.c.number == number)


def _chosen_numbers() -> Select[str]:
    return select(match_choice.c.number).join(person, person.c.id == match_choice.c.person)
