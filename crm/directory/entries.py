"""One person of a directory, from wherever it came, as a `CrmRecord` of kind Colleague. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.counterpart import CrmRecord, RecordKind, RecordRef

MOST = 20_000
"""People a directory may have: what is behind is left out."""
_LONGEST = 200
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """``phones`` are (label, number as written)."""

    uid: str
    name: str
    phones: tuple[tuple[str, str], ...] = ()
    extension: str = ""
    title: str = ""
    department: str = ""
    email: str = ""


def records(entries: Iterable[Entry]) -> Sequence[CrmRecord]:
    """Those with a name and a way to reach them, each once, in the order given."""
    found: dict[str, CrmRecord] = {}
    for entry in entries:
        name = tidy(entry.name)
        phones = tuple((tidy(label), number) for label, stored in entry.phones if (number := tidy(stored)))
        extension = tidy(entry.extension)
        if not name or not (phones or extension or entry.email):
            continue
        # An id of the directory may be long, or hold anything: its hash is a key that cannot clash or mislead.
        id = "dir-" + hashlib.sha256(entry.uid.encode("utf-8", "replace")).hexdigest()[:24]
        found[id] = CrmRecord(
            ref=RecordRef(RecordKind.COLLEAGUE, id),
            name=name,
            title=tidy(entry.title),
            email=tidy(entry.email),
            phones=(*phones, ("Extension", extension)) if extension else phones,  # as a Salesforce user has it
            extension=extension,
            department=tidy(entry.department),
        )
        if len(found) == MOST:
            break
    return tuple(found.values())


def tidy(text: str) -> str:
    """One line of text from outside, without control characters, cut where it is longer than anybody's name."""
    return _SPACE.sub(" ", text).strip()[:_LONGEST]
