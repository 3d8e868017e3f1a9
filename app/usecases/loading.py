"""Loading: much goes into the store in slices so small that nothing else waits.

Each slice is a transaction of its own and asks for the next one over the main loop. So whatever the rep does is
written after at most one slice, and the window goes on in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from app.domain.counterpart import CrmRecord
from app.errors import AppError
from app.ports.system import MainLoop
from app.store.database import Session
from app.store.people_write import Prepared, prepare
from app.store.writer import Writer

Part = tuple[Sequence[Any], Callable[[Session, Sequence[Any]], object]]
"""Things to store, and how some of them are."""

SLICE = 0.005  # seconds one slice should take
_SMALLEST, _LARGEST = 10, 400
# Only one thread of Python runs at a time, and one that never rests gives up its turn every five milliseconds only.
_BREATH_AFTER, _BREATH = 10, 0.0005  # records (a millisecond's work), seconds


def prepare_gently(people: Sequence[CrmRecord], region: str) -> list[Prepared]:
    """`prepare` for thousands: with a breath after every few, so that the window never waits long for its turn."""
    found: list[Prepared] = []
    each = list({one.ref.id: one for one in people}.values())  # of one given twice the later stands, as there
    for at in range(0, len(each), _BREATH_AFTER):
        found += prepare(each[at : at + _BREATH_AFTER], region)
        time.sleep(_BREATH)
    return found


class Loading:
    """Main thread. How many things make a slice is learnt while it goes on."""

    def __init__(self, writer: Writer, loop: MainLoop) -> None:
        self._writer = writer
        self._loop = loop
        self._size = 50

    def run(
        self,
        parts: Sequence[Part],
        then: Callable[[], None],
        failed: Callable[[AppError], None],
        *,
        until: Callable[[], bool] = lambda: False,
    ) -> None:
        """Store the parts in order, then call ``then``; leave the rest when ``until`` says so."""
        self._go(list(parts), 0, then, failed, until)

    def _go(
        self,
        parts: list[Part],
        at: int,
        then: Callable[[], None],
        failed: Callable[[AppError], None],
        until: Callable[[], bool],
    ) -> None:
        while parts and at >= len(parts[0][0]):
            parts, at = parts[1:], 0
        if not parts or until():
            then()
            return
        things, store = parts[0]
        some = things[at : at + self._size]

        def work(s: Session) -> float:
            began = time.perf_counter()
            store(s, some)
            return time.perf_counter() - began

        def done(took: float) -> None:
            if len(some) == self._size or took > SLICE:
                # Towards the wish, but never more than half as much again: one quick slice may have been luck.
                wanted = int(len(some) * min(1.5, SLICE / max(took, 1e-6)))
                self._size = max(_SMALLEST, min(_LARGEST, wanted))
            self._go(parts, at + len(some), then, failed, until)

        self._writer.write(work, done, failed)
