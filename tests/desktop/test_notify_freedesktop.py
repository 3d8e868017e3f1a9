"""How the desktop's notifications end, on a real bus: nothing stays on the screen, and the window waits for nobody."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.session_bus import Answer, BusService
from ui import notify_freedesktop
from ui.notifier import Notice
from ui.notify_freedesktop import FreedesktopNotifier

pytestmark = pytest.mark.peers


class Notifications:
    """The desktop's, which count from one."""

    def __init__(self, address: str) -> None:
        self.told: queue.Queue[str] = queue.Queue()  # "shown" and "closed", with the number
        self._numbers = itertools.count(1)
        self.bus = BusService(address, "org.freedesktop.Notifications", self._answer)

    def _answer(self, method: str, values: tuple[Any, ...]) -> Answer:
        match method:
            case "GetCapabilities":
                return "as", ([],)
            case "Notify":
                self.told.put(f"shown {(number := next(self._numbers))}")
                return "u", (number,)
            case _:
                self.told.put(f"closed {values[0]}")
                return None, ()


@pytest.fixture
def service(session_bus: str) -> Iterator[Notifications]:
    made = Notifications(session_bus)
    yield made
    made.bus.end()


@pytest.fixture
def notifier(service: Notifications, qapp: QApplication, qtbot: QtBot) -> FreedesktopNotifier:
    """Found the service."""
    made = FreedesktopNotifier(lambda key, action: None, lambda notice: None, qapp)
    made.start()
    qtbot.waitUntil(lambda: made.works, timeout=5000)
    return made


def notice(key: str) -> Notice:
    """Something told."""
    return Notice(key, "Ana Flores", "Hi", (("reply", "Reply"),))


def test_closing_takes_away_what_is_shown(service: Notifications, notifier: FreedesktopNotifier) -> None:
    for key in ("a", "b"):
        notifier.show(notice(key))
    notifier.withdraw("a")
    notifier.close()
    notifier.close()  # as the window does when the app ends while another one takes its place
    assert [service.told.get(timeout=5) for _ in range(4)] == ["shown 1", "shown 2", "closed 1", "closed 2"]
    assert not notifier.works
    assert not notifier.show(notice("c"))


def test_closing_waits_for_nobody_and_the_process_stays(
    service: Notifications, notifier: FreedesktopNotifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_freedesktop, "_END", 30.0)
    assert service.bus.asked.get(timeout=5) == "GetCapabilities"
    service.bus.may_answer.clear()
    notifier.show(notice("a"))
    assert service.bus.asked.get(timeout=5) == "Notify"
    notifier.close()
    staying = [thread for thread in threading.enumerate() if thread.name == "notify-end" and not thread.daemon]
    service.bus.may_answer.set()
    assert [service.told.get(timeout=5) for _ in range(2)] == ["shown 1", "closed 1"]
    assert not service.bus.has_waited_in_vain
    assert staying
    for thread in staying:
        thread.join()


def test_closing_what_never_found_a_service_is_fine(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    made = FreedesktopNotifier(lambda key, action: None, lambda notice: None, qapp)
    made.start()
    made.close()
    assert not made.works
