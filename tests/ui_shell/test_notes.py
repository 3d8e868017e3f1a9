"""Notes while somebody talks: kept as typed, and whole, whoever else writes them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.events import CallLogChanged
from app.errors import AppError, ErrorCode
from tests.ui_shell.calling import talk
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import BO
from ui.call_panel import CallPanel
from ui.main_window import MainWindow
from ui.shell import Shell


def test_notes_are_stored_after_a_moment_and_say_so(
    shell: Shell, fake: FakeDesk, panel: CallPanel, qtbot: QtBot
) -> None:
    call = talk(shell, fake)
    QTest.keyClicks(panel.notes.edit, "Wants a quote")
    assert fake.wrapup.asked == []
    qtbot.waitUntil(lambda: panel.notes.state_text == "Saved", timeout=2000)
    assert fake.wrapup.asked == [(call, "Wants a quote")]


def test_enter_is_a_new_line_in_notes(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    talk(shell, fake)
    QTest.keyClicks(panel.notes.edit, "one")
    QTest.keyClick(panel.notes.edit, Qt.Key.Key_Return)
    QTest.keyClicks(panel.notes.edit, "two")
    assert panel.notes.edit.toPlainText() == "one\ntwo"


def test_notes_survive_a_switch_before_the_store_has_them(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    fake.wrapup.at_once = False
    first = talk(shell, fake)
    QTest.keyClicks(panel.notes.edit, "half a thou")
    second = talk(shell, fake, BO)
    assert fake.wrapup.asked == [(first, "half a thou")]
    assert panel.notes.edit.toPlainText() == ""
    shell.nav.call_opened.emit(first)
    assert panel.notes.edit.toPlainText() == "half a thou"
    fake.wrapup.store()
    assert fake.reads.logs[first].notes == "half a thou"
    assert fake.reads.logs[second].notes == ""


def test_notes_that_cannot_be_stored_stay_and_can_be_tried_again(
    shell: Shell, fake: FakeDesk, panel: CallPanel
) -> None:
    fake.wrapup.at_once = False
    call = talk(shell, fake)
    QTest.keyClicks(panel.notes.edit, "kept")
    panel.flush()
    fake.wrapup.fail(AppError(ErrorCode.STORE_FULL))
    assert panel.notes.state_text.startswith("Not saved. The disk is full")
    shell.nav.thread_opened.emit("main", BO)
    shell.nav.call_opened.emit(call)
    assert panel.notes.edit.toPlainText() == "kept"
    fake.wrapup.at_once = True
    panel.flush()
    fake.wrapup.store()
    assert fake.reads.logs[call].notes == "kept"


def test_a_late_answer_of_the_store_does_not_undo_what_is_typed(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    fake.wrapup.at_once = False
    talk(shell, fake)
    QTest.keyClicks(panel.notes.edit, "one")
    panel.flush()
    QTest.keyClicks(panel.notes.edit, " two")
    fake.wrapup.store()
    assert panel.notes.edit.toPlainText() == "one two"
    assert panel.notes.state_text == ""


def test_notes_from_elsewhere_show(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    call = talk(shell, fake)
    fake.reads.logs[call] = replace(fake.reads.logs[call], notes="by command line")
    fake.hub.publish(CallLogChanged(call))
    assert panel.notes.edit.toPlainText() == "by command line"


def _comes_from_salesforce(fake: FakeDesk, call: str, notes: str) -> None:
    fake.reads.logs[call] = replace(fake.reads.logs[call], notes=notes)
    fake.hub.publish(CallLogChanged(call))


def test_what_is_being_typed_and_what_comes_from_salesforce_are_both_kept(
    shell: Shell, fake: FakeDesk, panel: CallPanel
) -> None:
    call, edit = talk(shell, fake), panel.notes.edit
    QTest.keyClicks(edit, "mine")  # not a moment has passed: nothing of it is stored
    _comes_from_salesforce(fake, call, "theirs")
    both = "mine\n\n--- Salesforce, 2026-11-20 ---\ntheirs"
    assert fake.reads.logs[call].notes == both
    assert edit.toPlainText() == both
    QTest.keyClicks(edit, " too")  # the keyboard goes on where it was
    panel.notes.flush()
    assert fake.reads.logs[call].notes == both.replace("mine", "mine too")


def test_what_is_typed_while_both_are_put_together_is_kept_too(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    call, edit = talk(shell, fake), panel.notes.edit
    fake.wrapup.at_once = False
    QTest.keyClicks(edit, "mine")
    _comes_from_salesforce(fake, call, "theirs")
    QTest.keyClicks(edit, " too")
    fake.wrapup.store()
    fake.wrapup.store()
    panel.notes.flush()
    fake.wrapup.store()
    both = "mine too\n\n--- Salesforce, 2026-11-20 ---\ntheirs"
    assert (fake.reads.logs[call].notes, edit.toPlainText()) == (both, both)
    assert panel.notes.state_text == "Saved"


def test_notes_are_stored_when_the_call_ends_and_when_the_window_closes(
    shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow
) -> None:
    call = talk(shell, fake)
    QTest.keyClicks(panel.notes.edit, "a")
    fake.calls.end(call)
    assert fake.reads.logs[call].notes == "a"
    QTest.keyClicks(panel.notes.edit, "b")
    window.close()
    assert fake.reads.logs[call].notes == "ab"
