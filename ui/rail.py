"""The rail: the pages of the window, each an icon with its word, and how much waits on it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from ui.components import IconButton
from ui.components.focus import reason_after
from ui.components.paint import antialiased, count_width, draw_count, draw_line, focus_ring, rounded
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight


class Page(StrEnum):
    """What the rail leads to."""

    CALLS = "calls"
    MESSAGES = "messages"
    PEOPLE = "people"
    SETTINGS = "settings"


_ICONS = {Page.CALLS: "phone", Page.MESSAGES: "message", Page.PEOPLE: "people", Page.SETTINGS: "settings"}


_PILL_WIDTH, _PILL_HEIGHT = 44, 30


class RailButton(IconButton):
    """A page: the pill lies behind the icon alone, so that it is the same for a short word and a long one."""

    def __init__(self, icon: str, word: str, parent: QWidget) -> None:
        super().__init__(icon, word, parent, show_word=True, checkable=True)

    @property
    def pill(self) -> QRectF:
        """Where the tint of the open page lies."""
        return QRectF((self.width() - _PILL_WIDTH) / 2, SPACE.half, _PILL_WIDTH, _PILL_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(METRICS.rail - 1, METRICS.row)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        here = self.isChecked()
        ink = ColourRole.ACCENT_TEXT if here else ColourRole.TEXT if self.underMouse() else ColourRole.MUTED
        ground = ColourRole.ACCENT_SOFT if here else self.ground()
        if ground is not None:
            rounded(painter, self.pill, METRICS.radius, ground)
        draw_icon(painter, self.icon_name, self.pill, ink, METRICS.icon)
        # The whole width: a word of five full-width characters needs it.
        below = QRectF(0, self.pill.bottom() + 1, self.width(), 18)
        font = theme().font(TYPE.muted, Weight.MEDIUM if here else Weight.REGULAR)
        align = Qt.AlignmentFlag.AlignHCenter
        draw_line(painter, below, self.word, font, ink, align=align)
        if self.count:
            right = self.pill.center().x() + SPACE.unit + count_width(self.count)
            draw_count(painter, min(right, self.width()), self.pill.top() + SPACE.inside, self.count)
        if self.ring_visible:
            focus_ring(painter, QRectF(self.rect()).adjusted(1, 0, -1, 0), METRICS.radius)
        painter.end()


class Rail(QWidget):
    """One button a page; `page_chosen` when the rep presses one, also the one that is open already."""

    page_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(METRICS.rail)
        self.setAccessibleName(self.tr("Pages"))
        words = {
            Page.CALLS: self.tr("Calls"),
            Page.MESSAGES: self.tr("Messages"),
            Page.PEOPLE: self.tr("People"),
            Page.SETTINGS: self.tr("Settings"),
        }
        group = QButtonGroup(self)
        group.setExclusive(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE.inside, 1, SPACE.inside)
        column.setSpacing(SPACE.unit)
        self._buttons: dict[Page, RailButton] = {}
        for page in Page:
            button = RailButton(_ICONS[page], words[page], self)
            button.clicked.connect(lambda _=False, page=page: self.page_chosen.emit(page.value))
            group.addButton(button)
            if page is Page.SETTINGS:
                column.addStretch()
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            self._buttons[page] = button
        self._buttons[Page.CALLS].setChecked(True)
        theme().changed.connect(self.update)

    def button(self, page: Page) -> RailButton:
        """The button of a page."""
        return self._buttons[page]

    def show_page(self, page: Page) -> None:
        """Mark the page that is open; the Tab key comes to it, arrow keys go on from there."""
        here = self._buttons[page]
        here.setChecked(True)
        there = next((button for button in self._buttons.values() if button.hasFocus()), here)
        if there is not here:
            here.setFocus(reason_after(there))
        for each, button in self._buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if each is page else Qt.FocusPolicy.NoFocus)

    def set_counts(self, missed: int, unread: int) -> None:
        """The badges: calls missed since the list was last looked at, texts not read."""
        told = self.tr("{count} missed").format(count=missed) if missed else ""
        self._buttons[Page.CALLS].set_count(missed, told)
        told = self.tr("{count} unread").format(count=unread) if unread else ""
        self._buttons[Page.MESSAGES].set_count(unread, told)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour(ColourRole.RAIL))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme().colour(ColourRole.BORDER))
        painter.end()
