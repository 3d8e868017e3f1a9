"""What is told while the rep looks elsewhere, by which way, and what a press on it does."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.domain.call import Direction
from app.domain.counterpart import LineState
from app.domain.events import ConversationChanged, MessageStored
from app.domain.message import Delivery, Message
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, NOON
from ui.design.theme import Theme
from ui.main_window import MainWindow
from ui.notifier import FirstThatWorks, Notice, TrayNotifier, WindowNotifier
from ui.shell import Shell
from ui.status_bar import Matter
from ui.tray import Tray
from ui.tray_icon import Look, state_icon

STRANGER = "+442079460958"


class Told:
    """A way to tell that writes down."""

    def __init__(self, works: bool = True) -> None:
        self.works = works
        self.notices: list[Notice] = []
        self.withdrawn: list[str] = []

    def show(self, notice: Notice) -> bool:
        if self.works:
            self.notices.append(notice)
        return self.works

    def withdraw(self, key: str) -> None:
        self.withdrawn.append(key)

    def close(self) -> None:
        return


@pytest.fixture
def told(shell: Shell) -> Told:
    """The rep looks elsewhere."""
    made = Told()
    shell.notifications.use(made)
    shell.notifications._looked_at = lambda: None
    return made


def _text(fake: FakeDesk, body: str = "Hi <b>Riley</b>", number: str = ANA) -> None:
    id = f"m{len(fake.reads.stored)}"
    message = Message(id, "main", number, Direction.IN, body, NOON, "2026-11-20", "UTC", Delivery.DELIVERED)
    fake.reads.stored[id] = message
    fake.hub.publish(ConversationChanged("main", number))
    fake.hub.publish(MessageStored(id, "main", number, received=True))


def _miss(fake: FakeDesk, number: str = ANA) -> str:
    call = fake.calls.ring(number)
    fake.calls.end(call, 487)
    return call


def test_a_missed_call_offers_to_call_back(shell: Shell, fake: FakeDesk, told: Told) -> None:
    call = _miss(fake)
    (notice,) = told.notices
    assert notice.title == "Missed call from Ana Flores"
    assert notice.body == "(415) 555-0142"
    assert notice.actions == (("call", "Call back"), ("text", "Text"))
    shell.notifications.acted(notice.key, "call")
    assert fake.calls.dialled == [(ANA, "main", "")]
    assert told.withdrawn == [f"call:{call}"]
    shell.notifications.acted(notice.key, "call")  # a second press of a button that should be gone
    assert len(fake.calls.dialled) == 1


def test_a_missed_call_without_a_number_can_only_be_opened(shell: Shell, fake: FakeDesk, told: Told) -> None:
    call = _miss(fake, "")
    assert told.notices[0].actions == (("open", "Open"),)
    shell.notifications.acted(told.notices[0].key, "open")
    assert shell.workspace.page.call_id == call


def test_calls_that_were_not_missed_tell_nothing(shell: Shell, fake: FakeDesk, told: Told) -> None:
    fake.calls.reject(fake.calls.ring(ANA))
    out = fake.calls.dial(ANA)
    fake.calls.connect(out)
    fake.calls.hangup(out)
    assert told.notices == []


def test_a_text_is_told_with_what_it_says_unless_that_is_private(
    shell: Shell, fake: FakeDesk, told: Told, qtbot: QtBot
) -> None:
    _text(fake)
    assert (told.notices[0].title, told.notices[0].body) == ("Ana Flores", "Hi <b>Riley</b>")
    assert told.notices[0].actions == (("reply", "Reply"), ("read", "Mark as read"))
    fake.lines.set_notify_preview(False)
    _text(fake, number=STRANGER)
    qtbot.waitUntil(lambda: len(told.notices) == 2)
    assert (told.notices[1].title, told.notices[1].body) == ("+44 20 7946 0958", "New text")


def test_in_a_flood_only_the_latest_are_told(shell: Shell, fake: FakeDesk, told: Told, qtbot: QtBot) -> None:
    numbers = [f"+1415555{at:04d}" for at in range(1000, 1020)]
    for round in range(3):
        for number in numbers:
            _text(fake, f"{round}", number)
    assert [notice.body for notice in told.notices] == ["0"]  # the first one at once
    qtbot.waitUntil(lambda: len(told.notices) > 1)
    assert [notice.key for notice in told.notices[1:]] == [f"text:main:{number}" for number in numbers[-5:]]
    assert {notice.body for notice in told.notices[1:]} == {"2"}


def test_reply_opens_the_thread_and_mark_read_does_not(shell: Shell, fake: FakeDesk, told: Told, qtbot: QtBot) -> None:
    _text(fake)
    shell.notifications.acted(told.notices[0].key, "read")
    assert fake.messages.read == [("main", ANA)]
    assert shell.workspace.page.thread_of == ("", "")
    _text(fake)
    qtbot.waitUntil(lambda: len(told.notices) == 2)
    shell.notifications.acted(told.notices[1].key, "reply")
    assert shell.workspace.page.thread_of == ("main", ANA)


def test_a_conversation_read_here_takes_its_notification_away(
    shell: Shell, fake: FakeDesk, told: Told, qtbot: QtBot
) -> None:
    _text(fake)
    fake.hub.publish(ConversationChanged("main", ANA))
    qtbot.waitUntil(lambda: told.withdrawn == [f"text:main:{ANA}"])


def test_nothing_is_told_of_what_the_rep_looks_at_or_with_do_not_disturb(
    window: MainWindow, shell: Shell, fake: FakeDesk, qtbot: QtBot
) -> None:
    made = Told()
    shell.notifications.use(made)
    shell.nav.thread_opened.emit("main", ANA)
    shell.notifications._looked_at = lambda: ("main", ANA)
    _text(fake)
    _miss(fake)
    assert made.notices == []
    _text(fake, number=STRANGER)
    qtbot.waitUntil(lambda: len(made.notices) == 1)
    shell.notifications._looked_at = lambda: None
    fake.lines.set_dnd(True)
    _text(fake)
    _miss(fake)
    qtbot.waitUntil(lambda: not shell.notifications._round.isActive())
    assert len(made.notices) == 1


def test_what_is_looked_at_is_the_open_conversation_of_the_window_in_front(window: MainWindow, shell: Shell) -> None:
    shell.nav.thread_opened.emit("main", ANA)
    assert shell._looked_at() == ("main", ANA)
    window.hide()
    assert shell._looked_at() is None


def test_the_first_way_that_works_tells(shell: Shell, fake: FakeDesk) -> None:
    broken, good, last = Told(False), Told(), Told()
    chain = FirstThatWorks([broken, good, last])
    notice = Notice("k", "t", "b", (("open", "Open"),))
    chain.show(notice)
    assert (good.notices, last.notices) == ([notice], [])
    chain.show_after(good, notice)
    assert last.notices == [notice]


def test_the_window_itself_is_the_last_way(shell: Shell, fake: FakeDesk) -> None:
    way = WindowNotifier(shell.status.offer, shell.notifications.acted)
    shell.notifications.use(way)
    shell.notifications._looked_at = lambda: None
    _miss(fake)
    assert "Missed call from Ana Flores" in shell.status.text(Matter.OFFER)
    bar = shell.status.bar(Matter.OFFER)
    assert bar is not None
    bar.acted.emit()
    assert fake.calls.dialled == [(ANA, "main", "")]
    assert shell.status.bar(Matter.OFFER) is None


def test_a_long_text_takes_two_lines_of_the_window_at_most(shell: Shell) -> None:
    way = WindowNotifier(shell.status.offer, shell.notifications.acted)
    way.show(Notice("k", "Ana Flores", "日本語の文章です。" * 90, (("reply", "Reply"),)))
    said = shell.status.text(Matter.OFFER)
    assert said.startswith("Ana Flores: 日本語")
    assert said.endswith("…")
    assert len(said) < 140


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", "does not support raise")
def test_the_tray_follows_state_and_call(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    tray = Tray(fake.desk, shell.nav, window)

    def words() -> list[str]:
        return [action.text() for action in tray.menu.actions() if action.isVisible() and not action.isSeparator()]

    def look() -> Look:
        return tray.look

    def press(word: str) -> None:
        next(action for action in tray.menu.actions() if action.text() == word).trigger()

    assert look() is Look.READY
    press("Do not disturb")
    assert fake.lines.settings.dnd
    assert (look(), words()[0]) == (Look.DND, "Do not disturb")
    next(action for action in tray.menu.actions() if action.isCheckable()).trigger()
    assert look() is Look.READY
    fake.lines.become("main", LineState.REGISTERING)
    assert look() is Look.CONNECTING
    fake.lines.become("main", LineState.FAILED)
    assert look() is Look.OFF
    fake.lines.become("main", LineState.REGISTERED)
    call = fake.calls.ring(ANA)
    assert "Hang up" not in words()  # a ringing call has its card
    fake.calls.answer(call)
    assert look() is Look.CALL
    assert words()[1:4] == ["Ana Flores", "Hold", "Hang up"]
    press("Hold")
    assert words()[2] == "Resume"
    press("Hang up")
    assert fake.calls.live() == ()
    tray.hide()


def test_every_state_has_an_icon_of_its_own(look: object) -> None:
    def bytes_of(icon: QIcon) -> bytes:
        image = icon.pixmap(22, 22).toImage()
        return bytes(image.constBits())

    made = [bytes_of(state_icon(one, waiting)) for one in (*Look, None) for waiting in (0, 3)]
    assert len(set(made)) == len(made)


def test_the_bubble_of_the_tray_is_plain_text(look: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    for name in ("isSystemTrayAvailable", "supportsMessages"):
        monkeypatch.setattr(QSystemTrayIcon, name, staticmethod(lambda: True))
    icon = QSystemTrayIcon()
    monkeypatch.setattr(icon, "isVisible", lambda: True)
    monkeypatch.setattr(icon, "showMessage", lambda title, body, *_: shown.extend((title, body)))
    notice = Notice("text:1", "<b>Ana</b>\u202e", "<img src=x>\x07 " + "x" * 5000, (("open", "Open"),))
    assert TrayNotifier(icon, lambda *_: None).show(notice)
    assert shown[0] == "‹b>Ana‹/b>"
    assert shown[1].startswith("‹img src=x> x")
    assert len(shown[1]) < 200
