"""The focus ring: for who came by keys, not for who pressed with the mouse, and still there after a menu."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.components import BubbleData, BubbleList, Button, RowAction, RowData, RowList, RowModel
from ui.components.focus import reason_after
from ui.components.quiet_list import ringed_row
from ui.design.gallery_pages import ThreadModel

pytestmark = pytest.mark.usefixtures("look")
_BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
Widget = Button | RowList | BubbleList


def _rows() -> RowList:
    view = RowList("Calls")
    view.setModel(RowModel([RowData(key, key, actions=(RowAction("call", "phone", "Call"),)) for key in "ab"], view))
    return view


def _bubbles() -> BubbleList:
    view = BubbleList("Texts")
    model = ThreadModel([BubbleData(key, key) for key in "abc"])
    model.setParent(view)
    view.setModel(model)
    return view


def _comes(widget: Widget, reason: Qt.FocusReason) -> None:
    QApplication.sendEvent(widget, QFocusEvent(QEvent.Type.FocusIn, reason))


def _goes(widget: Widget, reason: Qt.FocusReason) -> None:
    QApplication.sendEvent(widget, QFocusEvent(QEvent.Type.FocusOut, reason))


@pytest.mark.parametrize("make", [lambda: Button("Call"), _rows, _bubbles], ids=["button", "rows", "bubbles"])
def test_a_ring_for_who_came_by_keys(qtbot: QtBot, make: Callable[[], Widget]) -> None:
    widget = make()
    qtbot.addWidget(widget)
    for reason in _BY_KEYS:
        _comes(widget, reason)
        assert widget.ring_visible
        assert reason_after(widget) is Qt.FocusReason.ShortcutFocusReason
        _goes(widget, Qt.FocusReason.MouseFocusReason)
        assert not widget.ring_visible
    for reason in (*_PASSING, Qt.FocusReason.MouseFocusReason, Qt.FocusReason.OtherFocusReason):
        _comes(widget, reason)
        assert not widget.ring_visible
        assert reason_after(widget) is Qt.FocusReason.OtherFocusReason
    for passing in _PASSING:  # a menu, or another window for a while
        _comes(widget, Qt.FocusReason.TabFocusReason)
        _goes(widget, passing)
        assert not widget.ring_visible
        _comes(widget, passing)
        assert widget.ring_visible


def test_a_key_shows_the_ring(qtbot: QtBot) -> None:
    view = _rows()
    qtbot.addWidget(view)
    view.setCurrentIndex(view.model().index(0, 0))
    _comes(view, Qt.FocusReason.OtherFocusReason)
    assert ringed_row(view) == -1  # and its time stays in sight, where the buttons would stand
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert ringed_row(view) == 1


def test_the_ring_stays_with_its_text_when_older_ones_come(qtbot: QtBot) -> None:
    view = BubbleList("Texts")
    qtbot.addWidget(view)
    rows = RowModel([RowData("new", "new")], view)  # any model will do
    view.setModel(rows)
    _comes(view, Qt.FocusReason.TabFocusReason)
    assert ringed_row(view) == 0
    rows.set_rows([RowData("old", "old"), RowData("new", "new")])
    assert ringed_row(view) == 1
