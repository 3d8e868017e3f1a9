"""The frame of a page that is read from top to bottom: one column of titles and cards, which scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.components import Card, SectionTitle
from ui.design.tokens import SPACE


class ColumnPage(QScrollArea):
    """Subclasses fill `column`; what they lay into it is a child of `inside`."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        """``width`` is that of the cards at most, in pixels."""
        super().__init__(parent)
        self._width = width
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.inside = QWidget(self)
        self.column = QVBoxLayout()
        self.column.setSpacing(SPACE.inside)
        middle = QHBoxLayout(self.inside)
        middle.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        middle.addStretch(1)
        middle.addLayout(self.column, 100)
        middle.addStretch(1)
        self.setWidget(self.inside)

    def add_card(self, title: str, column: QVBoxLayout | None = None) -> Card:
        """An empty card below its title, at the end of ``column`` (of the page's own where none is named)."""
        below = column if column is not None else self.column
        below.addSpacing(SPACE.inside)
        below.addWidget(SectionTitle(title, self.inside))
        card = Card(self.inside)
        card.setMaximumWidth(self._width)
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        below.addWidget(card)
        return card
