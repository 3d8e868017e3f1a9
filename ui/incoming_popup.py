"""The card of an incoming call: bottom right, over other windows, and it never takes the keyboard away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.events import CallChanged, CallRang, CardChanged, MatchChanged
from ui.components import Button, ButtonKind, Card, PlainLabel
from ui.design.icons import draw_icon
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight
from ui.incoming_info import IncomingInfo, incoming_info, rings
from ui.name_link import NameLink

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.incoming import Incoming

_FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
    | Qt.WindowType.NoDropShadowWindowHint
)


class _Ringing(QWidget):
    """The phone that rings: only decorates."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(METRICS.icon_small, METRICS.icon_small)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_icon(painter, "phone-in", QRectF(self.rect()), ColourRole.LIVE_TEXT, METRICS.icon_small)
        painter.end()


class IncomingCard(QWidget):
    """One ringing call in a window of its own. Its buttons answer to the pointer only; the window's banner has keys."""

    def __init__(self, call_id: str, incoming: Incoming) -> None:
        super().__init__(None, _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.call_id = call_id
        self.setWindowTitle(self.tr("Incoming call"))
        card = Card(self, floating=True)
        self._head = PlainLabel(
            self.tr("Incoming call"), card, size=TYPE.muted, weight=Weight.MEDIUM, role=ColourRole.LIVE_TEXT
        )
        self._via = PlainLabel("", card, size=TYPE.muted, role=ColourRole.MUTED, number=True)
        self.name = NameLink(card)
        self.company = PlainLabel("", card, size=TYPE.body)
        self.number = PlainLabel("", card, role=ColourRole.MUTED, number=True, tabular=True)
        self.country = PlainLabel("", card, role=ColourRole.MUTED)
        self.why = PlainLabel("", card, role=ColourRole.MUTED)
        self.answer = Button(self.tr("Answer"), ButtonKind.ANSWER, "phone", card)
        self.reject = Button(self.tr("Reject"), ButtonKind.DANGER, "phone-off", card)
        self.reply = Button(self.tr("Reply with text"), ButtonKind.SECONDARY, "message", card)
        for button in (self.answer, self.reject, self.reply):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.answer.clicked.connect(lambda: incoming.answer(call_id))
        self.reject.clicked.connect(lambda: incoming.reject(call_id))
        self.reply.clicked.connect(lambda: incoming.reply(call_id))
        self.name.clicked.connect(lambda: incoming.open_record(call_id))
        self._lay_out(card)

    def _lay_out(self, card: Card) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACE.inside)
        head.addWidget(_Ringing(card))
        head.addWidget(self._head, 1)
        head.addWidget(self._via)
        where = QHBoxLayout()
        where.setSpacing(SPACE.inside)
        where.addWidget(self.number)
        where.addWidget(self.country, 1)
        words = QVBoxLayout()
        words.setSpacing(SPACE.half)
        words.addWidget(self.name)
        words.addWidget(self.company)
        words.addLayout(where)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.inside)
        buttons.addWidget(self.answer, 1)
        buttons.addWidget(self.reject, 1)
        card.body.addLayout(head)
        card.body.addLayout(words)
        card.body.addWidget(self.why)
        card.body.addSpacing(SPACE.unit)
        card.body.addLayout(buttons)
        card.body.addWidget(self.reply)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(card)
        self._shadow = card.body.contentsMargins().left() - SPACE.between
        self.setFixedWidth(METRICS.popup + 2 * self._shadow)

    @property
    def shadow(self) -> int:
        """How far the shadow reaches around the card, in pixels."""
        return self._shadow

    def show_info(self, info: IncomingInfo) -> None:
        """Show who it is; also when Salesforce answers while it rings."""
        self._via.setText(info.via)
        self._via.setVisible(bool(info.via))
        self.name.show_name(info.title, linked=info.record is not None, number=info.title_is_number)
        self.name.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.company.setText(info.company)
        self.company.set_role(ColourRole.TEXT if info.record else ColourRole.MUTED)
        self.company.setVisible(bool(info.company))
        self.number.setText(info.number)
        self.number.setVisible(bool(info.number))
        self.country.setText(info.country)
        self.why.setText(info.why)
        self.why.setVisible(bool(info.why))
        self.reply.setEnabled(info.can_text)
        said = (info.title, info.company, info.number, info.country, info.why, info.via)
        self.setAccessibleName(self.tr("Incoming call"))
        self.setAccessibleDescription(", ".join(part for part in said if part))
        self.adjustSize()


class IncomingCards:
    """All cards, stacked upwards from the corner of the screen the window is on."""

    def __init__(self, desk: Desk, incoming: Incoming, window: QWidget) -> None:
        self._desk = desk
        self._incoming = incoming
        self._window = window
        self._cards: dict[str, IncomingCard] = {}
        desk.hub.subscribe(CallRang, lambda event: self._rang(event.call_id))
        desk.hub.subscribe(CallChanged, lambda event: self._changed(event.call_id))
        desk.hub.subscribe(MatchChanged, lambda _: self.refresh())
        desk.hub.subscribe(CardChanged, lambda _: self.refresh())
        for call in desk.calls.live():
            if rings(call):
                self._rang(call.id)

    def card(self, call_id: str) -> IncomingCard | None:
        """The card of a call, None when it has none."""
        return self._cards.get(call_id)

    def refresh(self) -> None:
        """Read again who they are."""
        for call_id, card in self._cards.items():
            call = self._desk.calls.get(call_id)
            if call is not None:
                card.show_info(incoming_info(self._desk, call))
        self._stack()

    def close(self) -> None:
        """Take all of them away."""
        for call_id in list(self._cards):
            self._remove(call_id)

    def _rang(self, call_id: str) -> None:
        call = self._desk.calls.get(call_id)
        if call is None or call_id in self._cards or not rings(call):
            return
        card = IncomingCard(call_id, self._incoming)
        self._cards[call_id] = card
        card.show_info(incoming_info(self._desk, call))
        self._stack()
        card.show()
        match = self._desk.matching.known(call.number)
        if match.chosen is not None:
            self._desk.cards.load(match.chosen.ref)  # the deal or case that makes it matter

    def _changed(self, call_id: str) -> None:
        call = self._desk.calls.get(call_id)
        if call_id in self._cards and (call is None or not rings(call) or call.hanging_up):
            self._remove(call_id)
            self._stack()

    def _remove(self, call_id: str) -> None:
        card = self._cards.pop(call_id)
        card.hide()
        card.deleteLater()

    def _stack(self) -> None:
        room = self._window.screen().availableGeometry()
        bottom = room.bottom() + 1 - SPACE.inside
        for card in self._cards.values():
            card.adjustSize()
            left = room.right() + 1 - card.width() - SPACE.unit
            # When they are more than the screen is high, the last ones lie over each other, their buttons in reach.
            card.move(left, max(room.top(), bottom - card.height()))
            bottom -= card.height() - 2 * card.shadow + SPACE.inside
