"""A scroll area that wants to be as high as what is in it, and scrolls only where there is no room for that.

Its bar stands beside it, in the margin of the page, so that what is inside keeps its edges.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QScrollBar, QSizePolicy, QWidget

from ui.design.tokens import SPACE

_LEAST = 96  # pixels: a field with its heading


class TallArea(QScrollArea):
    """The field the keyboard is in stays in sight."""

    def __init__(self, inside: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._inside = inside
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(inside)
        self._bar = QScrollBar(Qt.Orientation.Vertical, parent)
        self._bar.hide()
        own = self.verticalScrollBar()
        own.rangeChanged.connect(self._show_bar)
        own.valueChanged.connect(self._bar.setValue)
        self._bar.valueChanged.connect(own.setValue)
        inside.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def sizeHint(self) -> QSize:
        layout, hint = self._inside.layout(), self._inside.sizeHint()
        if layout is not None and layout.hasHeightForWidth():
            return QSize(hint.width(), layout.totalHeightForWidth(max(self.viewport().width(), 1)))
        return hint

    def minimumSizeHint(self) -> QSize:
        least = self._inside.minimumSizeHint()
        return QSize(least.width(), min(_LEAST, least.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._inside:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
        self._place_bar()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._place_bar()

    def _show_bar(self, least: int, most: int) -> None:
        own = self.verticalScrollBar()
        self._bar.setRange(least, most)
        self._bar.setPageStep(own.pageStep())
        self._bar.setSingleStep(own.singleStep())
        self._bar.setVisible(most > least)
        self._place_bar()

    def _place_bar(self) -> None:
        place = self.geometry()
        self._bar.setGeometry(place.right() + SPACE.unit, place.top(), self._bar.sizeHint().width(), place.height())
        self._bar.raise_()

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._inside.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, SPACE.inside)
