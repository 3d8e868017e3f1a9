"""Storing people: made ready off the store thread, written in few statements.

A million numbers come in while the rep works. Reading a number costs far more than storing it, so `prepare` is for
any thread; `save_prepared` writes with the driver's own bulk calls, in slices the caller keeps small.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.counterpart import CrmRecord
from app.domain.phone_number import NumberKind, parse
from app.domain.text import storable
from app.errors import AppError
from app.store.person_words import index_words, search_text
from app.store.schema import to_number_key
from app.store.text_search import fold

_COLUMNS = (
    *("id", "kind", "name", "title", "company", "account_id", "email", "owner", "status", "do_not_call", "own"),
    *("active_on", "has_deal", "extension", "department", "is_active", "round", "sort_name", "search_text"),
)
# What a refresh does not know it leaves as it is.
_KEPT = {
    "has_deal": "coalesce(excluded.has_deal, person.has_deal)",
    "round": "CASE excluded.round WHEN 0 THEN person.round ELSE excluded.round END",
}
_SET = ", ".join(f"{name} = {_KEPT.get(name, f'excluded.{name}')}" for name in _COLUMNS if name != "id")
_SAVE = (
    f"INSERT INTO person ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "  # noqa: S608 - names
    f"ON CONFLICT (id) DO UPDATE SET {_SET}"
)
_DROP_PHONES = "DELETE FROM person_phone WHERE person = ?"
_SAVE_PHONE = "INSERT INTO person_phone (person, position, label, stored, number) VALUES (?, ?, ?, ?, ?)"
_SAVE_WORDS = "INSERT OR REPLACE INTO person_words (rowid, words) VALUES (?, ?)"
_ASK_AT_ONCE = 500  # bound values of one statement

# One that begins with 0 would look like another one: it is kept as an integer.
_EXTENSION = re.compile(r"[1-9][0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record as it is stored: its row, its numbers (position, label, as stored, to match with), its words."""

    id: str
    row: tuple[object, ...]
    phones: tuple[tuple[int, str, str, int | str | None], ...]
    words: str


def prepare(records: Sequence[CrmRecord], region: str) -> list[Prepared]:
    """Read the numbers under the line's ``region`` and cut the words; of a record given twice the later stands.

    A number that cannot be read is kept as shown text and matches nothing.
    """
    return [_prepared(record, region) for record in {record.ref.id: record for record in records}.values()]


def save_prepared(s: Session, people: Sequence[Prepared], round: int = 0) -> None:
    """Store or refresh these records. ``round`` is the index's; 0 leaves a record in the round it has."""
    if not people:
        return
    run = s.connection().exec_driver_sql
    at = _COLUMNS.index("round")
    run(_SAVE, [(*one.row[:at], round, *one.row[at + 1 :]) for one in people])
    keys = _keys(s, [one.id for one in people])
    run(_DROP_PHONES, [(keys[one.id],) for one in people])
    if phones := [(keys[one.id], *phone) for one in people for phone in one.phones]:
        run(_SAVE_PHONE, phones)
    run(_SAVE_WORDS, [(keys[one.id], one.words) for one in people])


def save_people(s: Session, records: Sequence[CrmRecord], region: str) -> None:
    """Store or refresh a few records at once; see `prepare`."""
    save_prepared(s, prepare(records, region))


def _keys(s: Session, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(0, len(ids), _ASK_AT_ONCE):
        some = tuple(ids[at : at + _ASK_AT_ONCE])
        marks = ",".join("?" * len(some))
        rows = s.connection().exec_driver_sql(f"SELECT id, key FROM person WHERE id IN ({marks})", some)  # noqa: S608
        found.update((row.id, row.key) for row in rows)
    return found


def _prepared(record: CrmRecord, region: str) -> Prepared:
    found_by = search_text(record.name, record.company, record.title, record.department, record.email)
    phones = tuple(
        (position, storable(label), storable(stored), _matchable(stored, region, colleague=record.is_colleague))
        for position, (label, stored) in enumerate(record.phones)
    )
    row = (
        record.ref.id,
        record.ref.kind,
        storable(record.name),
        storable(record.title),
        storable(record.company),
        record.account_id,
        storable(record.email),
        storable(record.owner),
        storable(record.status),
        record.do_not_call,
        record.own,
        record.active_on,
        record.has_deal,
        storable(record.extension),
        storable(record.department),
        record.is_active,
        0,
        storable(fold(record.name)),
        storable(found_by),
    )
    words = index_words(found_by, (_digits(number, stored) for _, _, stored, number in phones))
    return Prepared(record.ref.id, row, phones, words)


def _matchable(stored: str, region: str, *, colleague: bool) -> int | str | None:
    """What to match callers with. Everybody's extension 12 is another one: only colleagues' are ours."""
    if colleague and _EXTENSION.fullmatch(stored.strip()):
        return to_number_key(stored.strip())
    try:
        number = parse(stored, region)
    except AppError:
        return None
    return to_number_key(number.value) if number.kind in {NumberKind.E164, NumberKind.SIP} else None


def _digits(number: int | str | None, stored: str) -> str:
    return str(number) if isinstance(number, int) else re.sub(r"[^0-9]", "", stored)
