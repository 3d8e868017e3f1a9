"""A window nobody sits in front of: take its picture when it is ready and when somebody rings, close it in the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.desk import Desk
from app.domain.events import CallRang

_READY = 4000  # milliseconds: the first cards are there
_RUNG = 1500


class Unattended:
    """For screens without people. Main thread."""

    def __init__(self, *, picture: str | None, seconds: float, close: Callable[[], None]) -> None:
        """``picture`` is a PNG file, written over each time; 0 ``seconds`` never closes."""
        self._picture = picture
        self._seconds = seconds
        self._close = close

    def attach(self, desk: Desk) -> None:
        """Begin when the desk is ready."""
        if self._picture:
            QTimer.singleShot(_READY, self._take)
            desk.hub.subscribe(CallRang, lambda _: QTimer.singleShot(_RUNG, self._take))
        if self._seconds > 0:
            QTimer.singleShot(round(self._seconds * 1000), self._close)

    def _take(self) -> None:
        screen = QApplication.primaryScreen()
        if screen is not None and self._picture:
            # The whole screen, so that the card of an incoming call is on it.
            screen.grabWindow(0).save(self._picture)
