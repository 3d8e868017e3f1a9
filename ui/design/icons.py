"""Icons: our own 24-px strokes, tinted with a colour of the theme and drawn crisp at any scale.

Painting code asks `icon_pixmap`; widgets and actions that keep a QIcon use `set_icon`, which tints
it again whenever the theme changes. Main thread only.
"""

from functools import lru_cache
from typing import Protocol
from weakref import ref

from PySide6.QtCore import QByteArray, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources
from ui.design.theme import theme
from ui.design.tokens import METRICS, ColourRole

__all__ = ["app_icon", "draw_icon", "icon", "icon_pixmap", "set_icon"]

_SCALES = (1.0, 1.5, 2.0, 3.0)
_APP_SIZES = (16, 20, 24, 32, 48, 64, 128, 256)


class _TakesIcon(Protocol):
    def setIcon(self, icon: QIcon, /) -> None: ...


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resources.text(f"icons/{name}.svg")


@lru_cache(maxsize=1024)
def _rendered(name: str, colour: str, size: int, scale: float) -> QPixmap:
    svg = _source(name).replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    if not renderer.isValid():
        raise ValueError(f"icon {name!r} is not a drawing Qt understands")
    pixels = round(size * scale)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def icon_pixmap(
    name: str, colour: ColourRole | QColor = ColourRole.TEXT, size: int = METRICS.icon, scale: float = 1.0
) -> QPixmap:
    """The icon at `size` logical pixels for a device of `scale`. Cached.

    Raises FileNotFoundError for an unknown name.
    """
    tint = colour if isinstance(colour, QColor) else theme().colour(colour)
    return _rendered(name, tint.name(), size, scale)


def draw_icon(
    painter: QPainter,
    name: str,
    at: QRectF,
    colour: ColourRole | QColor = ColourRole.TEXT,
    size: int = METRICS.icon,
) -> None:
    """Draw the icon centred in `at`, on whole device pixels so that it stays sharp."""
    # Not the device's own ratio: that is a whole number, and 1 while a widget is drawn into a picture.
    scale = max(painter.deviceTransform().m11(), 1.0)
    left = round((at.center().x() - size / 2) * scale) / scale
    top = round((at.center().y() - size / 2) * scale) / scale
    painter.drawPixmap(QPointF(left, top), icon_pixmap(name, colour, size, scale))


def icon(name: str, colour_role: ColourRole = ColourRole.TEXT, size: int = METRICS.icon) -> QIcon:
    """A QIcon in the colours of the theme as it is now, grey when disabled."""
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(icon_pixmap(name, colour_role, size, scale), QIcon.Mode.Normal)
        made.addPixmap(icon_pixmap(name, ColourRole.DISABLED, size, scale), QIcon.Mode.Disabled)
    return made


def set_icon(
    target: _TakesIcon,
    name: str,
    colour_role: ColourRole = ColourRole.TEXT,
    size: int = METRICS.icon,
) -> None:
    """Give a QAction, button or window its icon, and tint it again whenever the theme changes."""
    if not isinstance(target, QObject):
        raise TypeError("an icon is set on a Qt object")
    _Follower.of(target).show(name, colour_role, size)


class _Follower(QObject):
    """Lives as a child of the object whose icon it keeps in the theme's colours."""

    @classmethod
    def of(cls, target: QObject) -> "_Follower":
        for child in target.children():
            if isinstance(child, cls):
                return child
        return cls(target)

    def __init__(self, target: QObject) -> None:
        super().__init__(target)
        self._target = ref(target)
        self._what: tuple[str, ColourRole, int] | None = None
        theme().changed.connect(self._tint)

    def show(self, name: str, colour_role: ColourRole, size: int) -> None:
        self._what = (name, colour_role, size)
        self._tint()

    def _tint(self) -> None:
        target = self._target()
        if target is not None and self._what is not None:
            setter: _TakesIcon = target  # type: ignore[assignment]  # set_icon takes nothing else
            setter.setIcon(icon(*self._what))


def app_icon() -> QIcon:
    """Ringdown's own icon, in its own colours, for windows, the tray and the dock."""
    made = QIcon()
    renderer = QSvgRenderer(str(resources.path("icons/app.svg")))
    for size in _APP_SIZES:
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        made.addPixmap(pixmap)
    return made
