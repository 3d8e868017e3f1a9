"""Where the keyboard is: in the field at first, and never on something that is out of sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui_shell.calling import talk
from tests.ui_shell.fake_desk import FakeDesk
from ui.call_panel import CallPanel
from ui.components import IconButton
from ui.design.theme import Theme
from ui.main_window import MainWindow
from ui.rail import Page
from ui.shell import Shell


def test_who_types_at_once_means_the_field(look: Theme, fake: FakeDesk, qtbot: QtBot) -> None:
    window = MainWindow(look)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.rail.button(Page.CALLS).setFocus(Qt.FocusReason.TabFocusReason)  # as Qt does with a window's first button
    window.attach(fake.desk, None)
    assert window.focusWidget() is window.top_bar.field


def test_the_ring_goes_with_the_page(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    rail = window.rail
    rail.button(Page.CALLS).setFocus(Qt.FocusReason.TabFocusReason)
    QTest.mouseClick(rail.button(Page.MESSAGES), Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is rail.button(Page.MESSAGES)
    assert not rail.button(Page.CALLS).ring_visible
    assert rail.button(Page.MESSAGES).ring_visible


def test_an_overlay_goes_with_what_it_hangs_on(
    window: MainWindow, shell: Shell, fake: FakeDesk, panel: CallPanel, qtbot: QtBot
) -> None:
    call = talk(shell, fake)
    shell.nav.call_opened.emit(call)
    panel.keys.click()
    with qtbot.waitSignal(panel.tones.closed):
        QTest.mouseClick(window.rail.button(Page.SETTINGS), Qt.MouseButton.LeftButton)
    assert not panel.tones.is_open
    assert not panel.keys.isChecked()
    assert not any(window.rail.button(page).ring_visible for page in Page)


def test_the_keyboard_comes_back_as_it_left(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    shell.nav.call_opened.emit(talk(shell, fake))
    for reason, ring in ((Qt.FocusReason.TabFocusReason, True), (Qt.FocusReason.OtherFocusReason, False)):
        panel.notes.edit.setFocus()
        panel.keys.setFocus(reason)
        panel.keys.click()
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Escape)
        assert QApplication.focusWidget() is panel.keys
        assert panel.keys.ring_visible is ring


@pytest.mark.parametrize("words", [("Mute", "Muted"), ("ミュート", "ミュート中")])
def test_a_button_keeps_room_for_all_its_words(look: Theme, qtbot: QtBot, words: tuple[str, str]) -> None:
    button = IconButton("mic", words[0], show_word=True, checkable=True)
    qtbot.addWidget(button)
    button.keep_room(*words)
    widths: set[int] = set()
    for word in words:
        button.set_word(word)
        widths.add(button.sizeHint().width())
    assert len(widths) == 1


def test_two_talking_times_never_differ(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    shell.nav.call_opened.emit(talk(shell, fake))
    rows = shell.workspace.calls
    assert shell._clock.interval() == rows._clock.interval() < 1000
