"""While the password store is locked the window says so, can be left, and goes on by itself."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from app.errors import AppError, ErrorCode
from tests.ui_shell.fake_desk import FakeDesk
from ui.main_window import MainWindow

Make = Callable[[FakeDesk | None], MainWindow]


def test_it_says_that_it_waits_and_goes_on(make_window: Make, fake: FakeDesk) -> None:
    window = make_window(None)
    window.wait_for_store(True)
    page = window._refusal
    assert page is not None
    assert page.accessibleName() == "Waiting for your password store"
    assert page.sentence.startswith("Unlock it to go on.")
    assert not page.again.isVisible()
    assert not window.top_bar.isVisible()
    window.wait_for_store(False)
    assert window.top_bar.isVisible()
    window.attach(fake.desk, None)
    assert window.shell is not None
    assert window.rail.isVisible()


def test_it_can_be_left(make_window: Make, qtbot: QtBot) -> None:
    window = make_window(None)
    window.wait_for_store(True)
    assert window._refusal is not None
    with qtbot.waitSignal(window.closed):
        window._refusal.button.click()


def test_a_prompt_put_away_can_be_asked_for_again(make_window: Make, fake: FakeDesk, qtbot: QtBot) -> None:
    window = make_window(None)
    window.wait_for_store(True)
    window.wait_for_store(False)
    window.refuse(AppError(ErrorCode.KEYRING_LOCKED))
    assert window._refusal is not None
    with qtbot.waitSignal(window.start_wanted):
        window._refusal.again.click()
    assert window.top_bar.isVisible()
    window.wait_for_store(True)
    assert not window.top_bar.isVisible()
    window.attach(fake.desk, None)
    assert window.top_bar.isVisible()
