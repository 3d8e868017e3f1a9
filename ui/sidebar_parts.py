"""Parts of the sidebar: a link, a number with its buttons, a line that opens something, and a group of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.counterpart import RecordRef
from ui.components import IconButton, PlainLabel, SectionTitle, clean_line
from ui.components.buttons import Pressable
from ui.components.labels import plain_tip
from ui.components.paint import antialiased, draw_line, focus_ring, rounded, text_width
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight

__all__ = [
    "Act",
    "CallTarget",
    "Entry",
    "EntryLine",
    "EntryRow",
    "Group",
    "LinkText",
    "PhoneEntry",
    "PhoneRow",
    "Target",
    "ThreadTarget",
]

_ROW = 44
_LEAD = METRICS.icon_small + SPACE.inside


@dataclass(frozen=True, slots=True)
class CallTarget:
    """A click opens this call here."""

    id: str


@dataclass(frozen=True, slots=True)
class ThreadTarget:
    """A click opens this conversation here."""

    line: str
    number: str


Target = RecordRef | CallTarget | ThreadTarget


@dataclass(frozen=True, slots=True)
class Act:
    """A button at the end of a line: its icon, its word, and whether what it does is done already."""

    icon: str
    word: str
    on: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a group. Text may hold anything."""

    target: Target
    title: str
    detail: str = ""
    end: str = ""  # at the right of the title: an amount, a time
    icon: str = ""
    icon_role: ColourRole = ColourRole.MUTED
    strong: bool = False  # the end is what counts
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class PhoneEntry:
    """One number of a person: as dialled, as shown, its label, and whether it is the one of this call."""

    number: str
    shown: str
    label: str
    here: bool = False
    usable: bool = True


class LinkText(Pressable):
    """A name that opens its record: plain text, underlined below the pointer."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        size: float = TYPE.body,
        weight: Weight = Weight.REGULAR,
        role: ColourRole = ColourRole.TEXT,
    ) -> None:
        self._size = size
        self._weight = weight
        self._role = role
        super().__init__("", parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_word(self, word: str) -> None:
        super().set_word(word)
        self._tell()

    def sizeHint(self) -> QSize:
        font = theme().font(self._size, self._weight)
        return QSize(round(text_width(self._word, font) + 0.5), round(self._size * 1.5))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        self.setToolTip(plain_tip(self._word) if self.sizeHint().width() > self.width() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        width = draw_line(painter, rect, self._word, theme().font(self._size, self._weight), self._role)
        if self.underMouse():
            under = round(rect.center().y() + self._size * 0.55) + 0.5
            painter.setPen(QPen(theme().colour(self._role), 1))
            painter.drawLine(QPointF(rect.left(), under), QPointF(rect.left() + width, under))
        if self.ring_visible:
            focus_ring(painter, rect, METRICS.radius_small)
        painter.end()


class EntryRow(Pressable):
    """Two lines and an end; a click opens what it is about."""

    def __init__(self, entry: Entry, opens: str, parent: QWidget | None = None) -> None:
        """``opens`` says what a click does, for screen readers."""
        self.entry = entry
        super().__init__("", parent)
        self.setAccessibleDescription(opens)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_entry(entry)

    def show_entry(self, entry: Entry) -> None:
        """Show another entry, or other words of the same."""
        self.entry = entry
        self.set_word(entry.title)
        said = (clean_line(part) for part in (entry.title, entry.end, entry.detail))
        self.setAccessibleName(", ".join(part for part in said if part))
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(200, _ROW if self.entry.detail else METRICS.control)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        """A tooltip for what is cut."""
        title, detail = clean_line(self.entry.title), clean_line(self.entry.detail)
        cut = text_width(title, theme().font()) > self._title_room().width()
        cut = cut or text_width(detail, theme().font(TYPE.muted)) > self._room().width()
        self.setToolTip(plain_tip(f"{title}\n{detail}".strip()) if cut else "")

    def _room(self) -> QRectF:
        left = _LEAD if self.entry.icon else 0
        return QRectF(self.rect()).adjusted(SPACE.inside + left, 0, -SPACE.inside, 0)

    def _title_room(self) -> QRectF:
        end = text_width(clean_line(self.entry.end), self._end_font()) if self.entry.end else -SPACE.inside
        room = self._room().adjusted(0, 0, -end - SPACE.inside, 0)
        if self.entry.detail:
            room.setTop(4)
            room.setHeight(20)
        return room

    def _end_font(self) -> QFont:
        strong = self.entry.strong
        size, weight = (TYPE.body, Weight.MEDIUM) if strong else (TYPE.muted, Weight.REGULAR)
        return theme().font(size, weight, tabular=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        ground = self.ground()
        if ground is not None:
            rounded(painter, rect, METRICS.radius, ground)
        room, title = self._room(), self._title_room()
        if self.entry.icon:
            at = QRectF(SPACE.inside, title.top(), METRICS.icon_small, title.height())
            draw_icon(painter, self.entry.icon, at, self.entry.icon_role, METRICS.icon_small)
        draw_line(painter, title, clean_line(self.entry.title), theme().font(), ColourRole.TEXT)
        if self.entry.end:
            at = QRectF(title.right(), title.top(), room.right() - title.right(), title.height())
            role = ColourRole.TEXT if self.entry.strong else ColourRole.MUTED
            right = Qt.AlignmentFlag.AlignRight
            draw_line(painter, at, clean_line(self.entry.end), self._end_font(), role, align=right, elide=False)
        if self.entry.detail:
            below = QRectF(room.left(), 23, room.width(), 17)
            draw_line(painter, below, clean_line(self.entry.detail), theme().font(TYPE.muted), ColourRole.MUTED)
        if self.ring_visible:
            focus_ring(painter, rect, METRICS.radius)
        painter.end()


class EntryLine(QWidget):
    """A line, and the button at its end where it has one."""

    opened = Signal(object)  # Target
    acted = Signal(object)  # Entry

    def __init__(self, entry: Entry, opens: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = EntryRow(entry, opens, self)
        self.button: IconButton | None = None
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(0)
        self._line.addWidget(self.row, 1)
        self.row.clicked.connect(lambda: self.opened.emit(self.row.entry.target))
        self._show_act()

    def show_entry(self, entry: Entry) -> None:
        """Show other words or another button: nothing is rebuilt below the pointer or the keyboard."""
        self.row.show_entry(entry)
        self._show_act()

    def _act(self) -> None:
        self._show_act()  # it stands for what is, not for what was asked
        self.acted.emit(self.row.entry)

    def _show_act(self) -> None:
        act = self.row.entry.act
        if act is not None and self.button is None:
            self.button = IconButton(act.icon, act.word, self, checkable=True)
            self.button.clicked.connect(self._act)
            self._line.addWidget(self.button)
        if self.button is not None:
            self.button.setVisible(act is not None)
        if self.button is not None and act is not None:
            self.button.set_icon_name(act.icon)
            self.button.set_word(act.word)
            self.button.setChecked(act.on)


class PhoneRow(QWidget):
    """A number, its label, and the buttons that call and text it. The number is never cut."""

    call_wanted = Signal(str)
    text_wanted = Signal(str)

    def __init__(self, entry: PhoneEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        weight = Weight.MEDIUM if entry.here else Weight.REGULAR
        number = PlainLabel(entry.shown, self, number=entry.usable, weight=weight)
        label = PlainLabel(entry.label, self, size=TYPE.muted, role=ColourRole.MUTED)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(number)
        words.addWidget(label)
        words.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(SPACE.inside, 0, 0, 0)
        line.setSpacing(0)
        line.addLayout(words, 1)
        if entry.usable:
            call = IconButton("phone", self.tr("Call {number}").format(number=entry.shown), self)
            text = IconButton("message", self.tr("Text {number}").format(number=entry.shown), self)
            call.clicked.connect(lambda: self.call_wanted.emit(entry.number))
            text.clicked.connect(lambda: self.text_wanted.emit(entry.number))
            line.addWidget(call)
            line.addWidget(text)
        self.setFixedHeight(_ROW)


class Group(QWidget):
    """A heading over lines; without any it says so, and keeps its place."""

    opened = Signal(object)  # Target
    acted = Signal(object)  # Entry: the button at its end

    def __init__(self, title: str, nothing: str, opens: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] | None = None
        self._opens = opens
        self._nothing = PlainLabel(nothing, self, role=ColourRole.MUTED)
        self._nothing.setContentsMargins(SPACE.inside, 0, 0, 0)
        self._lines: list[EntryLine] = []
        heading = SectionTitle(title, self)
        heading.setContentsMargins(SPACE.inside, 0, 0, SPACE.half)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(heading)
        self._column.addWidget(self._nothing)
        self.setAccessibleName(title)

    @property
    def rows(self) -> Sequence[EntryRow]:
        """The lines as shown."""
        return tuple(line.row for line in self._lines)

    @property
    def buttons(self) -> Sequence[IconButton]:
        """The buttons at the end of the lines that have one."""
        return tuple(line.button for line in self._lines if line.button is not None and line.row.entry.act is not None)

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show these: a line whose target stays is kept, and with it the keyboard."""
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        kept: dict[Target, list[EntryLine]] = {}
        for line in self._lines:
            kept.setdefault(line.row.entry.target, []).append(line)
        self._lines = [self._line(entry, kept.get(entry.target)) for entry in entries]
        for line in (line for gone in kept.values() for line in gone):
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        for at, line in enumerate(self._lines, self._column.indexOf(self._nothing) + 1):
            if self._column.indexOf(line) != at:
                self._column.insertWidget(at, line)
        self._nothing.setVisible(not entries)

    def _line(self, entry: Entry, kept: list[EntryLine] | None) -> EntryLine:
        if kept:
            line = kept.pop(0)
            line.show_entry(entry)
            return line
        line = EntryLine(entry, self._opens, self)
        line.opened.connect(self.opened)
        line.acted.connect(self.acted)
        return line
