"""A deal or case of the card: calling its person about it, and linking the call that is on."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.events import CardChanged
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, ANA_CARD, ANA_RECORD, BO
from ui.components.buttons import Pressable
from ui.main_window import MainWindow
from ui.rail import Page
from ui.shell import Shell
from ui.sidebar_parts import Group

DEAL, CASE = ANA_CARD.deals[0], ANA_CARD.cases[0]


def deals(shell: Shell) -> Group:
    QApplication.processEvents()
    return shell.workspace.sidebar.card.deals


def test_a_deal_calls_its_person_and_the_call_is_linked(shell: Shell, fake: FakeDesk) -> None:
    shell.nav.thread_opened.emit("main", ANA)
    (button,) = deals(shell).buttons
    assert button.word == f"Call (415) 555-0142 about {DEAL.name}"
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert fake.calls.dialled == [(ANA, "main", DEAL.id)]


def test_a_case_does_too_with_the_number_the_rep_is_on(shell: Shell, fake: FakeDesk) -> None:
    mobile = "+16285550143"
    fake.know(ANA_RECORD, number=mobile)
    shell.nav.thread_opened.emit("main", mobile)
    QApplication.processEvents()
    (button,) = shell.workspace.sidebar.card.cases.buttons
    assert "(628) 555-0143" in button.word
    button.click()
    assert [(number, about) for number, _, about in fake.calls.dialled] == [(mobile, CASE.id)]


def test_during_a_call_the_button_links_it_and_unlinks_it(shell: Shell, fake: FakeDesk) -> None:
    call = fake.calls.ring(ANA)
    fake.calls.answer(call)
    shell.nav.call_opened.emit(call)
    (button,) = deals(shell).buttons
    assert (button.word, button.isChecked()) == (f"Link the call to {DEAL.name}", False)
    button.click()
    what = fake.reads.logs[call].what
    assert what is not None
    assert what.id == DEAL.id
    assert deals(shell).buttons == (button,)  # still the one below the pointer
    assert (button.word, button.isChecked()) == (f"The call is linked to {DEAL.name}", True)
    button.click()
    assert fake.reads.logs[call].what is None
    assert not deals(shell).buttons[0].isChecked()
    fake.calls.end(call)
    assert deals(shell).buttons[0].word.startswith("Call (415)")
    assert len(fake.calls.dialled) == 0


def test_a_call_with_somebody_else_is_not_linked(shell: Shell, fake: FakeDesk) -> None:
    fake.calls.answer(fake.calls.ring(BO))
    shell.nav.thread_opened.emit("main", ANA)
    assert deals(shell).buttons[0].word.startswith("Call (415)")


def test_without_a_number_nobody_is_called(shell: Shell, fake: FakeDesk) -> None:
    silent = replace(ANA_CARD, record=replace(ANA_RECORD, phones=()))
    fake.cards.cards[ANA_RECORD.ref] = silent
    shell.workspace.sidebar.show_record(ANA_RECORD.ref)
    fake.hub.publish(CardChanged(ANA_RECORD.ref))
    assert deals(shell).buttons == ()
    assert len(deals(shell).rows) == 1


def test_a_press_with_the_mouse_leaves_the_keyboard_in_the_notes(
    window: MainWindow, shell: Shell, fake: FakeDesk
) -> None:
    call = fake.calls.ring(ANA)
    fake.calls.answer(call)
    shell.nav.call_opened.emit(call)
    notes = shell.workspace.page.panel.notes.edit
    window.activateWindow()
    notes.setFocus()
    (button,) = deals(shell).buttons
    panel, rail = shell.workspace.page.panel, window.rail
    texts = shell.workspace.page.thread_view.list
    pressed = (button, panel.mute, panel.hold, panel.name, panel.wrapup.toggle, *panel.wrapup.results.values())
    pages = (rail.button(Page.MESSAGES), rail.button(Page.CALLS))
    lists = (texts.viewport(), texts.verticalScrollBar(), shell.workspace.calls.list.verticalScrollBar())
    for at, target in enumerate((*pressed, *pages, *lists)):
        QTest.mouseClick(target, Qt.MouseButton.LeftButton)
        assert window.focusWidget() is notes, f"{type(target).__name__} has taken the keyboard"
        QTest.keyClicks(window.focusWidget(), "abcdefghijklmnop"[at])
    assert notes.toPlainText() == "abcdefghijklmnop"[: len((*pressed, *pages, *lists))]
    fake.calls.end(call)
    QApplication.processEvents()
    assert window.focusWidget() is notes
    QTest.keyClick(notes, Qt.Key.Key_Space)
    assert fake.calls.dialled == []


def test_a_press_on_a_row_of_a_list_is_for_going_on_there(
    window: MainWindow, shell: Shell, fake: FakeDesk, qtbot: QtBot
) -> None:
    calls = shell.workspace.calls.list
    window.activateWindow()
    fake.calls.ring(ANA)
    qtbot.waitUntil(lambda: calls.model().rowCount() > 0)
    row = calls.visualRect(calls.model().index(0, 0)).center()
    QTest.mouseClick(calls.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert window.focusWidget() is calls


def test_what_vanishes_under_the_keyboard_gives_it_to_no_button(window: MainWindow, shell: Shell) -> None:
    """Its neighbour may be "Call": the next space would dial."""
    shell.nav.thread_opened.emit("main", ANA)
    QApplication.processEvents()
    window.activateWindow()
    first, *_ = [each for each in shell.workspace.sidebar.findChildren(Pressable) if each.isVisible()]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.focusWidget() is first
    first.hide()
    assert not isinstance(window.focusWidget(), Pressable)
