"""People by what was typed, through the index of words; None when too many are meant to fetch them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from app.store.person_words import Asked, holds
from app.store.schema import person, person_phone

if TYPE_CHECKING:
    from app.store.results import AnyRow

# Up to this many are fetched and looked at one by one; beyond, walking the list in its order is quicker.
FEW = 1_000

_CANDIDATES = text("SELECT rowid FROM person_words WHERE person_words MATCH :match LIMIT :most")
_ROWS = select(person.c.key, person.c.search_text).where(person.c.key.in_(bindparam("keys", expanding=True)))
_NUMBERS = select(person_phone.c.person, person_phone.c.stored, person_phone.c.number).where(
    person_phone.c.person.in_(bindparam("keys", expanding=True))
)


def few_people(s: Session, asked: Asked) -> list[int] | None:
    """Keys of everybody meant, in no order; None when there may be more than `FEW`."""
    if not asked.match:
        return [] if not asked.number and not asked.is_all else None
    keys = list(s.execute(_CANDIDATES, {"match": asked.match, "most": FEW + 1}).scalars())
    if len(keys) > FEW:
        return None
    if not keys:
        return []
    found = {row.key for row in s.execute(_ROWS, {"keys": keys}) if holds(row.search_text, asked.holds) and asked.holds}
    if asked.number:
        found |= {row.person for row in s.execute(_NUMBERS, {"keys": keys}) if asked.number in _digits(row)}
    return list(found)


def _digits(row: AnyRow) -> str:
    number: str = row.number or row.stored
    return "".join(c for c in number if c.isdigit())
