"""Work off the main thread, answers on it.

A bug in the work is told as one, and whoever asked hears of it as INTERNAL: nobody waits for ever for an answer.
Each lane is one thread with one queue, so what is given to a lane happens in that order. Workers are the exception:
they are for things that may block on a prompt, several at once.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from app.errors import AppError, ErrorCode
from app.ports.system import MainLoop

Result = TypeVar("Result")


class Lane(StrEnum):
    """Where work runs."""

    STORE = "store"  # every write of the cache and of the settings
    INTERACTIVE = "crm-interactive"  # a person waits: caller id, sidebar
    UPLOAD = "crm-background"  # outbox, refreshing the cache
    WORKER = "worker"  # keyring and other things that may block


class Background:
    """The app's threads. `run` is called on the main thread, and so are its answers."""

    def __init__(
        self, loop: MainLoop, on_trouble: Callable[[AppError], None], on_bug: Callable[[BaseException], None]
    ) -> None:
        """``on_trouble`` hears expected failures nobody handles, ``on_bug`` everything unexpected; main thread."""
        self._loop = loop
        self._on_trouble = on_trouble
        self._on_bug = on_bug
        self._queues: dict[Lane, queue.SimpleQueue[Callable[[], None] | None]] = {}
        self._threads: dict[Lane, threading.Thread] = {}
        self._closed = False

    def run(
        self,
        lane: Lane,
        work: Callable[[], Result],
        then: Callable[[Result], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Do ``work`` on the lane; then ``then(result)`` or ``failed(error)`` on the main thread.

        After an unexpected exception ``failed`` gets INTERNAL, whose ``unanswered`` says that some of it may be done.
        """
        if self._closed:
            return

        def job() -> None:
            try:
                result = work()
            except AppError as error:
                handler = failed or self._on_trouble
                self._loop.post(lambda error=error: handler(error))  # type: ignore[misc]
            except Exception as error:  # noqa: BLE001 - goes to the last resort, never away
                self._loop.post(lambda error=error: self._on_bug(error))  # type: ignore[misc]
                if failed is not None:
                    self._loop.post(lambda: failed(AppError(ErrorCode.INTERNAL, unanswered=True)))
            else:
                if then is not None:
                    self._loop.post(lambda: then(result))

        if lane is Lane.WORKER:
            threading.Thread(target=job, name=lane.value, daemon=True).start()
        else:
            self._lane(lane).put(job)

    def trouble(self, error: AppError) -> None:
        """Tell an expected failure nobody else handles."""
        self._on_trouble(error)

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Do ``work`` on the main thread after so long, unless the app is closing by then."""
        self._loop.later(seconds, lambda: None if self._closed else work())

    def close(self, timeout: float = 5.0) -> bool:
        """Take no more work, finish what is queued for the store, and let the lanes end. Idempotent.

        False when the store has not finished in time: what it works on must be left to it. The network lanes are not
        waited for: what they were sending is still in the outbox.
        """
        if not self._closed:
            self._closed = True
            for lane in self._queues.values():
                lane.put(None)
        store = self._threads.get(Lane.STORE)
        if store is not None:
            store.join(timeout)
        return store is None or not store.is_alive()

    def _lane(self, lane: Lane) -> queue.SimpleQueue[Callable[[], None] | None]:
        if lane not in self._queues:
            self._queues[lane] = queue.SimpleQueue()
            self._threads[lane] = threading.Thread(
                target=_drain, args=(self._queues[lane],), name=lane.value, daemon=True
            )
            self._threads[lane].start()
        return self._queues[lane]


def _drain(jobs: queue.SimpleQueue[Callable[[], None] | None]) -> None:
    while (job := jobs.get()) is not None:
        job()
