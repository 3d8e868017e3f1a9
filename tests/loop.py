"""A MainLoop without Qt: the test's own thread runs what was posted until something is so."""

from __future__ import annotations

import heapq
import itertools
import queue
import time
from collections.abc import Callable


class TestLoop:
    """The thread that calls `until` is the main thread."""

    __test__ = False

    def __init__(self) -> None:
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._cancelled: set[int] = set()
        self._ids = itertools.count()

    def post(self, work: Callable[[], None]) -> None:
        """As the port says."""
        self._posted.put(work)

    def later(self, seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        """As the port says."""
        number = next(self._ids)
        heapq.heappush(self._timers, (time.monotonic() + seconds, number, work))
        return lambda: self._cancelled.add(number)

    def until(self, is_so: Callable[[], object], seconds: float = 10.0, what: str = "") -> None:
        """Run posted work until ``is_so()``; fails the test when the time is over."""
        end = time.monotonic() + seconds
        while not is_so():
            left = end - time.monotonic()
            assert left > 0, f"did not happen within {seconds} s: {what or is_so}"
            self.step(left)

    def step(self, seconds: float) -> None:
        """Run the next piece of work, waiting for it ``seconds`` at most."""
        now = time.monotonic()
        if self._timers and self._timers[0][0] <= now:
            _, number, work = heapq.heappop(self._timers)
            if number not in self._cancelled:
                work()
            return
        wait = min(seconds, self._timers[0][0] - now) if self._timers else seconds
        try:
            work = self._posted.get(timeout=max(0.0, wait))
        except queue.Empty:
            return
        work()

    def drain(self) -> None:
        """Run what is posted now."""
        while not self._posted.empty():
            self._posted.get()()
