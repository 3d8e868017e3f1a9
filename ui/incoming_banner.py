"""The banner of an incoming call inside the window: the same call as its card, in reach of the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.events import CallChanged, CallRang, MatchChanged
from ui.components import Button, ButtonKind, PlainLabel
from ui.components.labels import plain_tip
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight
from ui.incoming_info import IncomingInfo, incoming_info, rings

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.incoming import Incoming


_AFTER_CARD = 40  # milliseconds
_DETAIL = 200  # pixels that a long name leaves to what stands after it


class IncomingBar(QWidget):
    """One ringing call on one line of the window."""

    def __init__(self, call_id: str, incoming: Incoming, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(METRICS.strip + SPACE.inside)
        self.name = PlainLabel("", self, size=TYPE.name, weight=Weight.STRONG)
        self.number = PlainLabel("", self, size=TYPE.name, weight=Weight.STRONG, number=True, tabular=True)
        self.detail = PlainLabel("", self, role=ColourRole.MUTED)
        self.answer = Button(self.tr("Answer"), ButtonKind.ANSWER, "phone", self, small=True)
        self.answer.setToolTip(plain_tip(self.tr("Answer (F4)")))
        self.reject = Button(self.tr("Reject"), ButtonKind.DANGER, "phone-off", self, small=True)
        self.reject.setToolTip(plain_tip(self.tr("Reject (Shift+F4)")))
        self.reply = Button(self.tr("Reply with text"), ButtonKind.GHOST, parent=self, small=True)
        self.answer.clicked.connect(lambda: incoming.answer(call_id))
        self.reject.clicked.connect(lambda: incoming.reject(call_id))
        self.reply.clicked.connect(lambda: incoming.reply(call_id))
        row = QHBoxLayout(self)
        row.setContentsMargins(METRICS.control + SPACE.unit, 0, SPACE.gap, 0)
        row.setSpacing(SPACE.inside)
        row.addWidget(self.name)
        row.addWidget(self.number)
        row.addWidget(self.detail, 1)
        row.addWidget(self.reply)
        row.addSpacing(SPACE.unit)
        row.addWidget(self.answer)
        row.addWidget(self.reject)
        theme().changed.connect(self.update)

    def show_info(self, info: IncomingInfo) -> None:
        """Show who it is."""
        shown, other = (self.number, self.name) if info.title_is_number else (self.name, self.number)
        shown.setText(info.title)
        shown.show()
        other.setText("")
        other.hide()
        self.detail.setText(" · ".join(part for part in (info.company, info.via) if part) or info.country)
        self.detail.setMinimumWidth(min(_DETAIL, self.detail.sizeHint().width()))
        self.reply.setEnabled(info.can_text)
        said = (self.tr("Incoming call"), info.title, info.company, info.number)
        self.setAccessibleName(", ".join(part for part in said if part))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour(ColourRole.LIVE_SOFT))
        at = QRectF(SPACE.gap, 0, METRICS.icon_small, self.height())
        draw_icon(painter, "phone-in", at, ColourRole.LIVE_TEXT, METRICS.icon_small)
        painter.end()


class IncomingBanner(QWidget):
    """All ringing calls, the longest ringing first. It follows a blink after the card over other windows:
    what the rep sees comes first, and the screen takes a moment to answer before the card can be painted."""

    def __init__(self, desk: Desk, incoming: Incoming, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._incoming = incoming
        self._bars: dict[str, IncomingBar] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_AFTER_CARD)
        self._soon.timeout.connect(self.refresh)
        for kind in (CallRang, CallChanged, MatchChanged):
            desk.hub.subscribe(kind, lambda _: self._follow())
        self.refresh()

    def bar(self, call_id: str) -> IncomingBar | None:
        """The bar of a call, None when it has none."""
        return self._bars.get(call_id)

    def _follow(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def refresh(self) -> None:
        """Read the ringing calls again."""
        ringing = [call for call in self._desk.calls.live() if rings(call) and not call.hanging_up]
        for gone in set(self._bars) - {call.id for call in ringing}:
            bar = self._bars.pop(gone)
            self._column.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        for call in ringing:
            if call.id not in self._bars:
                self._bars[call.id] = IncomingBar(call.id, self._incoming, self)
                self._column.addWidget(self._bars[call.id])
            self._bars[call.id].show_info(incoming_info(self._desk, call))
        self.setVisible(bool(ringing))
