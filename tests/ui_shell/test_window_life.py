"""The window comes up where it was, goes with the app, and comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.domain.events import RaiseAsked
from app.errors import AppError, ErrorCode
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA
from ui.design.theme import Theme
from ui.main_window import MainWindow
from ui.shell import Shell
from ui.status_bar import Matter
from ui.tray import Tray

Make = Callable[[FakeDesk | None], MainWindow]


def test_closing_ends_the_app_once(window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    ends: list[int] = []
    window.closed.connect(lambda: ends.append(1))
    window.close()
    window.quit()
    assert ends == [1]


def test_what_cannot_be_stored_keeps_no_window_open(window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    def fail() -> None:
        raise AppError(ErrorCode.STORE_UNREADABLE)

    shell.flush = fail  # type: ignore[method-assign]
    with qtbot.waitSignal(window.closed), pytest.raises(AppError):
        window.close()
    assert not window.isVisible()
    del shell.flush


def test_a_live_call_is_not_closed_by_a_slip(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    ends: list[int] = []
    window.closed.connect(lambda: ends.append(1))
    call = fake.calls.dial(ANA)
    fake.calls.connect(call)
    window.close()
    assert ends == []
    assert "Close again" in shell.status.text(Matter.NOTICE)
    window.close()
    assert ends == [1]


def test_the_place_is_remembered(make_window: Make, fake: FakeDesk) -> None:
    window = make_window(fake)
    window.resize(780, 590)
    window.quit()
    assert (fake.profile.folder / "window.ini").exists()
    again = make_window(None)
    again.attach(fake.desk, None)
    assert again.size() == QSize(780, 590)


def test_a_second_start_brings_the_window_back(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    window.hide()
    fake.hub.publish(RaiseAsked())
    assert window.isVisible()


def test_a_new_window_fits_the_screen(look: Theme, qtbot: QtBot) -> None:
    window = MainWindow(look, None)
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()
    assert window.width() < room.width()
    assert window.height() < room.height()
    window.quit()


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", "support raise", extend=True)  # there is no screen
def test_tray_tells_the_state_and_keeps_the_window(
    window: MainWindow, shell: Shell, fake: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tray, "is_available", staticmethod(lambda: True))
    tray = Tray(fake.desk, shell.nav, window)
    shell.tray = tray
    ends: list[int] = []
    window.closed.connect(lambda: ends.append(1))
    words = [action.text() for action in tray.menu.actions() if action.isVisible() and not action.isSeparator()]
    assert words == ["Ready", "Open Ringdown", "Do not disturb", "Quit"]
    call = fake.calls.dial(ANA)
    fake.calls.connect(call)
    assert tray.tooltip == "Ringdown · In a call"
    shell.count()
    end = next(action for action in tray.menu.actions() if action.text() == "Hang up")
    assert end.isVisible()
    end.trigger()
    assert fake.calls.live() == ()
    ringing = fake.calls.ring(ANA)
    assert tray.tooltip == "Ringdown · Incoming call"
    fake.calls.end(ringing, 487)
    fake.reads.unread = 2
    shell.count()
    assert tray.tooltip == "Ringdown · Ready · 2 new"
    window.close()
    assert window.isHidden()
    assert ends == []
    window.quit()
    assert ends == [1]
