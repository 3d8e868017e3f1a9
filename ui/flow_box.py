"""Widgets side by side on as many lines as they need, as high as those lines are."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.components import FlowLayout
from ui.design.tokens import SPACE


class FlowBox(QWidget):
    """Its height follows its width, also in layouts that do not ask how high something is at a width."""

    def __init__(self, parent: QWidget | None = None, gap: int = SPACE.inside) -> None:
        super().__init__(parent)
        self.flow = FlowLayout(self, gap)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        height = self.flow.heightForWidth(self.width())
        if height != self.minimumHeight() or height != self.maximumHeight():
            self.setFixedHeight(height)
