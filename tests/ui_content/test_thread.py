"""One conversation: bubbles, reading, older texts, what is typed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.call import Direction
from app.domain.counterpart import LineState
from app.domain.events import LineStateChanged, MessageStored
from app.domain.message import Delivery
from app.errors import AppError, ErrorCode
from tests.ui_content import samples
from tests.ui_content.fake_desk import ANA, BO, LINE, NOON, FakeDesk, conversation, text
from ui.components import BubbleData, BubbleRole, Tick
from ui.navigator import Navigator
from ui.thread import ThreadView
from ui.thread_rows import bubbles_of

OUT = Direction.OUT


def _open(qtbot: QtBot, fake: FakeDesk, nav: Navigator, number: str = ANA) -> ThreadView:
    view = ThreadView(fake.desk, nav)
    qtbot.addWidget(view)
    view.resize(520, 480)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.open("main", number)
    return view


def _bubbles(view: ThreadView) -> list[BubbleData]:
    return [view.model.index(at).data(BubbleRole.DATA) for at in range(view.model.rowCount())]


def test_groups_days_and_ticks() -> None:
    yesterday = NOON - timedelta(days=1)
    rows = [
        text("a", OUT, at=yesterday),
        text("b", OUT, at=yesterday + timedelta(minutes=2), delivery=Delivery.SENT),
        text("c", at=yesterday + timedelta(minutes=3)),
        text("d", OUT, at=NOON, delivery=Delivery.FAILED, reason="busy"),
        text("e", OUT, at=NOON, delivery=Delivery.UNKNOWN),
        text("f", at=NOON, cut=True, id="new"),
        text("g", at=NOON + timedelta(minutes=6)),
    ]
    a, b, c, d, e, f, g = bubbles_of(rows, "2026-11-20", first_unread="new")
    assert (a.day, a.first, a.last, a.time, a.tick) == ("Yesterday", True, False, "", Tick.NONE)
    assert (b.day, b.first, b.last, b.time, b.tick) == ("", False, True, "12:02\u00a0PM", Tick.SENT)
    assert (c.tick, c.outgoing) == (Tick.NONE, False)
    assert (d.day, d.failure, d.retry, d.tick) == ("Today", "Not sent: busy.", "Retry", Tick.FAILED)
    assert (e.failure, e.retry, e.first) == ("Unknown: may not have left", "Send again", True)
    assert (f.unread_line, f.failure) == ("New", "The end of this text did not arrive")
    assert (f.last, g.first) == (True, True)


def test_opening_reads_only_while_the_rep_looks(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.thread(fake)
    view = _open(qtbot, fake, nav)
    assert fake.messages.read == [("main", ANA)]
    assert [bubble.text for bubble in _bubbles(view) if bubble.unread_line] == ["Can you send the quote?"]
    assert view.list.at_end()
    other = ThreadView(fake.desk, nav)
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: other.isActiveWindow() and not view.isActiveWindow())
    fake.messages.read.clear()
    fake.reads.threads = [conversation(unread=1)]
    fake.reads.texts.append(text("Hello?", id="late", at=NOON))
    fake.hub.publish(MessageStored("late", "main", ANA, received=True))
    qtbot.waitUntil(lambda: view.model.rowCount() == 12)
    assert fake.messages.read == []
    view.activateWindow()
    qtbot.waitUntil(lambda: fake.messages.read == [("main", ANA)])


def test_what_came_while_away_is_new(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    samples.thread(fake)
    view = _open(qtbot, fake, nav)
    view.hide()
    fake.reads.threads = [conversation(unread=1)]
    fake.reads.texts.append(text("Hello?", id="late", at=NOON))
    fake.hub.publish(MessageStored("late", "main", ANA, received=True))
    qtbot.wait(1)
    assert view.model.find("late") == -1
    view.show()
    assert [bubble.key for bubble in _bubbles(view) if bubble.unread_line] == ["late"]
    fake.reads.threads = [conversation(unread=1)]
    fake.reads.texts.append(text("Live", id="live", at=NOON))
    fake.hub.publish(MessageStored("live", "main", ANA, received=True))
    qtbot.waitUntil(lambda: view.model.find("live") >= 0)
    assert [bubble.key for bubble in _bubbles(view) if bubble.unread_line] == ["late"]


def test_days_are_the_reps_own(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.login.zone = lambda: "Pacific/Auckland"  # there it is the 21st already
    fake.reads.texts = [replace(text("late night"), day="2026-11-21"), replace(text("x"), day="2026-11-20")]
    view = _open(qtbot, fake, nav)
    assert [bubble.day for bubble in _bubbles(view)] == ["Today", "Yesterday"]


def test_older_texts_come_without_a_jump(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.texts = [
        text(
            f"text {at} " * (1 + at % 9),
            OUT if at % 3 else Direction.IN,
            id=str(at),
            at=NOON - timedelta(hours=500 - at),
        )
        for at in range(300)
    ]
    view = _open(qtbot, fake, nav)
    assert view.model.rowCount() == 60
    bar = view.list.verticalScrollBar()
    assert view.list.at_end()
    bar.setValue(500)
    at = view.model.find("250")
    top = view.list.visualRect(view.model.index(at)).top()
    bar.setValue(300)  # near the top: the next page comes
    qtbot.waitUntil(lambda: view.model.rowCount() == 120)
    at = view.model.find("250")
    assert view.list.visualRect(view.model.index(at)).top() == top + 200
    for _ in range(6):
        bar.setValue(0)
    assert view.model.rowCount() == 300
    assert view.list.jump.isVisible()
    view.list.jump.click()
    assert view.list.at_end()


def test_new_texts_follow_the_end_or_leave_the_reader(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.texts = [text("word " * 40, id=str(at), at=NOON - timedelta(minutes=60 - at)) for at in range(50)]
    view = _open(qtbot, fake, nav)
    bar = view.list.verticalScrollBar()
    fake.reads.texts.append(text("one", id="a"))
    fake.hub.publish(MessageStored("a", "main", ANA, received=True))
    qtbot.waitUntil(lambda: view.model.find("a") >= 0)
    assert view.list.at_end()
    bar.setValue(900)
    fake.reads.texts.append(text("two", id="b"))
    fake.hub.publish(MessageStored("b", "main", ANA, received=True))
    qtbot.waitUntil(lambda: view.model.find("b") >= 0)
    assert bar.value() == 900


def test_an_old_text_changes_in_place(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.texts = [
        text("x", OUT, id=str(at), at=NOON - timedelta(hours=100 - at), delivery=Delivery.FAILED) for at in range(80)
    ]
    view = _open(qtbot, fake, nav)
    view._older()
    fake.reads.texts[3] = replace(fake.reads.texts[3], delivery=Delivery.SENT)
    fake.hub.publish(MessageStored("3", "main", ANA))
    qtbot.waitUntil(lambda: _bubbles(view)[3].tick is Tick.SENT)
    assert view.model.rowCount() == 80


def test_retry_and_copy(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.texts = [text("<b>hi</b>\u202e", OUT, id="bad", delivery=Delivery.FAILED)]
    view = _open(qtbot, fake, nav)
    index = view.model.index(0)
    view.list.retry_requested.emit(index)
    bubble = view.list.bubble_at(index)
    assert bubble is not None
    menu = view.list.menu_for(bubble, index)
    copy, again = menu.actions()
    copy.trigger()
    again.trigger()
    assert QGuiApplication.clipboard().text() == "<b>hi</b>"
    assert fake.messages.retried == ["bad", "bad"]


def test_enter_sends_and_the_field_is_free_at_once(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    view = _open(qtbot, fake, nav)
    composer = view.composer
    assert not composer.send_button.isEnabled()
    assert composer.send_button.toolTip() == "Type a text first"
    view.focus_composer()
    QTest.keyClicks(composer.field, "Hello")
    QTest.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(composer.field, "there")
    QTest.keyClick(composer.field, Qt.Key.Key_Return)
    assert fake.messages.sent == [("main", ANA, "Hello\nthere")]
    assert composer.text == ""
    fake.messages.stored()
    qtbot.waitUntil(lambda: view.model.rowCount() == 1)
    assert view.list.isVisible()


def test_a_refused_text_stays(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    view = _open(qtbot, fake, nav, "911")
    view.insert_text("help")
    view.composer.send()
    assert view.composer.text == "help"
    assert "emergency" in view.composer.trouble.text()
    assert view.composer.trouble.isVisible()
    QTest.keyClicks(view.composer.field, "!")
    assert not view.composer.trouble.isVisible()


def test_a_text_that_could_not_be_stored_comes_back(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    view = _open(qtbot, fake, nav)
    view.insert_text("first")
    view.composer.send()
    view.insert_text("second")
    fake.messages.not_stored(AppError(ErrorCode.STORE_FULL))
    assert view.composer.text == "first\nsecond"
    assert "disk is full" in view.composer.trouble.text()
    view.composer.send()
    view.open("main", BO)
    told = QSignalSpy(nav.trouble)
    fake.messages.not_stored(AppError(ErrorCode.STORE_FULL))
    assert told.count() == 1
    assert fake.reads.drafts["main", ANA] == "first\nsecond"
    assert view.composer.text == ""


def test_drafts(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.drafts["main", BO] = "half a thought"
    view = _open(qtbot, fake, nav)
    QTest.keyClicks(view.composer.field, "abc")
    assert fake.messages.drafts == []
    qtbot.waitUntil(lambda: fake.messages.drafts == [("main", ANA, "abc")])
    QTest.keyClicks(view.composer.field, "d")
    view.open("main", BO)
    assert fake.messages.drafts[-1] == ("main", ANA, "abcd")
    assert view.composer.text == "half a thought"
    count = len(fake.messages.drafts)
    view.close_thread()
    assert len(fake.messages.drafts) == count  # nothing had changed
    view.open("main", ANA)
    assert view.composer.text == "abcd"
    view.composer.send()
    view.open("main", BO)
    view.open("main", ANA)  # its draft is not cleared yet, but it was sent
    assert view.composer.text == ""


def test_counter(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    view = _open(qtbot, fake, nav)
    said = []
    for body in ("short", "a" * 150, "a" * 161, "日" * 60):
        view.composer.field.setPlainText(body)
        said.append(view.composer._count.text())
    assert said == ["", "10 left", "2 parts · 145 left", "10 left"]


def test_lines(qtbot: QtBot, look: object, nav: Navigator) -> None:
    fake = FakeDesk(LINE, replace(LINE, id="support"))
    view = _open(qtbot, fake, nav)
    assert view.composer.note == "From main · (415) 555-0111"
    fake.lines.state = LineState.FAILED
    fake.hub.publish(LineStateChanged("main", LineState.FAILED))
    waits = "From main · (415) 555-0111 · Not connected: texts wait here"
    qtbot.waitUntil(lambda: view.composer.note == waits)
    fake.lines.lines = [fake.lines.lines[1]]
    fake.hub.publish(LineStateChanged("main", LineState.OFF))
    qtbot.waitUntil(view.composer.field.isReadOnly)
    view.open("", "(415) 555 0100")
    assert view.shown == ("support", ANA)
    view.open("", "nonsense")
    assert view.shown == ("", "")


def test_nobody_to_answer(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    hidden = "sip:anonymous@anonymous.invalid"
    fake.reads.texts = [text("boo", number=hidden)]
    view = _open(qtbot, fake, nav, hidden)
    assert view.model.rowCount() == 1
    assert view.composer.field.isReadOnly()
    assert not view.composer.send_button.isEnabled()


def test_a_thread_that_cannot_be_read(qtbot: QtBot, fake: FakeDesk, nav: Navigator) -> None:
    fake.reads.broken = AppError(ErrorCode.STORE_UNREADABLE, path="x")
    view = _open(qtbot, fake, nav)
    assert view.empty.isVisible()
    assert view.shown == ("", "")


@pytest.mark.parametrize("body", [samples.HOSTILE, "\u202e" * 50, "a" * 4000, "👩‍👩‍👧‍👦" * 200, "\n" * 50])
def test_hostile_texts_are_drawn(qtbot: QtBot, fake: FakeDesk, nav: Navigator, body: str) -> None:
    fake.reads.texts = [text(body), text(body, OUT)]
    view = _open(qtbot, fake, nav)
    assert not view.grab().isNull()
    event = QEvent(QEvent.Type.WindowActivate)
    QApplication.sendEvent(view, event)
    assert view.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) is not None
    assert view.model.rowCount(QModelIndex()) == 2
