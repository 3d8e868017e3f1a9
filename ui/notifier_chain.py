"""Puts the ways to tell together, in their order, for this desktop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from ui.notifier import Acted, FirstThatWorks, Notice, Notifier, TrayNotifier, WindowNotifier
from ui.tray import Tray

Tell = Callable[[str, str, Callable[[], None]], None]


def notifier_of(desktop: str, tray: Tray | None, tell: Tell, acted: Acted, parent: QObject) -> FirstThatWorks:
    """``desktop`` is Python's name of the system. ``tell`` shows a bar in the window."""
    ways: list[Notifier] = []
    chain: list[FirstThatWorks] = []
    if desktop not in {"win32", "darwin"}:
        from ui.notify_freedesktop import FreedesktopNotifier

        def failed(notice: Notice) -> None:
            chain[0].show_after(bus, notice)

        bus = FreedesktopNotifier(acted, failed, parent)
        bus.start()
        ways.append(bus)
    if tray is not None:
        ways.append(TrayNotifier(tray.icon, acted))
    ways.append(WindowNotifier(tell, acted))
    chain.append(FirstThatWorks(ways))
    return chain[0]
