"""The whole window when Ringdown cannot start, or not yet: what happened, what to do, and the way out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.components import Button, ButtonKind, Glyph, Paragraph, PlainLabel
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight

_WIDTH = 480


class RefusalPage(QWidget):
    """Calm, complete, and with one way out; ``again`` when trying once more may help."""

    quit_wanted = Signal()
    again_wanted = Signal()

    def __init__(
        self,
        title: str,
        sentence: str,
        parent: QWidget | None = None,
        *,
        icon: str = "alert",
        role: ColourRole = ColourRole.DANGER_TEXT,
        again: bool = False,
    ) -> None:
        super().__init__(parent)
        self.sentence = sentence
        self.button = Button(self.tr("Quit"), parent=self)
        self.button.clicked.connect(self.quit_wanted)
        self.again = Button(self.tr("Try again"), ButtonKind.PRIMARY, parent=self)
        self.again.clicked.connect(self.again_wanted)
        self.again.setVisible(again)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.inside)
        buttons.addWidget(self.again)
        buttons.addWidget(self.button)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(SPACE.inside)
        column.addStretch(2)
        column.addWidget(Glyph(icon, role, METRICS.strip, self))
        column.addSpacing(SPACE.unit)
        column.addWidget(PlainLabel(title, self, size=TYPE.call, weight=Weight.STRONG))
        column.addWidget(Paragraph(sentence, _WIDTH, self, role=ColourRole.MUTED))
        column.addSpacing(SPACE.between)
        column.addLayout(buttons)
        column.addStretch(3)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        row.addStretch(1)
        row.addLayout(column)
        row.addStretch(1)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
