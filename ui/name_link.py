"""A name that opens its record when there is one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.components.buttons import Pressable
from ui.components.labels import plain_tip
from ui.components.paint import antialiased, draw_line, focus_ring, text_width
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight


class NameLink(Pressable):
    """The name of somebody, in large type. A link (pointer, keyboard, underline on hover) only with ``linked``.

    A number is never cut: it is drawn smaller when there is no room.
    """

    def __init__(self, parent: QWidget | None = None, *, size: float = TYPE.call) -> None:
        self._size = size
        self._number = False
        self._linked = False
        super().__init__("", parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_name("", linked=False)

    @property
    def linked(self) -> bool:
        """Whether a press does anything."""
        return self._linked

    def show_name(self, name: str, *, linked: bool, number: bool = False) -> None:
        """Show somebody; ``number`` when ``name`` is a phone number."""
        self._number = number
        self._linked = linked
        self.set_word(name)
        self.setToolTip(plain_tip(self.tr("{name}: open in Salesforce").format(name=self._word)) if linked else "")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if linked else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if linked else Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not linked)

    def sizeHint(self) -> QSize:
        font = theme().font(self._size, Weight.STRONG)
        return QSize(round(text_width(self._word, font) + 0.5) + 2 * SPACE.half, METRICS.control_small)

    def minimumSizeHint(self) -> QSize:
        return QSize(METRICS.rail, METRICS.control_small)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        font = theme().font(self._size, Weight.STRONG, tabular=self._number)
        if self._linked and (self.underMouse() or self.isDown()):
            font.setUnderline(True)
        draw_line(painter, rect, self._word, font, ColourRole.TEXT, elide=not self._number)
        if self.ring_visible and self._linked:
            ring = QRectF(rect)
            ring.setWidth(min(rect.width(), self.sizeHint().width() + SPACE.inside))
            focus_ring(painter, ring, METRICS.radius_small)
        painter.end()
