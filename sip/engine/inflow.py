"""How many may connect to a line that has to be reachable over TCP, because no registrar has a connection to it.

The library aborts when a connection comes in while its 64 sockets are in use, those closed within the last half second
included (`pj_ioqueue_register_sock2`), and it accepts as fast as others connect. So when too many are there its
listening sockets are put aside for a moment (see `door`); who comes then waits in the system's own short queue.
"""

from __future__ import annotations

import os
import time
from collections import deque

from sip.engine import door
from sip.engine.log import logger
from sip.engine.loop import Loop

MOST = 16  # of the library's 64; lines and their connections take 15, calls that begin and end up to 24
FREED = 0.8  # seconds until a closed connection's place is free again; the library's own delay is 0.5
LOOK = 0.1


class Inflow:
    """The connections of all lines. Engine thread only."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._ports: set[int] = set()
        self._aside: list[tuple[int, int]] = []  # the library's handle, and our copy of what it was
        self._open: set[int] = set()
        self._freed: deque[float] = deque()

    def limit(self, port: int) -> None:
        """A line listens on this port."""
        self._ports.add(port)

    def forget(self, port: int) -> None:
        """It is about to stop listening: the library must close what it has opened."""
        self.let_in()
        self._ports.discard(port)

    def let_in(self) -> None:
        """Put back what was put aside."""
        for theirs, ours in self._aside:
            os.dup2(ours, theirs, inheritable=False)
            os.close(ours)
        self._aside.clear()

    def connected(self, connection: int) -> None:
        """A connection came in, or out: the library does not tell which. It asks for the next one after this."""
        self._open.add(connection)
        if self._ports and not self._aside and self._is_full():
            logger.warning("too many connections at once: no more for a moment")
            for theirs in [handle for port in self._ports for handle in door.listeners(port)]:
                ours = os.dup(theirs)
                if door.exchange(theirs):
                    self._aside.append((theirs, ours))
                else:
                    os.close(ours)
            if self._aside:
                self._loop.later(LOOK, self._look)

    def closed(self, connection: int) -> None:
        """Its place is free in a moment."""
        if connection in self._open:
            self._open.discard(connection)
            self._freed.append(time.monotonic())

    def _look(self) -> None:
        if self._aside and self._is_full():
            self._loop.later(LOOK, self._look)
        else:
            self.let_in()

    def _is_full(self) -> bool:
        while self._freed and self._freed[0] < time.monotonic() - FREED:
            self._freed.popleft()
        return len(self._open) + len(self._freed) >= MOST
