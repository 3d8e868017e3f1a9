"""The local copy of Salesforce's people and companies, and which of them a number belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, or_, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.domain.candidates import candidates
from app.domain.counterpart import NO_MATCH, CrmRecord, Match, RecordKind, RecordRef
from app.store.schema import looked_up as looked_up_table
from app.store.schema import match_choice, meta, person, person_phone

if TYPE_CHECKING:
    from app.store.results import AnyRow

COLLEAGUE = RecordKind.COLLEAGUE.value
INDEX_STATE = "people-index"  # the name of the index's state among the store's small facts

_new_choice = insert(match_choice)
_CHOOSE = _new_choice.on_conflict_do_update(
    index_elements=["number"], set_={"kind": _new_choice.excluded.kind, "person": _new_choice.excluded.person}
)
_new_look = insert(looked_up_table)
_LOOKED = _new_look.on_conflict_do_update(index_elements=["number"], set_={"at": _new_look.excluded.at})

_SHOWN = [column for column in person.c if column.name not in {"round", "sort_name", "search_text"}]
_CHOICE = select(match_choice.c.person).where(match_choice.c.number == bindparam("number"))
_FOUND = select(*_SHOWN).where(
    or_(
        person.c.key.in_(
            select(person_phone.c.person).where(
                # The second term is what lets the partial index be used for a bound value.
                person_phone.c.number == bindparam("key", type_=person_phone.c.number.type),
                person_phone.c.number.is_not(None),
            )
        ),
        person.c.id == bindparam("choice"),
    )
)
_GET = select(*_SHOWN).where(person.c.id == bindparam("id"))
_KEY = select(person.c.key).where(person.c.id == bindparam("id"))
_PHONES = (
    select(person_phone.c.person, person_phone.c.label, person_phone.c.stored, person_phone.c.number)
    .where(person_phone.c.person.in_(bindparam("keys", expanding=True)))
    .order_by(person_phone.c.person, person_phone.c.position)
)
_DROP_WORDS = text("DELETE FROM person_words WHERE rowid = :key")
_DROP_THEIR_WORDS = text("DELETE FROM person_words WHERE rowid IN (SELECT key FROM person WHERE kind != 'Colleague')")
_DROP_ALL_WORDS = text("INSERT INTO person_words (person_words) VALUES ('delete-all')")


def get_person(s: Session, id: str) -> CrmRecord | None:
    """The cached record with this Salesforce id."""
    found = _records(s, s.execute(_GET, {"id": id}).all())
    return found[0] if found else None


def match(s: Session, number: str) -> Match:
    """Whose number this is, as far as known here; a remembered choice wins. ``number`` is a PhoneNumber's value.

    The records are in the order of `candidates`. A remembered record no longer in the cache counts as not chosen.
    Works on a reader too.
    """
    if not number:
        return NO_MATCH
    choice = s.execute(_CHOICE, {"number": number}).scalar() or ""
    # A short code that begins with 0 is nobody's: kept as an integer, another one would look the same.
    key = "" if number.startswith("0") else number
    everybody = _records(s, s.execute(_FOUND, {"key": key, "choice": choice}).all())
    if not everybody:
        return NO_MATCH
    chosen = next((record for record in everybody if record.ref.id == choice), None)
    records = candidates(everybody)
    if chosen is not None:
        return Match(records if chosen in records else (chosen, *records), chosen, remembered=True)
    if not records:
        return NO_MATCH
    return Match(records=records, chosen=records[0] if len(records) == 1 else None)


def choose(s: Session, number: str, ref: RecordRef) -> None:
    """Remember whose number this is when several share it."""
    s.execute(_CHOOSE, {"number": number, "kind": ref.kind, "person": ref.id})


def drop_person(s: Session, id: str) -> None:
    """Take one record out of the cache, with its numbers and wherever it was chosen."""
    s.execute(delete(match_choice).where(match_choice.c.person == id))
    key = s.execute(_KEY, {"id": id}).scalar()
    if key is not None:
        s.execute(_DROP_WORDS, {"key": key})
        s.execute(delete(person_phone).where(person_phone.c.person == key))
        s.execute(delete(person).where(person.c.key == key))


def forget_choice(s: Session, number: str) -> None:
    """Nobody has said any more whose number this is."""
    s.execute(delete(match_choice).where(match_choice.c.number == number))


def set_looked_up(s: Session, number: str, at: datetime) -> None:
    """Remember when Salesforce was last asked for the number (also when it knew nobody)."""
    s.execute(_LOOKED, {"number": number, "at": at})


def looked_up(s: Session, number: str) -> datetime | None:
    """When Salesforce was last asked for the number; None when never."""
    at: datetime | None = s.execute(select(looked_up_table.c.at).where(looked_up_table.c.number == number)).scalar()
    return at


def forget_people(s: Session) -> None:
    """Drop what Salesforce told: records, choices, lookup times, how far the index is. The directory is not theirs."""
    theirs = person.c.kind != COLLEAGUE
    if s.execute(select(person.c.key).where(~theirs).limit(1)).first() is None:
        s.execute(_DROP_ALL_WORDS)
    else:
        s.execute(_DROP_THEIR_WORDS)
    s.execute(delete(person_phone).where(person_phone.c.person.in_(select(person.c.key).where(theirs))))
    s.execute(delete(person).where(theirs))
    for table in (match_choice, looked_up_table):
        s.execute(delete(table))
    s.execute(delete(meta).where(meta.c.key == INDEX_STATE))


def phones_of(s: Session, keys: Iterable[int]) -> dict[int, list[AnyRow]]:
    """The numbers of these people in the order of the record: rows with label, stored and number."""
    found: dict[int, list[AnyRow]] = {}
    for row in s.execute(_PHONES, {"keys": list(keys)}):
        found.setdefault(row.person, []).append(row)
    return found


def _records(s: Session, rows: Sequence[AnyRow]) -> tuple[CrmRecord, ...]:
    phones = phones_of(s, [row.key for row in rows]) if rows else {}
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
            phones=tuple((phone.label, phone.stored) for phone in phones.get(row.key, ())),
            do_not_call=row.do_not_call,
            own=row.own,
            active_on=row.active_on,
            has_deal=row.has_deal,
            extension=row.extension,
            department=row.department,
            is_active=row.is_active,
        )
        for row in rows
    )
