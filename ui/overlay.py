"""Overlay: a floating card inside the window, hung below (or above) a widget, that closes by itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.components import Card
from ui.components.focus import reason_after
from ui.design.tokens import SPACE


class Overlay(Card):
    """A child of the window, so that it never becomes a window of its own that could take the focus away.

    Escape closes it when the keyboard is inside, a press elsewhere does unless ``sticky``, and it goes when its anchor
    goes out of sight. `closed` follows. The keyboard goes back to where it was.
    """

    closed = Signal()

    def __init__(self, anchor: QWidget, *, sticky: bool = False, align_right: bool = False) -> None:
        """``anchor`` is the widget it hangs on; its window becomes the parent when the overlay opens."""
        super().__init__(anchor.window(), floating=True)
        self._anchor = anchor
        self._sticky = sticky
        self._align_right = align_right
        self._before: QWidget | None = None  # had the keyboard when it opened
        self._reason = Qt.FocusReason.OtherFocusReason  # with which it gets it back
        self._shadow = self.body.contentsMargins().left() - SPACE.between  # what the card keeps around itself
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it shows."""
        return not self.isHidden()

    def open(self) -> None:
        """Show it below its anchor."""
        window = self._anchor.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        if not self.is_open:
            self._before = window.focusWidget()
            self._reason = reason_after(self._before)
            application = QApplication.instance()
            if application is not None:
                application.installEventFilter(self)
        self.place()
        self.show()
        self.raise_()

    def close_overlay(self) -> None:
        """Hide it."""
        if not self.is_open:
            return
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        before, self._before = self._before, None
        focus: QWidget | None = self.window().focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            back = [before] if before is not None and isValid(before) else []
            for each in (*back, self._anchor):
                if each.isVisible() and each.isEnabled():
                    each.setFocus(self._reason)
                    break
            else:
                focus.clearFocus()  # what had it is out of sight: Qt would give it to the first button of the window
        self.hide()
        self.closed.emit()

    def place(self) -> None:
        """Take the size wanted and the place below the anchor, inside the window."""
        window = self._anchor.window()
        hint = self.wanted_size()
        room_w, room_h = window.width(), window.height()
        width, height = min(hint[0], room_w), min(hint[1], room_h)
        corner = self._anchor.mapTo(window, QPoint(0, self._anchor.height()))
        left = corner.x() - self._shadow
        if self._align_right:
            left = corner.x() + self._anchor.width() + self._shadow - width
        top = corner.y() + SPACE.unit - self._shadow
        if top + height > room_h:
            above = corner.y() - self._anchor.height() - height + self._shadow - SPACE.unit
            top = above if above >= -self._shadow else room_h - height
        left = max(-self._shadow, min(left, room_w - width + self._shadow))
        self.setGeometry(left, max(-self._shadow, top), width, height)

    def wanted_size(self) -> tuple[int, int]:
        """Width and height, the shadow included."""
        hint = self.sizeHint()
        return hint.width(), hint.height()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_overlay()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent) and not self._sticky:
            at = event.globalPosition().toPoint()
            outside = not self.rect().contains(self.mapFromGlobal(at))
            on_anchor = self._anchor.rect().contains(self._anchor.mapFromGlobal(at))
            if outside and not on_anchor and isinstance(watched, QWidget):
                self.close_overlay()
        elif event.type() == QEvent.Type.Resize and watched is self._anchor.window():
            self.place()
        elif event.type() == QEvent.Type.Hide and watched is self._anchor and not event.spontaneous():
            self.close_overlay()
        return False
