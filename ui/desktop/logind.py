"""Sleep as logind tells of it: before it begins, and after."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

_SERVICE, _PATH, _INTERFACE = "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"
# PySide6 takes the str that SLOT makes; its type hints ask for bytes, which it refuses.
_SLOT: Any = SLOT("prepare(bool)")


class Logind(QObject):
    """logind's word on sleep. ``heard`` is False when this bus has none to listen to."""

    sleeping = Signal()
    woke = Signal()

    def __init__(self, bus: QDBusConnection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self.heard = bus.isConnected() and bus.connect(_SERVICE, _PATH, _INTERFACE, "PrepareForSleep", self, _SLOT)

    @Slot(bool)
    def prepare(self, going: bool) -> None:
        """logind's signal: True before sleep, False after it."""
        (self.sleeping if going else self.woke).emit()

    def close(self) -> None:
        """Listen no longer."""
        if self.heard:
            self._bus.disconnect(_SERVICE, _PATH, _INTERFACE, "PrepareForSleep", self, _SLOT)
            self.heard = False
