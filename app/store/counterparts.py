"""Every number ever called or texted with the names seen beside it, so that lists can be searched quickly."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.store.schema import counterpart as table
from app.store.text_search import fold

_GET = select(table.c.search_text).where(table.c.number == bindparam("number"))


def note_counterpart(s: Session, number: str, *names: str) -> None:
    """Remember the number and what it was called. A withheld number is left out."""
    if not number:
        return
    known = s.execute(_GET, {"number": number}).scalar()
    if known is None:
        s.execute(insert(table).values(number=number, search_text=_joined(fold(number), names)))
    elif (text := _joined(known, names)) != known:
        s.execute(update(table).where(table.c.number == number).values(search_text=text))


def _joined(known: str, names: tuple[str, ...]) -> str:
    lines = known.split("\n")
    for name in names:
        folded = " ".join(fold(name).split())
        if folded and folded not in lines:
            lines.append(folded)
    # A caller may show any name it likes: only the latest are kept.
    return "\n".join(lines[:1] + lines[1:][-8:])
