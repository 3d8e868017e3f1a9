"""After a call: what is asked, by which keys it is logged or left, and what shows next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShortcutEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.call_log import Synced
from app.domain.counterpart import RecordRef
from app.domain.events import CallLogChanged
from app.domain.new_record import FieldKind, FormField, NewForm, Related
from app.errors import AppError, ErrorCode
from app.settings import AfterCall, RelationDefault
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, BO, BO_RECORD
from ui.call_panel import CallPanel
from ui.components.buttons import Pressable
from ui.main_window import MainWindow
from ui.rail import Page
from ui.relation_card import RelationCard
from ui.shell import Shell
from ui.status_bar import Matter
from ui.wrapup_panel import WrapupPanel

RENEWAL = Related(RecordRef("Opportunity", "006000000000001AAA"), "Renewal 2026", "Negotiation")
PILOT = Related(RecordRef("Opportunity", "006000000000002AAA"), "Pilot", "Closed Won", True)
LOGIN = Related(RecordRef("Case", "500000000000001AAA"), "00001042 Login fails", "Working")


@pytest.fixture
def panel(shell: Shell) -> CallPanel:
    return shell.workspace.page.panel


@pytest.fixture
def wrapup(panel: CallPanel) -> WrapupPanel:
    return panel.wrapup


@pytest.fixture
def card(wrapup: WrapupPanel) -> RelationCard:
    return wrapup.relation.card


def _talk(shell: Shell, fake: FakeDesk, number: str = ANA) -> str:
    shell.nav.call_wanted.emit(number, "", "")
    call = fake.calls.live()[-1].id
    fake.calls.connect(call)
    return call


def _ended(shell: Shell, fake: FakeDesk, number: str = ANA) -> str:
    call = _talk(shell, fake, number)
    fake.calls.end(call)
    return call


def _press(panel: CallPanel, keys: int = 0) -> None:
    """What Qt does when the keys of a shortcut are pressed."""
    shortcut = panel._log_keys[keys]
    QApplication.sendEvent(shortcut, QShortcutEvent(shortcut.key(), shortcut))


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
        _ended(shell, fake)
        assert wrapup.wraps_up
        assert wrapup.subject.placeholderText() == "Call to Ana Flores"
        assert list(wrapup.results) == ["Connected", "Left voicemail", "No answer", "Wrong number", "Not interested"]
        assert wrapup.foot.isVisible()
        assert not wrapup.who.isVisible()

    def test_the_subject_by_the_organisations_pattern(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        fake.lines.set_call_subject("{person} – {company}")
        _ended(shell, fake)
        assert wrapup.subject.placeholderText() == "Ana Flores – Acme"

    def test_a_missed_call_asks_nothing(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        call = fake.calls.ring(ANA)
        fake.calls.end(call, 487)
        shell.nav.call_opened.emit(call)
        assert not wrapup.wraps_up
        assert wrapup.summary.isVisible()

    def test_the_results_of_the_settings(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        fake.lines.set_dispositions(("Yes", "No"))
        _ended(shell, fake)
        assert list(wrapup.results) == ["Yes", "No"]

    def test_who_it_was_of_several(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        fake.know(replace(BO_RECORD, name="Ben Ode"), number=ANA)
        call = _ended(shell, fake)
        assert wrapup.who.isVisible()
        wrapup.who.chips[BO_RECORD.ref].click()
        assert fake.reads.logs[call].who == BO_RECORD.ref
        assert wrapup.who.chips[BO_RECORD.ref].isChecked()


class TestWhatIsKept:
    def test_the_subject_as_it_is_typed(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, qtbot: QtBot) -> None:
        call = _ended(shell, fake)
        QTest.keyClicks(wrapup.subject, "Prices")
        qtbot.waitUntil(lambda: fake.reads.logs[call].subject == "Prices", timeout=2000)

    def test_the_subject_when_another_call_is_opened(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        first, second = _ended(shell, fake), _ended(shell, fake, BO)
        shell.nav.call_opened.emit(first)
        QTest.keyClicks(wrapup.subject, "Prices")
        shell.nav.call_opened.emit(second)
        assert fake.reads.logs[first].subject == "Prices"
        assert wrapup.subject.text() == ""

    def test_a_subject_the_store_refused_stays_and_is_told(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel
    ) -> None:
        call = _ended(shell, fake)
        fake.wrapup.refuse = AppError(ErrorCode.STORE_FULL)
        QTest.keyClicks(wrapup.subject, "Prices")
        wrapup.flush()
        assert "disk is full" in shell.status.text(Matter.TROUBLE)
        assert wrapup.subject.text() == "Prices"
        fake.wrapup.refuse = None
        wrapup.flush()
        assert fake.reads.logs[call].subject == "Prices"

    def test_a_result_by_chip_and_in_own_words(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        call = _ended(shell, fake)
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
        call = _ended(shell, fake)
        fake.reads.logs[call] = replace(fake.reads.logs[call], subject="Theirs", disposition="Left voicemail")
        fake.hub.publish(CallLogChanged(call))
        assert wrapup.subject.text() == "Theirs"
        assert wrapup.results["Left voicemail"].isChecked()


class TestFollowUps:
    def test_a_line_of_the_notes_is_read_back_below_them(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, qtbot: QtBot
    ) -> None:
        _talk(shell, fake)
        QTest.keyClicks(panel.notes.edit, "!fri 3pm send quote")
        qtbot.waitUntil(lambda: bool(panel.follow_ups.chips), timeout=2000)
        assert panel.follow_ups.chips[0].word == "Follow-up Fri 27 Nov, 3:00\u202fPM: send quote"
        panel.follow_ups.chips[0].click()
        assert panel.follow_ups.chips == []
        assert panel.notes.edit.toPlainText() == "!fri 3pm send quote", "the line stays"

    def test_the_field_puts_a_line_into_the_notes(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, wrapup: WrapupPanel
    ) -> None:
        call = _ended(shell, fake)
        panel.notes.add_line("Likes it.")
        QTest.keyClicks(wrapup.later_task, "tomorrow call")
        QTest.keyClick(wrapup.later_task, Qt.Key.Key_Return)
        assert fake.reads.logs[call].notes == "Likes it.\n!tomorrow call"
        assert len(panel.follow_ups.chips) == 1
        assert wrapup.later_task.text() == ""

    def test_a_wish_without_a_day_is_asked_for_one_and_holds_log_back(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, wrapup: WrapupPanel
    ) -> None:
        _ended(shell, fake)
        QTest.keyClicks(wrapup.later_task, "send quote")
        _press(panel)
        assert "Begin with a day" in wrapup._hint.text()
        assert fake.wrapup.logged == []

    def test_what_was_typed_and_not_entered_becomes_a_line_of_its_own_call(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, window: MainWindow
    ) -> None:
        first = _ended(shell, fake)
        QTest.keyClicks(wrapup.later_task, "mon call")
        second = _ended(shell, fake, BO)
        assert fake.reads.logs[first].notes == "!mon call"
        assert fake.reads.logs[second].notes == ""
        QTest.keyClicks(wrapup.later_task, "send quote")
        window.close()
        assert fake.reads.logs[second].notes == "!send quote"


class TestKeys:
    @pytest.mark.parametrize("keys", [0, 1])
    def test_log(self, shell: Shell, fake: FakeDesk, panel: CallPanel, keys: int) -> None:
        call = _ended(shell, fake)
        QTest.keyClicks(panel.notes.edit, "agreed")
        _press(panel, keys)
        assert fake.reads.logs[call].notes == "agreed"
        assert fake.wrapup.logged == [call]
        assert not panel.wrapup.wraps_up
        assert not panel._log_keys[keys].isEnabled()

    def test_control_enter_in_the_notes_is_no_line(self, shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
        _ended(shell, fake)
        edit = panel.notes.edit
        override = QEvent(QEvent.Type.ShortcutOverride)
        override.ignore()
        QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert "\n" not in edit.toPlainText()

    def test_escape_leaves_it_for_later(self, shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
        call = _ended(shell, fake)
        QTest.keyClicks(panel.notes.edit, "half")
        QTest.keyClick(panel.notes.edit, Qt.Key.Key_Escape)
        assert (fake.wrapup.left, fake.wrapup.logged) == ([call], [])
        assert fake.reads.logs[call].notes == "half"
        assert panel.call_id == call, "the call stays open"

    def test_what_closes_under_the_keyboard_gives_it_to_no_button(
        self, window: MainWindow, shell: Shell, fake: FakeDesk, panel: CallPanel
    ) -> None:
        """Its neighbour is the card's "Call": a space would dial."""
        _ended(shell, fake)
        window.activateWindow()
        panel.wrapup.later_task.setFocus()
        QTest.keyClick(panel.wrapup.later_task, Qt.Key.Key_Escape)
        QApplication.processEvents()
        assert not isinstance(window.focusWidget(), Pressable)

    def test_logged_it_can_be_opened_and_changed_later(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, wrapup: WrapupPanel
    ) -> None:
        call = _ended(shell, fake)
        wrapup.results["Connected"].click()
        _press(panel)
        fake.reads.logs[call] = replace(fake.reads.logs[call], synced=Synced.DONE, task_id="00T")
        fake.hub.publish(CallLogChanged(call))
        assert wrapup.summary.text() == "Connected"
        assert not wrapup.subject.isVisible()
        wrapup.toggle.click()
        QTest.keyClicks(wrapup.subject, "Prices")
        wrapup.flush()
        assert fake.reads.logs[call].subject == "Prices"
        assert not wrapup.foot.isVisible()


class TestWhatShowsNext:
    def test_the_field_after_the_last(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow, qtbot: QtBot
    ) -> None:
        _ended(shell, fake)
        _press(panel)
        qtbot.waitUntil(window.top_bar.field.hasFocus)

    def test_the_wrap_up_of_a_call_that_was_not_open_comes_into_sight(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel
    ) -> None:
        call = _talk(shell, fake)
        shell.nav.thread_opened.emit("main", BO)
        fake.calls.end(call)
        assert panel.call_id == call
        assert panel.wrapup.wraps_up

    def test_nothing_is_taken_from_under_a_rep_who_types(self, shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
        call = _talk(shell, fake)
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

    def test_nobody_is_taken_out_of_the_settings(self, shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
        call = _talk(shell, fake)
        shell.nav.thread_opened.emit("main", BO)
        shell.show_page(Page.SETTINGS)
        fake.calls.end(call)
        assert shell.workspace.currentWidget() is shell.workspace.settings
        assert shell.status.bar(Matter.WRAP_UP) is not None

    def test_a_new_call_goes_first_and_the_older_wrap_up_follows(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, qtbot: QtBot
    ) -> None:
        first = _ended(shell, fake)
        QTest.keyClicks(panel.notes.edit, "half")
        second = fake.calls.ring(BO)
        shell.incoming.answer(second)
        assert panel.call_id == second
        assert fake.reads.logs[first].notes == "half"
        fake.calls.end(second)
        assert panel.call_id == second
        _press(panel)
        qtbot.waitUntil(lambda: panel.call_id == first)
        assert panel.wrapup.wraps_up

    def test_straight_back(self, shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
        fake.lines.set_after_call(AfterCall.BACK)
        shell.nav.thread_opened.emit("main", BO)
        call = _talk(shell, fake)
        fake.calls.end(call)
        assert shell.workspace.page.thread_of == ("main", BO)
        assert panel.call_id == ""
        assert fake.wrapup.left == [call]

    def test_straight_back_waits_for_who_is_writing(self, shell: Shell, fake: FakeDesk, panel: CallPanel) -> None:
        fake.lines.set_after_call(AfterCall.BACK)
        call = _talk(shell, fake)
        panel.notes.edit.setFocus()
        QTest.keyClicks(panel.notes.edit, "half a thou")
        fake.calls.end(call)
        assert panel.call_id == call
        assert not panel.wrapup.wraps_up

    def test_in_a_low_window_the_texts_make_room(
        self, shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow, qtbot: QtBot
    ) -> None:
        window.resize(800, 600)
        _ended(shell, fake)
        page = shell.workspace.page
        qtbot.waitUntil(lambda: not page.thread_view.isVisible())
        bottom = panel.wrapup.foot.mapTo(page, panel.wrapup.foot.rect().bottomLeft()).y()
        assert bottom <= page.height()
        _press(panel)
        qtbot.waitUntil(page.thread_view.isVisible)


class TestRelation:
    def test_it_is_chosen_changed_opened_and_removed(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard, opened_urls: list[str]
    ) -> None:
        fake.relation.cached, fake.relation.offered = (RENEWAL,), [RENEWAL, PILOT, LOGIN]
        call = _talk(shell, fake)
        assert wrapup.relation.button.word == "Link to a deal or case…"
        wrapup.relation.button.click()
        assert card.field.hasFocus()
        assert [row.entry.title for row in card.rows] == ["Renewal 2026", "00001042 Login fails", "Pilot"]
        assert card.rows[-1].entry.detail == "Closed Won · closed"
        QTest.keyClicks(card.field, "login")
        QTest.keyClick(card.field, Qt.Key.Key_Return)
        assert not card.is_open
        assert fake.reads.logs[call].what == LOGIN.ref
        assert wrapup.relation.button.word == "00001042 Login fails"
        wrapup.relation.browser.click()
        assert opened_urls == [f"https://acme.my.example/{LOGIN.ref.id}"]
        fake.calls.end(call)
        wrapup.relation.remove.click()
        assert fake.reads.logs[call].what is None
        assert not wrapup.relation.remove.isVisible()

    def test_by_the_arrow_keys(self, shell: Shell, fake: FakeDesk, card: RelationCard, wrapup: WrapupPanel) -> None:
        fake.relation.offered = [RENEWAL, PILOT]
        call = _talk(shell, fake)
        wrapup.relation.button.click()
        QTest.keyClick(card.field, Qt.Key.Key_Down)
        QTest.keyClick(card.rows[0], Qt.Key.Key_Down)
        assert card.rows[1].hasFocus()
        QTest.keyClick(card.rows[1], Qt.Key.Key_Return)
        assert fake.reads.logs[call].what == PILOT.ref

    @pytest.mark.parametrize(
        ("default", "word", "first"),
        [
            (RelationDefault.CASE, "Link to a case…", "00001042 Login fails"),
            (RelationDefault.OPPORTUNITY, "Link to a deal…", "Renewal 2026"),
        ],
    )
    def test_the_usual_kind_comes_first(
        self,
        shell: Shell,
        fake: FakeDesk,
        wrapup: WrapupPanel,
        card: RelationCard,
        default: RelationDefault,
        word: str,
        first: str,
    ) -> None:
        fake.lines.set_relation_default(default)
        fake.relation.offered = [RENEWAL, LOGIN]
        _talk(shell, fake)
        assert wrapup.relation.button.word == word
        wrapup.relation.button.click()
        assert card.rows[0].entry.title == first

    def test_a_call_begun_from_a_deal_is_linked_by_itself(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel
    ) -> None:
        call = _talk(shell, fake)
        fake.reads.logs[call] = replace(fake.reads.logs[call], about=RENEWAL.ref.id)
        fake.hub.publish(CallLogChanged(call))
        assert fake.relation.named[-1] == call
        assert wrapup.relation.button.word == "A record in Salesforce"
        fake.wrapup.set_relation(call, RENEWAL)
        assert wrapup.relation.button.word == "Renewal 2026"

    def test_a_lead_takes_none_and_the_page_says_why(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel) -> None:
        call = _ended(shell, fake, BO)
        fake.reads.logs[call] = replace(fake.reads.logs[call], who=BO_RECORD.ref)
        fake.hub.publish(CallLogChanged(call))
        assert not wrapup.relation.button.isEnabled()
        assert "not to a lead" in wrapup.relation.why

    def test_offline_what_is_known_can_be_chosen(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
    ) -> None:
        fake.relation.cached = (RENEWAL,)
        fake.relation.refuse = AppError(ErrorCode.CRM_OFFLINE)
        call = _talk(shell, fake)
        wrapup.relation.button.click()
        assert "cannot be reached" in card._state.text()
        card.rows[0].click()
        assert fake.reads.logs[call].what == RENEWAL.ref

    def test_a_new_deal(self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard) -> None:
        call = _ended(shell, fake)
        wrapup.relation.button.click()
        QTest.keyClicks(card.field, "Forty sites")
        card.new_deal.click()
        name = card.form.control("Name")
        assert isinstance(name, QLineEdit)
        assert name.text() == "Forty sites"
        QTest.keyClick(name, Qt.Key.Key_Return)
        (made,) = fake.relation.made
        assert made.values == {"Name": "Forty sites", "StageName": "Prospecting", "CloseDate": "2026-12-20"}
        assert not card.is_open
        assert fake.reads.logs[call].what_name == "Forty sites"

    def test_a_day_in_words_and_one_that_is_none(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
    ) -> None:
        _ended(shell, fake)
        wrapup.relation.button.click()
        card.new_deal.click()
        name, day = card.form.control("Name"), card.form.control("CloseDate")
        assert isinstance(name, QLineEdit)
        assert isinstance(day, QLineEdit)
        name.setText("x")
        day.setText("soon")
        card.make.click()
        assert card._trouble.text() == "Still needed: Close Date"
        day.setText("next fri")
        card.make.click()
        assert fake.relation.made[0].values["CloseDate"] == "2026-11-27"

    def test_what_was_typed_offline_is_there_when_salesforce_is(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
    ) -> None:
        fake.relation.refuse = AppError(ErrorCode.CRM_OFFLINE)
        _ended(shell, fake)
        wrapup.relation.button.click()
        card.new_case.click()
        subject = card.form.control("Subject")
        assert isinstance(subject, QLineEdit)
        QTest.keyClicks(subject, "No sound")
        card.make.click()
        assert "needs Salesforce" in card._trouble.text()
        card.close_overlay()
        fake.relation.refuse = None
        wrapup.relation.button.click()
        card.new_case.click()
        card.make.click()
        assert fake.relation.made[0].values == {"Subject": "No sound"}

    def test_what_only_salesforces_page_can_ask(
        self, shell: Shell, fake: FakeDesk, wrapup: WrapupPanel, card: RelationCard
    ) -> None:
        region = FormField("Region__c", "Sales region", FieldKind.OTHER, required=True)
        fake.relation.form_of["Case"] = NewForm("Case", (*fake.relation.form_of["Case"].fields, region))
        _ended(shell, fake)
        wrapup.relation.button.click()
        card.new_case.click()
        assert "Sales region" in card._trouble.text()
        assert not card.make.isEnabled()


def test_a_number_nobody_has_is_made_a_contact_from_the_call(
    shell: Shell, fake: FakeDesk, panel: CallPanel, window: MainWindow
) -> None:
    _talk(shell, fake)
    assert not panel.new_person.isVisible()
    _talk(shell, fake, "+442079460958")
    assert panel.new_person.isVisible()
    panel.new_person.click()
    assert shell.workspace.sidebar.form.isVisible()


def test_and_from_a_thread_in_a_narrow_window(shell: Shell, fake: FakeDesk, window: MainWindow) -> None:
    window.resize(800, 600)
    shell.nav.thread_opened.emit("main", ANA)
    assert not shell.workspace.page.header.new_person.isVisible()
    shell.nav.thread_opened.emit("main", "+442079460958")
    shell.workspace.page.header.new_person.click()
    assert shell.workspace.details_shown
    assert shell.workspace.sidebar.form.isVisible()


def test_the_next_call_does_not_offer_to_log_the_one_before(
    shell: Shell, fake: FakeDesk, panel: CallPanel, wrapup: WrapupPanel
) -> None:
    _ended(shell, fake)
    assert wrapup.foot.isVisible()
    shell.nav.call_wanted.emit(BO, "", "")
    assert panel.call_id == fake.calls.live()[0].id
    assert not wrapup.foot.isVisible()
    assert not wrapup.wraps_up
