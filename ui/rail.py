"""The rail: the pages of the window, each an icon with its word, and how much waits on it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from ui.components import IconButton
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, ColourRole


class Page(StrEnum):
    """What the rail leads to."""

    CALLS = "calls"
    MESSAGES = "messages"
    PEOPLE = "people"
    SETTINGS = "settings"


_ICONS = {Page.CALLS: "phone", Page.MESSAGES: "message", Page.PEOPLE: "people", Page.SETTINGS: "settings"}


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
        column.setContentsMargins(0, SPACE.inside, 1, SPACE.inside)  # the longest word needs the whole width
        column.setSpacing(SPACE.unit)
        self._buttons: dict[Page, IconButton] = {}
        for page in Page:
            button = IconButton(_ICONS[page], words[page], self, show_word=True, checkable=True)
            button.clicked.connect(lambda _=False, page=page: self.page_chosen.emit(page.value))
            group.addButton(button)
            if page is Page.SETTINGS:
                column.addStretch()
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            self._buttons[page] = button
        self._buttons[Page.CALLS].setChecked(True)
        theme().changed.connect(self.update)

    def button(self, page: Page) -> IconButton:
        """The button of a page."""
        return self._buttons[page]

    def show_page(self, page: Page) -> None:
        """Mark the page that is open."""
        self._buttons[page].setChecked(True)

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
