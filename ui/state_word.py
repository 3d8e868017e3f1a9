"""A state in a mark and a word."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.components import DotState, PlainLabel
from ui.components.marks import draw_dot
from ui.components.paint import antialiased
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight


class StateWord(QWidget):
    """What a call is doing: the word beside its mark, so that colour never stands alone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._dot = DotState.OFF
        self._word = PlainLabel("", self, size=TYPE.muted, weight=Weight.MEDIUM, role=ColourRole.MUTED)
        self._word.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # never cut: names are
        row = QHBoxLayout(self)
        row.setContentsMargins(METRICS.icon_small, 0, 0, 0)
        row.addWidget(self._word)
        theme().changed.connect(self.update)

    @property
    def text(self) -> str:
        """The word."""
        return self._word.text()

    def show_state(self, dot: DotState, word: str, role: ColourRole) -> None:
        """Show another state."""
        self._dot = dot
        self._word.setText(word)
        self._word.set_role(role)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        draw_dot(painter, QRectF(0, 0, METRICS.icon_small - SPACE.unit, self.height()), self._dot)
        painter.end()
