"""What Qt and the session's D-Bus tell of the desktop.

QtDBus cannot be used from Python for a question: it keeps the interpreter until the answer comes, and the window with
it, on whatever thread it is asked. jeepney lets go of it.
"""

from __future__ import annotations

import contextlib

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from ui.desktop.port import Lack

_PATIENCE = 2.0
_PORTAL, _AT = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"


def missing() -> frozenset[Lack]:
    """What Qt knows cannot be had here. Main thread, with a QApplication; waits for nothing."""
    lacks = set()
    if not QSystemTrayIcon.isSystemTrayAvailable():
        lacks.add(Lack.NO_TRAY)
    if QGuiApplication.platformName().startswith("wayland"):
        lacks.add(Lack.NO_SELF_RAISE)
    return frozenset(lacks)


def missing_in_session() -> frozenset[Lack]:
    """What the session's other programs do not offer. Blocks: on a worker."""
    # Only Wayland keeps the keyboard from programs that are not in front; nobody else is asked.
    is_asked = QGuiApplication.platformName().startswith("wayland")
    return frozenset({Lack.NO_GLOBAL_SHORTCUTS}) if is_asked and not _portal_has_shortcuts() else frozenset()


def _portal_has_shortcuts() -> bool:
    try:
        from jeepney import DBusAddress, DBusErrorResponse, MessageType, Properties  # type: ignore[import-untyped]
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]
    except ImportError:
        return False
    ask = Properties(DBusAddress(_AT, bus_name=_PORTAL, interface=_SHORTCUTS)).get("version")
    try:
        with contextlib.closing(open_dbus_connection("SESSION", auth_timeout=_PATIENCE)) as bus:
            answer = bus.send_and_get_reply(ask, timeout=_PATIENCE)
    except (OSError, KeyError, ValueError, RuntimeError, DBusErrorResponse):  # no bus that can be used, no answer
        return False
    return bool(answer.header.message_type is MessageType.method_return)
