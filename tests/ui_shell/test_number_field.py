"""The one field: what it offers, what Enter does, when it complains."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.counterpart import LineState
from app.reads.rows import OutboxRow
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, ANA_RECORD, BO_RECORD, HOSTILE, NOON, SECOND
from ui.keypad import Keypad
from ui.main_window import MainWindow
from ui.rail import Page
from ui.shell import Shell


def _type(window: MainWindow, text: str) -> None:
    field = window.top_bar.field
    field.setFocus()
    field.clear()
    QTest.keyClicks(field, text)
    field.refresh()


def _titles(window: MainWindow) -> list[str]:
    return [offer.row.title for offer in window.top_bar.field.offers]


def test_digits_offer_call_and_text_with_the_number_and_who_it_is(window: MainWindow, shell: Shell) -> None:
    _type(window, "4155550142")
    offers = window.top_bar.field.offers
    assert _titles(window)[:2] == ["Call (415) 555-0142", "Text (415) 555-0142"]
    assert offers[0].row.subtitle == "Ana Flores · Acme · United States"
    assert window.top_bar.field.is_offering


def test_enter_calls(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    _type(window, "415 555 0142")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert fake.calls.dialled == [(ANA, "main", "")]
    assert window.top_bar.field.text() == ""
    assert shell.workspace.page.call_id == fake.calls.live()[0].id


def test_enter_right_after_the_last_key_does_not_use_an_old_offer(
    window: MainWindow, shell: Shell, fake: FakeDesk
) -> None:
    _type(window, "4155550142")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Backspace)
    QTest.keyClicks(window.top_bar.field, "3")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert [number for number, _, _ in fake.calls.dialled] == ["+14155550143"]


def test_down_and_enter_text(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    _type(window, "4155550142")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Down)
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert fake.calls.dialled == []
    assert shell.workspace.page.thread_of == ("main", ANA)


def test_what_a_screen_reader_hears_of_the_field(window: MainWindow, shell: Shell) -> None:
    field = window.top_bar.field
    before = field.accessibleDescription()
    _type(window, "4155550142")
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert "Text" in field.accessibleDescription()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.accessibleDescription() == before  # no longer the offer it was on


@pytest.mark.parametrize("typed", ["+", "4", "41", "+1415", "415555014"])
def test_no_error_while_a_number_is_still_typed(window: MainWindow, shell: Shell, typed: str) -> None:
    _type(window, typed)
    assert window.top_bar.field.sentence == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [("+1 415 555 0142 99999", "too long"), ("+999 123456789", "no country")],
)
def test_an_impossible_number_says_why_and_enter_dials_nothing(
    window: MainWindow, shell: Shell, fake: FakeDesk, typed: str, said: str
) -> None:
    _type(window, typed)
    assert said in window.top_bar.field.sentence
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert fake.calls.dialled == []
    assert window.top_bar.field.text() == typed


def test_enter_on_a_number_too_short_says_so(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    _type(window, "+1999888")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert "too short" in window.top_bar.field.sentence
    assert fake.calls.dialled == []


def test_letters_find_people_and_enter_opens_one(window: MainWindow, shell: Shell) -> None:
    _type(window, "ana")
    assert _titles(window)[0] == "Ana Flores"
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert shell.workspace.page.thread_of == ("main", ANA)


def test_control_enter_calls_a_person(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    _type(window, "ana")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert fake.calls.dialled == [(ANA, "main", "")]


def test_salesforce_adds_people_not_in_the_cache(
    window: MainWindow, shell: Shell, fake: FakeDesk, qtbot: QtBot
) -> None:
    fake.reads.persons = [ANA_RECORD]
    fake.cards.found = [ANA_RECORD, BO_RECORD]
    _type(window, "li")
    assert "Bo Lindqvist" not in _titles(window)
    qtbot.waitUntil(lambda: "Bo Lindqvist" in _titles(window), timeout=2000)
    assert _titles(window).count("Ana Flores") <= 1


def test_commands_only_when_they_can_be_done(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    _type(window, "mute")
    assert "Mute" not in _titles(window)
    call = fake.calls.dial(ANA)
    fake.calls.connect(call)
    _type(window, "mute")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert fake.calls.get(call).muted  # type: ignore[union-attr]
    _type(window, "unm")
    assert _titles(window) == ["Unmute"]


def test_settings_by_command(window: MainWindow, shell: Shell) -> None:
    _type(window, "sett")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert shell.workspace.currentWidget() is shell.workspace.settings
    assert window.rail.button(Page.SETTINGS).isChecked()


def test_escape_closes_the_offers_then_clears(window: MainWindow, shell: Shell) -> None:
    _type(window, "ana")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Escape)
    assert not window.top_bar.field.is_offering
    assert window.top_bar.field.text() == "ana"
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Escape)
    assert window.top_bar.field.text() == ""


def test_slash_and_control_k_reach_the_field_but_not_out_of_a_text(window: MainWindow, shell: Shell) -> None:
    window.rail.button(Page.CALLS).setFocus()
    QTest.keyClick(window, Qt.Key.Key_Slash)
    assert window.top_bar.field.hasFocus()
    shell.nav.call_wanted.emit(ANA, "", "")
    edit = shell.workspace.page.panel.notes.edit
    edit.setEnabled(True)
    edit.setFocus()
    QTest.keyClicks(edit, "a/b")
    assert edit.toPlainText() == "a/b"
    QTest.keyClick(edit, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.top_bar.field.hasFocus()


def test_drawn_keypad_types_and_calls(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    window.top_bar.keypad_button.click()
    keypad = window.focusWidget()
    assert keypad is not None
    QTest.keyClicks(keypad, "4155550142")
    assert window.top_bar.field.text() == "4155550142"
    QTest.keyClick(keypad, Qt.Key.Key_Backspace)
    QTest.keyClicks(keypad, "2")
    QTest.keyClick(keypad, Qt.Key.Key_Return)
    assert fake.calls.dialled == [(ANA, "main", "")]


def test_a_zero_held_down_is_a_plus(window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    window.top_bar.keypad_button.click()
    keypad = window.focusWidget()
    assert isinstance(keypad, Keypad)
    zero = keypad.key("0")
    with qtbot.waitSignal(keypad.pressed):
        QTest.mousePress(zero, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(zero, Qt.MouseButton.LeftButton)
    assert window.top_bar.field.text() == "+"
    QTest.mouseClick(zero, Qt.MouseButton.LeftButton)
    assert window.top_bar.field.text() == "+0"


def test_drawn_keypad_sends_tones_in_a_call(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    call = fake.calls.dial(ANA)
    fake.calls.connect(call)
    window.top_bar.keypad_button.click()
    keypad = window.focusWidget()
    assert keypad is not None
    QTest.keyClicks(keypad, "4#")
    assert fake.calls.digits_sent == [(call, "4"), (call, "#")]
    assert window.top_bar.field.text() == ""


def test_a_link_fills_the_field_and_dials_nothing(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    from app.domain.events import FieldFilled

    fake.hub.publish(FieldFilled("+14155550142", about="006000000000001AAA"))
    assert window.top_bar.field.text() == "+14155550142"
    assert fake.calls.dialled == []
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert fake.calls.dialled == [(ANA, "main", "006000000000001AAA")]


def test_what_a_link_said_does_not_stick_to_another_number(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    from app.domain.events import FieldFilled

    fake.hub.publish(FieldFilled("+14155550142", about="006000000000001AAA"))
    _type(window, "4155550143")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert fake.calls.dialled == [("+14155550143", "main", "")]


def test_hostile_names_are_only_text(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    from dataclasses import replace

    fake.know(replace(ANA_RECORD, name=HOSTILE, company=HOSTILE), number="+14155550177")
    _type(window, "<b>")
    assert window.top_bar.field.is_offering
    window.grab()


def test_the_chosen_line_is_used_for_the_next_call(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    fake.lines.add(SECOND)
    menu = window.top_bar.menu()
    wanted = next(action for action in menu.actions() if "555-0177" in action.text())
    wanted.trigger()
    assert window.top_bar.line.word == "(628) 555-0177"
    _type(window, "4155550142")
    QTest.keyClick(window.top_bar.field, Qt.Key.Key_Return)
    assert fake.calls.dialled == [(ANA, "support", "")]
    menu.deleteLater()


def test_the_menu_leads_to_what_waits_for_salesforce(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    menu = window.top_bar.menu()
    assert not [action for action in menu.actions() if "waiting" in action.text()]
    fake.reads.outbox.append(OutboxRow(1, "call", "c", False, "", "", 1, NOON))
    menu = window.top_bar.menu()
    next(action for action in menu.actions() if action.text() == "1 waiting to be sent…").trigger()
    assert shell.workspace.currentWidget() is shell.workspace.outbox


def test_the_line_tells_its_state_and_reason(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    from app.domain.counterpart import LineReason

    assert window.top_bar.line.accessibleDescription() == "Ready"
    fake.lines.become("main", LineState.FAILED, LineReason.WRONG_PASSWORD)
    assert "user name or password" in window.top_bar.line.toolTip()
    assert window.top_bar.line.accessibleName() == "Line (415) 555-0100"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("ana", "Acme · (415) 555-0142"),
        ("vp", "VP Operations · (415) 555-0142"),
        ("acme vp", "Acme · (415) 555-0142 · VP Operations"),
        ("acme.example", "ana@acme.example · (415) 555-0142"),
    ],
)
def test_a_hit_says_why_it_is_one(window: MainWindow, shell: Shell, fake: FakeDesk, typed: str, told: str) -> None:
    fake.reads.persons = [ANA_RECORD]
    fake.reads.searchable = True
    _type(window, typed)
    assert window.top_bar.field.offers[0].row.subtitle == told


def test_the_line_picked_stays_the_line(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    fake.lines.add(SECOND)
    menu = window.top_bar.menu()
    next(action for action in menu.actions() if "555-0177" in action.text()).trigger()
    assert fake.lines.settings.default_line == "support"
    assert window.top_bar.chosen_line == "support"
    menu.deleteLater()


def test_a_name_nobody_has_is_answered_too(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    field = window.top_bar.field
    _type(window, "zzzz")
    assert (field.is_offering, field.nothing, _titles(window)) == (True, "Nothing found on this computer.", [])
    field._ask_salesforce()
    assert field.nothing == "Nothing found here or in Salesforce."
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "zzzz"
    _type(window, "ana")
    assert field.nothing == ""
    assert _titles(window)
    for half_a_number in ("41", ""):
        _type(window, half_a_number)
        assert field.nothing == ""


def test_what_only_salesforce_knows_takes_the_place_of_nothing(
    window: MainWindow, shell: Shell, fake: FakeDesk
) -> None:
    _type(window, "bo")
    fake.reads.matches.clear()
    fake.reads.persons.clear()
    fake.cards.found = [BO_RECORD]
    field = window.top_bar.field
    field.refresh()
    assert field.nothing == "Nothing found on this computer."
    field._ask_salesforce()
    assert field.nothing == ""
    assert _titles(window) == ["Bo Lindqvist"]
