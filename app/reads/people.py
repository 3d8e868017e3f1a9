"""The local cache of people and companies as rows."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.counterpart import RecordRef
from app.reads.rows import Page, PersonRow
from app.store.database import Session
from app.store.queries import keys
from app.store.queries.people import people as query


def people(s: Session, text: str, *, after: str, limit: int, kinds: Sequence[str] = ()) -> Page[PersonRow]:
    """One page in the order of names, narrowed by name, company or the digits of a number, and by kind."""
    found = query(s, text, after=after, most=limit + 1, kinds=kinds)
    rows = tuple(
        PersonRow(
            ref=RecordRef(row.kind, row.id),
            name=row.name,
            title=row.title,
            company=row.company,
            phones=tuple((phone.label, phone.number or phone.stored) for phone in phones),
            email=row.email,
            extension=row.extension,
            department=row.department,
        )
        for row, phones in found[:limit]
    )
    last = found[limit - 1][0] if len(found) > limit else None
    return Page(rows, keys.encode(last.sort_name, str(last.key)) if last is not None else "")
