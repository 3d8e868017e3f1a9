"""How fast calls may begin. The library gives the sockets of an ended call free only half a second later; when 64 lie
about it aborts (``pj_ioqueue_register_sock2``), and callers who hang up at once are enough for that."""

from __future__ import annotations

from collections import deque

WINDOW = 0.8  # seconds; the library's own delay is 0.5
MOST = 6  # calls that may begin at once; with ICE and TURN one takes up to four sockets
GAP = 0.1


class Pace:
    """Counts beginnings. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._begun: deque[float] = deque()

    def begin(self, now: float) -> float:
        """A call begins: how long it has to be put off, 0 nearly always."""
        while self._begun and self._begun[0] < now - WINDOW:
            self._begun.popleft()
        wait = 0.0 if len(self._begun) < MOST else max(0.0, self._begun[-1] + GAP - now)
        self._begun.append(now + wait)
        return wait
