"""The local copy of Salesforce's people and companies, and which of them a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, literal_column, or_, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.domain.counterpart import NO_MATCH, CrmRecord, Match, RecordRef
from app.domain.phone_number import NumberKind, parse
from app.errors import AppError
from app.store.schema import looked_up as looked_up_table
from app.store.schema import match_choice, person, person_phone
from app.store.text_search import fold

if TYPE_CHECKING:
    from app.store.results import AnyRow

_new_person = insert(person)
_SAVE_PERSON = _new_person.on_conflict_do_update(
    index_elements=["id"], set_={c.name: _new_person.excluded[c.name] for c in person.c if c.name != "id"}
)
_DROP_PHONES = delete(person_phone).where(person_phone.c.person == bindparam("b_person"))
_new_choice = insert(match_choice)
_CHOOSE = _new_choice.on_conflict_do_update(
    index_elements=["number"], set_={"kind": _new_choice.excluded.kind, "person": _new_choice.excluded.person}
)
_new_look = insert(looked_up_table)
_LOOKED = _new_look.on_conflict_do_update(index_elements=["number"], set_={"at": _new_look.excluded.at})

_CHOICE = select(match_choice.c.person).where(match_choice.c.number == bindparam("number"))
_FOUND = (
    select(*person.c)
    .where(
        or_(
            person.c.id.in_(
                select(person_phone.c.person).where(
                    # The second term, written out, is what lets the partial index be used.
                    person_phone.c.number == bindparam("number"),
                    person_phone.c.number != literal_column("''"),
                )
            ),
            person.c.id == bindparam("choice"),
        )
    )
    .order_by(person.c.sort_name, person.c.id)
)
_GET = select(*person.c).where(person.c.id == bindparam("id"))
_PHONES = (
    select(person_phone.c.person, person_phone.c.label, person_phone.c.stored, person_phone.c.number)
    .where(person_phone.c.person.in_(bindparam("ids", expanding=True)))
    .order_by(person_phone.c.person, person_phone.c.position)
)


def save_people(s: Session, records: Sequence[CrmRecord], region: str) -> None:
    """Store or refresh records with their numbers, read under the line's ``region``.

    A number that cannot be read is kept as shown text and matches nothing.
    """
    latest = {record.ref.id: record for record in records}
    if not latest:
        return
    s.execute(_SAVE_PERSON, [_person_values(record) for record in latest.values()])
    s.execute(_DROP_PHONES, [{"b_person": id} for id in latest])
    phones = [row for record in latest.values() for row in _phone_values(record, region)]
    if phones:
        s.execute(insert(person_phone), phones)


def get_person(s: Session, id: str) -> CrmRecord | None:
    """The cached record with this Salesforce id."""
    found = _records(s, s.execute(_GET, {"id": id}).all())
    return found[0] if found else None


def match(s: Session, number: str) -> Match:
    """Whose number this is, as far as known here; a remembered choice wins. ``number`` is a PhoneNumber's value.

    A remembered record no longer in the cache counts as not chosen. Works on a reader too.
    """
    if not number:
        return NO_MATCH
    choice = s.execute(_CHOICE, {"number": number}).scalar() or ""
    records = _records(s, s.execute(_FOUND, {"number": number, "choice": choice}).all())
    if not records:
        return NO_MATCH
    chosen = next((record for record in records if record.ref.id == choice), None)
    if chosen is None and len(records) == 1:
        chosen = records[0]
    return Match(records=records, chosen=chosen)


def choose(s: Session, number: str, ref: RecordRef) -> None:
    """Remember whose number this is when several share it."""
    s.execute(_CHOOSE, {"number": number, "kind": ref.kind, "person": ref.id})


def set_looked_up(s: Session, number: str, at: datetime) -> None:
    """Remember when Salesforce was last asked for the number (also when it knew nobody)."""
    s.execute(_LOOKED, {"number": number, "at": at})


def looked_up(s: Session, number: str) -> datetime | None:
    """When Salesforce was last asked for the number; None when never."""
    at: datetime | None = s.execute(select(looked_up_table.c.at).where(looked_up_table.c.number == number)).scalar()
    return at


def forget_people(s: Session) -> None:
    """Drop every cached record, choice and lookup time: the rep signed out of Salesforce."""
    for table in (person_phone, person, match_choice, looked_up_table):
        s.execute(delete(table))


def phones_of(s: Session, ids: Iterable[str]) -> dict[str, list[AnyRow]]:
    """The numbers of these people in the order of the record: rows with label, stored and number."""
    found: dict[str, list[AnyRow]] = {}
    for row in s.execute(_PHONES, {"ids": list(ids)}):
        found.setdefault(row.person, []).append(row)
    return found


def _records(s: Session, rows: Sequence[AnyRow]) -> tuple[CrmRecord, ...]:
    phones = phones_of(s, [row.id for row in rows]) if rows else {}
    return tuple(
        CrmRecord(
            ref=RecordRef(row.kind, row.id),
            name=row.name,
            title=row.title,
            company=row.company,
            account_id=row.account_id,
            email=row.email,
            owner=row.owner,
            status=row.status,
            phones=tuple((phone.label, phone.stored) for phone in phones.get(row.id, ())),
            do_not_call=row.do_not_call,
        )
        for row in rows
    )


def _person_values(record: CrmRecord) -> dict[str, object]:
    return {
        "id": record.ref.id,
        "kind": record.ref.kind,
        "name": record.name,
        "title": record.title,
        "company": record.company,
        "account_id": record.account_id,
        "email": record.email,
        "owner": record.owner,
        "status": record.status,
        "do_not_call": record.do_not_call,
        "sort_name": fold(record.name),
        "search_text": fold(f"{record.name}\n{record.company}\n{record.title}\n{record.email}"),
    }


def _phone_values(record: CrmRecord, region: str) -> list[dict[str, object]]:
    return [
        {
            "person": record.ref.id,
            "position": position,
            "label": label,
            "stored": stored,
            "number": (number := _matchable(stored, region)),
            # Both forms, so that a national number is found as people write it and as the network shows it.
            "digits": f"{_digits(number)} {_digits(stored)}",
        }
        for position, (label, stored) in enumerate(record.phones)
    ]


def _matchable(stored: str, region: str) -> str:
    """The value to match callers with. Short numbers are left out: everybody's extension 12 is another one."""
    try:
        number = parse(stored, region)
    except AppError:
        return ""
    return number.value if number.kind in {NumberKind.E164, NumberKind.SIP} else ""


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
