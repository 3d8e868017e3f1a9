"""What the lists of the window have in common."""

from PySide6.QtCore import QAbstractItemModel, QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from ui.components.focus import FocusRing
from ui.design.theme import theme

__all__ = ["QuietList", "ringed_row"]


class QuietList(QListView):
    """A list without a frame whose painter does the rest: it scrolls by the pixel, and nothing is edited in place.

    The keyboard comes by Tab. A press on its ground or its scroll bar leaves it with who is typing elsewhere.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(28)
        theme().changed.connect(self.viewport().update)
        self._ring = FocusRing()

    @property
    def ring_visible(self) -> bool:
        """Whether the current entry shows the focus ring: the keyboard came here, not the mouse."""
        return self._ring.shown

    def show_ring(self, shown: bool) -> None:
        """Show the ring from now on, or no longer."""
        if shown != self._ring.shown:
            self._ring.shown = shown
            self.viewport().update()

    def forget_pointer(self) -> None:
        """The entries are others now, or the pointer has left: what is below it is not known."""

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            for changed in (model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.modelReset):
                changed.connect(self.forget_pointer)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring.came(event)
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring.went(event)
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.forget_pointer()
        return super().viewportEvent(event)


def ringed_row(view: QWidget | None) -> int:
    """The row of a list that shows the focus ring; -1 for none."""
    return view.currentIndex().row() if isinstance(view, QuietList) and view.ring_visible else -1
