"""A hidden window must be found again: in the tray, and where there is none, in the task bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

_EVERY = 1_000  # milliseconds; Qt does not tell when a tray comes or goes
_PATIENCE = 10  # looks in vain: at login the panel may come up after us, and one that restarts is soon back


class Hideaway(QObject):
    """Main thread. Watches only while its window is hidden."""

    def __init__(self, window: QWidget, is_found: Callable[[], bool | None], every: int = _EVERY) -> None:
        """``is_found`` says whether the hidden window can be opened from somewhere; None while that is too early."""
        super().__init__(window)
        self._window = window
        self._is_found = is_found
        self._in_vain = 0
        self._watch = QTimer(self)
        self._watch.setInterval(every)
        self._watch.timeout.connect(self._look)

    def start(self) -> None:
        """The window has just been hidden, or starts so."""
        self._in_vain = 0
        self._watch.start()

    def stop(self) -> None:
        """It is gone for good."""
        self._watch.stop()

    def _look(self) -> None:
        if self._window.isVisible():
            self._watch.stop()
            return
        found = self._is_found()
        if found is None:
            return
        self._in_vain = 0 if found else self._in_vain + 1
        if self._in_vain >= _PATIENCE:
            self._watch.stop()
            self._window.showMinimized()  # in the task bar, and the keyboard stays where it is
