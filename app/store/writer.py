"""Writer: the one way to change the cache. A unit of work on the store thread, the answer on the main thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from app.background import Background, Lane
from app.errors import AppError

if TYPE_CHECKING:
    from app.store.database import Database, Session

Result = TypeVar("Result")


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

        def transaction() -> Result:
            with self._database.unit_of_work() as session:
                return work(session)

        self._background.run(Lane.STORE, transaction, then, failed)
