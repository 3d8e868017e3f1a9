"""Buttons, fields and labels by keyboard, and with hostile text."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.components import (
    AutoGrowTextEdit,
    Banner,
    BannerKind,
    Button,
    ButtonKind,
    Chip,
    DotState,
    EmptyState,
    FlowLayout,
    IconButton,
    Paragraph,
    PlainLabel,
    SearchField,
    Skeleton,
    StateDot,
    StripBar,
    StripState,
)
from ui.components.buttons import Pressable
from ui.design.theme import Theme

pytestmark = pytest.mark.usefixtures("look")
HOSTILE = "<b>Bold</b><img src=x>\u202eevil\x00\x07 & Co " + "long " * 820


def _typed(qtbot: QtBot) -> tuple[AutoGrowTextEdit, list[str]]:
    edit = AutoGrowTextEdit("Text…")
    edit.resize(300, 36)
    qtbot.addWidget(edit)
    edit.show()
    sent: list[str] = []
    edit.submitted.connect(lambda: sent.append(edit.toPlainText()))
    return edit, sent


def test_enter_sends_and_shift_enter_breaks(qtbot: QtBot) -> None:
    edit, sent = _typed(qtbot)
    QTest.keyClicks(edit, "one")
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(edit, "two")
    assert sent == []
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClick(edit, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert sent == ["one\ntwo", "one\ntwo"]


def test_enter_belongs_to_the_input_method_while_it_composes(qtbot: QtBot) -> None:
    edit, sent = _typed(qtbot)
    QApplication.sendEvent(edit, QInputMethodEvent("にほん", []))
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert sent == []
    done = QInputMethodEvent("", [])
    done.setCommitString("日本")
    QApplication.sendEvent(edit, done)
    edit.setPlainText("日本")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert sent == ["日本"]


def test_it_grows_to_six_lines(qtbot: QtBot) -> None:
    edit, _ = _typed(qtbot)
    heights = []
    for lines in (1, 3, 6, 12):
        edit.setPlainText("\n".join("x" * lines))
        heights.append(edit.height())
    assert heights[0] == 36
    assert heights[0] < heights[1] < heights[2] == heights[3]
    edit.clear()
    assert edit.height() == 36


def test_pasted_markup_is_text(qtbot: QtBot) -> None:
    edit, _ = _typed(qtbot)
    data = QMimeData()
    data.setHtml("<b>x</b>")
    data.setText("<b>x</b>\x07")
    edit.insertFromMimeData(data)
    assert edit.toPlainText() == "<b>x</b>"


def test_search_clears_by_key_and_by_button(qtbot: QtBot) -> None:
    field = SearchField("Name or number", shortcut_hint="Ctrl K")
    qtbot.addWidget(field)
    field.resize(300, 36)
    field.show()
    QTest.keyClicks(field, "Ana")
    clear = field.findChild(IconButton)
    assert clear is not None
    assert clear.isVisible()
    with qtbot.waitSignal(field.cleared):
        QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert not clear.isVisible()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Button("Call", ButtonKind.ANSWER, "phone"),
        lambda: IconButton("mic", "Mute", checkable=True),
        lambda: Chip("Missed"),
    ],
)
def test_buttons_by_keyboard(qtbot: QtBot, make: Callable[[], Pressable]) -> None:
    button = make()
    qtbot.addWidget(button)
    button.show()
    assert button.accessibleName()
    before = button.ring_visible
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        with qtbot.waitSignal(button.clicked):
            QTest.keyClick(button, key)
    assert (before, button.ring_visible) == (False, True)
    button.setEnabled(False)
    assert not button.grab().isNull()


def test_names_and_tooltips(qtbot: QtBot) -> None:
    button = IconButton("search", "Search & <find>", shortcut="Ctrl K")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Search & <find>"
    assert "&lt;find&gt;" in button.toolTip()
    button.set_count(3, "3 unread")
    assert button.accessibleDescription() == "3 unread"
    dot = StateDot(DotState.FAILED, "Registration failed")
    qtbot.addWidget(dot)
    assert dot.accessibleName() == dot.toolTip() == "Registration failed"


def test_hostile_labels_stay_text_and_in_place(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    line = QHBoxLayout(page)
    label = PlainLabel(HOSTILE)
    line.addWidget(label)
    page.resize(200, 40)
    page.show()
    assert page.width() == 200
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.elided
    assert label.text() == HOSTILE
    assert "\u202e" not in label.accessibleName()
    assert label.height() < 30
    assert not page.grab().isNull()


def test_numbers_are_never_cut(qtbot: QtBot) -> None:
    label = PlainLabel("+44 20 7946 0958", number=True)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() == label.sizeHint().width()
    assert not label.elided


def test_strip_holds_with_any_name(qtbot: QtBot) -> None:
    strip = StripBar()
    qtbot.addWidget(strip)
    strip.set_call(HOSTILE, HOSTILE)
    strip.set_state(StripState.HELD, "On hold")
    strip.set_time("02:14")
    strip.resize(560, 40)
    strip.show()
    assert (strip.width(), strip.height()) == (560, 40)
    end = strip.findChild(Button)
    assert end is not None
    with qtbot.waitSignal(strip.ended):
        QTest.mouseClick(end, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(strip.opened):
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(8, 20))
    assert not strip.grab().isNull()


def test_feedback_speaks_and_acts(qtbot: QtBot) -> None:
    banner = Banner(BannerKind.OFFLINE, "No network", action="Retry", closable=True)
    empty = EmptyState("phone", "No calls yet", "They appear here.", action="Call")
    for widget in (banner, empty):
        qtbot.addWidget(widget)
        widget.show()
        button = widget.findChild(Button)
        assert button is not None
        with qtbot.waitSignal(widget.acted):
            QTest.keyClick(button, Qt.Key.Key_Return)
    banner.show_text(BannerKind.ERROR, "<i>Refused</i>")
    assert banner.accessibleName() == "<i>Refused</i>"
    assert not banner.grab().isNull()


def test_skeleton_waits_and_gives_way(qtbot: QtBot) -> None:
    skeleton = Skeleton(3)
    qtbot.addWidget(skeleton)
    skeleton.start()
    assert not skeleton.isVisible()
    with qtbot.waitSignal(skeleton.shown):
        pass
    skeleton.stop()
    skeleton.start()
    skeleton.stop()
    assert not skeleton.isVisible()


def test_flow_breaks_lines(qtbot: QtBot, look: Theme) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    flow = FlowLayout(page)
    for _ in range(6):
        flow.addWidget(Chip("Main line"))
    assert flow.heightForWidth(2000) == 28
    assert flow.heightForWidth(250) > 28 * 2


def test_a_paragraph_is_as_high_as_it_is_long(qtbot: QtBot) -> None:
    short, long = Paragraph("One line", 200), Paragraph("word " * 60, 200)
    qtbot.addWidget(short)
    qtbot.addWidget(long)
    assert len(short.lines) == 1
    assert long.sizeHint().height() == short.sizeHint().height() * len(long.lines)
    assert " ".join(long.lines) == ("word " * 60).strip()
    clamped = Paragraph("word " * 60, 200, most=2)
    qtbot.addWidget(clamped)
    assert len(clamped.lines) == 2
    assert clamped.lines[1].endswith("…")
    assert "word word" in clamped.toolTip()
    clamped.setText("short")
    assert list(clamped.lines) == ["short"]
    assert (clamped.toolTip(), clamped.text()) == ("", "short")


@pytest.mark.parametrize("text", [HOSTILE, "/long/" + "x" * 300, "👩‍👩‍👧‍👦 family " * 30, "", "one\n\ntwo"])
def test_a_paragraph_of_anything(qtbot: QtBot, text: str) -> None:
    paragraph = Paragraph(text, 200, most=5)
    qtbot.addWidget(paragraph)
    paragraph.show()
    assert paragraph.width() == 200
    assert not paragraph.grab().isNull()
    assert "\u202e" not in "".join(paragraph.lines)
    assert len(paragraph.lines) <= 5


def test_an_empty_page_keeps_its_icon_where_it_is(qtbot: QtBot) -> None:
    empty = EmptyState("phone", "Nothing", "Short.")
    qtbot.addWidget(empty)
    empty.resize(320, 600)
    empty.show()
    before = empty.icon_top
    empty.set_icon("message")
    empty.set_words("Nothing", "A sentence of several lines. " * 5, "Do")
    empty.grab()
    assert empty.icon_top == before
    empty.resize(320, 180)
    empty.grab()
    button = empty.findChild(Button)
    assert button is not None
    assert button.geometry().bottom() <= 180
