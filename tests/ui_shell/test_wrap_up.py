"""After a call: what is asked, what is kept, and by which keys it is logged or left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.call_log import Synced
from app.domain.counterpart import Match, RecordRef
from app.domain.events import CallLogChanged
from app.errors import AppError, ErrorCode
from tests.ui_shell.calling import ended, press_log, talk
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, ANA_RECORD, BO, BO_RECORD
from ui.call_panel import CallPanel
from ui.main_window import MainWindow
from ui.shell import Shell
from ui.status_bar import Matter
from ui.wrapup_panel import WrapupPanel


class TestWhatIsAsked:
    def test_only_the_relation_while_somebody_talks(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        shell.nav.call_wanted.emit(ANA, "", "")
        assert not wrapup.isVisible(), "nothing before the call connects"
        fake.calls.connect(fake.calls.live()[0].id)
        assert wrapup.relation.isVisible()
        assert not wrapup.subject.isVisible()
        assert not wrapup.foot.isVisible()
        wrapup.toggle.click()
        assert wrapup.subject.isVisible()

    def test_everything_when_it_has_ended(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        ended(shell, fake)
        assert wrapup.wraps_up
        assert wrapup.subject.placeholderText() == "Call to Ana Flores"
        assert list(wrapup.results) == ["Connected", "Left voicemail", "No answer", "Wrong number", "Not interested"]
        assert wrapup.foot.isVisible()
        assert not wrapup.who.isVisible()

    def test_the_subject_where_several_have_the_number(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        fake.reads.matches[ANA] = Match((ANA_RECORD, replace(ANA_RECORD, ref=RecordRef("Contact", "003B"))))
        fake.lines.set_call_subject("")
        ended(shell, fake)
        assert wrapup.subject.placeholderText() == "Call to +1 415-555-0142"

    def test_the_subject_by_the_organisations_pattern(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        fake.lines.set_call_subject("{person} – {company}")
        ended(shell, fake)
        assert wrapup.subject.placeholderText() == "Ana Flores – Acme"

    def test_a_missed_call_asks_nothing(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        call = fake.calls.ring(ANA)
        fake.calls.end(call, 487)
        shell.nav.call_opened.emit(call)
        assert not wrapup.wraps_up
        assert wrapup.summary.isVisible()

    def test_the_results_of_the_settings(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        fake.lines.set_dispositions(("Yes", "No"))
        ended(shell, fake)
        assert list(wrapup.results) == ["Yes", "No"]

    def test_who_it_was_of_several(self, window: MainWindow, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        window.resize(900, 760)  # the card, which would ask too, is folded away
        fake.know(replace(BO_RECORD, name="Ben Ode"), number=ANA)
        call = ended(shell, fake)
        assert wrapup.who.isVisible()
        wrapup.who.rows[BO_RECORD.ref].click()
        assert fake.reads.logs[call].who == BO_RECORD.ref
        assert wrapup.who.rows[BO_RECORD.ref].isChecked()

    def test_it_is_asked_once(
        self, window: MainWindow, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, qtbot: QtBot
    ) -> None:
        fake.know(replace(BO_RECORD, name="Ben Ode"), number=ANA)
        call = ended(shell, fake)
        side = shell.workspace.sidebar
        assert side.who.isVisible()
        assert not wrapup.who.isVisible(), "the card beside asks it already"
        window.resize(900, 760)
        qtbot.waitUntil(wrapup.who.isVisible)
        shell.workspace.show_details(True)
        assert not wrapup.who.isVisible()
        window.resize(1180, 760)
        qtbot.waitUntil(side.who.isVisible)
        # The call is somebody else's than the number now is: only the call's own question can change that.
        fake.reads.logs[call] = replace(fake.reads.logs[call], who=ANA_RECORD.ref)
        side.who.rows[BO_RECORD.ref].click()
        qtbot.waitUntil(wrapup.who.isVisible)
        assert wrapup.who.rows[ANA_RECORD.ref].isChecked()

    def test_the_details_stand_open_when_they_are_wanted(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel
    ) -> None:
        call = ended(shell, fake)
        wrapup.press_log()
        shell.nav.call_opened.emit(call)
        assert not wrapup.subject.isVisible()
        shell.nav.details_wanted.emit(call)
        shell.nav.call_opened.emit(call)
        assert wrapup.subject.isVisible()
        assert all(chip.isVisible() for chip in wrapup.results.values())


class TestWhatIsKept:
    def test_the_subject_as_it_is_typed(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, qtbot: QtBot) -> None:
        call = ended(shell, fake)
        QTest.keyClicks(wrapup.subject, "Prices")
        qtbot.waitUntil(lambda: fake.reads.logs[call].subject == "Prices", timeout=2000)

    def test_the_subject_when_another_call_is_opened(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        first, second = ended(shell, fake), ended(shell, fake, BO)
        shell.nav.call_opened.emit(first)
        QTest.keyClicks(wrapup.subject, "Prices")
        shell.nav.call_opened.emit(second)
        assert fake.reads.logs[first].subject == "Prices"
        assert wrapup.subject.text() == ""

    def test_a_subject_the_store_refused_stays_and_is_told(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel
    ) -> None:
        call = ended(shell, fake)
        fake.wrapup.refuse = AppError(ErrorCode.STORE_FULL)
        QTest.keyClicks(wrapup.subject, "Prices")
        wrapup.flush()
        assert "disk is full" in shell.status.text(Matter.TROUBLE)
        assert wrapup.subject.text() == "Prices"
        fake.wrapup.refuse = None
        wrapup.flush()
        assert fake.reads.logs[call].subject == "Prices"

    def test_a_result_by_chip_and_in_own_words(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        call = ended(shell, fake)
        wrapup.results["Connected"].click()
        assert fake.reads.logs[call].disposition == "Connected"
        QTest.keyClicks(wrapup.result, "Asked for a demo")
        assert not wrapup.results["Connected"].isChecked()
        wrapup.flush()
        assert fake.reads.logs[call].disposition == "Asked for a demo"
        wrapup.results["No answer"].click()
        assert (fake.reads.logs[call].disposition, wrapup.result.text()) == ("No answer", "")
        wrapup.results["No answer"].click()
        assert fake.reads.logs[call].disposition == ""

    def test_what_comes_from_salesforce_shows(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        call = ended(shell, fake)
        fake.reads.logs[call] = replace(fake.reads.logs[call], subject="Theirs", disposition="Left voicemail")
        fake.hub.publish(CallLogChanged(call))
        assert wrapup.subject.text() == "Theirs"
        assert wrapup.results["Left voicemail"].isChecked()


class TestFollowUps:
    def test_a_line_of_the_notes_is_read_back_below_them(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, qtbot: QtBot
    ) -> None:
        talk(shell, fake)
        QTest.keyClicks(panel.notes.edit, "!fri 3pm send quote")
        qtbot.waitUntil(lambda: bool(panel.follow_ups.chips), timeout=2000)
        assert panel.follow_ups.chips[0].word == "Follow-up Fri 27 Nov, 3:00\u202fPM: send quote"
        panel.follow_ups.chips[0].click()
        assert panel.follow_ups.chips == []
        assert panel.notes.edit.toPlainText() == "!fri 3pm send quote", "the line stays"

    def test_the_field_puts_a_line_into_the_notes(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, wrapup: WrapupPanel
    ) -> None:
        call = ended(shell, fake)
        panel.notes.add_line("Likes it.")
        QTest.keyClicks(wrapup.later_task, "tomorrow call")
        QTest.keyClick(wrapup.later_task, Qt.Key.Key_Return)
        assert fake.reads.logs[call].notes == "Likes it.\n!tomorrow call"
        assert len(panel.follow_ups.chips) == 1
        assert wrapup.later_task.text() == ""

    def test_a_wish_without_a_day_is_asked_for_one_and_holds_log_back(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, wrapup: WrapupPanel
    ) -> None:
        ended(shell, fake)
        QTest.keyClicks(wrapup.later_task, "send quote")
        press_log(panel)
        assert "Begin with a day" in wrapup._hint.text()
        assert fake.wrapup.logged == []

    def test_what_was_typed_and_not_entered_becomes_a_line_of_its_own_call(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, window: MainWindow
    ) -> None:
        first = ended(shell, fake)
        QTest.keyClicks(wrapup.later_task, "mon call")
        second = ended(shell, fake, BO)
        assert fake.reads.logs[first].notes == "!mon call"
        assert fake.reads.logs[second].notes == ""
        QTest.keyClicks(wrapup.later_task, "send quote")
        window.close()
        assert fake.reads.logs[second].notes == "!send quote"


class TestKeys:
    @pytest.mark.parametrize("keys", [0, 1])
    def test_log(self, shell: Shell, fake: FakeDesk, panel: CallPanel, keys: int) -> None:
        call = ended(shell, fake)
        QTest.keyClicks(panel.notes.edit, "agreed")
        press_log(panel, keys)
        assert fake.reads.logs[call].notes == "agreed"
        assert fake.wrapup.logged == [call]
        assert not panel.wrapup.wraps_up
        assert not panel._log_keys[keys].isEnabled()

    def test_control_enter_in_the_notes_is_no_line(self, shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
        ended(shell, fake)
        edit = panel.notes.edit
        override = QEvent(QEvent.Type.ShortcutOverride)
        override.ignore()
        QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert "\n" not in edit.toPlainText()

    def test_escape_leaves_it_for_later(self, shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
        call = ended(shell, fake)
        QTest.keyClicks(panel.notes.edit, "half")
        QTest.keyClick(panel.notes.edit, Qt.Key.Key_Escape)
        assert (fake.wrapup.left, fake.wrapup.logged) == ([call], [])
        assert fake.reads.logs[call].notes == "half"
        assert panel.call_id == call, "the call stays open"

    def test_logged_it_can_be_opened_and_changed_later(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, wrapup: WrapupPanel
    ) -> None:
        call = ended(shell, fake)
        wrapup.results["Connected"].click()
        press_log(panel)
        fake.reads.logs[call] = replace(fake.reads.logs[call], synced=Synced.DONE, task_id="00T")
        fake.hub.publish(CallLogChanged(call))
        assert wrapup.summary.text() == "Connected"
        assert not wrapup.subject.isVisible()
        QTest.mouseClick(wrapup.summary, Qt.MouseButton.LeftButton)
        QTest.keyClicks(wrapup.subject, "Prices")
        wrapup.flush()
        assert fake.reads.logs[call].subject == "Prices"
        assert not wrapup.foot.isVisible()


def test_the_next_call_does_not_offer_to_log_the_one_before(
    shell: Shell, fake: FakeDesk, panel: CallPanel, wrapup: WrapupPanel
) -> None:
    ended(shell, fake)
    assert wrapup.foot.isVisible()
    shell.nav.call_wanted.emit(BO, "", "")
    assert panel.call_id == fake.calls.live()[0].id
    assert not wrapup.foot.isVisible()
    assert not wrapup.wraps_up
