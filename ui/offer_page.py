"""Settings offered by a link: where they come from, each change, and the rep's yes or no. Nothing changes before."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from ui.column_page import ColumnPage
from ui.components import Button, ButtonKind, Card, Paragraph, PlainLabel, Skeleton, clean_line
from ui.components.layout import clear_layout
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight
from ui.offer_words import name_word, value_word, where_word
from ui.words import error_sentence

if TYPE_CHECKING:
    from app.desk import Desk
    from app.usecases.provisioning import Change, Offer

_WIDTH = 640
_LABEL = 160
_VALUE = 400


class OfferPage(ColumnPage):
    """One offer at a time; a newer link takes the place of an older one. Main thread.

    `closed` when it is answered; `accepted` with the host once the settings are in use.
    """

    closed = Signal()
    accepted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(_WIDTH, parent)
        self._desk = desk
        self._turn = 0  # answers to a link that has been replaced are late
        self._offer: Offer | None = None
        inside, column = self.inside, self.column
        self._title = PlainLabel("", inside, size=TYPE.call, weight=Weight.STRONG)
        self._said = Paragraph("", _WIDTH, inside, role=ColourRole.MUTED)
        self._skeleton = Skeleton(3, inside)
        self._changes = QVBoxLayout()
        self._changes.setSpacing(SPACE.inside)
        self.accept = Button(self.tr("Accept"), ButtonKind.PRIMARY, parent=inside)
        self.cancel = Button(self.tr("Cancel"), parent=inside)
        self.accept.clicked.connect(self._accept)
        self.cancel.clicked.connect(self._leave)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.inside)
        buttons.addWidget(self.accept)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self._said)
        column.addWidget(self._skeleton)
        column.addLayout(self._changes)
        column.addSpacing(SPACE.inside)
        column.addLayout(buttons)
        column.addStretch(1)

    @property
    def said(self) -> str:
        """The sentence below the title."""
        return self._said.text()

    @property
    def offer(self) -> Offer | None:
        """What waits for an answer; None while it is fetched and when it cannot be."""
        return self._offer

    def ask(self, url: str) -> None:
        """Fetch what a link offers and show it; where it cannot be had, why."""
        self._turn += 1
        turn = self._turn
        self._show(None)
        self._title.setText(self.tr("Settings from a link"))
        host = _host(url)
        self._said.setText(self.tr("Fetching the settings from {host}…").format(host=host))
        self._skeleton.start()
        try:
            self._desk.provisioning.fetch(
                url, lambda offer: self._came(turn, offer), lambda error: self._refused(turn, error)
            )
        except AppError as error:
            self._refused(turn, error)

    def _came(self, turn: int, offer: Offer) -> None:
        if turn != self._turn:
            return
        self._title.setText(self.tr("Settings from {host}").format(host=clean_line(offer.host)))
        if not offer.changes:
            self._refuse(self.tr("These settings are in use already; nothing would change."))
            return
        self._said.setText(
            self.tr(
                "Accept them only if your admin has sent you the link. Nothing changes before, and what you hold "
                "otherwise stays as it is."
            )
        )
        self._skeleton.stop()
        self._show(offer)
        self.accept.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refused(self, turn: int, error: AppError) -> None:
        if turn == self._turn:
            self._refuse(error_sentence(error))

    def _refuse(self, sentence: str) -> None:
        self._skeleton.stop()
        self._show(None)
        self._said.setText(sentence)
        self.cancel.set_word(self.tr("Close"))
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, offer: Offer | None) -> None:
        self._offer = offer
        clear_layout(self._changes)
        groups: dict[str, list[Change]] = {}
        for change in offer.changes if offer else ():
            groups.setdefault(change.where, []).append(change)
        for where, changes in groups.items():
            self._compare(changes, self.add_card(clean_line(where_word(where)), self._changes))
        self.accept.setVisible(offer is not None)
        self.accept.setEnabled(offer is not None)
        self.cancel.set_word(self.tr("Cancel"))

    def _compare(self, changes: list[Change], card: Card) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.between)
        grid.setVerticalSpacing(SPACE.inside)
        grid.setColumnMinimumWidth(0, _LABEL)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, change in enumerate(changes):
            name = clean_line(name_word(change.where, change.name))
            before, after = value_word(change.before), value_word(change.after)
            # A secret is only said to come: there is nothing to compare.
            words = after if change.name == "secret" or not change.before else f"{before}  →  {after}"
            grid.addWidget(PlainLabel(name, card, role=ColourRole.MUTED), row, 0, top)
            grid.addWidget(Paragraph(words, _VALUE, card), row, 1, top)
        card.body.addLayout(grid)

    def _accept(self) -> None:
        offer = self._offer
        if offer is None:
            return
        self.accept.setEnabled(False)  # once is enough

        def used() -> None:
            self._leave()
            self.accepted.emit(clean_line(offer.host))

        turn = self._turn
        self._desk.provisioning.accept(offer, used, lambda error: self._refused(turn, error))

    def _leave(self) -> None:
        self._turn += 1
        self._show(None)
        self.closed.emit()


def _host(url: str) -> str:
    try:
        return clean_line(urlsplit(url).hostname or "?")
    except ValueError:
        return "?"
