"""A hidden window is found again."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.hideaway import Hideaway


def test_without_a_tray_it_comes_to_the_task_bar(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    Hideaway(window, lambda: False, every=1).start()
    assert not window.isVisible()
    qtbot.waitUntil(window.isMinimized)


def test_a_tray_that_is_back_soon_keeps_it_hidden(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    looks: list[bool | None] = []

    def is_found() -> bool | None:
        looks.append([None, False, True][len(looks) % 3])  # never ten times in vain in a row
        return looks[-1]

    away = Hideaway(window, is_found, every=1)
    away.start()
    qtbot.waitUntil(lambda: len(looks) > 60)
    assert not window.isVisible()
    away.stop()


def test_it_stops_looking_when_the_window_shows(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    looks: list[None] = []
    Hideaway(window, lambda: looks.append(None), every=1).start()
    window.show()
    qtbot.waitExposed(window)
    seen = len(looks)
    qtbot.wait(30)
    assert len(looks) <= seen + 1
