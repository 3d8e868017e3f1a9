"""The engine thread's own clockwork: a queue other threads put work into, timers, and a wake-up."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable


class Timer:
    """One pending call; `cancel` is safe at any time."""

    __slots__ = ("_work",)

    def __init__(self, work: Callable[[], None]) -> None:
        self._work: Callable[[], None] | None = work

    def cancel(self) -> None:
        """Never run it; forgets the work at once, so that nothing it holds lives on."""
        self._work = None

    def fire(self) -> None:
        """Run it unless cancelled."""
        work, self._work = self._work, None
        if work is not None:
            work()

    @property
    def is_pending(self) -> bool:
        """Neither run nor cancelled."""
        return self._work is not None


class Loop:
    """Work for the engine thread. `post` from any thread, everything else on the engine thread."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._work: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, Timer]] = []
        self._serial = itertools.count()
        self.wake: Callable[[], None] = lambda: None

    def check_thread(self) -> None:
        """Every pjsua2 call on another thread aborts the process: better an error that names the place."""
        assert threading.get_ident() == self._thread, "engine method on another thread"

    def post(self, work: Callable[[], None]) -> None:
        """Run soon, in order. Any thread."""
        self._work.append(work)
        self.wake()

    def later(self, seconds: float, work: Callable[[], None]) -> Timer:
        """Run once after ``seconds``."""
        self.check_thread()
        timer = Timer(work)
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._serial), timer))
        return timer

    def patience(self, most: float) -> float:
        """How long the library may be polled now without making anything late, in seconds."""
        if self._work:
            return 0.0
        while self._timers and not self._timers[0][2].is_pending:
            heapq.heappop(self._timers)
        return min(most, max(0.0, self._timers[0][0] - time.monotonic())) if self._timers else most

    def run_due(self, guard: Callable[[Callable[[], None]], None]) -> None:
        """Run what is queued and due, each through ``guard``, which keeps one failure from stopping the rest."""
        self.check_thread()
        for _ in range(len(self._work)):
            guard(self._work.popleft())
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            _, _, timer = heapq.heappop(self._timers)
            guard(timer.fire)
