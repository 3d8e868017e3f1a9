"""Small marks: states, people, lines between things, choices."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.components.buttons import Pressable
from ui.components.labels import plain_tip
from ui.components.paint import antialiased, avatar, draw_line, focus_ring, rounded
from ui.components.paint import text_width as width_of
from ui.components.plain import clean_line
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, TYPE, ColourRole, Weight

__all__ = ["Avatar", "Chip", "DotState", "Glyph", "Separator", "StateDot", "draw_bars", "draw_dot"]

_TICK = 14
_FIXED = QSizePolicy.Policy.Fixed


class _Mark(QWidget):
    """A small picture of fixed size that repaints with the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(_FIXED, _FIXED)
        theme().changed.connect(self.update)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Glyph(_Mark):
    """An icon that only decorates: the words beside it say the same."""

    def __init__(self, icon: str, role: ColourRole, size: int, parent: QWidget) -> None:
        """``size`` in pixels."""
        super().__init__(parent)
        self._icon, self._role, self._size = icon, role, size

    def show_icon(self, icon: str, role: ColourRole) -> None:
        """Show another icon, or the same in another role."""
        self._icon, self._role = icon, role
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_icon(painter, self._icon, QRectF(self.rect()), self._role, self._size)
        painter.end()


class DotState(StrEnum):
    """A state told by colour and by shape."""

    READY = "ready"  # full green disc
    CONNECTING = "connecting"  # amber ring with a gap
    HELD = "held"  # two amber bars
    FAILED = "failed"  # red cross
    AWAY = "away"  # grey disc with a bar: do not disturb
    OFF = "off"  # grey ring


def draw_dot(painter: QPainter, at: QRectF, state: DotState) -> None:
    """Draw the state in a 10-px square centred in `at`."""
    centre = QPointF(at.center())
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    colours = {
        DotState.READY: ColourRole.LIVE_TEXT,  # stands out on the tints of a strip and of a chosen row too
        DotState.CONNECTING: ColourRole.WAIT,
        DotState.HELD: ColourRole.WAIT,
        DotState.FAILED: ColourRole.DANGER_TEXT,
        DotState.AWAY: ColourRole.MUTED,
        DotState.OFF: ColourRole.BORDER_STRONG,
    }
    colour = theme().colour(colours[state])
    pen = QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    x, y = centre.x(), centre.y()
    match state:
        case DotState.READY:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(centre, 4.5, 4.5)
        case DotState.OFF:
            painter.drawEllipse(centre, 3.75, 3.75)
        case DotState.CONNECTING:
            painter.drawArc(QRectF(x - 4, y - 4, 8, 8), 60 * 16, 270 * 16)
        case DotState.HELD:
            painter.drawLine(QPointF(x - 2.5, y - 3.5), QPointF(x - 2.5, y + 3.5))
            painter.drawLine(QPointF(x + 2.5, y - 3.5), QPointF(x + 2.5, y + 3.5))
        case DotState.FAILED:
            painter.drawLine(QPointF(x - 3.25, y - 3.25), QPointF(x + 3.25, y + 3.25))
            painter.drawLine(QPointF(x - 3.25, y + 3.25), QPointF(x + 3.25, y - 3.25))
        case DotState.AWAY:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(centre, 5, 5)
            pen.setColor(theme().colour(ColourRole.SURFACE))
            painter.setPen(pen)
            painter.drawLine(QPointF(x - 2, y), QPointF(x + 2, y))
    painter.restore()


class StateDot(_Mark):
    """The state of a line, a person or a call, in colour and in shape; its word is the tooltip."""

    def __init__(self, state: DotState, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.set_state(state, word)

    @property
    def state(self) -> DotState:
        """What it shows."""
        return self._state

    def set_state(self, state: DotState, word: str) -> None:
        """Show another state and say it in words."""
        self._state = state
        self.setToolTip(plain_tip(word))
        self.setAccessibleName(clean_line(word))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(12, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        draw_dot(painter, QRectF(self.rect()), self._state)
        painter.end()


class Avatar(_Mark):
    """A person's initials on a neutral disc."""

    def __init__(self, name: str = "", size: int = METRICS.avatar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._size = size

    def set_name(self, name: str) -> None:
        """Show somebody else."""
        self._name = name
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        avatar(painter, QRectF(0, 0, self._size, self._size), self._name)
        painter.end()


def draw_bars(painter: QPainter, lit: int, on: ColourRole, off: ColourRole) -> None:
    """Three rising bars in 16 by 16 pixels, so many of them lit."""
    for bar, height in enumerate((5, 9, 13)):
        rounded(painter, QRectF(1 + bar * 5, 14.5 - height, 3, height), 1.5, on if bar < lit else off)


class Separator(QWidget):
    """A hairline between areas."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour(ColourRole.BORDER))
        painter.end()


class Chip(Pressable):
    """A choice among a few, or a filter: a pill that stays chosen, with a tick, an edge and a tint."""

    def __init__(
        self,
        word: str,
        parent: QWidget | None = None,
        *,
        icon: str | None = None,
        selectable: bool = True,
    ) -> None:
        self._icon = icon
        super().__init__(word, parent)
        self.setCheckable(selectable)

    def _glyph(self) -> str | None:
        return "check" if self.isChecked() else self._icon

    def sizeHint(self) -> QSize:
        # Room for the tick is always kept: nothing moves when the choice changes.
        icon = _TICK + 4 if self._icon or self.isCheckable() else 0
        words = width_of(self._word, theme().font(TYPE.body))
        return QSize(min(round(words) + icon + 20, 260), METRICS.control_small)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        chosen = self.isChecked()
        radius = rect.height() / 2
        ink = ColourRole.ACCENT_TEXT if chosen else ColourRole.TEXT
        fill = ColourRole.ACCENT_SOFT if chosen else self.ground(ColourRole.RAISED)
        if not self.isEnabled():
            ink = ColourRole.DISABLED
        rounded(painter, rect, radius, fill, ColourRole.ACCENT if chosen else ColourRole.BORDER)
        font = theme().font(TYPE.body, Weight.REGULAR)
        glyph = self._glyph()
        icon = _TICK + 4 if glyph else 0
        words = min(width_of(self._word, font), rect.width() - 20 - icon)
        left = rect.center().x() - (words + icon) / 2
        if glyph:
            draw_icon(painter, glyph, QRectF(left - 1, 0, _TICK, rect.height()), ink, _TICK)
        draw_line(painter, QRectF(left + icon, 0, words + 1, rect.height()), self._word, font, ink)
        if self.ring_visible:
            focus_ring(painter, rect, radius)
        painter.end()
