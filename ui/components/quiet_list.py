"""What the lists of the window have in common."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from ui.design.theme import theme

__all__ = ["QuietList", "by_keyboard"]

_MOUSE_REASONS = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


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


def by_keyboard(event: QFocusEvent) -> bool:
    """Did the keyboard bring the focus here, not the mouse or the window?"""
    return event.reason() not in _MOUSE_REASONS
