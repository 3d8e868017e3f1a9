"""Colleagues of the company's own directory among the people kept here."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.counterpart import RecordKind
from app.store.people import drop_person
from app.store.people_write import Prepared, save_prepared
from app.store.schema import person

_OURS = person.c.kind == RecordKind.COLLEAGUE.value


def replace_colleagues(s: Session, people: Sequence[Prepared]) -> None:
    """Make these all the colleagues of the directory: who is no longer there is forgotten."""
    stay = {one.id for one in people}
    for id in s.execute(select(person.c.id).where(_OURS)).scalars().all():
        if id not in stay:
            drop_person(s, id)
    save_prepared(s, people)
