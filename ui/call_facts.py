"""What is told of a past call: which way and when, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.call import Call, Direction, Outcome
from ui import present
from ui.components import PlainLabel
from ui.design.tokens import SPACE, TYPE, ColourRole
from ui.words import end_reason

if TYPE_CHECKING:
    from app.desk import Desk


class CallFacts(QWidget):
    """Two lines in the place where a live call has its buttons."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._when = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED)
        self._end = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.half)
        column.addStretch(1)
        column.addWidget(self._when)
        column.addWidget(self._end)
        column.addStretch(1)

    @property
    def text(self) -> str:
        """What it says."""
        return f"{self._when.text()}\n{self._end.text()}"

    def show_call(self, call: Call) -> None:
        """Tell of this call."""
        now = self._desk.clock.now()
        way = self.tr("Outgoing call") if call.direction is Direction.OUT else self.tr("Incoming call")
        several = len(self._desk.lines.all()) > 1
        line = self._desk.lines.get(call.line) if several else None
        via = self.tr("on {line}").format(line=line.id) if line else ""
        first = [way, present.time_text(call.started, now), via]
        self._when.setText(" · ".join(part for part in first if part))
        why = end_reason(call.reason)
        if call.outcome is Outcome.ANSWERED and why:
            self._end.setText(self.tr("Answered, then cut off: {why}").format(why=why))
        else:
            self._end.setText(present.outcome_text(call))
        is_bad = call.outcome is Outcome.MISSED or present.went_wrong(call.outcome, call.reason)
        self._end.set_role(ColourRole.DANGER_TEXT if is_bad else ColourRole.MUTED)
