"""Noticing by the clocks that the computer slept."""

from __future__ import annotations

import time
from collections.abc import Callable

GAP = 10.0
"""Seconds a tick may be late before it counts as sleep."""


class SleepClock:
    """Compares two clocks from tick to tick.

    On Linux and macOS the monotonic clock stands still in sleep and the wall clock runs on; on Windows both run on,
    and the tick itself comes late. A clock set forward by hand looks the same: that costs one registration too many.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time) -> None:
        self._monotonic = monotonic
        self._wall = wall
        self._last = (monotonic(), wall())

    def slept(self, expected: float) -> bool:
        """Was there sleep since the last call, which should have been ``expected`` seconds ago?"""
        now = (self._monotonic(), self._wall())
        ran, passed = now[0] - self._last[0], now[1] - self._last[1]
        self._last = now
        return passed - ran > GAP or ran - expected > GAP
