"""What shows when a call has ended, and when it has been logged."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.settings import AfterCall
from tests.ui_shell.calling import ended, press_log, talk
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import BO
from ui.call_panel import CallPanel
from ui.main_window import MainWindow
from ui.rail import Page
from ui.shell import Shell
from ui.status_bar import Matter


def test_the_field_after_the_last(
    shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow, qtbot: QtBot
) -> None:
    ended(shell, fake)
    press_log(panel)
    qtbot.waitUntil(window.top_bar.field.hasFocus)


def test_the_wrap_up_of_a_call_that_was_not_open_comes_into_sight(
    shell: Shell, fake: FakeDesk, panel: CallPanel
) -> None:
    call = talk(shell, fake)
    shell.nav.thread_opened.emit("main", BO)
    fake.calls.end(call)
    assert panel.call_id == call
    assert panel.wrapup.wraps_up


def test_nothing_is_taken_from_under_a_rep_who_types(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    call = talk(shell, fake)
    shell.nav.thread_opened.emit("main", BO)
    shell.workspace.page.thread_view.focus_composer()
    composer: QWidget | None = QApplication.focusWidget()
    assert composer is not None
    QTest.keyClicks(composer, "I will send")
    fake.calls.end(call)
    assert panel.call_id != call
    bar = shell.status.bar(Matter.WRAP_UP)
    assert bar is not None
    assert "Ana Flores" in shell.status.text(Matter.WRAP_UP)
    bar.acted.emit()
    assert panel.call_id == call
    assert shell.status.bar(Matter.WRAP_UP) is None


def test_nobody_is_taken_out_of_the_settings(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    call = talk(shell, fake)
    shell.nav.thread_opened.emit("main", BO)
    shell.show_page(Page.SETTINGS)
    fake.calls.end(call)
    assert shell.workspace.currentWidget() is shell.workspace.settings
    assert shell.status.bar(Matter.WRAP_UP) is not None


def test_a_new_call_goes_first_and_the_older_wrap_up_follows(
    shell: Shell, fake: FakeDesk, panel: CallPanel, qtbot: QtBot
) -> None:
    first = ended(shell, fake)
    QTest.keyClicks(panel.notes.edit, "half")
    second = fake.calls.ring(BO)
    shell.incoming.answer(second)
    assert panel.call_id == second
    assert fake.reads.logs[first].notes == "half"
    fake.calls.end(second)
    assert panel.call_id == second
    press_log(panel)
    qtbot.waitUntil(lambda: panel.call_id == first)
    assert panel.wrapup.wraps_up


def test_straight_back(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    fake.lines.set_after_call(AfterCall.BACK)
    shell.nav.thread_opened.emit("main", BO)
    call = talk(shell, fake)
    fake.calls.end(call)
    assert shell.workspace.page.thread_of == ("main", BO)
    assert panel.call_id == ""
    assert fake.wrapup.left == [call]


def test_straight_back_waits_for_who_is_writing(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    fake.lines.set_after_call(AfterCall.BACK)
    call = talk(shell, fake)
    panel.notes.edit.setFocus()
    QTest.keyClicks(panel.notes.edit, "half a thou")
    fake.calls.end(call)
    assert panel.call_id == call
    assert not panel.wrapup.wraps_up


def test_in_a_low_window_the_texts_make_room(
    shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(800, 600)
    ended(shell, fake)
    page = shell.workspace.page
    qtbot.waitUntil(lambda: not page.thread_view.isVisible())
    bottom = panel.wrapup.foot.mapTo(page, panel.wrapup.foot.rect().bottomLeft()).y()
    assert bottom <= page.height()
    press_log(panel)
    qtbot.waitUntil(page.thread_view.isVisible)
