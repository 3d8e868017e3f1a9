"""The app's icon with a state on its lower corner and what waits on the upper one."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from ui.components import DotState
from ui.components.marks import draw_dot
from ui.design.icons import app_icon
from ui.design.theme import theme
from ui.design.tokens import ColourRole, Weight

_SIZES = (16, 22, 24, 32, 48, 64, 128)
_DIGITS_FROM = 32  # pixels: below, a figure could not be read


class Look(StrEnum):
    """What the icon tells."""

    READY = "ready"
    CALL = "call"
    DND = "dnd"
    CONNECTING = "connecting"
    OFF = "off"


_DOTS = {
    Look.READY: DotState.READY,
    Look.CALL: DotState.READY,
    Look.DND: DotState.AWAY,
    Look.CONNECTING: DotState.CONNECTING,
    Look.OFF: DotState.OFF,
}


def state_icon(look: Look | None, waiting: int) -> QIcon:
    """The icon in all sizes a tray or task bar asks for; without a look only the count is drawn."""
    made, ours = QIcon(), app_icon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ours.paint(painter, 0, 0, size, size)
        if look is not None:
            _draw_state(painter, size, look)
        if waiting > 0:
            _draw_count(painter, size, waiting)
        painter.end()
        made.addPixmap(pixmap)
    return made


def _draw_state(painter: QPainter, size: int, look: Look) -> None:
    """The dots of the window, as large as a third of the icon, on a disc that parts them from it."""
    radius = max(4.0, size * 0.23)
    centre = QPointF(size - radius, size - radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour(ColourRole.SURFACE))
    painter.drawEllipse(centre, radius, radius)
    painter.save()
    painter.translate(centre)
    painter.scale(radius / 6, radius / 6)
    draw_dot(painter, QRectF(-5, -5, 10, 10), _DOTS[look])
    if look is Look.CALL:  # a ring: somebody is there
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(ColourRole.SURFACE))
        painter.drawEllipse(QPointF(0, 0), 1.75, 1.75)
    painter.restore()


def _draw_count(painter: QPainter, size: int, waiting: int) -> None:
    side = max(7.0, size * (0.5 if size >= _DIGITS_FROM else 0.4))
    at = QRectF(size - side, 0, side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour(ColourRole.DANGER))
    painter.drawEllipse(at)
    if size < _DIGITS_FROM:
        return
    font = theme().font(weight=Weight.STRONG)
    words = str(waiting) if waiting < 100 else "99+"
    font.setPixelSize(round(side * {1: 0.72, 2: 0.56}.get(len(words), 0.42)))
    painter.setFont(font)
    painter.setPen(theme().colour(ColourRole.ON_FILL))
    painter.drawText(at, Qt.AlignmentFlag.AlignCenter, words)
