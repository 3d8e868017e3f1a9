"""Small work of the window off the main thread: a file of the desktop's, a short system program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from app.errors import AppError

Result = TypeVar("Result")


class Post(QObject):
    """Runs callables on the thread it was made on. `emit` may be called on any thread."""

    came = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.came.connect(self._take)

    @Slot(object)
    def _take(self, act: Callable[[], None]) -> None:
        act()


def in_worker(
    owner: QObject,
    work: Callable[[], Result],
    then: Callable[[Result], None],
    failed: Callable[[AppError], None],
) -> None:
    """Do ``work`` on a thread of its own, then ``then(result)`` or ``failed(error)`` on this one.

    Nothing is called any more when ``owner`` is gone. A bug in ``work`` is raised on this thread.
    """
    post = Post(owner)

    def answer(act: Callable[[], None]) -> None:
        def finish() -> None:
            post.deleteLater()
            act()

        try:
            post.came.emit(finish)
        except RuntimeError:
            return  # the window is gone

    def job() -> None:
        try:
            result = work()
        except AppError as error:
            answer(_bound(failed, error))
        except Exception as error:  # noqa: BLE001 - goes to the last resort, on the main thread
            answer(_bound(_throw, error))
        else:
            answer(_bound(then, result))

    threading.Thread(target=job, name="window-worker", daemon=True).start()


def _bound(act: Callable[[Result], None], value: Result) -> Callable[[], None]:
    return lambda: act(value)


def _throw(error: Exception) -> None:
    raise error
