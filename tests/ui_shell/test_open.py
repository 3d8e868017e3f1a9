"""What is open: marked in every list, named once, and one place for what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.call import Direction, Outcome
from app.domain.call_log import Synced
from app.domain.counterpart import LineReason, LineState
from app.domain.events import CallFinished, ConversationChanged, CrmStateChanged, LinesChanged
from app.domain.message import Delivery
from app.errors import AppError, ErrorCode
from app.reads.rows import ConversationRow, RecentFilter, RecentRow
from app.usecases.login import CrmState
from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA, ANA_RECORD, BO, BO_RECORD, LINE, NOON, SECOND
from ui.components import Banner, RowRole
from ui.list_pane import ListPane
from ui.main_window import MainWindow
from ui.rail import Page
from ui.shell import Shell
from ui.status_bar import Matter

Make = Callable[[FakeDesk | None], MainWindow]
STRANGER = "+442079460958"


def _past(id: str, number: str, name: str, minutes: int) -> RecentRow:
    return RecentRow(
        id, "main", number, name, "", None, Direction.IN, Outcome.ANSWERED, NOON - timedelta(minutes=minutes), 9,
        False, Synced.DONE, False,
    )  # fmt: skip


def _thread(number: str, name: str) -> ConversationRow:
    return ConversationRow(
        "main", number, name, "", None, NOON, "Hello", Direction.IN, Delivery.DELIVERED, 0
    )  # fmt: skip


@pytest.fixture
def full(fake: FakeDesk) -> FakeDesk:
    """Two past calls and two conversations."""
    fake.reads.rows += [_past("r1", ANA, "Ana Flores", 5), _past("r2", BO, "Bo Lindqvist", 9)]
    fake.reads.threads += [_thread(ANA, "Ana Flores"), _thread(BO, "Bo Lindqvist")]
    return fake


def _marked(pane: ListPane[RecentRow] | ListPane[ConversationRow] | QWidget) -> str:
    assert isinstance(pane, ListPane)
    index = pane.list.currentIndex()
    assert index.isValid() == bool(pane.list.selectedIndexes())
    return str(index.data(RowRole.KEY)) if index.isValid() else ""


def _matters(shell: Shell) -> list[str]:
    return [matter.value for matter in shell.status.matters]


def test_each_list_marks_what_is_open(full: FakeDesk, window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    space = shell.workspace
    qtbot.waitUntil(lambda: space.calls.model.rowCount() == 2)
    shell.nav.call_opened.emit("r2")  # not in the store: nothing opens
    assert _marked(space.calls) == ""
    shell.nav.thread_opened.emit("main", BO)
    assert _marked(space.calls) == ""
    shell.show_page(Page.MESSAGES)
    assert _marked(space.conversations) == f"main {BO}"
    shell.nav.thread_opened.emit("main", STRANGER)
    assert _marked(space.conversations) == ""
    shell.nav.person_opened.emit(ANA_RECORD.ref)
    assert _marked(space.conversations) == f"main {ANA}"
    shell.show_page(Page.PEOPLE)
    pane = space.people
    qtbot.waitUntil(lambda: space.people.model.rowCount() == 2)
    assert _marked(pane) == ANA_RECORD.ref.id
    shell.nav.thread_opened.emit("main", BO)
    assert _marked(pane) == BO_RECORD.ref.id


def test_a_call_answered_elsewhere_is_marked_and_stays_so_when_it_ends(
    full: FakeDesk, window: MainWindow, shell: Shell, qtbot: QtBot
) -> None:
    calls = shell.workspace.calls
    call = full.calls.ring(BO)
    shell.incoming.answer(call)
    qtbot.waitUntil(lambda: _marked(calls) == call)
    full.reads.rows.insert(0, _past(call, BO, "Bo Lindqvist", 0))
    full.calls.end(call)
    qtbot.waitUntil(lambda: calls.model.all_rows()[0] == full.reads.rows[0])
    assert _marked(calls) == call
    shell.nav.thread_opened.emit("main", ANA)
    assert _marked(calls) == ""


def test_a_row_that_comes_later_is_marked_then(full: FakeDesk, window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    pane = shell.workspace.conversations
    shell.show_page(Page.MESSAGES)
    shell.nav.thread_opened.emit("main", STRANGER)
    full.reads.threads.insert(0, _thread(STRANGER, ""))
    full.hub.publish(ConversationChanged("main", STRANGER))
    qtbot.waitUntil(lambda: _marked(pane) == f"main {STRANGER}")
    del full.reads.threads[0]
    full.hub.publish(ConversationChanged("main", STRANGER))
    qtbot.waitUntil(lambda: pane.model.rowCount() == 2)
    assert _marked(pane) == ""


def test_walking_by_keyboard_is_not_disturbed(full: FakeDesk, window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    pane = shell.workspace.conversations
    shell.show_page(Page.MESSAGES)
    shell.nav.thread_opened.emit("main", ANA)
    pane.focus_first()
    QTest.keyClick(pane.list, Qt.Key.Key_Down)
    assert _marked(pane) == f"main {BO}"
    full.reads.threads.insert(0, _thread(STRANGER, ""))
    full.hub.publish(ConversationChanged("main", STRANGER))
    qtbot.waitUntil(lambda: pane.model.rowCount() == 3)
    assert _marked(pane) == f"main {BO}"
    window.top_bar.field.setFocus()
    assert _marked(pane) == f"main {ANA}"


def test_a_press_that_opens_elsewhere_leaves_the_mark(
    full: FakeDesk, window: MainWindow, shell: Shell, qtbot: QtBot, opened_urls: list[str]
) -> None:
    full.reads.threads[1] = replace(full.reads.threads[1], record=BO_RECORD.ref)
    pane = shell.workspace.conversations
    shell.show_page(Page.MESSAGES)
    shell.nav.thread_opened.emit("main", ANA)
    rect = pane.list.visualRect(pane.model.index(1))
    QTest.mouseMove(pane.list.viewport(), rect.topLeft() + QPoint(60, 18))
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPoint(60, 18))
    assert len(opened_urls) == 1
    assert _marked(pane) == f"main {ANA}"


def test_the_thread_names_whom_one_texts(window: MainWindow, shell: Shell, fake: FakeDesk, qtbot: QtBot) -> None:
    page = shell.workspace.page
    assert not page.header.isVisible()
    shell.nav.thread_opened.emit("main", ANA)
    head = page.header
    assert head.isVisible()
    assert (head.name.word, head.company.text(), head.number.text()) == ("Ana Flores", "Acme", "(415) 555-0142")
    assert not head.via.isVisible()
    fake.lines.add(SECOND)
    qtbot.waitUntil(head.via.isVisible)
    assert head.via.text() == "on (415) 555-0100"
    head.call.click()
    assert fake.calls.dialled == [(ANA, "main", ANA_RECORD.ref.id)]
    assert page.panel.isVisible()
    assert not head.isVisible()  # the call's panel has the name
    fake.calls.end(fake.calls.live()[0].id)
    shell.nav.thread_opened.emit("main", STRANGER)
    assert head.isVisible()
    assert (head.name.word, head.company.text(), head.number.text()) == ("+44 20 7946 0958", "United Kingdom", "")


def test_the_name_of_the_thread_opens_the_record(
    window: MainWindow, shell: Shell, fake: FakeDesk, opened_urls: list[str]
) -> None:
    shell.nav.thread_opened.emit("main", STRANGER)
    assert not shell.workspace.page.header.name.linked
    shell.nav.thread_opened.emit("main", ANA)
    shell.workspace.page.header.name.click()
    assert opened_urls == [f"https://acme.my.example/{ANA_RECORD.ref.id}"]


def test_one_bar_says_that_the_network_is_away(window: MainWindow, shell: Shell, fake: FakeDesk, qtbot: QtBot) -> None:
    shell.nav.thread_opened.emit("main", ANA)
    fake.lines.become("main", LineState.FAILED, LineReason.UNREACHABLE)
    fake.set_crm(CrmState.OFFLINE, AppError(ErrorCode.CRM_OFFLINE))
    fake.hub.publish(CrmStateChanged())
    qtbot.waitUntil(lambda: "or to Salesforce" in shell.status.text(Matter.LINE))
    assert _matters(shell) == ["line"]
    qtbot.waitUntil(lambda: "texts wait" in shell.workspace.page.thread_view.composer.note)
    qtbot.waitUntil(shell.workspace.sidebar.note.isVisible)
    bars = [bar for bar in window.findChildren(Banner) if bar.isVisible()]
    assert bars == [shell.status.bar(Matter.LINE)]
    fake.lines.become("main", LineState.FAILED, LineReason.WRONG_PASSWORD)
    qtbot.waitUntil(lambda: Matter.SALESFORCE in shell.status.matters)
    assert "user name or password" in shell.status.text(Matter.LINE)


def test_without_a_line_only_the_middle_says_what_to_do(
    make_window: Make, look: object, tmp_path: Path, qtbot: QtBot
) -> None:
    fake = FakeDesk(tmp_path)
    window = make_window(fake)
    shell = window.shell
    assert shell is not None
    space = shell.workspace
    middle = space.page._empty
    assert middle.accessibleName() == "Set up your line"
    qtbot.waitUntil(middle._action.isVisible)
    assert _matters(shell) == []
    assert space.calls.empty.accessibleName() == "No calls yet"
    assert not space.calls.empty._action.isVisible()
    shell.show_page(Page.MESSAGES)
    assert not space.conversations.new_button.isVisible()
    assert not space.conversations.empty._action.isVisible()
    shell.show_page(Page.SETTINGS)
    assert _matters(shell) == ["no-line"]
    shell.show_page(Page.CALLS)
    fake.lines.add(LINE)
    qtbot.waitUntil(lambda: middle.accessibleName() == "Nothing open")
    qtbot.waitUntil(space.calls.empty._action.isVisible)
    space.calls.empty.acted.emit()
    assert window.top_bar.field.hasFocus()


def test_empty_panes_stand_on_one_line(make_window: Make, look: object, tmp_path: Path, qtbot: QtBot) -> None:
    for name, lines in (("without", ()), ("with", (LINE,))):
        # A profile each: the second window would take the place the first one has kept, within the small screen here.
        (tmp_path / name).mkdir()
        window = make_window(FakeDesk(tmp_path / name, *lines))
        assert window.shell is not None
        space = window.shell.workspace
        pages = (space.calls.empty, space.page._empty, space.sidebar.nothing)
        for page in pages:
            qtbot.waitUntil(page.isVisible)
        for size in ((1280, 860), (1180, 560)):
            window.resize(*size)
            window.grab()
            tops = {page.mapTo(window, QPoint(0, page.icon_top)).y() for page in pages}
            assert len(tops) == 1, (lines, size, tops)


def test_the_line_is_not_called_missing_before_anybody_knows(make_window: Make, fake: FakeDesk, qtbot: QtBot) -> None:
    window = make_window(None)
    line = window.top_bar.line
    assert line.word == ""
    assert line.accessibleName() == "Loading"
    assert not line.isEnabled()
    window.grab()
    fake.lines._states["main"] = replace(fake.lines._states["main"], state=LineState.OFF)
    fake.lines.phone_is_up = False
    window.attach(fake.desk, None)
    assert line.isEnabled()
    assert line.accessibleDescription() == "Connecting"
    fake.lines.phone_is_up = True
    fake.hub.publish(LinesChanged())
    assert line.accessibleDescription() == "Off"


def test_the_pills_of_the_rail_are_alike_and_touch_no_edge(window: MainWindow, shell: Shell) -> None:
    buttons = [window.rail.button(page) for page in Page]
    assert len({(button.x(), button.pill.left(), button.pill.width()) for button in buttons}) == 1
    for button in buttons:
        assert button.x() + button.pill.left() >= 8
        assert button.x() + button.pill.right() <= window.rail.width() - 8


def test_call_thread_and_composer_share_their_edges(window: MainWindow, shell: Shell, fake: FakeDesk) -> None:
    fake.text("Hello", 3)
    fake.text("There", 2, out=True)
    call = fake.calls.dial(ANA)
    fake.calls.connect(call)
    shell.nav.call_opened.emit(call)
    window.grab()
    page = shell.workspace.page

    def left(widget: QWidget) -> int:
        return widget.mapTo(page, QPoint(0, 0)).x()

    view = page.thread_view.list
    places = [
        view.bubbles.places(bubble, view.bubbles.width)
        for at in range(2)
        if (bubble := view.bubble_at(page.thread_view.model.index(at))) is not None
    ]
    panel = page.panel
    assert left(panel.name) == left(panel.notes.edit) == left(page.thread_view.composer.field) == 16
    assert left(view) + places[0].bubble.left() == 16
    right = page.width() - 16
    assert left(view) + places[1].bubble.right() == right
    assert left(panel.end) + panel.end.width() == left(panel.notes.edit) + panel.notes.edit.width() == right


def test_a_filter_does_not_mark_another_row(full: FakeDesk, window: MainWindow, shell: Shell, qtbot: QtBot) -> None:
    call = full.calls.dial(ANA)
    full.calls.connect(call)
    shell.nav.call_opened.emit(call)
    calls = shell.workspace.calls
    qtbot.waitUntil(lambda: _marked(calls) == call)
    calls.set_filter(RecentFilter.MISSED)
    full.hub.publish(CallFinished("x"))
    qtbot.waitUntil(lambda: calls.model.find(call) < 0)
    assert _marked(calls) == ""
    calls.set_filter(RecentFilter.ALL)
    assert _marked(calls) == call
