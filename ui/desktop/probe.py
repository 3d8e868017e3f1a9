"""What Qt and the session's D-Bus tell of the desktop."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from ui.desktop.port import Lack

_PATIENCE_MS = 500
_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"


def missing() -> frozenset[Lack]:
    """What cannot be had here. Main thread, with a QApplication."""
    lacks = set()
    if not QSystemTrayIcon.isSystemTrayAvailable():
        lacks.add(Lack.NO_TRAY)
    if QGuiApplication.platformName().startswith("wayland"):
        lacks.add(Lack.NO_SELF_RAISE)
        if not _portal_has_shortcuts():
            lacks.add(Lack.NO_GLOBAL_SHORTCUTS)
    return frozenset(lacks)


def _portal_has_shortcuts() -> bool:
    """Wayland has D-Bus too; nobody else is asked."""
    from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    ask = QDBusMessage.createMethodCall(
        "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.DBus.Properties", "Get"
    )
    ask.setArguments([_SHORTCUTS, "version"])
    answer = bus.call(ask, QDBus.CallMode.Block, _PATIENCE_MS)
    return answer.type() == QDBusMessage.MessageType.ReplyMessage
