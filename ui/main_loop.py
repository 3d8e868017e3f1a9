"""QtMainLoop: the MainLoop port, with one queued signal and a pause for the window now and then."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

_TURN = 0.01  # seconds of posted work after which Qt may paint and hear keys


class QtMainLoop(QObject):
    """Runs work on the thread it was made on (the main thread).

    Qt serves what is posted to it before anything else and to the end: thousands of texts at once would leave the
    window without a key or a repaint for as long as they take. So the work waits here and runs in short turns.
    """

    _posted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._timers: set[QTimer] = set()
        self._works: deque[Callable[[], None]] = deque()
        self._called = False  # a turn is on its way
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, work: Callable[[], None]) -> None:
        """Run ``work`` on the main thread, soon and in order. From any thread."""
        self._works.append(work)
        if not self._called:  # two threads at once may both call: the second turn finds nothing left
            self._called = True
            self._posted.emit()

    def later(self, seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        """Run ``work`` after ``seconds``; the result cancels it. Main thread."""
        timer = QTimer(self)
        timer.setSingleShot(True)
        self._timers.add(timer)

        def end() -> bool:
            # A timer that has fired is deleted by Qt; cancelling it afterwards must touch nothing.
            if timer not in self._timers:
                return False
            self._timers.discard(timer)
            timer.stop()
            timer.deleteLater()
            return True

        def fire() -> None:
            if end():
                work()

        timer.timeout.connect(fire)
        timer.start(max(0, round(seconds * 1000)))

        def cancel() -> None:
            end()

        return cancel

    @Slot()
    def _run(self) -> None:
        self._called = False
        end = time.monotonic() + _TURN
        while self._works and time.monotonic() < end:
            work = self._works.popleft()
            self._call_again()  # before the work: it may open a dialog with a loop of its own, or raise
            work()
        self._call_again()

    def _call_again(self) -> None:
        if self._works and not self._called:
            self._called = True
            QTimer.singleShot(0, self._run)
