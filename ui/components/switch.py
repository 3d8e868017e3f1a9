"""A switch: on or off, at once."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.components.buttons import Pressable
from ui.components.paint import antialiased, focus_ring, rounded
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, ColourRole

__all__ = ["Switch"]

_WIDTH, _HEIGHT = 36, 20


class Switch(Pressable):
    """Told apart by the knob's place as well as by colour. `clicked` when the rep has switched it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """``name`` says what it switches, for screen readers; the row beside it shows the same words."""
        super().__init__(name, parent)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH + SPACE.unit, METRICS.control)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        track = QRectF(SPACE.half, (self.height() - _HEIGHT) / 2, _WIDTH, _HEIGHT)
        on = self.isChecked()
        fill = ColourRole.ACCENT if on else ColourRole.BORDER_STRONG
        if not self.isEnabled():
            fill = ColourRole.BORDER
        rounded(painter, track, _HEIGHT / 2, fill)
        side = _HEIGHT - SPACE.unit
        left = track.right() - side - SPACE.half if on else track.left() + SPACE.half
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(ColourRole.ON_FILL))
        painter.drawEllipse(QRectF(left, track.top() + SPACE.half, side, side))
        if self.ring_visible:
            focus_ring(painter, QRectF(self.rect()), METRICS.radius)
        painter.end()
