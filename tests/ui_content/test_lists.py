"""Calls, conversations and people: rows in, clicks out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.call import Call, CallState, Direction, Outcome
from app.domain.call_log import Synced
from app.domain.counterpart import CrmRecord, Match, RecordRef
from app.domain.events import (
    CallChanged,
    CallFinished,
    CallLogChanged,
    CallRang,
    ConversationChanged,
    MatchChanged,
    PresenceMoved,
)
from app.domain.message import Delivery
from app.domain.presence import Presence
from app.errors import AppError, ErrorCode
from app.reads.rows import PersonRow, RecentFilter
from tests.ui_content import samples
from tests.ui_content.fake_desk import ANA, BO, LINE, NOON, FakeDesk, call, conversation
from ui.components import RowData, RowRole
from ui.conversations import ConversationsList
from ui.design.tokens import ColourRole
from ui.list_pane import ListPane
from ui.navigator import Navigator
from ui.people import PeopleList
from ui.recents import RecentsList

REF = RecordRef("Contact", "003A")


def _show(qtbot: QtBot, pane: ListPane[Any]) -> None:
    qtbot.addWidget(pane)
    pane.resize(320, 480)
    pane.show()
    qtbot.waitExposed(pane)


def _recents(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> RecentsList:
    pane = RecentsList(fake.desk, nav)
    _show(qtbot, pane)
    return pane


def _row(pane: ListPane[Any], at: int) -> RowData:
    found = pane.model.index(at).data(RowRole.DATA)
    assert isinstance(found, RowData)
    return found


def _click(pane: ListPane[Any], at: int, part: str) -> None:
    index = pane.model.index(at)
    row = _row(pane, at)
    rect = QRectF(pane.list.visualRect(index))
    QTest.mouseMove(pane.list.viewport(), rect.center().toPoint())
    places = pane.list.rows.places(rect, row, actions=True)
    spots = {
        "title": places.title.center(),
        "row": places.subtitle.center() + QPoint(0, 12).toPointF(),
        "call": places.actions[0].center() if places.actions else rect.center(),
        "text": places.actions[-1].center() if places.actions else rect.center(),
    }
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=spots[part].toPoint())


def test_a_call_in_words(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.calls = [
        call("1", name="Ana", company="Acme", duration=134, notes=True, synced=Synced.FAILED),
        call("2", number="+15035550188", outcome=Outcome.MISSED, minutes=60),
        call("3", name="Bo", number=BO, direction=Direction.OUT, outcome=Outcome.BUSY, minutes=24 * 60),
        call("4", number="", outcome=Outcome.MISSED),
    ]
    pane = _recents(qtbot, fake, nav)
    ana, missed, busy, hidden = (_row(pane, at) for at in range(4))
    assert (ana.title, ana.subtitle, ana.time) == ("Ana", "Acme · 02:14", "12:00\u00a0PM")
    assert [mark.icon for mark in ana.marks] == ["alert", "note"]
    assert (missed.title, missed.number, missed.alert) == ("(503) 555-0188", True, "Missed")
    assert missed.icon_role is ColourRole.DANGER_TEXT
    assert (busy.subtitle, busy.time) == ("Busy · +46 8 123 456 78", "Thu 12:00\u00a0PM")
    assert (hidden.title, hidden.actions) == ("No caller ID", ())


def test_clicks_on_a_call(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.calls = [call("1", name="Ana", company="Acme", record=REF), call("2", number=BO, minutes=5)]
    pane = _recents(qtbot, fake, nav)
    record, opened = QSignalSpy(nav.record_wanted), QSignalSpy(nav.call_opened)
    dialled, texted = QSignalSpy(nav.call_wanted), QSignalSpy(nav.text_wanted)
    _click(pane, 0, "title")
    assert (record.count(), opened.count()) == (1, 0)
    assert record.at(0) == [REF]
    _click(pane, 0, "row")
    _click(pane, 1, "title")  # nobody: the call itself
    assert [opened.at(at) for at in range(opened.count())] == [["1"], ["2"]]
    _click(pane, 0, "call")
    _click(pane, 1, "text")
    assert dialled.at(0) == [ANA, "main", "003A"]
    assert texted.at(0) == [BO, "main"]


def test_keys_on_calls(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.calls = [call("1", record=REF), call("2", number=BO, minutes=5)]
    pane = _recents(qtbot, fake, nav)
    record, opened, dialled = (QSignalSpy(signal) for signal in (nav.record_wanted, nav.call_opened, nav.call_wanted))
    pane.focus_first()
    QTest.keyClick(pane.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(pane.list, Qt.Key.Key_Down)
    QTest.keyClick(pane.list, Qt.Key.Key_Return)
    QTest.keyClick(pane.list, Qt.Key.Key_Right)
    QTest.keyClick(pane.list, Qt.Key.Key_Return)
    assert (record.count(), opened.at(0), dialled.at(0)) == (1, ["2"], [BO, "main", ""])


def test_who_shares_a_number_is_named_as_on_their_page(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.calls = [call("1", number=BO, name="", company="")]
    fake.reads.threads = [conversation(BO, name="")]
    pane, texts = _recents(qtbot, fake, nav), ConversationsList(fake.desk, nav)
    _show(qtbot, texts)
    assert _row(pane, 0).number
    people = tuple(CrmRecord(RecordRef("Contact", name), name) for name in ("Alex Kim", "Sam Kim"))
    fake.reads.matches[BO] = Match(people, None)
    fake.hub.publish(MatchChanged(BO))
    qtbot.waitUntil(lambda: _row(pane, 0).title == "Alex Kim or Sam Kim")
    qtbot.waitUntil(lambda: _row(texts, 0).title == "Alex Kim or Sam Kim")
    assert not _row(pane, 0).number
    assert "+46" in _row(pane, 0).subtitle


def test_chips_filter(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.calls = [call("1"), call("2", outcome=Outcome.MISSED), call("3", direction=Direction.OUT)]
    pane = _recents(qtbot, fake, nav)
    seen = {}
    for which, chip in pane._chips.items():
        chip.click()
        assert pane.filter is which
        seen[which] = [row.id for row in pane.model.all_rows()]
    assert seen[RecentFilter.MISSED] == ["2"]
    assert seen[RecentFilter.OUT] == ["3"]


def test_live_calls_are_on_top_until_they_end(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.calls = [call("old", minutes=1)]
    began = NOON - timedelta(seconds=134)
    live = Call("new", "main", Direction.IN, ANA, "", CallState.ACTIVE, began, answered=began)
    fake.live = [live]
    pane = _recents(qtbot, fake, nav)
    read = QSignalSpy(pane.model.refreshed)
    row = _row(pane, 0)
    assert (row.time, row.current, row.subtitle) == ("02:14", True, "On a call")
    fake.live = [replace(live, state=CallState.HELD)]
    for event in (CallRang("new"), CallLogChanged("new"), CallChanged("new")):
        fake.hub.publish(event)
    qtbot.waitUntil(lambda: _row(pane, 0).icon == "pause")
    assert read.count() == 0, "nothing of a live call is in the store's rows"
    fake.live = []
    fake.reads.calls.insert(0, call("new", duration=134))
    pane.list.setCurrentIndex(pane.model.index(0))
    fake.hub.publish(CallFinished("new"))
    qtbot.waitUntil(lambda: not _row(pane, 0).current and _row(pane, 0).icon == "phone-in")
    assert [row.id for row in pane.model.all_rows()] == ["new", "old"]
    assert pane.list.currentIndex().row() == 0


def test_rows_stay_where_they_are_read(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.calls = [call(str(at), minutes=at) for at in range(200)]
    pane = _recents(qtbot, fake, nav)
    QTest.mouseMove(pane, QPoint(5, 5))
    bar = pane.list.verticalScrollBar()
    bar.setValue(1000)
    pane.list.setCurrentIndex(pane.model.index(20))
    bar.setValue(1000)
    index = pane.list.indexAt(QPoint(10, 10))
    key, top = index.data(RowRole.KEY), pane.list.visualRect(index).top()
    fake.reads.calls.insert(0, call("fresh"))
    fake.hub.publish(CallFinished("fresh"))
    qtbot.waitUntil(lambda: pane.model.find("fresh") == 0)
    index = pane.list.indexAt(QPoint(10, 10))
    assert (index.data(RowRole.KEY), pane.list.visualRect(index).top()) == (key, top)
    assert pane.list.currentIndex().data(RowRole.KEY) == "20"
    bar.setValue(0)
    fake.reads.calls.insert(0, call("fresher"))
    fake.hub.publish(CallFinished("fresher"))
    qtbot.waitUntil(lambda: pane.model.find("fresher") == 0)
    assert bar.value() == 0


def test_nothing_shifts_under_the_pointer(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.calls = [call(str(at), minutes=at) for at in range(50)]
    pane = _recents(qtbot, fake, nav)
    viewport, bar = pane.list.viewport(), pane.list.verticalScrollBar()
    QTest.mouseMove(viewport, QPoint(100, 100))
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Enter))
    before = pane.list.indexAt(QPoint(100, 100)).data(RowRole.KEY)
    fake.reads.calls.insert(0, call("fresh"))
    fake.hub.publish(CallFinished("fresh"))
    qtbot.waitUntil(lambda: pane.model.find("fresh") == 0)
    assert pane.list.indexAt(QPoint(100, 100)).data(RowRole.KEY) == before
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
    assert bar.value() == 0


def test_history_has_no_end(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.calls = [call(str(at), minutes=at) for at in range(400)]
    pane = _recents(qtbot, fake, nav)
    bar = pane.list.verticalScrollBar()
    for _ in range(12):
        bar.setValue(bar.maximum())
        pane.list.executeDelayedItemsLayout()
    assert pane.model.rowCount() == 400


def test_a_hidden_list_looks_when_it_shows(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    pane = _recents(qtbot, fake, nav)
    pane.hide()
    looks = fake.reads.looks
    fake.reads.calls = [call("1")]
    fake.hub.publish(CallFinished("1"))
    qtbot.wait(5)
    assert fake.reads.looks == looks
    pane.show()
    assert pane.model.rowCount() == 1


def test_a_list_that_cannot_be_read_says_so(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.broken = AppError(ErrorCode.STORE_UNREADABLE, path="ringdown.db")
    pane = _recents(qtbot, fake, nav)
    assert pane.empty.accessibleName() == "This list cannot be shown"
    fake.reads.broken, fake.reads.calls = None, [call("1")]
    pane._step()
    assert pane.list.isVisible()


def test_conversations(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.threads(fake)
    pane = ConversationsList(fake.desk, nav)
    _show(qtbot, pane)
    rows = [_row(pane, at) for at in range(6)]
    assert (rows[0].unread, rows[1].subtitle) == (2, "You: Sent, page 2 has the discount")
    assert rows[2].subtitle == "Draft: I will call you at"
    assert rows[4].alert == "Not sent"
    assert rows[4].alert_role is ColourRole.DANGER_TEXT
    assert "2 unread" in rows[0].accessible()
    opened, dialled = QSignalSpy(nav.thread_opened), QSignalSpy(nav.call_wanted)
    _click(pane, 1, "row")
    _click(pane, 1, "call")
    assert (opened.at(0), dialled.at(0)) == (["main", BO], [BO, "main", ""])
    fake.reads.threads.insert(0, replace(fake.reads.threads.pop(1), snippet="Thanks", time=NOON))
    fake.hub.publish(ConversationChanged("main", BO))
    qtbot.waitUntil(lambda: _row(pane, 0).title == "Bo Lindqvist")
    assert pane.list.currentIndex().row() == 0


def test_a_new_message(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    pane = ConversationsList(fake.desk, nav)
    _show(qtbot, pane)
    wanted = QSignalSpy(nav.text_wanted)
    pane.empty.acted.emit()
    field = pane.new_field.field
    QTest.keyClicks(field, "415")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert wanted.at(0) == ["415", ""]
    assert not pane.new_field.isVisible()
    pane.new_button.click()
    assert field.text() == ""
    QTest.keyClicks(field, "hello")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert wanted.count() == 1
    assert "hello" in field.sentence
    field.clear()
    QTest.keyClicks(field, "(415) 555 0100")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert wanted.at(1) == [ANA, ""]
    assert not pane.new_field.isVisible()


def test_a_new_message_to_somebody_found_by_name(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.people(fake)
    fake.reads.persons[0] = replace(fake.reads.persons[0], phones=(("Phone", ANA), ("Mobile", "+16285550143")))
    pane = ConversationsList(fake.desk, nav)
    _show(qtbot, pane)
    texted, called, opened = (QSignalSpy(s) for s in (nav.text_wanted, nav.call_wanted, nav.person_opened))
    pane.new_button.click()
    field = pane.new_field.field
    QTest.keyClicks(field, "ana")
    qtbot.waitUntil(lambda: len(field.offers) >= 2)
    assert [offer.row.subtitle for offer in field.offers[:2]] == [
        "(415) 555-0100 · Phone · Acme Logistics",
        "(628) 555-0143 · Mobile · Acme Logistics",
    ]
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert texted.at(0) == ["+16285550143", ""]
    assert (called.count(), opened.count()) == (0, 0)
    assert not pane.new_field.isVisible()
    pane.new_button.click()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not pane.new_field.isVisible()


def test_threads_of_several_lines_are_told_apart(qtbot: QtBot, look: object, nav: Navigator) -> None:
    fake = FakeDesk(LINE, replace(LINE, id="support"))
    fake.reads.threads = [conversation(name="Ana"), conversation(name="Ana", line="support")]
    pane = ConversationsList(fake.desk, nav)
    _show(qtbot, pane)
    assert [_row(pane, at).subtitle for at in range(2)] == ["main · hello", "support · hello"]


def test_people(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.people(fake)
    pane = PeopleList(fake.desk, nav)
    _show(qtbot, pane)
    assert _row(pane, 0).subtitle == "Acme Logistics · VP Operations"
    assert _row(pane, 4).actions == ()
    opened, dialled = QSignalSpy(nav.person_opened), QSignalSpy(nav.call_wanted)
    _click(pane, 0, "row")
    _click(pane, 0, "call")
    assert opened.at(0) == [RecordRef("Contact", "0")]
    assert dialled.at(0) == [ANA, "", "0"]


def test_colleagues_have_a_list_of_their_own(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.people(fake)
    user, other = RecordRef("User", "005"), RecordRef("Colleague", "dir-1")
    fake.reads.persons += [
        PersonRow(user, "Uma Berg", "Engineer", "", (("Phone", ANA),), extension="214", department="Service"),
        PersonRow(other, "Vic", "", "", (), extension="215"),
    ]
    pane = PeopleList(fake.desk, nav)
    _show(qtbot, pane)
    customers = pane.model.rowCount()
    pane.chips[True].click()
    assert pane.model.rowCount() == 2
    assert _row(pane, 0).subtitle == "Ext. 214 · Service · Engineer"
    dialled, wanted = QSignalSpy(nav.call_wanted), QSignalSpy(nav.record_wanted)
    _click(pane, 0, "call")
    assert dialled.at(0) == ["214", "", ""]
    assert len(_row(pane, 1).actions) == 1
    _click(pane, 1, "title")
    assert wanted.count() == 0
    pane.show_colleagues(False)
    assert pane.model.rowCount() == customers


def test_colleagues_in_sight_say_whether_they_are_on_the_phone(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.people(fake)
    for at, number in enumerate(("214", "215", "")):
        fake.reads.persons.append(PersonRow(RecordRef("User", str(at)), f"U{at}", "", "", (), extension=number))
    outside = PersonRow(RecordRef("User", "3"), "U3", "", "", (("Phone", BO),))
    fake.reads.persons.append(outside)
    pane = PeopleList(fake.desk, nav)
    _show(qtbot, pane)
    assert not fake.presence.watched
    pane.show_colleagues(True)
    assert fake.presence.watched == ("214", "215", BO)
    states = {"214": Presence.ON_THE_PHONE, "215": Presence.AVAILABLE, BO: Presence.AVAILABLE}
    fake.presence.states = states
    with qtbot.waitSignal(pane.model.dataChanged):
        fake.hub.publish(PresenceMoved("214"))
    assert _row(pane, 0).alert == "On the phone"
    assert _row(pane, 1).subtitle == "Available · Ext. 215"
    assert _row(pane, 3).subtitle == "Available · +46 8 123 456 78", "who is free still shows the number"
    pane.hide()
    assert not fake.presence.watched


def test_hostile_rows_are_drawn(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.calls(fake)
    pane = _recents(qtbot, fake, nav)
    picture = pane.grab()
    assert not picture.isNull()
    assert "\u202e" not in _row(pane, 6).accessible()


def test_what_may_have_left_waits_in_amber(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.threads = [conversation(direction=Direction.OUT, delivery=Delivery.UNKNOWN)]
    pane = ConversationsList(fake.desk, nav)
    _show(qtbot, pane)
    assert (_row(pane, 0).alert, _row(pane, 0).alert_role) == ("May not have left", ColourRole.WAIT_TEXT)


def test_the_empty_list_leads_to_the_field(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    pane = _recents(qtbot, fake, nav)
    wished = QSignalSpy(nav.field_wanted)
    pane.empty.acted.emit()
    assert wished.count() == 1
