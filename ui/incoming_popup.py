"""The card of an incoming call: bottom right, over other windows, and it never takes the keyboard away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBitmap, QGuiApplication, QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.events import CallChanged, CallRang, CardChanged, MatchChanged
from ui.announce import announce
from ui.card_places import free_place
from ui.components import Button, ButtonKind, Card, Glyph, Paragraph, PlainLabel
from ui.components.paint import antialiased, rounded
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
)


_WHY_LINES = 2


class IncomingCard(QWidget):
    """One ringing call in a window of its own. Its buttons answer to the pointer only; the window's banner has keys."""

    def __init__(self, call_id: str, incoming: Incoming) -> None:
        # On X11 nobody says whether windows can be translucent: without a compositor our shadow would be a black
        # frame. There the card is cut to its shape, and the desktop draws the shadow, if it draws any.
        self._cut = QGuiApplication.platformName() == "xcb"
        super().__init__(None, _FLAGS if self._cut else _FLAGS | Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, not self._cut)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.call_id = call_id
        self.setWindowTitle(self.tr("Incoming call"))
        # Where nobody draws a shadow, a stronger edge parts the card from a window as white as itself.
        edge = ColourRole.BORDER_STRONG if self._cut else ColourRole.BORDER
        card = Card(self, floating=not self._cut, edge=edge)
        self._head = PlainLabel(
            self.tr("Incoming call"), card, size=TYPE.muted, weight=Weight.MEDIUM, role=ColourRole.LIVE_TEXT
        )
        self._via = PlainLabel("", card, size=TYPE.muted, role=ColourRole.MUTED, number=True)
        self.name = NameLink(card)
        self.company = PlainLabel("", card, size=TYPE.body)
        self.number = PlainLabel("", card, role=ColourRole.MUTED, number=True, tabular=True)
        self.country = PlainLabel("", card, role=ColourRole.MUTED)
        self.why = Paragraph("", METRICS.popup - 2 * SPACE.between, card, role=ColourRole.MUTED, most=_WHY_LINES)
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
        head.addWidget(Glyph("phone-in", ColourRole.LIVE_TEXT, METRICS.icon_small, card))
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._cut:
            self.setMask(_shape(self.size()))

    @property
    def shadow(self) -> int:
        """How far the shadow reaches around the card, in pixels."""
        return self._shadow

    @property
    def most(self) -> QSize:
        """How large the card can become while more is learned of the caller, without its shadow."""
        height = self.sizeHint().height() - 2 * self._shadow
        if self.company.isHidden():
            height += self.company.sizeHint().height() + SPACE.half
        lines = max(1, len(self.why.lines))
        missing = _WHY_LINES if self.why.isHidden() else _WHY_LINES - lines
        height += missing * self.why.sizeHint().height() // lines
        return QSize(METRICS.popup, height + (SPACE.inside if self.why.isHidden() else 0))

    def stand(self, place: QRect) -> None:
        """Stand on the lower edge of a place: what is learned later lets it grow upwards, its buttons stay."""
        self.adjustSize()
        self.move(place.left() - self._shadow, place.bottom() + 1 - self.height() + self._shadow)

    def show_more(self, count: int) -> None:
        """So many more calls ring that have found no room on the screen."""
        text = self.tr("Incoming call · {count} more").format(count=count) if count else self.tr("Incoming call")
        self._head.setText(text)

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


def _shape(size: QSize) -> QBitmap:
    """The card's outline in whole pixels, with those that its edge covers only in part: else its corners had gaps."""
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    antialiased(painter)
    for _ in range(3):  # each time over the same pixels: what was touched at all becomes opaque enough
        rounded(painter, QRectF(image.rect()), METRICS.radius, ColourRole.TEXT)
    painter.end()
    return QBitmap.fromImage(image.createAlphaMask(Qt.ImageConversionFlag.ThresholdAlphaDither))


class IncomingCards:
    """All cards, stacked upwards from the corner of the screen the window is on, then in columns to the left.

    A card keeps its place while it rings: nothing may move under a pointer that is about to press. One that finds no
    room waits for the first place that becomes free; the window's banner has its buttons all the while.
    """

    def __init__(
        self,
        desk: Desk,
        incoming: Incoming,
        window: QWidget,
        say: Callable[[QWidget, str], None] = announce,
    ) -> None:
        self._desk = desk
        self._incoming = incoming
        self._window = window
        self._say = say
        self._said: dict[str, str] = {}
        self._shown: dict[str, IncomingInfo] = {}
        self._cards: dict[str, IncomingCard] = {}
        self._places: dict[str, QRect] = {}
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
                info = incoming_info(self._desk, call)
                if info == self._shown[call_id]:
                    continue
                self._shown[call_id] = info
                card.show_info(info)
                self._tell(card, info)
                if call_id in self._places:
                    card.stand(self._places[call_id])

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
        info = self._shown[call_id] = incoming_info(self._desk, call)
        card.show_info(info)
        self._find_places()
        card.repaint()  # what else this call moves in the window can wait a moment
        self._tell(card, info)
        match = self._desk.matching.known(call.number)
        if match.chosen is not None:
            self._desk.cards.load(match.chosen.ref)  # the deal or case that makes it matter

    def _tell(self, card: IncomingCard, info: IncomingInfo) -> None:
        """The card takes no focus, so nobody would read it out; said again only when the name becomes known."""
        if self._said.get(card.call_id) != info.title:
            self._said[card.call_id] = info.title
            self._say(self._window, f"{card.accessibleName()}: {card.accessibleDescription()}")

    def _changed(self, call_id: str) -> None:
        call = self._desk.calls.get(call_id)
        if call_id in self._cards and (call is None or not rings(call) or call.hanging_up):
            self._remove(call_id)
            self._find_places()

    def _remove(self, call_id: str) -> None:
        card = self._cards.pop(call_id)
        self._places.pop(call_id, None)
        self._said.pop(call_id, None)
        self._shown.pop(call_id, None)
        card.hide()
        card.deleteLater()

    def _find_places(self) -> None:
        gap = SPACE.between
        room = self._window.screen().availableGeometry().adjusted(gap, gap, -gap, -gap)
        for call_id, card in self._cards.items():
            if call_id in self._places:
                continue
            place = free_place(room, card.most, self._places.values(), SPACE.inside)
            if place is not None:
                self._places[call_id] = place
                card.stand(place)
                card.show()
        waiting = len(self._cards) - len(self._places)
        for call_id in self._places:
            self._cards[call_id].show_more(waiting)
