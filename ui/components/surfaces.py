"""Surfaces: the card, and the strip that keeps a live call in sight."""

from enum import StrEnum

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.components.buttons import Button, ButtonKind, Pressable
from ui.components.labels import PlainLabel, plain_tip
from ui.components.marks import DotState, draw_dot
from ui.components.paint import antialiased, draw_line, focus_ring, rounded, text_width
from ui.components.plain import clean_line
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight

__all__ = ["Card", "StripBar", "StripState"]

_SHADOW = 12


class Card(QFrame):
    """A surface with an edge. `floating` adds the shadow of what lies over other windows, 12 px wide,
    inside the widget's own bounds; without a shadow a stronger `edge` parts it from what lies below.
    Put things in with `body`, a column.
    """

    def __init__(
        self, parent: QWidget | None = None, *, floating: bool = False, edge: ColourRole = ColourRole.BORDER
    ) -> None:
        super().__init__(parent)
        self._floating = floating
        self._edge = edge
        self.body = QVBoxLayout(self)
        pad = SPACE.between + (_SHADOW if floating else 0)
        self.body.setContentsMargins(pad, pad, pad, pad)
        self.body.setSpacing(SPACE.inside)
        if floating:
            self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        if self._floating:
            rect = rect.adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
            painter.setPen(Qt.PenStyle.NoPen)
            for spread in range(_SHADOW, 0, -1):
                # Thin layers, thinner outwards: together a soft edge that ends before the bounds do.
                strength = (1 - spread / (_SHADOW + 1)) * (14 if theme().dark else 5) + 0.5
                painter.setBrush(QColor(0, 0, 0, round(strength)))
                grown = rect.adjusted(-spread, -spread + 3, spread, min(spread + 1, _SHADOW))
                painter.drawRoundedRect(grown, METRICS.radius + spread, METRICS.radius + spread)
        fill = ColourRole.RAISED if self._floating else ColourRole.SURFACE
        rounded(painter, rect, METRICS.radius, fill, self._edge)
        painter.end()


class StripState(StrEnum):
    """What the call of a strip is doing."""

    LIVE = "live"
    HELD = "held"
    DIALING = "dialing"
    ENDED = "ended"


_STRIPS = {
    StripState.LIVE: (ColourRole.LIVE_SOFT, ColourRole.LIVE, ColourRole.LIVE_TEXT, DotState.READY),
    StripState.HELD: (ColourRole.WAIT_SOFT, ColourRole.WAIT, ColourRole.WAIT_TEXT, DotState.HELD),
    StripState.DIALING: (ColourRole.HOVER, ColourRole.BORDER_STRONG, ColourRole.MUTED, DotState.CONNECTING),
    StripState.ENDED: (ColourRole.HOVER, ColourRole.BORDER_STRONG, ColourRole.MUTED, DotState.OFF),
}


class _StripTitle(Pressable):
    """Name and detail of the call: one target that opens its page."""

    def __init__(self, parent: QWidget) -> None:
        self._detail = ""
        self.number = False
        super().__init__("", parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_detail(self, detail: str) -> None:
        self._detail = clean_line(detail)
        self.setAccessibleDescription(self._detail)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect()).adjusted(6, 0, -6, 0)
        strong = theme().font(TYPE.body, Weight.STRONG)
        name = min(text_width(self._word, strong), rect.width())
        draw_line(painter, rect, self._word, strong, ColourRole.TEXT, elide=not self.number)
        rest = rect.adjusted(name + SPACE.inside, 0, 0, 0)
        if self._detail and rest.width() > 32:
            draw_line(painter, rest, self._detail, theme().font(), ColourRole.MUTED)
        if self.ring_visible:
            focus_ring(painter, QRectF(self.rect()).adjusted(0, 4, 0, -4), METRICS.radius_small)
        painter.end()


class StripBar(QWidget):
    """The 40-px strip of a call whose page is not open: who, how long, a few buttons, End.

    Green while live, amber when held, and a shape beside the colour. `opened` when the rep wants the
    page, `ended` for End. The caller adds its buttons once, with `add_button`; they never move.
    """

    opened = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = StripState.DIALING
        self.setFixedHeight(METRICS.strip)
        self._title = _StripTitle(self)
        self._state_word = PlainLabel("", self, size=TYPE.muted, weight=Weight.MEDIUM)
        self._time = PlainLabel("", self, number=True, tabular=True, align=Qt.AlignmentFlag.AlignRight)
        self._end = Button(self.tr("End"), ButtonKind.DANGER, "phone-off", self, small=True)
        line = QHBoxLayout(self)
        line.setContentsMargins(32, 0, SPACE.inside, 0)
        line.setSpacing(SPACE.inside)
        line.addWidget(self._title, 1)
        line.addWidget(self._state_word)
        line.addWidget(self._time)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE.unit)
        line.addLayout(self._buttons)
        line.addSpacing(SPACE.unit)
        line.addWidget(self._end)
        self._time.setMinimumWidth(44)
        self._title.clicked.connect(self.opened)
        self._end.clicked.connect(self.ended)
        theme().changed.connect(self.update)

    @property
    def state(self) -> StripState:
        """What the call is doing."""
        return self._state

    def set_state(self, state: StripState, word: str = "", *, remark: bool = False) -> None:
        """Show what the call is doing; `word` says it ("On hold"), or as a `remark` what else there is to say."""
        self._state = state
        self._state_word.setText(word)
        self._state_word.set_role(ColourRole.TEXT if remark else _STRIPS[state][2])
        self._state_word.setVisible(bool(word))
        self._end.setEnabled(state is not StripState.ENDED)
        self.update()

    def set_call(self, name: str, detail: str = "", *, number: bool = False) -> None:
        """Who it is; `number` when `name` is one, so that it is never cut."""
        self._title.number = number
        self._title.set_word(name)
        self._title.set_detail(detail)
        self._title.setToolTip(plain_tip(f"{clean_line(name)} {clean_line(detail)}".strip()))
        needed = text_width(self._title.word, theme().font(TYPE.body, Weight.STRONG))
        self._title.setMinimumWidth(round(needed) + 16 if number else 60)

    def set_time(self, time: str) -> None:
        """How long, as text."""
        self._time.setText(time)

    def add_button(self, button: Pressable) -> None:
        """Put a button before End."""
        self._buttons.addWidget(button)

    def add_mark(self, mark: QWidget) -> None:
        """Put a small picture before the buttons added later."""
        self._buttons.addWidget(mark)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        ground, bar, _, dot = _STRIPS[self._state]
        painter.fillRect(self.rect(), theme().colour(ground))
        rounded(painter, QRectF(4, 8, 3, self.height() - 16), 1.5, bar)
        draw_dot(painter, QRectF(14, 0, 14, self.height()), dot)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.opened.emit()
