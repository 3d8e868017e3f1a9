"""What the reading of Salesforce's people into the local index hands over, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.counterpart import CrmRecord, RecordRef


@dataclass(frozen=True, slots=True)
class IndexScope:
    """Whom to read. ``since`` is the cursor of the reading before, empty for a full one.

    ``everything``: whoever the user can see; else their own, those they changed or looked at lately, and those in
    ``contacted`` (record ids).
    """

    since: str = ""
    everything: bool = False
    contacted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that is no longer there: deleted, or merged or converted into ``heir``."""

    ref: RecordRef
    heir: RecordRef | None = None


@dataclass(frozen=True, slots=True)
class IndexPage:
    """Some of what was asked for. ``next`` leads on and may be kept over a restart; empty at the end.

    ``wait``: Salesforce is still gathering; ask again after so many seconds. ``cursor`` comes with the last page.
    """

    people: tuple[CrmRecord, ...] = ()
    gone: tuple[Gone, ...] = ()
    next: str = ""
    cursor: str = ""
    wait: float = 0.0
