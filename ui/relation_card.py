"""The card to choose the deal or case of a call, or to make one.

It lies over the window and is no dialog: a call goes on below it, and Escape or a press elsewhere closes it. What was
typed into it stays for the next time, over a restart too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.domain.call_log import CallLog
from app.domain.counterpart import RecordRef
from app.domain.new_record import FieldKind, FormField, NewForm, NewRecord, Related
from app.errors import AppError, ErrorCode
from app.settings import RelationDefault
from ui.components import Button, ButtonKind, PlainLabel, SearchField
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight
from ui.form_keeper import FormKeeper
from ui.overlay import Overlay
from ui.record_form import RecordForm
from ui.sidebar_parts import Entry, EntryRow
from ui.words import error_sentence

if TYPE_CHECKING:
    from app.desk import Desk

ICONS = {"Opportunity": "briefcase", "Case": "ticket"}
_WIDTH = 360
_LIST = 212  # pixels at most: five rows less a bit, which says that there are more
_ASK_AFTER = 250  # ms without a key before Salesforce is asked
_MOST = 12
_AWAY = {ErrorCode.CRM_OFFLINE, ErrorCode.CRM_SIGNED_OUT}


class RelationCard(Overlay):
    """Choose or make. `chosen` with a Related."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, anchor: QWidget) -> None:
        super().__init__(anchor)
        self._desk = desk
        self._log: CallLog | None = None
        self._known: tuple[Related, ...] = ()
        self._found: tuple[Related, ...] = ()
        self._offered: dict[RecordRef, Related] = {}
        self._kind = "Opportunity"
        self.rows: list[EntryRow] = []
        self.field = SearchField(self.tr("Search deals and cases"), self)
        self._state = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, wrap=True)
        self.new_deal = Button(self.tr("New deal"), ButtonKind.GHOST, "plus", self, small=True)
        self.new_case = Button(self.tr("New case"), ButtonKind.GHOST, "plus", self, small=True)
        self._title = PlainLabel("", self, size=TYPE.name, weight=Weight.STRONG)
        self.form = RecordForm(desk.clock.now, self)
        self._trouble = PlainLabel("", self, role=ColourRole.DANGER_TEXT, wrap=True)
        self.make = Button(self.tr("Create"), ButtonKind.PRIMARY, parent=self)
        self.back = Button(self.tr("Back"), parent=self)
        self._keeper = FormKeeper(desk.typed_forms, self.form.values, self)
        self._restored: Mapping[str, str] = {}
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(_ASK_AFTER)
        self._lay_out()
        self._ask.timeout.connect(self._search)
        self.field.textChanged.connect(self._typed)
        self.field.returnPressed.connect(self._first)
        self.new_deal.clicked.connect(lambda: self._new("Opportunity"))
        self.new_case.clicked.connect(lambda: self._new("Case"))
        self.back.clicked.connect(self._show_list)
        self.make.clicked.connect(self._create)
        self.form.submitted.connect(self._create)
        self.form.changed.connect(self._keeper.touch)

    def _lay_out(self) -> None:
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        area = self._area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        inside.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        self._choosing = QWidget(self)
        choosing = QVBoxLayout(self._choosing)
        choosing.setContentsMargins(0, 0, 0, 0)
        choosing.setSpacing(SPACE.inside)
        choosing.addWidget(self.field)
        choosing.addWidget(area, 1)
        choosing.addWidget(self._state)
        self._news = QHBoxLayout()
        self._news.setSpacing(SPACE.unit)
        self._news.addWidget(self.new_deal)
        self._news.addWidget(self.new_case)
        self._news.addStretch(1)
        choosing.addLayout(self._news)
        self._making = QWidget(self)
        making = QVBoxLayout(self._making)
        making.setContentsMargins(0, 0, 0, 0)
        making.setSpacing(SPACE.gap)
        making.addWidget(self._title)
        making.addWidget(self.form)
        making.addWidget(self._trouble)
        making.addStretch(1)
        ends = QHBoxLayout()
        ends.setSpacing(SPACE.inside)
        ends.addStretch(1)
        ends.addWidget(self.back)
        ends.addWidget(self.make)
        making.addLayout(ends)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._choosing)
        self._pages.addWidget(self._making)
        self.body.addWidget(self._pages)

    def wanted_size(self) -> tuple[int, int]:
        margins = self.body.contentsMargins()
        around = margins.left() + margins.right()
        page = self._making if self._pages.currentWidget() is self._making else self._choosing
        return _WIDTH + around, page.sizeHint().height() + around

    def open_for(self, log: CallLog) -> None:
        """Offer what this call can be related to."""
        self._keeper.flush()
        if self._log is None or self._log.id != log.id:
            self.field.clear()
            self.form.ask(NewForm("", ()), {})
            self._found = ()
        self._log = log
        self._area.setFixedHeight(0)
        self._known = self._desk.relation.known(log)
        deals_first = self._desk.lines.settings.relation_default is not RelationDefault.CASE
        self._news.insertWidget(0, self.new_deal if deals_first else self.new_case)
        self._show_list()
        self.open()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search()

    def flush(self) -> None:
        """Store what was typed."""
        self._keeper.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        down, up = event.key() == Qt.Key.Key_Down, event.key() == Qt.Key.Key_Up
        if (down or up) and self._pages.currentWidget() is self._choosing:
            at = next((at for at, row in enumerate(self.rows) if row.hasFocus()), -1)
            to = at + (1 if down else -1)
            if to < 0:
                self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            elif to < len(self.rows):
                self.rows[to].setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        super().keyPressEvent(event)

    # choosing

    def _typed(self) -> None:
        self._show_rows()
        self._ask.start()

    def _search(self) -> None:
        self._ask.stop()
        log, typed = self._log, self.field.text().strip()
        if log is None:
            return
        self._say("")
        self._desk.relation.search(
            log, typed, lambda found: self._answered(log.id, typed, found), lambda error: self._away(log.id, error)
        )

    def _answered(self, call_id: str, typed: str, found: Sequence[Related]) -> None:
        if not self._is_still(call_id) or typed != self.field.text().strip():
            return
        self._found = tuple(found)
        self._show_rows()
        if not self.rows:
            self._say(self._nothing(typed))

    def _nothing(self, typed: str) -> str:
        party = self._desk.relation.party(self._log) if self._log is not None else None
        if party is not None and party.who is None and len(typed) < 2:
            return self.tr("Type two letters to search all deals and cases.")
        return self.tr("Nothing found.") if typed else self.tr("No deals or cases yet.")

    def _away(self, call_id: str, error: AppError) -> None:
        if self._is_still(call_id):
            away = self.tr("Salesforce cannot be reached. What is known here can be chosen.")
            self._say(away if error.code in _AWAY else error_sentence(error))

    def _is_still(self, call_id: str) -> bool:
        return isValid(self) and self._log is not None and self._log.id == call_id

    def _offers(self) -> list[Related]:
        """What fits: of the card at once, then what Salesforce found; open and of the default kind first."""
        typed = self.field.text().strip().lower()
        known = [one for one in self._known if typed in one.name.lower()]
        found = {one.ref: one for one in (*self._found, *known) if typed in one.name.lower()}
        default = self._desk.lines.settings.relation_default
        first = {RelationDefault.OPPORTUNITY: "Opportunity", RelationDefault.CASE: "Case"}.get(default, "")
        return sorted(found.values(), key=lambda one: (one.is_closed, one.ref.kind != first))[:_MOST]

    def _show_rows(self) -> None:
        """What stays keeps its line: the keyboard may be on it when Salesforce answers."""
        self._offered = {one.ref: one for one in self._offers()}
        kept = {row.entry.target: row for row in self.rows}
        self.rows = [self._row(one, kept.pop(one.ref, None)) for one in self._offered.values()]
        for gone in kept.values():
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, row in enumerate(self.rows):
            if self._column.indexOf(row) != at:
                self._column.insertWidget(at, row)
                row.show()
        # It only grows: what comes while one types must not move the buttons below to and fro.
        room = min(_LIST, sum(row.sizeHint().height() for row in self.rows))
        self._area.setFixedHeight(max(self._area.height(), room))
        self._area.setVisible(self._area.height() > 0)
        if self.is_open:
            self.place()

    def _row(self, one: Related, kept: EntryRow | None) -> EntryRow:
        if kept is not None:
            kept.show_entry(self._entry(one))
            return kept
        row = EntryRow(self._entry(one), self.tr("Choose"), self)
        row.clicked.connect(lambda: self._choose(self._offered[one.ref]))
        return row

    def _entry(self, one: Related) -> Entry:
        detail = one.detail
        closed = self.tr("closed")
        # A status says so itself in most orgs: "Closed", "Closed Won".
        if one.is_closed and not any(word.casefold() in detail.casefold() for word in ("closed", closed)):
            detail = " · ".join(part for part in (detail, closed) if part)
        return Entry(one.ref, one.name or self.tr("No name"), detail, icon=ICONS.get(one.ref.kind, "list"))

    def _first(self) -> None:
        if self.rows:
            self.rows[0].click()

    def _choose(self, one: Related) -> None:
        self.close_overlay()
        self.chosen.emit(one)

    def _say(self, text: str) -> None:
        self._state.setText(text)
        self._state.setVisible(bool(text))
        if self.is_open:
            self.place()

    # making

    def _new(self, kind: str) -> None:
        log = self._log
        if log is None:
            return
        self._kind = kind
        self._restored = self._keeper.open(_place(kind, log.id))
        self._title.setText(self.tr("New deal") if kind == "Opportunity" else self.tr("New case"))
        self._fail("")
        self._pages.setCurrentWidget(self._making)
        self.make.setEnabled(False)
        self._desk.relation.form(kind, lambda form: self._ready(log.id, form), lambda error: self._no_form(kind, error))
        self.place()

    def _ready(self, call_id: str, form: NewForm) -> None:
        if self._is_still(call_id) and form.kind == self._kind:
            self._ask_for(form)
            self.make.setEnabled(not form.unasked)
            if form.unasked:
                names = ", ".join(form.unasked)
                self._fail(self.tr("Salesforce also asks for {names}: make it there, then choose it here.").format(
                    names=names
                ))  # fmt: skip

    def _no_form(self, kind: str, error: AppError) -> None:
        """Offline the usual fields can be typed all the same: they stay for when Salesforce is back."""
        if isValid(self) and kind == self._kind:
            self._ask_for(self._usual(kind))
            self.make.setEnabled(True)
            away = self.tr("Making one needs Salesforce, which cannot be reached. What you type stays here.")
            self._fail(away if error.code in _AWAY else error_sentence(error))

    def _usual(self, kind: str) -> NewForm:
        if kind == "Case":
            return NewForm(kind, (FormField("Subject", self.tr("Subject"), required=True),))
        close = FormField("CloseDate", self.tr("Close date"), FieldKind.DATE, required=True)
        return NewForm(kind, (FormField("Name", self.tr("Name"), required=True), close))

    def _ask_for(self, form: NewForm) -> None:
        typed = self.field.text().strip()
        first = {"Name": typed, "Subject": typed, "CloseDate": self._desk.relation.first_close()}
        self.form.ask(form, first | {name: text for name, text in self._restored.items() if text})
        self.place()
        self.form.focus_first()

    def _create(self) -> None:
        log = self._log
        if log is None or not self.make.isEnabled():
            return
        if missing := self.form.missing():
            self._fail(self.tr("Still needed: {names}").format(names=", ".join(missing)))
            return
        self._fail("")
        self.make.setEnabled(False)
        kind = self._kind
        self._desk.relation.create(
            log,
            NewRecord(kind, self.form.values()),
            lambda one: self._made(log.id, kind, one),
            lambda error: self._not_made(log.id, error),
        )

    def _made(self, call_id: str, kind: str, one: Related) -> None:
        self._desk.typed_forms.keep(_place(kind, call_id), {})
        if self._is_still(call_id):
            self._keeper.forget()
            self.form.ask(NewForm(one.ref.kind, ()), {})  # it is there now: the next one begins empty
            self.make.setEnabled(True)
            self.close_overlay()

    def _not_made(self, call_id: str, error: AppError) -> None:
        if self._is_still(call_id):
            self.make.setEnabled(True)
            away = self.tr("Making one needs Salesforce, which cannot be reached. What you type stays here.")
            self._fail(away if error.code in _AWAY else error_sentence(error))

    def _fail(self, text: str) -> None:
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))
        if self.is_open:
            self.place()

    def _show_list(self) -> None:
        self._pages.setCurrentWidget(self._choosing)
        self._say("")
        self._show_rows()
        if self.is_open:
            self.place()
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _place(kind: str, call_id: str) -> str:
    return f"{kind}|{call_id}"
