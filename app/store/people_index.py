"""Keeping the local index of people up: how far it is, who is gone, who takes their place, who was not seen again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, func, literal_column, select, union_all, update
from sqlalchemy.orm import Session

from app.domain.counterpart import RecordKind, RecordRef
from app.domain.people_index import Gone
from app.store.people import INDEX_STATE, drop_person
from app.store.progress import get_meta, set_meta
from app.store.schema import call_log, counterpart, match_choice, person, person_phone

_EMPTY: ColumnElement[str] = literal_column("''")


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the index is. ``at`` and ``full_at`` are when a reading and a full one were last done (ISO, UTC).

    ``cursor``: from when to ask for changes. ``round`` counts full readings. ``mark`` leads on in one that is not done
    yet; ``is_full`` and ``since`` say which. ``region`` and ``everything`` are what numbers were read under and who.
    """

    cursor: str = ""
    at: str = ""
    full_at: str = ""
    round: int = 0
    mark: str = ""
    is_full: bool = False
    since: str = ""
    region: str = ""
    everything: bool = False


def read_state(text: str) -> IndexState:
    """The state from its text; a fresh one when there is none."""
    return IndexState(**json.loads(text)) if text else IndexState()


def get_state(s: Session) -> IndexState:
    """How far the index is."""
    return read_state(get_meta(s, INDEX_STATE))


def set_state(s: Session, state: IndexState) -> None:
    """Remember how far it is."""
    set_meta(s, INDEX_STATE, json.dumps(asdict(state)))


def contacted(s: Session, most: int) -> list[str]:
    """Ids of records called or chosen here, the last called first."""
    who, newest = call_log.c.who_id, func.max(call_log.c.started)
    called = select(who).where(who != _EMPTY).group_by(who).order_by(newest.desc()).limit(most)
    ids = [*s.execute(called).scalars(), *s.execute(select(match_choice.c.person).limit(most)).scalars()]
    return list(dict.fromkeys(ids))[:most]


@dataclass(frozen=True, slots=True)
class Inherited:
    """What an heir took over: calls now theirs, numbers whose match has changed."""

    heir: RecordRef
    calls: tuple[str, ...]
    numbers: tuple[str, ...]


def leave(s: Session, gone: Sequence[Gone]) -> list[Inherited]:
    """These records are no longer there. Choices and calls go over to the heir; Salesforce has moved its Tasks itself.

    Only what somebody had to do with is told.
    """
    told: list[Inherited] = []
    for one in gone:
        if one.heir is not None:
            numbers = _numbers(s, one.ref.id)
            calls = _hand_over_calls(s, one.ref, one.heir)
            s.execute(
                update(match_choice)
                .where(match_choice.c.person == one.ref.id)
                .values(kind=one.heir.kind, person=one.heir.id)
            )
            if calls or numbers:
                told.append(Inherited(one.heir, tuple(calls), tuple(numbers)))
        drop_person(s, one.ref.id)
    return told


def is_known(s: Session, ref: RecordRef) -> bool:
    """Is the record in the cache?"""
    return s.execute(select(person.c.key).where(person.c.id == ref.id)).first() is not None


def prune(s: Session, round: int, after: int, most: int) -> int | None:
    """Look at the next ``most`` records after a key: those of an earlier round may be seen no more and are dropped.

    Who was called or chosen stays. The key to go on from, None at the end.
    """
    rows = s.execute(
        select(person.c.id, person.c.key, person.c.round).where(person.c.key > after).order_by(person.c.key).limit(most)
    ).all()
    for row in rows:
        if row.round in {0, round}:
            continue
        if _is_contacted(s, row.id, row.key):
            s.execute(update(person).where(person.c.key == row.key).values(round=0))
        else:
            drop_person(s, row.id)
    return rows[-1].key if len(rows) == most else None


def _is_contacted(s: Session, id: str, key: int) -> bool:
    seen = select(counterpart.c.number).join(person_phone, person_phone.c.number == counterpart.c.number)
    ways = union_all(
        seen.where(person_phone.c.person == key),
        select(match_choice.c.number).where(match_choice.c.person == id),
    )
    return s.execute(ways.limit(1)).first() is not None


def _numbers(s: Session, id: str) -> list[str]:
    """Numbers ever called or texted that this record has or was chosen for."""
    has = (
        select(counterpart.c.number)
        .join(person_phone, person_phone.c.number == counterpart.c.number)
        .join(person, person.c.key == person_phone.c.person)
        .where(person.c.id == id)
    )
    chosen = select(match_choice.c.number).where(match_choice.c.person == id)
    return list(dict.fromkeys(s.execute(union_all(has, chosen)).scalars()))


def _hand_over_calls(s: Session, old: RecordRef, heir: RecordRef) -> list[str]:
    # What Salesforce was given names the heir too by now: it must not be told again.
    sent = func.replace(call_log.c.sent, old.id, heir.id)
    if old.kind == RecordKind.ACCOUNT:
        s.execute(update(call_log).where(call_log.c.what_id == old.id).values(what_id=heir.id, sent=sent))
    # The second term, written out, is what lets the partial index be used.
    theirs = (call_log.c.who_id == old.id, call_log.c.who_id != _EMPTY)
    ids = list(s.execute(select(call_log.c.id).where(*theirs)).scalars())
    if ids:
        s.execute(update(call_log).where(*theirs).values(who_kind=heir.kind, who_id=heir.id, sent=sent))
    return ids
