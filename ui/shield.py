"""Keeps a click from landing on what has just slid under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

_FOR = 300  # milliseconds: about as long as it takes to see what moved and aim anew
_MOVES = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize})
_PRESSES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick})


class ClickShield(QObject):
    """When a bar above a page comes, goes or grows, the page moves; for a moment presses on it do not count."""

    def __init__(self, page: QWidget, *bars: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._up = QTimer(self)
        self._up.setSingleShot(True)
        self._up.setInterval(_FOR)
        self._up.timeout.connect(self._lower)
        self._heights: dict[QWidget, int] = {}
        for bar in bars:
            self._heights[bar] = 0
            bar.installEventFilter(self)

    @property
    def is_up(self) -> bool:
        """Whether presses are swallowed now."""
        return self._up.isActive()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _PRESSES and self.is_up:
            return isinstance(watched, QWidget) and self._page.isAncestorOf(watched)
        if event.type() in _MOVES and isinstance(watched, QWidget) and watched in self._heights:
            height = 0 if watched.isHidden() else watched.height()
            if height != self._heights[watched]:
                self._heights[watched] = height
                self._raise()
        return False

    def _raise(self) -> None:
        application = QApplication.instance()
        if application is not None and not self.is_up:
            application.installEventFilter(self)
        self._up.start()

    def _lower(self) -> None:
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
