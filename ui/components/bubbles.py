"""What one entry of a message thread shows, and the delegate that draws it."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.components.bubble_layout import GAP, SIDE, BubblePlaces, Flow, flow, lay_out
from ui.components.paint import antialiased, draw_line, focus_ring, text_width
from ui.components.plain import clean_line
from ui.components.quiet_list import ringed_row
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, TYPE, ColourRole, Weight

__all__ = ["BubbleData", "BubbleDelegate", "BubbleKind", "BubbleRole", "Tick"]

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class BubbleRole(IntEnum):
    """The role a thread's model answers for `BubbleDelegate`."""

    DATA = Qt.ItemDataRole.UserRole + 11  # BubbleData
    KEY = Qt.ItemDataRole.UserRole + 12  # str


class BubbleKind(StrEnum):
    """A text, or a quiet line in the middle: a call, a consent, a change."""

    TEXT = "text"
    EVENT = "event"


class Tick(StrEnum):
    """How far an outgoing text came, as a quiet sign."""

    NONE = "none"
    WAITING = "waiting"  # held, queued, sending: a clock
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BubbleData:
    """One entry of a thread, ready to draw. `text` may hold anything and is shown as plain text."""

    key: str
    text: str
    outgoing: bool = False
    kind: BubbleKind = BubbleKind.TEXT
    time: str = ""  # only on the last of a group
    day: str = ""  # the day line above, when this is the first of its day
    unread_line: str = ""  # "New" above the first unread
    first: bool = True  # first of a group by one side
    last: bool = True
    tick: Tick = Tick.NONE
    tick_word: str = ""  # said by screen readers, shown as tooltip
    failure: str = ""  # why it failed, in words
    retry: str = ""  # the word of the retry button; "" for none
    attachment: str = ""  # "Photo · image/heic · 2.1 MB": what cannot be shown, or a file's name
    icon: str = ""  # of an event line
    picture: QImage | None = field(default=None, compare=False)  # in device pixels; drawn up to 240 px wide

    def accessible(self) -> str:
        """The entry in words."""
        parts = (self.day, self.text, self.attachment, self.time, self.tick_word, self.failure)
        return ", ".join(clean_line(part) for part in parts if part)


_TICKS = {
    Tick.WAITING: ("clock", ColourRole.MUTED),
    Tick.SENT: ("check", ColourRole.MUTED),
    Tick.DELIVERED: ("check-double", ColourRole.ACCENT_TEXT),
    Tick.FAILED: ("alert", ColourRole.DANGER_TEXT),
    Tick.UNKNOWN: ("clock", ColourRole.WAIT_TEXT),
}


class BubbleDelegate(QStyledItemDelegate):
    """Draws a thread. The view gives its width through `width`; layouts are kept per text and width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.width = METRICS.list
        self.reserve = 0  # pixels at the right that a scroll bar may take; bubbles end before them anyway
        self.hover_retry = -1  # the row whose Retry is below the pointer

    def places(self, bubble: BubbleData, width: float) -> BubblePlaces:
        """Where the parts of an entry lie, from its own top left."""
        meta = 0.0
        if bubble.time:
            meta += text_width(bubble.time, theme().font(TYPE.muted, tabular=True))
        if bubble.tick in _TICKS:
            meta += 18
        event = bubble.kind is BubbleKind.EVENT
        return lay_out(
            width,
            flow(bubble.text, width, event=event),
            outgoing=bubble.outgoing,
            event=event,
            last=bubble.last,
            day=bool(bubble.day),
            unread=bool(bubble.unread_line),
            meta=meta,
            failure=bool(bubble.failure or bubble.retry),
            picture=None if bubble.picture is None else bubble.picture.size(),
            attachment=text_width(clean_line(bubble.attachment), theme().font()) if bubble.attachment else 0,
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        bubble = index.data(BubbleRole.DATA)
        if not isinstance(bubble, BubbleData):
            return QSize(0, 0)
        return QSize(self.width - self.reserve, round(self.places(bubble, self.width).height))

    def retry_place(self, bubble: BubbleData, width: float) -> QRectF:
        """Where Retry lies; an empty rectangle when there is none."""
        if not bubble.retry:
            return QRectF()
        below = self.places(bubble, width).failure
        word = text_width(clean_line(bubble.retry), theme().font(TYPE.muted, Weight.MEDIUM))
        if bubble.outgoing:
            return QRectF(below.right() - word - 10, below.top(), word + 12, below.height())
        return QRectF(below.left(), below.top(), word + 12, below.height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        bubble = index.data(BubbleRole.DATA)
        if not isinstance(bubble, BubbleData):
            return
        rect = QRectF(option.rect)
        width = self.width
        places = self.places(bubble, width)
        painter.save()
        antialiased(painter)
        painter.translate(rect.topLeft())
        if bubble.day:
            self._paint_line(painter, places.day, bubble.day, ColourRole.MUTED)
        if bubble.unread_line:
            self._paint_line(painter, places.unread, bubble.unread_line, ColourRole.ACCENT_TEXT)
        lines = flow(bubble.text, width, event=bubble.kind is BubbleKind.EVENT)
        if bubble.kind is BubbleKind.EVENT:
            self._paint_event(painter, places, bubble, lines)
        else:
            self._paint_bubble(painter, places, bubble, lines)
        if index.row() == ringed_row(option.widget):
            focus_ring(painter, places.bubble.adjusted(-3, -3, 3, 3), METRICS.radius + 3)
        if bubble.failure or bubble.retry:
            self._paint_failure(painter, places, bubble, width, over=index.row() == self.hover_retry)
        painter.restore()

    def _paint_line(self, painter: QPainter, at: QRectF, word: str, role: ColourRole) -> None:
        font = theme().font(TYPE.muted, Weight.MEDIUM)
        word = clean_line(word)
        half = text_width(word, font) / 2 + 12
        middle, centre = round(at.center().y()) + 0.5, at.center().x()
        edge = ColourRole.BORDER if role is ColourRole.MUTED else ColourRole.ACCENT
        painter.setPen(QPen(theme().colour(edge), 1))
        painter.drawLine(QPointF(at.left() + SIDE, middle), QPointF(centre - half, middle))
        painter.drawLine(QPointF(centre + half, middle), QPointF(at.right() - SIDE, middle))
        draw_line(painter, at, word, font, role, align=_CENTRE)

    def _paint_event(self, painter: QPainter, places: BubblePlaces, bubble: BubbleData, lines: Flow) -> None:
        left = places.text.left()
        if bubble.icon:
            at = QRectF(left - 20, places.text.top(), 14, 17)
            draw_icon(painter, bubble.icon, at, ColourRole.MUTED, 14)
        lines.draw(painter, places.text.topLeft(), theme().colour(ColourRole.MUTED))
        if bubble.time:
            at = QRectF(places.text.right() + 8, places.text.top() - 1, places.meta.width(), 17)
            font = theme().font(TYPE.muted, tabular=True)
            draw_line(painter, at, bubble.time, font, ColourRole.MUTED, elide=False)

    def _paint_bubble(self, painter: QPainter, places: BubblePlaces, bubble: BubbleData, lines: Flow) -> None:
        fill = ColourRole.BUBBLE_OUT if bubble.outgoing else ColourRole.BUBBLE_IN
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(fill))
        painter.drawPath(_outline(places.bubble, bubble))
        if bubble.picture is not None:
            clip = QPainterPath()
            clip.addRoundedRect(places.picture, METRICS.radius_small, METRICS.radius_small)
            painter.save()
            painter.setClipPath(clip)
            painter.drawImage(places.picture, bubble.picture)
            painter.restore()
        if bubble.attachment:
            at = QRectF(places.attachment.left(), places.attachment.top(), 16, places.attachment.height())
            draw_icon(painter, "image", at, ColourRole.MUTED, 16)
            words = places.attachment.adjusted(22, 0, 0, 0)
            draw_line(painter, words, clean_line(bubble.attachment), theme().font(), ColourRole.TEXT)
        lines.draw(painter, places.text.topLeft(), theme().colour(ColourRole.TEXT))
        right = places.meta.right()
        if bubble.tick in _TICKS:
            name, role = _TICKS[bubble.tick]
            draw_icon(painter, name, QRectF(right - 15, places.meta.top(), 15, places.meta.height()), role, 15)
            right -= 18
        if bubble.time:
            at = QRectF(places.meta.left(), places.meta.top(), right - places.meta.left(), places.meta.height())
            font = theme().font(TYPE.muted, tabular=True)
            align = Qt.AlignmentFlag.AlignRight
            draw_line(painter, at, bubble.time, font, ColourRole.MUTED, align=align, elide=False)

    def _paint_failure(
        self, painter: QPainter, places: BubblePlaces, bubble: BubbleData, width: float, *, over: bool
    ) -> None:
        room = places.failure
        if bubble.retry:
            retry = self.retry_place(bubble, width)
            font = theme().font(TYPE.muted, Weight.MEDIUM)
            words = retry.adjusted(6, 0, -6, 0)
            taken = draw_line(painter, words, clean_line(bubble.retry), font, ColourRole.ACCENT_TEXT, elide=False)
            if over:
                under = round(words.center().y() + 7) + 0.5
                painter.setPen(QPen(theme().colour(ColourRole.ACCENT_TEXT), 1))
                painter.drawLine(QPointF(words.left(), under), QPointF(words.left() + taken, under))
            if bubble.outgoing:
                room = room.adjusted(0, 0, -retry.width() + 2, 0)
            else:
                room = room.adjusted(retry.width() + GAP, 0, 0, 0)
        align = Qt.AlignmentFlag.AlignRight if bubble.outgoing else Qt.AlignmentFlag.AlignLeft
        font = theme().font(TYPE.muted)
        # What may have left is not known to have failed: somebody has to look, so it waits in amber.
        role = ColourRole.WAIT_TEXT if bubble.tick is Tick.UNKNOWN else ColourRole.DANGER_TEXT
        draw_line(painter, room, clean_line(bubble.failure), font, role, align=align)


def _outline(rect: QRectF, bubble: BubbleData) -> QPainterPath:
    """The bubble's shape: round, with small corners where it touches its group on its own side."""
    large, small = METRICS.radius + 4, 4
    top = large if bubble.first else small
    bottom = large if bubble.last else small
    corners = (large, top, bottom, large) if bubble.outgoing else (top, large, large, bottom)
    top_left, top_right, bottom_right, bottom_left = (min(c, rect.height() / 2) for c in corners)
    path = QPainterPath()
    path.moveTo(rect.left() + top_left, rect.top())
    path.lineTo(rect.right() - top_right, rect.top())
    path.arcTo(rect.right() - 2 * top_right, rect.top(), 2 * top_right, 2 * top_right, 90, -90)
    path.lineTo(rect.right(), rect.bottom() - bottom_right)
    side = 2 * bottom_right
    path.arcTo(rect.right() - side, rect.bottom() - side, side, side, 0, -90)
    path.lineTo(rect.left() + bottom_left, rect.bottom())
    side = 2 * bottom_left
    path.arcTo(rect.left(), rect.bottom() - side, side, side, 270, -90)
    path.lineTo(rect.left(), rect.top() + top_left)
    path.arcTo(rect.left(), rect.top(), 2 * top_left, 2 * top_left, 180, -90)
    return path
