"""The whole window when Ringdown cannot start: what happened, what to do, and the way out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.components import Button, Paragraph, PlainLabel
from ui.design.icons import draw_icon
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight

_WIDTH = 480


class _Mark(QWidget):
    """The sign of a failure; the words beside it say the same."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(METRICS.strip, METRICS.strip)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_icon(painter, "alert", QRectF(self.rect()), ColourRole.DANGER_TEXT, self.width())
        painter.end()


class RefusalPage(QWidget):
    """Calm, complete, and with one button."""

    quit_wanted = Signal()

    def __init__(self, title: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = sentence
        self.button = Button(self.tr("Quit"), parent=self)
        self.button.clicked.connect(self.quit_wanted)
        column = QVBoxLayout()
        column.setSpacing(SPACE.inside)
        column.addStretch(2)
        column.addWidget(_Mark(self))
        column.addSpacing(SPACE.unit)
        column.addWidget(PlainLabel(title, self, size=TYPE.call, weight=Weight.STRONG))
        column.addWidget(Paragraph(sentence, _WIDTH, self, role=ColourRole.MUTED))
        column.addSpacing(SPACE.between)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(3)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        row.addStretch(1)
        row.addLayout(column)
        row.addStretch(1)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
