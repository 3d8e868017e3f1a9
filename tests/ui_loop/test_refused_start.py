"""What keeps the window away is said in a window of its own, which the rep closes; or nobody, after a while."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.errors import AppError, ErrorCode
from ui.main_window import MainWindow
from ui.qt_app import refuse
from ui.refusal_page import RefusalPage

ERROR = AppError(ErrorCode.PROFILE_UNUSABLE, path="/srv/profile", detail="Read-only file system")


def _when_shown(act: Callable[[MainWindow, RefusalPage], None]) -> None:
    """Once the window is there; until then it is looked for."""
    windows = [window for window in QApplication.topLevelWidgets() if isinstance(window, MainWindow)]
    pages = [(window, page) for window in windows if window.isVisible() for page in window.findChildren(RefusalPage)]
    if pages:
        act(*pages[0])
    else:
        QTimer.singleShot(10, lambda: _when_shown(act))


def test_it_says_what_happened_and_what_to_do(qtbot: QtBot) -> None:
    said: list[str] = []

    def read_and_quit(window: MainWindow, page: RefusalPage) -> None:
        said.append(page.sentence)
        assert not page.again.isVisible()
        page.button.click()

    _when_shown(read_and_quit)
    refuse(ERROR)
    assert len(said) == 1
    assert said[0].startswith("The folder /srv/profile cannot be used: Read-only file system. ")
    assert said[0].endswith("then start Ringdown again.")


def test_closing_the_window_ends_it_too(qtbot: QtBot) -> None:
    _when_shown(lambda window, page: QTimer.singleShot(0, window.close))
    refuse(ERROR)


def test_where_nobody_sits_it_closes_by_itself(qtbot: QtBot) -> None:
    refuse(ERROR, close_after=0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_signal_ends_it(qtbot: QtBot) -> None:
    _when_shown(lambda window, page: signal.raise_signal(signal.SIGTERM))
    refuse(ERROR)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_without_a_screen_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    refuse(ERROR)
