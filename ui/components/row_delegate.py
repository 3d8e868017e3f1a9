"""Draws `RowData` in rows of 56 px, and knows where on a row the pointer is."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from ui.components.labels import plain_tip
from ui.components.marks import DotState, draw_dot
from ui.components.paint import (
    antialiased,
    avatar,
    count_width,
    draw_count,
    draw_line,
    focus_ring,
    rounded,
    text_width,
)
from ui.components.plain import clean_line
from ui.components.quiet_list import ringed_row
from ui.components.rows import RowData, RowRole
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight

__all__ = ["RowDelegate", "RowFocus", "RowPlaces"]

_EDGE = SPACE.unit  # the tint of a row ends this far from the list's edges
_LEAD = 44
_TEXT_LEFT = 52
_ACTION = METRICS.control
_RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(slots=True)
class RowFocus:
    """Where pointer and keyboard are on the rows of one list; -1 is none. Kept by `RowList`."""

    hover_row: int = -1
    hover_action: int = -1
    hover_title: bool = False
    key_action: int = -1


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """Where the parts of one row lie, in the list's coordinates."""

    lead: QRectF
    title: QRectF  # as wide as the words, for a click on the name
    title_room: QRectF
    subtitle: QRectF
    time: QRectF
    actions: tuple[QRectF, ...]  # empty while they do not show


class RowDelegate(QStyledItemDelegate):
    """The painter of rows. Works with any model that answers `RowRole.DATA`; used with `RowList`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = RowFocus()
        self.title_links = False  # the name shows that it can be clicked

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(METRICS.list, METRICS.row)

    def places(self, rect: QRectF, row: RowData, *, actions: bool) -> RowPlaces:
        """Lay a row out in `rect`; `actions` when its buttons show."""
        middle = rect.center().y()
        right = rect.right() - SPACE.between
        time_font = theme().font(TYPE.muted, tabular=True)
        time = clean_line(row.time)
        time_width = round(text_width(time, time_font) + 0.5) if time else 0
        buttons: tuple[QRectF, ...] = ()
        if actions and row.actions:
            first = rect.right() - _EDGE - 6 - _ACTION * len(row.actions)
            buttons = tuple(
                QRectF(first + at * _ACTION, middle - _ACTION / 2, _ACTION, _ACTION) for at in range(len(row.actions))
            )
            title_end = sub_end = first - SPACE.inside
        else:
            dot = 16 if row.current else 0
            title_end = right - time_width - dot - (SPACE.inside if time else 0)
            sub_end = right - self._marks_width(row)
        left = rect.left() + _TEXT_LEFT
        # A row of one line stands in the middle, beside its icon.
        has_second = bool(row.subtitle or row.alert)
        room = QRectF(left, rect.top() + 9 if has_second else middle - 10, max(title_end - left, 24), 20)
        words = min(text_width(clean_line(row.title), self._title_font(row)), room.width())
        return RowPlaces(
            lead=QRectF(rect.left() + _EDGE, rect.top(), _LEAD, rect.height()),
            title=QRectF(left, room.top(), words, room.height()),
            title_room=room,
            subtitle=QRectF(left, rect.top() + 29, max(sub_end - left, 24), 18),
            time=QRectF(right - time_width, room.top() + 1, time_width, room.height()),
            actions=buttons,
        )

    def actions_shown(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether the buttons of this row show: hovered, or current with the keyboard on the list."""
        return index.row() in (self.focus.hover_row, ringed_row(option.widget))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(RowRole.DATA)
        if not isinstance(row, RowData):
            return
        state = option.state
        rect = QRectF(option.rect)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = index.row() == self.focus.hover_row
        with_actions = self.actions_shown(option, index)
        keyboard_here = index.row() == ringed_row(option.widget)
        places = self.places(rect, row, actions=with_actions)
        painter.save()
        antialiased(painter)
        tint = rect.adjusted(_EDGE, 1, -_EDGE, -1)
        if selected:
            rounded(painter, tint, METRICS.radius, ColourRole.ACCENT_SOFT)
        elif hovered:
            rounded(painter, tint, METRICS.radius, ColourRole.HOVER)
        self._paint_lead(painter, places.lead, row)
        self._paint_words(painter, places, row, hovered=hovered)
        if places.actions:
            self._paint_actions(painter, places, row, hovered=hovered, keyboard=keyboard_here)
        else:
            self._paint_end(painter, places, row)
        if keyboard_here and self.focus.key_action < 0:
            focus_ring(painter, tint, METRICS.radius)
        painter.restore()

    def _title_font(self, row: RowData) -> QFont:
        weight = Weight.STRONG if row.unread else Weight.MEDIUM
        return theme().font(TYPE.name, weight)

    def _paint_lead(self, painter: QPainter, lead: QRectF, row: RowData) -> None:
        if row.icon:
            draw_icon(painter, row.icon, lead, row.icon_role, METRICS.icon)
            return
        side = METRICS.avatar
        disc = QRectF(lead.center().x() - side / 2, lead.center().y() - side / 2, side, side)
        avatar(painter, disc, row.title if row.avatar is None else row.avatar)

    def _paint_words(self, painter: QPainter, places: RowPlaces, row: RowData, *, hovered: bool) -> None:
        font = self._title_font(row)
        title = clean_line(row.title)
        width = draw_line(painter, places.title_room, title, font, ColourRole.TEXT, elide=not row.number)
        if self.title_links and hovered and self.focus.hover_title:
            under = round(places.title_room.center().y() + 8) + 0.5
            painter.setPen(QPen(theme().colour(ColourRole.TEXT), 1))
            painter.drawLine(QPointF(places.title_room.left(), under), QPointF(places.title_room.left() + width, under))
        room = places.subtitle
        small = theme().font(TYPE.muted)
        alert = clean_line(row.alert)
        if alert:
            font = theme().font(TYPE.muted, Weight.MEDIUM)
            taken = draw_line(painter, room, alert, font, row.alert_role)
            room = room.adjusted(taken + 6, 0, 0, 0)
        subtitle = clean_line(row.subtitle)
        if subtitle and room.width() > 8:
            draw_line(painter, room, subtitle, small, ColourRole.TEXT if row.unread else ColourRole.MUTED)

    def _paint_end(self, painter: QPainter, places: RowPlaces, row: RowData) -> None:
        if row.time:
            role = ColourRole.LIVE_TEXT if row.current else ColourRole.MUTED
            font = theme().font(TYPE.muted, tabular=True)
            draw_line(painter, places.time, clean_line(row.time), font, role, align=_RIGHT, elide=False)
        if row.current:
            at = QRectF(places.time.left() - 16, places.time.top(), 12, places.time.height())
            draw_dot(painter, at, DotState.READY)
        right = places.time.right()
        middle = places.subtitle.center().y()
        if row.unread:
            draw_count(painter, right, middle, row.unread)
            right -= count_width(row.unread) + SPACE.unit
        for mark in reversed(row.marks):
            at = QRectF(right - 14, middle - 8, 14, 16)
            draw_icon(painter, mark.icon, at, mark.role, 14)
            right -= 14 + SPACE.unit

    def _paint_actions(
        self, painter: QPainter, places: RowPlaces, row: RowData, *, hovered: bool, keyboard: bool
    ) -> None:
        for at, (action, rect) in enumerate(zip(row.actions, places.actions, strict=True)):
            over = hovered and at == self.focus.hover_action and action.enabled
            here = keyboard and at == self.focus.key_action
            cell = rect.adjusted(1, 1, -1, -1)
            if over or here:
                rounded(painter, cell, METRICS.radius_small, ColourRole.PRESSED)
            ink = ColourRole.TEXT if over or here else ColourRole.MUTED
            draw_icon(painter, action.icon, rect, ink if action.enabled else ColourRole.DISABLED, 18)
            if here:
                focus_ring(painter, cell, METRICS.radius_small)

    def _marks_width(self, row: RowData) -> float:
        width = len(row.marks) * (14.0 + SPACE.unit)
        if row.unread:
            width += count_width(row.unread) + SPACE.unit
        return width + SPACE.unit if width else 0.0

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Tooltips: the word of a button or mark, else a text that is cut."""
        row = index.data(RowRole.DATA)
        if event.type() != QEvent.Type.ToolTip or not isinstance(row, RowData):
            return super().helpEvent(event, view, option, index)
        rect = QRectF(option.rect)
        tip = self.tip(rect, row, QPointF(event.pos()), actions=self.actions_shown(option, index))
        if tip:
            QToolTip.showText(event.globalPos(), plain_tip(tip), view)
        else:
            QToolTip.hideText()
        return True

    def tip(self, rect: QRectF, row: RowData, at: QPointF, *, actions: bool) -> str:
        """What a tooltip says at one point of a row; "" for nothing."""
        places = self.places(rect, row, actions=actions)
        for action, button in zip(row.actions, places.actions, strict=False):
            if button.contains(at):
                return action.word
        on_marks = at.x() > places.subtitle.right() and at.y() > places.subtitle.top()
        if on_marks and row.marks and not places.actions:
            return " · ".join(mark.word for mark in row.marks)
        title = clean_line(row.title)
        if places.title_room.contains(at) and text_width(title, self._title_font(row)) > places.title_room.width():
            return title
        second = clean_line(f"{row.alert} {row.subtitle}")
        if places.subtitle.contains(at) and text_width(second, theme().font(TYPE.muted)) > places.subtitle.width():
            return second
        return ""
