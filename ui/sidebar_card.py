"""The card of one record: who, numbers, open deals, open cases, timeline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.counterpart import Card, CrmRecord, RecordKind, RecordRef
from ui.components import Avatar, IconButton, PlainLabel, SectionTitle, Skeleton
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight
from ui.sidebar_about import About
from ui.sidebar_parts import Entry, Group, LinkText, PhoneEntry, PhoneRow
from ui.sidebar_rows import cases, deals, owner_line, phones, timeline

__all__ = ["CardBody", "Numbers", "Who"]


class Who(QWidget):
    """Name, title, company, owner; the name and the company open in the browser."""

    opened = Signal(object)  # RecordRef
    refresh_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: CrmRecord | None = None
        self._avatar = Avatar("", 40, self)
        self.name = LinkText(self, size=TYPE.name, weight=Weight.STRONG)
        self.browser = IconButton(
            "external-link", self.tr("Open in Salesforce"), self, size=METRICS.control_small, icon_size=16
        )
        self.refresh = IconButton(
            "retry", self.tr("Read again from Salesforce"), self, size=METRICS.control_small, icon_size=16
        )
        self._title = PlainLabel("", self)
        self.company = LinkText(self, role=ColourRole.ACCENT_TEXT)
        self._plain_company = PlainLabel("", self)
        self._owner = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED)
        self._email = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED)
        self._no_calls = PlainLabel(self.tr("Do not call"), self, weight=Weight.STRONG, role=ColourRole.DANGER_TEXT)
        named = QHBoxLayout()
        named.setSpacing(0)
        named.addWidget(self.name)
        named.addStretch(1)
        named.addWidget(self.refresh)
        named.addWidget(self.browser)
        words = QVBoxLayout()
        words.setSpacing(SPACE.half)
        words.addLayout(named)
        for part in (self._title, self.company, self._plain_company, self._owner, self._email):
            words.addWidget(part)
        words.addSpacing(SPACE.half)
        words.addWidget(self._no_calls)
        line = QHBoxLayout(self)
        line.setContentsMargins(SPACE.inside, 0, 0, 0)
        line.setSpacing(SPACE.gap)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(self._avatar, 0, top)
        line.addLayout(words, 1)
        self.name.clicked.connect(self._open)
        self.browser.clicked.connect(self._open)
        self.refresh.clicked.connect(self.refresh_wanted)
        self.company.clicked.connect(self._open_company)

    def set_record(self, record: CrmRecord) -> None:
        """Show this person or company."""
        if record == self._record:
            return
        self._record = record
        self._avatar.set_name(record.name)
        self.name.set_word(record.name or self.tr("No name"))
        self.name.setAccessibleDescription(self.browser.word)
        linked = bool(record.company and record.account_id)
        self.company.set_word(record.company)
        texts = {
            self._title: record.title,
            self._plain_company: "" if linked else record.company,
            self._owner: owner_line(record),
            self._email: record.email,
        }
        for label, text in texts.items():
            label.setText(text)
            label.setVisible(bool(text))
        self.company.setVisible(linked)
        self.browser.setVisible(record.ref.kind != RecordKind.COLLEAGUE)
        self.refresh.setVisible(not record.is_colleague)
        self._no_calls.setVisible(record.do_not_call)

    def _open(self) -> None:
        if self._record is not None and self._record.ref.kind != RecordKind.COLLEAGUE:
            self.opened.emit(self._record.ref)

    def _open_company(self) -> None:
        if self._record is not None:
            self.opened.emit(RecordRef(RecordKind.ACCOUNT, self._record.account_id))


class Numbers(QWidget):
    """The numbers, each with call and text."""

    call_wanted = Signal(str)
    text_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[PhoneEntry, ...] = ()
        self.rows: list[PhoneRow] = []
        heading = SectionTitle(self.tr("Numbers"), self)
        heading.setContentsMargins(SPACE.inside, 0, 0, 0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(heading)

    def set_phones(self, entries: Sequence[PhoneEntry]) -> None:
        """Show these numbers; the group hides when there are none."""
        self.setVisible(bool(entries))
        if tuple(entries) == self._shown:
            return
        self._shown = tuple(entries)
        for old in self.rows:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [PhoneRow(entry, self) for entry in entries]
        for row in self.rows:
            row.call_wanted.connect(self.call_wanted)
            row.text_wanted.connect(self.text_wanted)
            self._column.addWidget(row)


class CardBody(QWidget):
    """One record from top to bottom. What is not known yet is a skeleton, and only after a moment."""

    opened = Signal(object)  # Target
    call_wanted = Signal(str)
    text_wanted = Signal(str)
    acted = Signal(object)  # Entry: the button of a deal or case

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        in_browser = self.tr("Open in Salesforce")
        self.who = Who(self)
        self.numbers = Numbers(self)
        self.deals = Group(self.tr("Open deals"), self.tr("None"), in_browser, self)
        self.cases = Group(self.tr("Open cases"), self.tr("None"), in_browser, self)
        self.timeline = Group(self.tr("Timeline"), self.tr("Nothing yet"), in_browser, self)
        self.local = Group(self.tr("On this computer"), self.tr("Nothing yet"), self.tr("Open"), self)
        self.skeleton = Skeleton(3, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.inside, SPACE.between, SPACE.inside, SPACE.between)
        column.setSpacing(SPACE.between)
        parts = (self.who, self.numbers, self.deals, self.cases, self.timeline, self.local)
        for part in parts:
            column.addWidget(part)
        column.addWidget(self.skeleton)
        column.addStretch(1)
        self.who.opened.connect(self.opened)
        self.numbers.call_wanted.connect(self.call_wanted)
        self.numbers.text_wanted.connect(self.text_wanted)
        for group in (self.deals, self.cases, self.timeline, self.local):
            group.opened.connect(self.opened)
            group.acted.connect(self.acted)

    def show_record(
        self,
        record: CrmRecord,
        card: Card | None,
        *,
        here: str,
        region: str,
        now: datetime,
        today: str,
        loading: bool,
        local: Sequence[Entry],
        about: Callable[[Sequence[PhoneEntry]], About],
    ) -> None:
        """Show a record with what is known of it.

        ``here`` is the number of the call or thread, ``today`` the rep's date in Salesforce (ISO 8601); ``local``
        stands in for the timeline while there is no card. ``about`` tells of these numbers how it stands with
        calls about a deal or case.
        """
        numbers = phones(record, here, region)
        self.who.set_record(record)
        self.numbers.set_phones(numbers)
        for group in (self.deals, self.cases, self.timeline):
            group.setVisible(card is not None)
        self.local.setVisible(card is None and not loading and bool(local))
        self.local.set_entries(local)
        if card is not None:
            stand = about(numbers)
            self.deals.set_entries(deals(card, today, stand))
            self.cases.set_entries(cases(card, stand))
            self.timeline.set_entries(timeline(card, now, today, region))
        if card is None and loading:
            self.skeleton.start()
        else:
            self.skeleton.stop()
