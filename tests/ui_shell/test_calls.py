"""The call panel, its notes and the strips."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.call import CallHangupAsked, EndReason
from app.domain.call_log import Synced
from app.domain.events import CallLogChanged
from app.errors import AppError, ErrorCode
from tests.ui_shell.calling import talk
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, BO, BO_RECORD, HOSTILE, NOON
from ui.call_panel import CallPanel
from ui.components import PlainLabel, StripState
from ui.main_window import MainWindow
from ui.shell import Shell
from ui.status_bar import Matter

LONG = "+14155550143"


def test_of_a_very_long_company_the_state_is_still_read(
    window: MainWindow, shell: Shell, fake: FakeDesk, panel: CallPanel
) -> None:
    window.resize(800, 600)
    fake.know(replace(BO_RECORD, company="Northwind Traders International Holding GmbH & Co. KG"), number=LONG)
    talk(shell, fake, LONG)
    QApplication.processEvents()
    (word,) = panel.state.findChildren(PlainLabel)
    assert word.text() == "On a call"
    assert not word.elided


def test_a_call_from_dial_to_end(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    shell.nav.call_wanted.emit(ANA, "", "")
    call = fake.calls.live()[0].id
    assert panel.name.word == "Ana Flores"
    assert not panel.notes.edit.isEnabled()
    assert not panel.mute.isEnabled()
    assert panel.end.isEnabled()
    places = {button: button.geometry() for button in (panel.mute, panel.hold, panel.keys, panel.end)}
    fake.calls.connect(call)
    assert panel.notes.edit.isEnabled()
    assert panel.mute.isEnabled()
    assert {button: button.geometry() for button in places} == places
    fake.clock.forward(134)
    shell._tick()
    assert panel.timer.text() == "02:14"
    panel.hold.click()
    assert panel.state.text == "On hold"
    assert panel.hold.word == "Resume"
    panel.hold.click()
    panel.mute.click()
    assert panel.mute.isChecked()
    panel.end.click()
    assert panel.state.text == "Ended"
    assert panel.end.isHidden()
    assert panel.notes.edit.isEnabled()
    assert panel.go.word == "Call again"
    # Call again must not appear where End was just pressed.
    assert not panel.go.geometry().intersects(places[panel.end])
    panel.wrapup.press_later()
    QApplication.processEvents()
    assert panel.go.geometry().right() == places[panel.end].right()  # nobody means End any more


def test_the_timer_runs_only_while_somebody_talks(shell: Shell, fake: FakeDesk) -> None:
    assert not shell._clock.isActive()
    call = talk(shell, fake)
    assert shell._clock.isActive()
    fake.calls.end(call)
    assert not shell._clock.isActive()


def test_end_can_be_pressed_once(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    call = talk(shell, fake)
    fake.calls.fold(CallHangupAsked(call, NOON))
    assert not panel.end.isEnabled()
    assert not panel.mute.isEnabled()


def test_a_failed_call_says_why(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    shell.nav.call_wanted.emit(ANA, "", "")
    fake.calls.end(fake.calls.live()[0].id, 404, EndReason.NOT_FOUND)
    assert "this number does not exist" in panel.past.text
    assert "Outgoing call" in panel.past.text


def test_a_past_call_tells_where_it_stands_and_can_be_retried(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    call = talk(shell, fake)
    fake.calls.end(call)
    assert panel.sync.text == "Waits for Salesforce"
    fake.reads.logs[call] = replace(fake.reads.logs[call], synced=Synced.FAILED, sync_error="Owner is inactive")
    fake.hub.publish(CallLogChanged(call))
    assert panel.sync.text == "Not in Salesforce: Owner is inactive"
    panel.sync._again()
    assert fake.sync.retried == [("call", call)]
    fake.reads.logs[call] = replace(fake.reads.logs[call], synced=Synced.DONE, task_id="00T")
    fake.hub.publish(CallLogChanged(call))
    assert panel.sync.text == "Logged in Salesforce"


def test_call_again(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    fake.calls.end(talk(shell, fake))
    panel.go.click()
    assert fake.calls.dialled == [(ANA, "main", ""), (ANA, "main", "")]
    assert panel.call_id == fake.calls.live()[0].id


def test_call_again_after_the_rep_hung_up(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    talk(shell, fake)
    panel.end.click()
    assert panel.go.word == "Call again"
    assert panel.go.isEnabled()


def test_a_call_that_cannot_be_placed_says_why(shell: Shell, fake: FakeDesk) -> None:

    fake.calls.refuse = AppError(ErrorCode.LINE_NOT_READY, line="main", reason_code="wrong-password")
    shell.nav.call_wanted.emit(ANA, "", "")
    assert "user name or password" in shell.status.text(Matter.TROUBLE)
    fake.calls.refuse = None
    shell.nav.call_wanted.emit(ANA, "", "")
    assert shell.status.text(Matter.TROUBLE) == ""


def test_keypad_of_a_call_sends_tones_and_closes_with_it(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    call = talk(shell, fake)
    panel.keys.click()
    pad = panel.window().focusWidget()
    assert pad is not None
    QTest.keyClicks(pad, "12")
    assert fake.calls.digits_sent == [(call, "1"), (call, "2")]
    fake.calls.end(call)
    assert not panel.tones.is_open
    assert not panel.keys.isChecked()


def test_the_name_opens_the_record(shell: Shell, fake: FakeDesk, panel: CallPanel, opened_urls: list[str]) -> None:
    talk(shell, fake)
    panel.name.click()
    assert opened_urls == ["https://acme.my.example/003000000000001AAA"]


def test_strips_for_calls_whose_page_is_not_open(shell: Shell, fake: FakeDesk) -> None:
    first = talk(shell, fake)
    assert shell.strips.isHidden()
    ringing = fake.calls.ring(BO)
    assert shell.strips.strip(ringing) is None
    shell.incoming.answer(ringing)
    bar = shell.strips.strip(first)
    assert bar is not None
    assert bar.state is StripState.HELD
    assert shell.strips.strip(ringing) is None
    shell.nav.thread_opened.emit("main", "+442079460958")
    assert shell.strips.strip(ringing) is not None
    bar.opened.emit()
    assert shell.workspace.page.call_id == first
    shell.show_page(shell._page.SETTINGS)
    assert shell.strips.strip(first) is not None
    last = shell.strips.strip(ringing)
    assert last is not None
    last.ended.emit()
    assert [call.id for call in fake.calls.live()] == [first]


def test_hostile_names_everywhere(shell: Shell, fake: FakeDesk, window: MainWindow) -> None:
    number = "+14155550177"
    fake.know(replace(BO_RECORD, name=HOSTILE, company=HOSTILE, title=HOSTILE), number=number)
    call = fake.calls.ring(number, HOSTILE)
    card = shell.cards.card(call)
    assert card is not None
    card.grab()
    assert card.width() < 420
    shell.incoming.answer(call)
    window.grab()
    shell.nav.thread_opened.emit("main", BO)
    window.grab()
    assert window.width() <= 1280
    fake.calls.end(call)
    shell.nav.call_opened.emit(call)
    window.grab()


def test_very_old_calls_are_only_in_the_store(shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
    call = talk(shell, fake)
    fake.calls.end(call)
    fake.calls._ended.clear()
    fake.clock.at += timedelta(days=400)
    shell.nav.thread_opened.emit("main", BO)
    shell.nav.call_opened.emit(call)
    assert panel.call_id == call
    assert "11/20/2026" in panel.past.text


def test_an_unknown_call_says_so(shell: Shell) -> None:

    shell.nav.call_opened.emit("nonsense")
    assert "There is no call" in shell.status.text(Matter.TROUBLE)


def test_after_dialling_from_the_field_the_keyboard_goes_to_the_notes(
    shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow
) -> None:
    field = window.top_bar.field
    field.setFocus()
    QTest.keyClicks(field, "4155550142")
    QTest.keyClick(field, Qt.Key.Key_Return)
    fake.calls.connect(fake.calls.live()[0].id)
    assert panel.notes.edit.hasFocus()


def test_a_call_that_connects_takes_no_key_from_what_is_typed(
    shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow
) -> None:
    shell.nav.call_wanted.emit(ANA, "", "")
    window.top_bar.field.setFocus()
    QTest.keyClicks(window.top_bar.field, "bo")
    fake.calls.connect(fake.calls.live()[0].id)
    assert window.top_bar.field.hasFocus()


def test_who_answers_goes_on_with_notes(shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow) -> None:
    call = fake.calls.ring(BO)
    shell.nav.call_opened.emit(call)
    window.rail.setFocus()
    fake.calls.answer(call)  # the engine tells it later than the key was pressed
    assert panel.notes.edit.hasFocus()


def test_an_answered_call_takes_no_key_from_a_text_being_written(
    shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow
) -> None:
    call = fake.calls.ring(ANA)
    shell.nav.call_opened.emit(call)
    shell.workspace.page.thread_view.focus_composer()
    composer = window.focusWidget()
    fake.calls.answer(call)
    assert composer is not None
    assert window.focusWidget() is composer


def test_a_number_that_cannot_be_dialled_stays_in_the_field(shell: Shell, fake: FakeDesk, window: MainWindow) -> None:
    fake.calls.refuse = AppError(ErrorCode.LINE_NOT_READY, line="main", reason_code="wrong-password")
    field = window.top_bar.field
    field.setFocus()
    QTest.keyClicks(field, "4155550142")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text().endswith("4155550142")
    assert not field.is_offering  # it would cover the bar that says why
    fake.calls.refuse = None
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [number for number, _, _ in fake.calls.dialled] == [ANA]
