"""The tray icon: the state at a glance, the window back, the call in hand, do not disturb, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from app.domain.counterpart import LineState
from app.domain.events import CallChanged, DndChanged, LinesChanged, LineStateChanged, MatchChanged
from ui import present
from ui.components import clean_line
from ui.current_call import CurrentCall
from ui.design.theme import theme
from ui.incoming_info import rings
from ui.tray_icon import Look, state_icon

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator


class Tray(QObject):
    """Only where a tray is or may come (`may_come`). The caller tells the counts."""

    open_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, desk: Desk, nav: Navigator, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._nav = nav
        self._call = CurrentCall(desk, nav, lambda: "")
        self._waiting = 0
        self._look: tuple[Look, int, bool] | None = None
        self._menu = QMenu(window)
        self._state = self._entry("")
        self._state.setEnabled(False)
        self._menu.addSeparator()
        self._who = self._entry("")
        self._who.triggered.connect(self._open_call)
        self._hold = self._entry("")
        self._hold.triggered.connect(self._call.hold)
        self._end = self._entry(self.tr("Hang up"))
        self._end.triggered.connect(self._call.end)
        self._parts = self._menu.addSeparator()
        self._entry(self.tr("Open Ringdown")).triggered.connect(self.open_wanted)
        self._dnd = self._entry(self.tr("Do not disturb"))
        self._dnd.setCheckable(True)
        self._dnd.triggered.connect(desk.lines.set_dnd)
        self._menu.addSeparator()
        self._entry(self.tr("Quit")).triggered.connect(self.quit_wanted)
        self.icon = QSystemTrayIcon(window)
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._activated)
        for kind in (CallChanged, LinesChanged, LineStateChanged, DndChanged, MatchChanged):
            desk.hub.subscribe(kind, lambda _: self.refresh())
        theme().changed.connect(self.refresh)
        self.refresh()
        self.icon.show()

    @staticmethod
    def is_available() -> bool:
        """Does this desktop have a tray now?"""
        return QSystemTrayIcon.isSystemTrayAvailable()

    @staticmethod
    def may_come() -> bool:
        """Is there a tray, or may one still come? On X11 Qt docks the icon when a panel starts after us."""
        return Tray.is_available() or QGuiApplication.platformName() == "xcb"

    @property
    def menu(self) -> QMenu:
        """Its menu."""
        return self._menu

    @property
    def tooltip(self) -> str:
        """What it says."""
        return self.icon.toolTip()

    @property
    def look(self) -> Look:
        """What the icon shows."""
        return self._read()[0]

    def set_waiting(self, count: int) -> None:
        """Missed calls and unread texts together."""
        if count != self._waiting:
            self._waiting = count
            self.refresh()

    def hide(self) -> None:
        """Take it away, as when the app ends."""
        self.icon.hide()

    def refresh(self) -> None:
        """Read the state again."""
        look, said = self._read()
        if self._waiting:
            said = f"{said} · " + self.tr("{count} new").format(count=self._waiting)
        self._state.setText(said.replace("&", "&&"))
        self.icon.setToolTip(f"Ringdown · {said}")
        self._dnd.setChecked(self._desk.lines.settings.dnd)
        self._show_call()
        key = (look, self._waiting, theme().dark)
        if key != self._look:
            self._look = key
            self.icon.setIcon(state_icon(look, self._waiting))

    def _show_call(self) -> None:
        call = self._call.get()
        live = call is not None and not rings(call)
        for entry in (self._who, self._end, self._parts):
            entry.setVisible(live)
        self._hold.setVisible(live and self._call.talks)
        if call is None or not live:
            return
        region = self._desk.lines.region(call.line)
        name = present.person_title(self._desk.matching.known(call.number), call, region)
        self._who.setText(clean_line(name).replace("&", "&&"))
        self._hold.setText(self.tr("Resume") if self._call.held else self.tr("Hold"))

    def _read(self) -> tuple[Look, str]:
        if live := self._desk.calls.live():
            return Look.CALL, self.tr("Incoming call") if all(map(rings, live)) else self.tr("In a call")
        states = {status.state for status in self._desk.lines.all()}
        if LineState.REGISTERED in states:
            if self._desk.lines.settings.dnd:
                return Look.DND, self.tr("Do not disturb")
            return Look.READY, self.tr("Ready")
        if LineState.REGISTERING in states:
            return Look.CONNECTING, self.tr("Connecting")
        return Look.OFF, self.tr("Not connected") if states else self.tr("No line")

    def _entry(self, text: str) -> QAction:
        action = QAction(text, self._menu)
        self._menu.addAction(action)
        return action

    def _open_call(self) -> None:
        call = self._call.get()
        if call is not None:
            self.open_wanted.emit()
            self._nav.call_opened.emit(call.id)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_wanted.emit()
