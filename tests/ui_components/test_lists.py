"""Rows and threads: by pointer, by keyboard, with anything in them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.components import BubbleData, BubbleList, RowAction, RowData, RowList, RowModel, RowRole, Tick
from ui.design.gallery_pages import ThreadModel, sample_bubbles, sample_rows
from ui.design.theme import Theme, ThemeMode
from ui.design.tokens import ColourRole

pytestmark = pytest.mark.usefixtures("look")
ACTIONS = (RowAction("call", "phone", "Call"), RowAction("text", "message", "Text", enabled=False))
HOSTILE = "<b>x</b>\u202e\x00\n" + "名前 " * 1400


def _list(qtbot: QtBot, rows: list[RowData]) -> RowList:
    view = RowList("Recent calls", title_links=True)
    qtbot.addWidget(view)
    view.setModel(RowModel(rows, view))
    view.resize(320, 400)
    view.show()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    return view


def _index(view: RowList | BubbleList, row: int) -> QModelIndex:
    model = view.model()
    assert model is not None
    return model.index(row, 0)


def test_actions_by_keyboard(qtbot: QtBot) -> None:
    view = _list(qtbot, [RowData("a", "Ana", actions=ACTIONS), RowData("b", "Bo", actions=ACTIONS)])
    view.setCurrentIndex(_index(view, 0))
    asked: list[tuple[int, str]] = []
    view.action_requested.connect(lambda index, name: asked.append((index.row(), name)))
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.key_action == 0
    assert view.accessibleDescription() == "Call"
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.key_action == 1
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert asked == [(0, "call")]
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.key_action == -1
    assert view.currentIndex().row() == 1
    with qtbot.waitSignal(view.opened) as opened:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened.args is not None
    assert opened.args[0].row() == 1
    with qtbot.waitSignal(view.record_requested):
        QTest.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.key_action == -1


def test_actions_by_pointer(qtbot: QtBot) -> None:
    row = RowData("a", "Ana", "Acme", "10:42", actions=ACTIONS)
    view = _list(qtbot, [row])
    rect = QRectF(view.visualRect(_index(view, 0)))
    places = view.rows.places(rect, row, actions=True)
    port = view.viewport()
    with qtbot.waitSignal(view.action_requested) as asked:
        QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=places.actions[0].center().toPoint())
    assert asked.args is not None
    assert asked.args[1] == "call"
    with qtbot.assertNotEmitted(view.action_requested), qtbot.assertNotEmitted(view.opened):
        QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=places.actions[1].center().toPoint())
    with qtbot.waitSignal(view.record_requested):
        QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=places.title.center().toPoint())
    with qtbot.waitSignal(view.opened):
        QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))


def test_parts_of_a_row_never_overlap(look: Theme) -> None:
    view = RowList("Rows")
    rect = QRectF(0, 0, 320, 56)
    rows = [*sample_rows(), RowData("h", HOSTILE, HOSTILE, "12 Oct 2025, 10:42", unread=999, actions=ACTIONS)]
    for row in rows:
        for shown in (False, True):
            places = view.rows.places(rect, row, actions=shown)
            ends = [button.left() for button in places.actions] or [places.time.left() or 320]
            assert places.title_room.right() <= ends[0]
            assert places.title.right() <= places.title_room.right()
            assert places.title_room.bottom() <= places.subtitle.bottom() <= rect.bottom()


def test_tooltips_tell_what_is_cut(look: Theme) -> None:
    view = RowList("Rows")
    rect = QRectF(0, 0, 320, 56)
    row = RowData("a", "Émile " * 20, "short", actions=ACTIONS)
    assert view.rows.tip(rect, row, QPointF(80, 18), actions=False).startswith("Émile Émile")
    assert view.rows.tip(rect, row, QPointF(80, 38), actions=False) == ""
    call = view.rows.places(rect, row, actions=True).actions[0].center()
    assert view.rows.tip(rect, row, call, actions=True) == "Call"


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_hostile_rows_draw(qtbot: QtBot, look: Theme, mode: ThemeMode) -> None:
    look.set_mode(mode)
    rows = [RowData("h", HOSTILE, HOSTILE, HOSTILE, alert=HOSTILE, unread=5, actions=ACTIONS), *sample_rows()]
    view = _list(qtbot, [*rows, RowData("n", "+" + "1 " * 40, number=True)])
    assert view.sizeHintForRow(0) == 56
    for at in range(3):
        view.setCurrentIndex(_index(view, at))
        assert not view.grab().isNull()


def test_a_row_in_words() -> None:
    row = RowData("a", "Ana\x00", "Acme", "10:42", alert="Missed", unread=2)
    assert row.accessible() == "Ana, Missed, Acme, 10:42, 2"
    model = RowModel([row])
    assert model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole) == row.accessible()
    assert model.data(model.index(0), RowRole.KEY) == "a"
    assert model.data(QModelIndex()) is None


def test_new_rows_leave_the_selection_alone(qtbot: QtBot) -> None:
    rows = [RowData(key, key) for key in "abc"]
    view = _list(qtbot, rows)
    model = view.model()
    assert isinstance(model, RowModel)
    view.setCurrentIndex(_index(view, 1))
    model.set_rows([RowData("z", "z"), rows[0], replace(rows[1], title="B!"), rows[2]])
    assert view.currentIndex().row() == 2
    assert view.row_at(view.currentIndex()) == RowData("b", "B!")
    model.set_rows([rows[1], rows[2], rows[0]])
    assert [model.row(at).key for at in range(3)] == ["b", "c", "a"]
    model.set_rows([rows[1]])
    assert view.currentIndex().row() == 0
    model.set_rows([])
    assert model.rowCount() == 0


def _thread(qtbot: QtBot, bubbles: list[BubbleData]) -> BubbleList:
    view = BubbleList("Texts")
    qtbot.addWidget(view)
    view.resize(480, 500)
    model = ThreadModel(bubbles)
    model.setParent(view)
    view.setModel(model)
    view.show()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    return view


def test_a_failed_text_is_retried_by_key_and_pointer(qtbot: QtBot) -> None:
    failed = BubbleData("f", "Hi", True, tick=Tick.FAILED, failure="No such number", retry="Retry")
    view = _thread(qtbot, [failed])
    view.setCurrentIndex(_index(view, 0))
    with qtbot.waitSignal(view.retry_requested):
        QTest.keyClick(view, Qt.Key.Key_Return)
    top = view.visualRect(_index(view, 0)).topLeft()
    at = view.bubbles.retry_place(failed, view.bubbles.width).center().toPoint() + top
    with qtbot.waitSignal(view.retry_requested):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    with qtbot.assertNotEmitted(view.retry_requested):  # the press was meant for something else
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_nothing_stays_underlined_when_the_pointer_leaves(qtbot: QtBot) -> None:
    failed = BubbleData("f", "Hi", True, tick=Tick.FAILED, failure="No such number", retry="Retry")
    view = _thread(qtbot, [failed])
    top = view.visualRect(_index(view, 0)).topLeft()
    QTest.mouseMove(view.viewport(), view.bubbles.retry_place(failed, view.bubbles.width).center().toPoint() + top)
    assert view.bubbles.hover_retry == 0
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
    assert view.bubbles.hover_retry == -1


def test_a_menu_chooses_no_row(qtbot: QtBot) -> None:
    view = _list(qtbot, [RowData("a", "Ana"), RowData("b", "Bo")])
    view.setCurrentIndex(_index(view, 0))
    below = view.visualRect(_index(view, 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=below)
    assert view.currentIndex().row() == 0  # the page that shows beside the list is still its


def test_a_press_does_not_meet_a_row_that_moved_below_it(qtbot: QtBot) -> None:
    rows = [RowData("a", "Ana", actions=ACTIONS), RowData("b", "Bo", actions=ACTIONS)]
    view = _list(qtbot, rows)
    model = view.model()
    assert isinstance(model, RowModel)
    call = view.rows.places(QRectF(view.visualRect(_index(view, 0))), rows[0], actions=True).actions[0].center()
    with qtbot.assertNotEmitted(view.action_requested):
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=call.toPoint())
        model.set_rows([rows[1], rows[0]])
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=call.toPoint())


def test_copying_a_bubble(qtbot: QtBot) -> None:
    view = _thread(qtbot, [BubbleData("a", "<b>one</b>\ntwo")])
    view.setCurrentIndex(_index(view, 0))
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "<b>one</b>\ntwo"


@pytest.mark.parametrize("width", [240, 480, 1400])
def test_bubbles_stay_inside_the_thread(qtbot: QtBot, width: int) -> None:
    picture = QImage(900, 300, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.gray)
    hostile = [
        BubbleData("h", HOSTILE, time="10:42", day=HOSTILE, failure=HOSTILE, retry="Retry"),
        BubbleData("w", "x" * 5000, True, time="10:42", tick=Tick.SENT),
        BubbleData("p", "", time="10:42", picture=picture, attachment="IMG_0001.jpg"),
        BubbleData("e", ""),
    ]
    view = _thread(qtbot, [*sample_bubbles(), *hostile])
    view.resize(width, 500)
    for bubble in [*sample_bubbles(), *hostile]:
        places = view.bubbles.places(bubble, width)
        assert places.bubble.left() >= 0
        assert places.bubble.right() <= width
        assert places.text.bottom() <= places.bubble.bottom()
        assert places.height >= places.bubble.height()
    view.scrollToBottom()
    assert view.at_end()
    assert not view.grab().isNull()


def test_a_menu_says_what_a_row_can_do(qtbot: QtBot) -> None:
    view = _list(qtbot, [RowData("a", "Ana", actions=ACTIONS)])
    index = _index(view, 0)
    row = view.row_at(index)
    assert row is not None
    asked: list[str] = []
    view.opened.connect(lambda _: asked.append("open"))
    view.action_requested.connect(lambda _, name: asked.append(name))
    menu = view.menu_for(index, row)
    entries = menu.actions()
    assert [entry.text() for entry in entries] == ["Open", "Call", "Text"]
    assert [entry.isEnabled() for entry in entries] == [True, True, False]
    entries[0].trigger()
    entries[1].trigger()
    assert asked == ["open", "call"]
    model = view.model()
    assert isinstance(model, RowModel)
    model.set_rows([])
    entries[1].trigger()
    assert asked == ["open", "call"]
    menu.deleteLater()


def test_what_may_have_left_is_not_drawn_as_failed(qtbot: QtBot, look: Theme) -> None:
    def red(tick: Tick) -> int:
        view = _thread(qtbot, [BubbleData("a", "x", True, tick=tick, failure="Unknown: may not have left")])
        image = view.viewport().grab().toImage()
        danger = look.colour(ColourRole.DANGER_TEXT).rgb()
        return sum(image.pixel(x, y) == danger for x in range(image.width()) for y in range(image.height()))

    assert red(Tick.FAILED) > 0
    assert red(Tick.UNKNOWN) == 0
