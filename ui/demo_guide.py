"""The demo's guide: the numbers of its far end, what each one does, and a button to call it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import present
from ui.components import Button, PlainLabel, Separator
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator


class DemoGuide(QWidget):
    """Shown in the middle while nothing is open, in the demo only."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nav = nav
        region = desk.lines.region()
        self.buttons: dict[str, Button] = {}
        inside = QWidget(self)
        inside.setMaximumWidth(METRICS.fold_below // 2)
        about = PlainLabel(
            self.tr(
                "Everything runs on this computer: a far end that answers your calls, and a small Salesforce. "
                "Within the first minute somebody texts you, then somebody calls."
            ),
            inside,
            role=ColourRole.MUTED,
            wrap=True,
        )
        rows = QVBoxLayout()
        rows.setSpacing(0)
        for number, does in desk.demo_numbers:
            rows.addWidget(Separator(inside))
            rows.addLayout(self._row(number, present.number_text(number, region), does, inside))
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        column.setSpacing(SPACE.inside)
        column.addWidget(PlainLabel(self.tr("Try it"), inside, size=TYPE.call, weight=Weight.STRONG))
        column.addWidget(about)
        column.addSpacing(SPACE.inside)
        column.addLayout(rows)
        column.addStretch(1)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(inside)
        self.setAccessibleName(self.tr("Try it"))

    def _row(self, number: str, shown: str, does: str, inside: QWidget) -> QHBoxLayout:
        """The number over what it does, as in every list: a sentence finds room in the narrowest window."""
        # What the far end does is told by the demo in English; a translation has it under the same words.
        what = PlainLabel(QCoreApplication.translate("Demo", does), inside, size=TYPE.muted, role=ColourRole.MUTED)
        words = QVBoxLayout()
        words.setSpacing(SPACE.half)
        words.addStretch(1)
        words.addWidget(PlainLabel(shown, inside, weight=Weight.MEDIUM, number=True, tabular=True))
        words.addWidget(what)
        words.addStretch(1)
        button = Button(self.tr("Call"), icon="phone", parent=inside, small=True)
        button.setAccessibleName(self.tr("Call {number}, {what}").format(number=shown, what=what.text()))
        button.clicked.connect(self._caller(number))
        self.buttons[number] = button
        row = QHBoxLayout()
        row.setSpacing(SPACE.between)
        row.addLayout(words, 1)
        row.addWidget(button)
        row.addStrut(METRICS.row)
        return row

    def _caller(self, number: str) -> Callable[[], None]:
        return lambda: self._nav.call_wanted.emit(number, "", "")
