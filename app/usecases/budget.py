"""What may be asked of Salesforce now: the org's daily requests are shared by everybody in the company.

1. Every answer says how many of the day's requests are used. From 80 % on nothing is read in the background; from
   95 % on only call logs go out, and days of texts wait.
2. A figure older than half an hour is no longer believed: whoever waits may try once. So may the rep, at any time.
3. Once the allowance is used up nothing is sent for a quarter to a whole hour, also over a restart. The rep may.
4. Rounds keep a distance, which grows with what this app alone has asked today.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

BELIEVED = timedelta(minutes=30)
READ_BELOW = 0.80
"""The share of the org's daily requests after which nothing is read in advance."""
_DAYS_BELOW = 0.95
# (requests of this app today, the distance between its rounds)
_PACES = ((100, 300.0), (200, 600.0), (300, 900.0))
_SLOWEST = 1800.0


class Allowance(StrEnum):
    """What may go out."""

    ALL = "all"
    WRITES = "writes"  # no reading in the background
    CALLS = "calls"  # call logs only


class Budget:
    """One rep's view of the org's allowance. Main thread."""

    def __init__(self, spent: str = "") -> None:
        """``spent`` is what `stored` gave last time."""
        self.used: int | None = None
        self.total: int | None = None
        self._seen: datetime | None = None
        self._counted = 0
        self._day, _, count = spent.partition("|")
        self._today = int(count) if count.isdigit() else 0

    def note(self, usage: tuple[int, int] | None, requests: int, now: datetime) -> None:
        """What the gateway knows now. ``requests`` counts from when the gateway was made."""
        day = now.date().isoformat()
        if day != self._day:
            self._day, self._today = day, 0
        fresh = requests - self._counted if requests >= self._counted else requests
        self._counted = requests
        if fresh > 0:
            self._today += fresh
            if usage is not None:
                self.used, self.total = usage
                self._seen = now

    def waived(self) -> None:
        """The rep wants it now: what is sent next tells how much is used by then."""
        self._seen = None

    @property
    def today(self) -> int:
        """What this app has asked since midnight UTC."""
        return self._today

    @property
    def stored(self) -> str:
        """The count of today, to be kept over a restart."""
        return f"{self._day}|{self._today}"

    def allowance(self, now: datetime) -> Allowance:
        """What may go out now."""
        if not self.total or self.used is None or self._seen is None or now - self._seen > BELIEVED:
            return Allowance.ALL
        share = self.used / self.total
        if share >= _DAYS_BELOW:
            return Allowance.CALLS
        return Allowance.WRITES if share >= READ_BELOW else Allowance.ALL

    def pace(self) -> float:
        """Seconds between two rounds nobody asked for."""
        return next((seconds for most, seconds in _PACES if self._today < most), _SLOWEST)
