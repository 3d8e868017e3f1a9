"""The whole window when Ringdown cannot start: what happened, what to do, and the way out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.components import Button, PlainLabel, clean_text
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight

_WIDTH = 480


class _Sentence(QWidget):
    """Wrapped plain text that also breaks inside a long path, where a label would cut it."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = clean_text(text, 2_000)
        self.setFixedWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._text)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        flags = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
        room = QFontMetrics(theme().font()).boundingRect(0, 0, _WIDTH, 10_000, int(flags), self._text)
        return QSize(_WIDTH, room.height() + SPACE.page)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme().font())
        painter.setPen(theme().colour(ColourRole.MUTED))
        how = QTextOption(Qt.AlignmentFlag.AlignLeft)
        how.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter.drawText(QRectF(self.rect()), self._text, how)
        painter.end()


class _Mark(QWidget):
    """A sign that only decorates."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(SPACE.page + SPACE.between, SPACE.page + SPACE.between)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_icon(painter, "alert", QRectF(self.rect()), ColourRole.BORDER_STRONG, self.width())
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
        column.addWidget(_Sentence(sentence, self))
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(3)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        row.addStretch(1)
        row.addLayout(column)
        row.addStretch(1)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
