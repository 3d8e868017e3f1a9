"""A number nobody has: make a contact of it, or give it to somebody who is there already."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.desk import Desk
from app.domain.counterpart import CrmRecord, RecordRef
from ui.components import Button, PlainLabel, SearchField
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight
from ui.present import country_name, is_number, number_text
from ui.sidebar_card import Numbers
from ui.sidebar_parts import Entry, Group, PhoneEntry
from ui.sidebar_rows import kind_word

__all__ = ["NobodyBody"]

_ASK_AFTER = 250  # ms without a key before Salesforce is asked
_MOST = 8


class NobodyBody(QWidget):
    """Number, country, "No one with this number", what to do, and what was with it before."""

    opened = Signal(object)  # Target
    call_wanted = Signal(str)
    text_wanted = Signal(str)
    new_wanted = Signal()
    added = Signal(object)  # CrmRecord: this number is theirs

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._found: dict[RecordRef, CrmRecord] = {}
        self._number = ""
        self._title = PlainLabel("", self, size=TYPE.name, weight=Weight.STRONG)
        self._about = PlainLabel("", self, role=ColourRole.MUTED, wrap=True)
        self.new_button = Button(self.tr("New contact"), icon="plus", parent=self)
        self.add_button = Button(self.tr("Add to existing"), icon="user", parent=self)
        self._actions = QWidget(self)
        self.field = SearchField(self.tr("Name in Salesforce"), self)
        self.results = Group(self.tr("Whose number is it?"), self.tr("Nobody found"), self.tr("Choose"), self)
        self.numbers = Numbers(self)
        self.local = Group(self.tr("On this computer"), self.tr("Nothing yet"), self.tr("Open"), self)
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(_ASK_AFTER)
        self._lay_out()
        self._ask.timeout.connect(self._search)
        self.field.textChanged.connect(lambda _: self._ask.start())
        self.new_button.clicked.connect(self.new_wanted)
        self.add_button.clicked.connect(self._toggle)
        self.results.opened.connect(self._choose)
        self.local.opened.connect(self.opened)
        self.numbers.call_wanted.connect(self.call_wanted)
        self.numbers.text_wanted.connect(self.text_wanted)

    def _lay_out(self) -> None:
        who = QVBoxLayout()
        who.setContentsMargins(SPACE.inside, 0, SPACE.inside, 0)
        who.setSpacing(SPACE.unit)
        who.addWidget(self._title)
        who.addWidget(self._about)
        actions = QHBoxLayout(self._actions)
        actions.setContentsMargins(SPACE.inside, 0, SPACE.inside, 0)
        actions.setSpacing(SPACE.inside)
        actions.addWidget(self.new_button)
        actions.addWidget(self.add_button)
        actions.addStretch(1)
        self._adding = QWidget(self)
        adding = QVBoxLayout(self._adding)
        adding.setContentsMargins(0, 0, 0, 0)
        adding.setSpacing(SPACE.inside)
        inset = QHBoxLayout()
        inset.setContentsMargins(SPACE.inside, 0, SPACE.inside, 0)
        inset.addWidget(self.field)
        adding.addLayout(inset)
        adding.addWidget(self.results)
        self._adding.hide()
        self.results.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.inside, SPACE.between, SPACE.inside, SPACE.between)
        column.setSpacing(SPACE.between)
        column.addLayout(who)
        for part in (self._actions, self._adding, self.numbers, self.local):
            column.addWidget(part)
        column.addStretch(1)

    def show_number(
        self, number: str, name: str, region: str, *, several: bool, signed_in: bool, local: Sequence[Entry]
    ) -> None:
        """Say that nobody is known, or ``several`` and not which; ``name`` is what the network calls them."""
        if number != self._number:
            self._number = number
            self.field.clear()
            self._adding.hide()
        usable = is_number(number)
        shown = number_text(number, region)
        self._title.setText(name or self.tr("No one with this number"))
        self._title.setVisible(not several)
        about = self._sentence(name, usable=usable)
        self._about.setText(about)
        self._about.setVisible(bool(about) and not several)
        self.numbers.set_phones([PhoneEntry(number, shown, country_name(number), here=True)] if usable else [])
        self._actions.setVisible(signed_in and usable and not several)
        if not signed_in or several:
            self._adding.hide()
        self.local.set_entries(local)
        self.local.setVisible(bool(local))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._adding.isVisible():
            self._adding.hide()
            self.add_button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        super().keyPressEvent(event)

    def _sentence(self, name: str, *, usable: bool) -> str:
        if not usable:
            return self.tr("The caller hid the number.")
        return self.tr("No one with this number. That is the name the network gave.") if name else ""

    def _toggle(self) -> None:
        self._adding.setVisible(not self._adding.isVisible())
        if self._adding.isVisible():
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _search(self) -> None:
        typed = self.field.text().strip()
        if not typed:
            self._found = {}
            self.results.hide()
            return
        self._found = {}
        for row in self._desk.reads.people(typed, limit=_MOST).rows:
            record = self._desk.reads.person(row.ref.id)
            if record is not None:
                self._found[row.ref] = record
        self._show_found()
        self._desk.cards.search(typed, lambda found: self._answered(typed, found))

    def _answered(self, typed: str, found: Sequence[CrmRecord]) -> None:
        if isValid(self) and typed == self.field.text().strip():
            self._found |= {record.ref: record for record in found}
            self._show_found()

    def _show_found(self) -> None:
        rows = list(self._found.values())[:_MOST]
        self.results.set_entries(
            [
                Entry(
                    record.ref,
                    record.name or self.tr("No name"),
                    " · ".join(part for part in (record.company, record.title, kind_word(record)) if part),
                    icon="building" if record.ref.kind == "Account" else "user",
                )
                for record in rows
            ]
        )
        self.results.show()

    def _choose(self, ref: object) -> None:
        if isinstance(ref, RecordRef) and ref in self._found:
            self.added.emit(self._found[ref])
