"""The demo's guide: the numbers of its far end, what each one does, and a button to call it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

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
        rows = QGridLayout()
        rows.setHorizontalSpacing(SPACE.between)
        rows.setVerticalSpacing(0)
        rows.setColumnStretch(1, 1)
        for at, (number, does) in enumerate(desk.demo_numbers):
            shown = present.number_text(number, region)
            # What the far end does is told by the demo in English; a translation has it under the same words.
            what = PlainLabel(QCoreApplication.translate("Demo", does), inside, role=ColourRole.MUTED)
            name = PlainLabel(shown, inside, weight=Weight.MEDIUM, number=True, tabular=True)
            button = Button(self.tr("Call"), icon="phone", parent=inside, small=True)
            button.setAccessibleName(self.tr("Call {number}, {what}").format(number=shown, what=what.text()))
            button.clicked.connect(self._caller(number))
            self.buttons[number] = button
            rows.addWidget(Separator(inside), 2 * at, 0, 1, 3)
            for place, widget in enumerate((name, what, button)):
                rows.addWidget(widget, 2 * at + 1, place)
            rows.setRowMinimumHeight(2 * at + 1, METRICS.strip + SPACE.unit)
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

    def _caller(self, number: str) -> Callable[[], None]:
        return lambda: self._nav.call_wanted.emit(number, "", "")
