"""The tray icon: the state at a glance, the window back, the call ended, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from app.domain.events import CallChanged, LinesChanged, LineStateChanged
from app.errors import AppError
from ui.design.icons import app_icon
from ui.design.theme import theme
from ui.design.tokens import ColourRole

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator

_SIZES = (16, 22, 24, 32, 48, 64)


class Tray(QObject):
    """Only where the desktop has a tray (`is_available`). The caller tells the counts."""

    open_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, desk: Desk, nav: Navigator, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._nav = nav
        self._waiting = 0
        self._look = ""
        self._menu = QMenu(window)
        self._state = self._entry("")
        self._state.setEnabled(False)
        self._menu.addSeparator()
        self._entry(self.tr("Open Ringdown")).triggered.connect(self.open_wanted)
        self._end = self._entry(self.tr("Hang up"))
        self._end.triggered.connect(self._hang_up)
        self._menu.addSeparator()
        self._entry(self.tr("Quit")).triggered.connect(self.quit_wanted)
        self._icon = QSystemTrayIcon(window)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        for kind in (CallChanged, LinesChanged, LineStateChanged):
            desk.hub.subscribe(kind, lambda _: self.refresh())
        self.refresh()
        self._icon.show()

    @staticmethod
    def is_available() -> bool:
        """Does this desktop have a tray?"""
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def menu(self) -> QMenu:
        """Its menu."""
        return self._menu

    @property
    def tooltip(self) -> str:
        """What it says."""
        return self._icon.toolTip()

    def set_waiting(self, count: int) -> None:
        """Missed calls and unread texts together."""
        if count != self._waiting:
            self._waiting = count
            self.refresh()

    def hide(self) -> None:
        """Take it away, as when the app ends."""
        self._icon.hide()

    def refresh(self) -> None:
        """Read the state again."""
        look, said = self._read()
        if self._waiting:
            said = f"{said} · " + self.tr("{count} new").format(count=self._waiting)
        self._state.setText(said.replace("&", "&&"))
        self._end.setVisible(bool(self._desk.calls.live()))
        self._icon.setToolTip(f"Ringdown · {said}")
        key = f"{look}{bool(self._waiting)}"
        if key != self._look:
            self._look = key
            self._icon.setIcon(_drawn(look, bool(self._waiting)))

    def _read(self) -> tuple[str, str]:
        if self._desk.calls.live():
            return "call", self.tr("In a call")
        states = {status.state.value for status in self._desk.lines.all()}
        if "registered" in states:
            return "ready", self.tr("Ready")
        if "registering" in states:
            return "waiting", self.tr("Connecting")
        return "off", self.tr("Not connected") if states else self.tr("No line")

    def _entry(self, text: str) -> QAction:
        action = QAction(text, self._menu)
        self._menu.addAction(action)
        return action

    def _hang_up(self) -> None:
        for call in self._desk.calls.live():
            try:
                self._desk.calls.hangup(call.id)
            except AppError as error:
                self._nav.trouble.emit(error)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_wanted.emit()


def _drawn(look: str, waiting: bool) -> QIcon:
    """The app's icon with its state on the lower corner, in colour and in shape, and what waits on the upper one."""
    made = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        app_icon().paint(painter, 0, 0, size, size)
        radius = max(2.5, size * 0.17)
        low = QPointF(size - radius - 0.5, size - radius - 0.5)
        colour = theme().colour({"ready": ColourRole.LIVE, "call": ColourRole.LIVE}.get(look, ColourRole.MUTED))
        if look == "waiting":
            colour = theme().colour(ColourRole.WAIT)
        painter.setPen(QPen(theme().colour(ColourRole.SURFACE), max(1.0, size / 24)))
        painter.setBrush(colour)
        painter.drawEllipse(low, radius, radius)
        painter.setPen(QPen(theme().colour(ColourRole.ON_FILL), max(1.0, size / 20)))
        if look == "call":
            painter.drawLine(low - QPointF(radius / 2, 0), low + QPointF(radius / 2, 0))
            painter.drawLine(low - QPointF(0, radius / 2), low + QPointF(0, radius / 2))
        elif look == "off":
            painter.drawLine(low - QPointF(radius / 2, 0), low + QPointF(radius / 2, 0))
        if waiting:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour(ColourRole.ACCENT))
            painter.drawEllipse(QRectF(size - 2 * radius, 0, 2 * radius, 2 * radius))
        painter.end()
        made.addPixmap(pixmap)
    return made
