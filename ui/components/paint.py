"""Small painting helpers shared by the components."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ui.components.plain import clean_line, initials
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, TYPE, ColourRole, Weight

__all__ = [
    "antialiased",
    "avatar",
    "count_width",
    "draw_count",
    "draw_line",
    "focus_ring",
    "rounded",
    "text_width",
]


def antialiased(painter: QPainter) -> None:
    """Smooth edges for shapes and pixmaps."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: ColourRole | None,
    edge: ColourRole | None = None,
    *,
    edge_width: float = 1.0,
) -> None:
    """A rounded rectangle; its edge lies inside `rect`, on whole pixels."""
    if fill is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(fill))
        painter.drawRoundedRect(rect, radius, radius)
    if edge is not None:
        half = edge_width / 2
        painter.setPen(QPen(theme().colour(edge), edge_width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius - half, radius - half)


def focus_ring(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The ring that shows where the keyboard is, inside `rect`, with a gap in the colour below it."""
    width = METRICS.focus_width
    rounded(painter, rect, radius, None, ColourRole.ACCENT_TEXT, edge_width=width)
    inner = rect.adjusted(width, width, -width, -width)
    rounded(painter, inner, max(radius - width, 1), None, ColourRole.SURFACE)


_known: dict[QFont, QFontMetricsF] = {}


def _metrics(font: QFont) -> QFontMetricsF:
    found = _known.get(font)
    if found is None:
        if len(_known) > 64:
            _known.clear()
        found = _known[QFont(font)] = QFontMetricsF(font)
    return found


def text_width(text: str, font: QFont) -> float:
    """The width of one line, in logical pixels."""
    return _metrics(font).horizontalAdvance(text)


def draw_line(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    colour: ColourRole | QColor,
    *,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    elide: bool = True,
) -> float:
    """Draw one line of plain text, vertically centred by its capitals; returns the width it took.

    With `elide` off the text is squeezed rather than cut: for numbers.
    """
    metrics = _metrics(font)
    width = metrics.horizontalAdvance(text)
    painter.save()
    if width > rect.width():
        if elide:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            width = metrics.horizontalAdvance(text)
        else:
            font = QFont(font)
            font.setPointSizeF(font.pointSizeF() * max(rect.width(), 1) / width)
            metrics = QFontMetricsF(font)
            width = metrics.horizontalAdvance(text)
    left = rect.left()
    if align & Qt.AlignmentFlag.AlignRight:
        left = rect.right() - width
    elif align & Qt.AlignmentFlag.AlignHCenter:
        left = rect.center().x() - width / 2
    baseline = round(rect.center().y() + metrics.capHeight() / 2)
    painter.setFont(font)
    painter.setPen(colour if isinstance(colour, QColor) else theme().colour(colour))
    painter.drawText(QPointF(left, baseline), text)
    painter.restore()
    return width


def avatar(painter: QPainter, rect: QRectF, name: str) -> None:
    """Initials on a neutral disc, or a figure when the name has no letters."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour(ColourRole.PRESSED))
    painter.drawEllipse(rect)
    letters = initials(name)
    if letters:
        size = max(TYPE.muted, rect.width() * 0.375)
        draw_line(
            painter,
            rect,
            letters,
            theme().font(size, Weight.MEDIUM),
            ColourRole.TEXT,
            align=Qt.AlignmentFlag.AlignHCenter,
        )
    else:
        draw_icon(painter, "user", rect, ColourRole.MUTED, round(rect.width() * 0.5625))


_COUNT_HEIGHT = 18.0


def count_width(count: int) -> float:
    """The width of a count's pill, in logical pixels."""
    words = "99+" if count > 99 else str(count)
    font = theme().font(TYPE.muted, Weight.STRONG, tabular=True)
    return max(_COUNT_HEIGHT, round(text_width(words, font) + 10))


def draw_count(painter: QPainter, right: float, centre: float, count: int) -> None:
    """A count in a pill whose right edge and middle are given."""
    width = count_width(count)
    rect = QRectF(right - width, centre - _COUNT_HEIGHT / 2, width, _COUNT_HEIGHT)
    rounded(painter, rect, _COUNT_HEIGHT / 2, ColourRole.ACCENT)
    draw_line(
        painter,
        rect,
        clean_line("99+" if count > 99 else str(count)),
        theme().font(TYPE.muted, Weight.STRONG, tabular=True),
        ColourRole.ON_FILL,
        align=Qt.AlignmentFlag.AlignHCenter,
        elide=False,
    )
