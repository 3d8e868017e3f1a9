"""The follow-ups of a call below its notes: each as it was understood, and a cross that takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QRectF, QSize, Qt, QTime, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.follow_up import FollowUp
from ui.components import clean_line
from ui.components.buttons import Pressable
from ui.components.labels import plain_tip
from ui.components.paint import antialiased, draw_line, focus_ring, rounded, text_width
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole
from ui.flow_box import FlowBox

_FAR = timedelta(days=300)


def when_text(one: FollowUp, today: date) -> str:
    """When it is due, in the rep's language: "Fri 27 Nov, 3:00 PM"; with the year when that is not clear."""
    far = not timedelta(0) <= one.day - today < _FAR
    # A pattern of Qt's; each language has its own order.
    near_pattern = QCoreApplication.translate("FollowUp", "ddd d MMM")
    pattern = QCoreApplication.translate("FollowUp", "ddd d MMM yyyy") if far else near_pattern
    day = QLocale().toString(QDate(one.day.year, one.day.month, one.day.day), pattern)
    if one.at is None:
        return day
    clock = QLocale().toString(QTime(one.at.hour, one.at.minute), QLocale.FormatType.ShortFormat)
    return QCoreApplication.translate("FollowUp", "{day}, {time}").format(day=day, time=clock)


class FollowUpChip(Pressable):
    """One follow-up; a press takes it back."""

    def __init__(self, one: FollowUp, today: date, parent: QWidget | None = None) -> None:
        self.one = one
        super().__init__("", parent)
        when, what = when_text(one, today), clean_line(one.text)
        word = (
            self.tr("Follow-up {when}: {what}").format(when=when, what=what)
            if what
            else self.tr("Follow-up {when}").format(when=when)
        )
        self.set_word(word)
        self.setAccessibleDescription(self.tr("Remove"))
        self.setToolTip(plain_tip(self.tr("{follow_up}. Press to remove it.").format(follow_up=self.word)))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        icons = 2 * (METRICS.icon_small + SPACE.unit)
        return QSize(round(text_width(self._word, theme().font(TYPE.muted))) + icons + 20, METRICS.control_small)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        rect = QRectF(self.rect())
        rounded(painter, rect, METRICS.radius_small, self.ground(ColourRole.ACCENT_SOFT))
        side = METRICS.icon_small
        draw_icon(painter, "calendar", QRectF(SPACE.inside, 0, side, rect.height()), ColourRole.ACCENT_TEXT, side)
        cross = QRectF(rect.right() - side - SPACE.inside + 2, 0, side, rect.height())
        draw_icon(painter, "close", cross, ColourRole.MUTED, 12)
        left = SPACE.inside + side + SPACE.unit + 2
        words = QRectF(left, 0, cross.left() - left - SPACE.half, rect.height())
        draw_line(painter, words, self._word, theme().font(TYPE.muted), ColourRole.ACCENT_TEXT)
        if self.ring_visible:
            focus_ring(painter, rect, METRICS.radius_small)
        painter.end()


class FollowUpChips(FlowBox):
    """All of one call; nothing when there are none. `dropped` with the id of one that was taken back."""

    dropped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, SPACE.unit)
        self._shown: tuple[FollowUp, ...] = ()
        self.chips: list[FollowUpChip] = []
        self.setAccessibleName(self.tr("Follow-ups"))
        self.hide()

    def show_all(self, follow_ups: Sequence[FollowUp], today: date) -> None:
        """Show these; nothing is touched when they are the same."""
        if tuple(follow_ups) == self._shown:
            return
        self._shown = tuple(follow_ups)
        had_focus = any(chip.hasFocus() for chip in self.chips)
        for old in self.chips:
            self.flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.chips = [FollowUpChip(one, today, self) for one in follow_ups]
        for chip in self.chips:
            chip.clicked.connect(lambda _=False, id=chip.one.id: self.dropped.emit(id))
            self.flow.addWidget(chip)
            chip.show()
        if had_focus and self.chips:
            self.chips[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.setVisible(bool(self.chips))
