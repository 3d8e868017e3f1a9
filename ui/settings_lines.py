"""The lines on the settings page: each with its state, and the provisioning file that brings them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.counterpart import LineState
from ui import present
from ui.components import Button, PlainLabel, Separator, StateDot
from ui.components.layout import clear_layout
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight
from ui.top_bar import LINE_DOTS
from ui.words import line_reason

if TYPE_CHECKING:
    from app.desk import Desk
    from app.usecases.lines import LineStatus


class LineStates(QWidget):
    """Made anew only when something of it has changed: the keyboard may stand on its button."""

    def __init__(self, desk: Desk, import_file: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: tuple[LineStatus, ...] | None = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE.inside)
        button = Button(self.tr("Import provisioning file…"), icon="download", parent=self)
        button.clicked.connect(import_file)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.gap)
        column.addLayout(self._rows)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self) -> None:
        """Read the lines again."""
        statuses = tuple(self._desk.lines.all())
        if statuses == self._shown:
            return
        self._shown = statuses
        clear_layout(self._rows)
        for at, status in enumerate(statuses):
            if at:
                self._rows.addWidget(Separator(self))
            self._rows.addWidget(self._line(status))
        if not statuses:
            text = self.tr("No line is set up yet. Import the provisioning file from your admin.")
            self._rows.addWidget(PlainLabel(text, self, role=ColourRole.MUTED, wrap=True))

    def _line(self, status: LineStatus) -> QWidget:
        line = status.line
        words = {
            LineState.REGISTERED: self.tr("Ready"),
            LineState.REGISTERING: self.tr("Connecting"),
            LineState.FAILED: self.tr("Not connected"),
            LineState.OFF: self.tr("Off"),
        }
        word = words[status.state]
        made = QWidget(self)
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.gap)
        texts = QVBoxLayout()
        texts.setSpacing(SPACE.half)
        number = present.number_text(line.number, line.region) if line.number else line.id
        texts.addWidget(PlainLabel(number, made, number=True, tabular=True, weight=Weight.MEDIUM))
        below = line_reason(status.reason.value)
        texts.addWidget(PlainLabel(line.uri, made, size=TYPE.muted, role=ColourRole.MUTED))
        if below:
            role = ColourRole.DANGER_TEXT if status.state is LineState.FAILED else ColourRole.MUTED
            texts.addWidget(PlainLabel(below, made, size=TYPE.muted, role=role, wrap=True))
        row.addWidget(StateDot(LINE_DOTS[status.state], word, made), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        row.addWidget(PlainLabel(word, made, size=TYPE.muted, role=ColourRole.MUTED))
        return made
