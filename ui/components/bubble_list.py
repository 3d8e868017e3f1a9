"""The view of a message thread."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui.components.bubbles import BubbleData, BubbleDelegate, BubbleRole
from ui.components.plain import clean_text
from ui.components.quiet_list import QuietList

__all__ = ["BubbleList"]


class BubbleList(QuietList):
    """A thread of bubbles, oldest first. Up and down walk over them, Enter retries a failed one, Ctrl+C
    copies the text. Widths follow the view; it stays at the end when it was there.
    """

    retry_requested = Signal(QModelIndex)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._bubbles = BubbleDelegate(self)
        self._pressed = QPersistentModelIndex()  # the entry whose Retry is held down
        self.setItemDelegate(self._bubbles)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)

    @property
    def bubbles(self) -> BubbleDelegate:
        """The painter of this thread."""
        return self._bubbles

    def at_end(self) -> bool:
        """Whether the newest entry is in sight."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 8

    def bubble_at(self, index: QModelIndex) -> BubbleData | None:
        """The entry behind an index."""
        found = index.data(BubbleRole.DATA) if index.isValid() else None
        return found if isinstance(found, BubbleData) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        stay = self.at_end()
        # The scroll bar lies in the margin beside the bubbles: one that comes and goes must not break lines anew.
        self._bubbles.width = self.width()
        self._bubbles.reserve = self.verticalScrollBar().sizeHint().width()
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
        if stay:
            self.executeDelayedItemsLayout()
            self.scrollToBottom()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.show_ring(True)
        bubble = self.bubble_at(self.currentIndex())
        if bubble is not None and event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(clean_text(bubble.text))
        elif bubble is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            if bubble.retry:
                self.retry_requested.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        model = self.model()
        if self.ring_visible and not self.currentIndex().isValid() and model is not None and model.rowCount():
            self.setCurrentIndex(model.index(model.rowCount() - 1, 0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self._retry_under(event.position())
        self._point(index.row() if index is not None else -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        under = self._retry_under(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        self._pressed = QPersistentModelIndex(under) if under is not None else QPersistentModelIndex()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, QPersistentModelIndex()
        index = self._retry_under(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if index is not None and pressed == index:
            self.retry_requested.emit(index)

    def forget_pointer(self) -> None:
        self._point(-1)

    def _retry_under(self, at: QPointF) -> QModelIndex | None:
        index = self.indexAt(at.toPoint())
        bubble = self.bubble_at(index)
        if bubble is None:
            return None
        rect = QRectF(self.visualRect(index))
        place = self._bubbles.retry_place(bubble, self._bubbles.width).translated(rect.topLeft())
        return index if place.contains(at) else None

    def _point(self, row: int) -> None:
        """The pointer is on the Retry of this row; -1 for none."""
        if row != self._bubbles.hover_retry:
            self._bubbles.hover_retry = row
            shape = Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()
