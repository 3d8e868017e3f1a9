"""Writer: the one way to change the cache. A unit of work on the store thread, the answer on the main thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from app.background import Background, Lane
from app.errors import AppError, ErrorCode

if TYPE_CHECKING:
    from app.store.database import Database, Session

Result = TypeVar("Result")

AGAIN = 3.0  # seconds until what the disk has refused is tried again
_PASSING = frozenset({ErrorCode.STORE_FULL, ErrorCode.STORE_READ_ONLY})


class Writer:
    """Facts and their outbox rows go into one ``work``: both are kept or neither is."""

    def __init__(self, database: Database, background: Background) -> None:
        self._database = database
        self._background = background

    def write(
        self,
        work: Callable[[Session], Result],
        then: Callable[[Result], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Run ``work(session)`` in one transaction, in the order of asking. Main thread only."""
        self._background.run(Lane.STORE, lambda: self._done(work), then, failed)

    def _done(self, work: Callable[[Session], Result], *, durable: bool = False) -> Result:
        with self._database.unit_of_work(durable=durable) as session:
            return work(session)

    def keep(self, work: Callable[[Session], Result], then: Callable[[Result], None] | None = None) -> None:
        """As `write`, for what others have done and nobody can do again: a text came, a call ended.

        A power cut after ``then`` does not take it away. What the disk refuses is told, waits in memory and is tried
        every few seconds until it is kept. Newer work may be done before it: ``work`` must see for itself whether it
        comes too late.
        """

        def failed(error: AppError) -> None:
            self._background.trouble(error)
            if error.code in _PASSING:
                self._background.later(AGAIN, lambda: self.keep(work, then))

        self._background.run(Lane.STORE, lambda: self._done(work, durable=True), then, failed)
