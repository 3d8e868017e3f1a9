"""What the rep adds to a call besides its notes, and whose a number's calls are: set, and put back as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from app.domain.counterpart import RecordRef
from app.domain.record_ids import PEOPLE, PREFIXES
from app.store.calls import to_ref
from app.store.counterparts import note_counterpart
from app.store.results import affected
from app.store.schema import call_log as table


@dataclass(frozen=True, slots=True)
class Link:
    """Whose one call is, as stored."""

    call_id: str
    who: RecordRef | None
    what: RecordRef | None
    what_name: str
    person: str


_OF_NUMBER = (
    select(
        table.c.id,
        table.c.who_kind,
        table.c.who_id,
        table.c.what_kind,
        table.c.what_id,
        table.c.what_name,
        table.c.person,
    )
    .where(table.c.number == bindparam("number"))
    .order_by(table.c.started, table.c.id)
)


def set_subject(s: Session, id: str, subject: str) -> bool:
    """Set the subject; empty means the generated one. False when there is no such log."""
    return affected(s.execute(update(table).where(table.c.id == id).values(subject=subject))) > 0


def set_disposition(s: Session, id: str, disposition: str) -> bool:
    """Set what came of the call, in the rep's words. False when there is no such log."""
    return affected(s.execute(update(table).where(table.c.id == id).values(disposition=disposition))) > 0


def set_relation(s: Session, id: str, what: RecordRef | None, name: str) -> bool:
    """Relate the call to a record, or to none: then what it was said to be about when dialling is forgotten too.

    A person it was said to be about stays: that tells who it was with. False when there is no such log.
    """
    values: dict[str, object] = {
        "what_kind": what.kind if what else "",
        "what_id": what.id if what else "",
        "what_name": name,
    }
    if what is None:
        person = or_(*(table.c.about.startswith(prefix) for prefix, kind in PREFIXES.items() if kind in PEOPLE))
        values["about"] = case((person, table.c.about), else_="")
    return affected(s.execute(update(table).where(table.c.id == id).values(**values))) > 0


def set_who(s: Session, id: str, who: RecordRef | None, what: RecordRef | None, person: str) -> bool:
    """Give one call to a person, or to a company (``what``). A deal or case it is related to stays."""
    row = s.execute(select(table.c.number, table.c.what_kind).where(table.c.id == id)).first()
    if row is None:
        return False
    values = {"who_kind": who.kind if who else "", "who_id": who.id if who else "", "person": person}
    if row.what_kind in {"", "Account"}:
        values |= {"what_kind": what.kind if what else "", "what_id": what.id if what else "", "what_name": ""}
    s.execute(update(table).where(table.c.id == id).values(**values))
    note_counterpart(s, row.number, person)
    return True


def links_of(s: Session, number: str) -> list[Link]:
    """Whose the calls with this number are, oldest first."""
    return [
        Link(row.id, to_ref(row.who_kind, row.who_id), to_ref(row.what_kind, row.what_id), row.what_name, row.person)
        for row in s.execute(_OF_NUMBER, {"number": number})
    ]


def restore_links(s: Session, links: Sequence[Link]) -> None:
    """Make these calls belong to whom they belonged."""
    for link in links:
        s.execute(
            update(table)
            .where(table.c.id == link.call_id)
            .values(
                who_kind=link.who.kind if link.who else "",
                who_id=link.who.id if link.who else "",
                what_kind=link.what.kind if link.what else "",
                what_id=link.what.id if link.what else "",
                what_name=link.what_name,
                person=link.person,
            )
        )
