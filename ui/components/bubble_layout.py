"""Where the parts of a thread's entry lie. Pure geometry over text that has been broken into lines."""

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QTextLayout, QTextOption

from ui.components.plain import clean_text
from ui.design.theme import theme
from ui.design.tokens import SPACE, TYPE

__all__ = ["GAP", "SIDE", "BubblePlaces", "Flow", "flow", "lay_out"]

SIDE = float(SPACE.between)  # from the edge of the thread to a bubble
GAP = float(SPACE.inside)
_PAD_X, _PAD_Y = 12.0, 7.0
_WIDEST = 480.0
_PICTURE = 240.0
_KEPT = 400  # layouts; a few screens, so that scrolling does not break lines again


class Flow:
    """Text broken into lines no wider than a given width."""

    def __init__(self, text: str, widest: float, size: float) -> None:
        self._layout = QTextLayout(clean_text(text).strip("\n").replace("\n", "\u2028"), theme().font(size))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.setCacheEnabled(True)
        self.width = 0.0
        self.height = 0.0
        self.last_width = 0.0
        self._layout.beginLayout()
        while self._layout.text():
            line = self._layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(widest)
            line.setPosition(QPointF(0, self.height))
            self.last_width = line.naturalTextWidth()
            self.width = max(self.width, self.last_width)
            # Fallback fonts are taller than ours; whole pixels keep lines from blurring apart.
            self.height += round(max(line.height(), size * 1.4))
        self._layout.endLayout()

    def draw(self, painter: QPainter, at: QPointF, colour: QColor) -> None:
        """Draw the lines with their top left corner at a point."""
        painter.setPen(colour)
        self._layout.draw(painter, at)


_flows: OrderedDict[tuple[str, int, float, str], Flow] = OrderedDict()


def flow(text: str, width: float, *, event: bool = False) -> Flow:
    """`text` broken for a thread of `width` pixels. Kept for the next time."""
    size = TYPE.muted if event else TYPE.body
    widest = width - 2 * SIDE - 80 if event else min(_WIDEST, (width - 2 * SIDE) * 0.78) - 2 * _PAD_X
    key = (text, round(widest), size, theme().font(size).key())
    found = _flows.get(key)
    if found is None:
        found = _flows[key] = Flow(text, max(widest, 40), size)
        if len(_flows) > _KEPT:
            _flows.popitem(last=False)
    else:
        _flows.move_to_end(key)
    return found


@dataclass(frozen=True, slots=True)
class BubblePlaces:
    """The parts of one entry, from its own top left. Parts it does not have are empty."""

    day: QRectF
    unread: QRectF
    bubble: QRectF
    picture: QRectF
    attachment: QRectF
    text: QRectF
    meta: QRectF  # time and tick
    failure: QRectF
    height: float


def lay_out(
    width: float,
    lines: Flow,
    *,
    outgoing: bool,
    event: bool,
    last: bool,
    day: bool,
    unread: bool,
    meta: float,
    failure: bool,
    picture: QSize | None,
    attachment: float,
) -> BubblePlaces:
    """Lay out one entry. `meta` and `attachment` are the widths of time with tick, and of the file line."""
    top = 2.0
    none = QRectF()
    day_at = unread_at = picture_at = file_at = meta_at = failure_at = none
    if day:
        day_at = QRectF(0, top + 6, width, 28)
        top += 40
    if unread:
        unread_at = QRectF(0, top + 2, width, 24)
        top += 28
    if event:
        left = float(round((width - lines.width - (meta + 8 if meta else 0)) / 2))
        text_at = QRectF(left, top + 6, lines.width, lines.height)
        meta_at = QRectF(0, 0, meta, 17)
        at = text_at.adjusted(-24, -4, meta + 12, 4)
        return BubblePlaces(day_at, unread_at, at, none, none, text_at, meta_at, none, text_at.bottom() + 8)
    widest = min(_WIDEST, (width - 2 * SIDE) * 0.78) - 2 * _PAD_X
    inner = float(lines.width)
    shown = QSize(0, 0)
    if picture is not None and not picture.isEmpty():
        scale = min(1.0, _PICTURE / picture.width(), _PICTURE / picture.height(), widest / picture.width())
        shown = QSize(max(round(picture.width() * scale), 1), max(round(picture.height() * scale), 1))
        inner = max(inner, float(shown.width()))
    if attachment:
        inner = max(inner, min(attachment + 24, widest))
    beside = bool(meta) and lines.height > 0 and lines.last_width + meta + 10 <= widest
    if beside:
        inner = max(inner, lines.last_width + meta + 10)
    inner = float(round(max(inner, meta, 16) + 0.5))
    left = width - SIDE - inner - _PAD_X if outgoing else SIDE + _PAD_X
    y = top + _PAD_Y
    if shown.height():
        picture_at = QRectF(left, y + 2, shown.width(), shown.height())
        y = picture_at.bottom() + (6 if lines.height or attachment or meta else 0)
    if attachment:
        file_at = QRectF(left, y, inner, 20)
        y = file_at.bottom() + (4 if lines.height else 0)
    text_at = QRectF(left, y, lines.width, lines.height)
    y += lines.height
    if meta:
        if not beside:
            y += 18
        # Small figures share the baseline of the line beside them, which lies above its middle.
        meta_at = QRectF(left + inner - meta + 1, y - (19 if beside else 18), meta, 18)
    bubble = QRectF(left - _PAD_X, top, inner + 2 * _PAD_X, y + _PAD_Y - top)
    bottom = bubble.bottom()
    if failure:
        failure_at = QRectF(SIDE + 4, bottom + 2, width - 2 * SIDE - 8, 20)
        bottom = failure_at.bottom()
    return BubblePlaces(
        day_at,
        unread_at,
        bubble,
        picture_at,
        file_at,
        text_at,
        meta_at,
        failure_at,
        bottom + (8 if last else 0),
    )
