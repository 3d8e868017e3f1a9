"""QtMainLoop: the MainLoop port, with one queued signal."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot


class QtMainLoop(QObject):
    """Runs work on the thread it was made on (the main thread)."""

    _posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._timers: set[QTimer] = set()
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, work: Callable[[], None]) -> None:
        """Run ``work`` on the main thread, soon and in order. From any thread."""
        self._posted.emit(work)

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

    @Slot(object)
    def _run(self, work: Callable[[], None]) -> None:
        work()
