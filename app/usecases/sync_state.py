"""What the rep may see of the work on the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.errors import ErrorCode
from app.ports.crm import OrgFinding
from app.usecases.budget import Allowance


@dataclass(frozen=True, slots=True)
class SyncState:
    """What the rep may see of the work. ``resting_until`` with ``why``: nothing is sent before."""

    sending: frozenset[tuple[str, str]] = frozenset()
    resting_until: datetime | None = None
    why: ErrorCode | None = None
    allowance: Allowance = Allowance.ALL
    used: int | None = None
    total: int | None = None
    today: int = 0
    findings: tuple[OrgFinding, ...] = ()
