"""Links that macOS hands to the running app as an event instead of an argument."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QUrl
from PySide6.QtGui import QFileOpenEvent

from ui.desktop.port import SCHEMES

_WAITING_MOST = 8


class LinkEvents(QObject):
    """Filters the application's events for links of ours.

    macOS may deliver the link that started the app before the window is ready: links wait for `deliver_to`.
    What is no link of ours (a file) goes on to Qt. Nothing is read here: `app.links` does, and refuses.
    """

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._deliver: Callable[[str], None] | None = None
        self._waiting: list[str] = []
        app.installEventFilter(self)

    def deliver_to(self, deliver: Callable[[str], None]) -> None:
        """Hand over what waits, and each further link as it comes. Main thread."""
        self._deliver = deliver
        waiting, self._waiting = self._waiting, []
        for link in waiting:
            deliver(link)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: True when the event was a link of ours."""
        if event.type() != QEvent.Type.FileOpen or not isinstance(event, QFileOpenEvent):
            return False
        url = event.url()
        if url.scheme().lower() not in {*SCHEMES, "sips"}:
            return False
        link = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        if self._deliver is not None:
            self._deliver(link)
        elif len(self._waiting) < _WAITING_MOST:
            self._waiting.append(link)
        return True
