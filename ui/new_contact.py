"""The form that makes a contact or lead of a number, in the sidebar: nothing leaves the window, and a call goes on.

What was typed stays while Salesforce refuses it, is away, or asks whether it is somebody it knows already; and over a
restart, until the number is somebody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.desk import Desk
from app.domain.counterpart import CrmRecord, RecordKind, RecordRef
from app.domain.new_record import PERSON_ACCOUNT, FormField, NewForm, NewRecord, phone_field
from app.errors import AppError, ErrorCode
from ui.company_field import CompanyField
from ui.components import Button, ButtonKind, Chip, PlainLabel
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight
from ui.flow_box import FlowBox
from ui.form_keeper import FormKeeper
from ui.present import number_text
from ui.record_form import RecordForm
from ui.sidebar_parts import Entry, Group
from ui.sidebar_rows import kind_word
from ui.words import error_sentence

__all__ = ["NewContact"]

_PLACES = ("Phone", "MobilePhone")
# What is kept beside the fields, whose names have no dot.
_KIND, _MOBILE, _COMPANY, _COMPANY_ID = ".kind", ".mobile", ".company", ".company-id"
_USUAL_KINDS: tuple[str, ...] = (RecordKind.CONTACT.value, RecordKind.LEAD.value)


class NewContact(QWidget):
    """One number at a time. `made` with the record, `known` with one of those a duplicate rule found, `left`."""

    made = Signal(object)
    known = Signal(object)
    left = Signal()
    page_wanted = Signal()  # Salesforce's own page for a new contact

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._number = ""
        self._kind = RecordKind.CONTACT.value
        self._offered = _USUAL_KINDS  # what this user may make in this org, as far as known
        self._alike: dict[object, CrmRecord] = {}
        self._sent = ""
        self._title = PlainLabel(self.tr("New contact"), self, size=TYPE.name, weight=Weight.STRONG)
        self._about = PlainLabel("", self, role=ColourRole.MUTED, number=True, tabular=True)
        self.kinds = {
            RecordKind.CONTACT.value: Chip(self.tr("Contact"), self),
            RecordKind.LEAD.value: Chip(self.tr("Lead"), self),
            PERSON_ACCOUNT: Chip(self.tr("Person account"), self),
        }
        self.places = dict(zip(_PLACES, (Chip(self.tr("Work"), self), Chip(self.tr("Mobile"), self)), strict=True))
        self.form = RecordForm(desk.clock.now, self)
        self.company = CompanyField(desk.new_people, self)
        self.trouble = PlainLabel("", self, role=ColourRole.DANGER_TEXT, wrap=True)
        self.alike = Group(self.tr("Is it one of these?"), "", self.tr("Use this one"), self)
        self.save = Button(self.tr("Save"), ButtonKind.PRIMARY, parent=self)
        self.anyway = Button(self.tr("Save anyway"), parent=self)
        self.cancel = Button(self.tr("Cancel"), parent=self)
        self.browser = Button(self.tr("Make it in Salesforce"), ButtonKind.GHOST, "external-link", self, small=True)
        self._keeper = FormKeeper(desk.typed_forms, self._typed, self)
        self._restored: Mapping[str, str] = {}
        self._lay_out()
        for kind, chip in self.kinds.items():
            chip.clicked.connect(lambda _=False, kind=kind: self._press_kind(kind))
        for chip in self.places.values():
            chip.clicked.connect(self._keeper.touch)
        self.company.changed.connect(self._edited)
        self.company.failed.connect(lambda error: self._tell(error_sentence(error)))
        self.alike.opened.connect(self._choose_alike)
        self.form.submitted.connect(self.press_save)
        self.form.changed.connect(self._edited)
        self.save.clicked.connect(self.press_save)
        self.anyway.clicked.connect(lambda: self._send(save_anyway=True))
        self.cancel.clicked.connect(self.left)
        self.browser.clicked.connect(self.page_wanted)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(SPACE.half)
        head.addWidget(self._title)
        head.addWidget(self._about)
        self.alike.hide()
        self.trouble.hide()
        self.anyway.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.inside)
        buttons.addWidget(self.save)
        buttons.addWidget(self.anyway)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.between, SPACE.between, SPACE.between, SPACE.between)
        column.setSpacing(SPACE.gap)
        column.addLayout(head)
        column.addWidget(self._chips(self.kinds))
        column.addWidget(self.form)
        column.addWidget(self.company)
        places = QVBoxLayout()
        places.setSpacing(SPACE.unit)
        places.addWidget(PlainLabel(self.tr("The number is their"), self, size=TYPE.muted, role=ColourRole.MUTED))
        places.addWidget(self._chips(self.places))
        column.addLayout(places)
        column.addWidget(self.trouble)
        column.addWidget(self.alike)
        column.addLayout(buttons)
        column.addWidget(self.browser)
        column.addStretch(1)

    def _chips(self, chips: dict[str, Chip]) -> FlowBox:
        box = FlowBox(self)
        group = QButtonGroup(self)
        for chip in chips.values():
            group.addButton(chip)
            box.flow.addWidget(chip)
        next(iter(chips.values())).setChecked(True)
        return box

    def begin(self, number: str, region: str, name: str) -> None:
        """Ask who has this number; ``name`` is what the network calls them."""
        self._about.setText(number_text(number, region))
        if number != self._number:
            self._number = number
            self._restore(self._keeper.open(_place(number)))
        self._tell("")
        self._offer_kinds(self._offered)
        self._desk.new_people.kinds(self._offer_kinds, lambda _: None)
        self._choose_kind(self._kind, name)

    def forget(self) -> None:
        """The number is somebody's: what was typed is not for the next one, even of this number."""
        self._number = ""
        self._restored = {}
        self._keeper.forget()

    def flush(self) -> None:
        """Store what was typed."""
        self._keeper.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    # what was typed

    def _typed(self) -> dict[str, str]:
        company = self.company.company
        own = {
            _KIND: self._kind,
            _MOBILE: "yes" if self.places["MobilePhone"].isChecked() else "",
            _COMPANY: self.company.text,
            _COMPANY_ID: company.ref.id if company is not None else "",
        }
        return {**self._restored, **self.form.values(), **own}

    def _restore(self, typed: Mapping[str, str]) -> None:
        """Begin anew, with what was typed for this number in an earlier run."""
        self._restored = {name: text for name, text in typed.items() if not name.startswith(".")}
        if typed:
            self._kind = typed[_KIND]
            self.places["MobilePhone" if typed[_MOBILE] else "Phone"].setChecked(True)
        company, company_id = typed.get(_COMPANY, ""), typed.get(_COMPANY_ID)
        record = CrmRecord(RecordRef(RecordKind.ACCOUNT, company_id), company) if company_id else None
        self.company.show_company(company, record)
        self.form.ask(NewForm("", ()), {})

    # what is asked

    def _press_kind(self, kind: str) -> None:
        self._choose_kind(kind)
        self._keeper.touch()

    def _offer_kinds(self, kinds: Sequence[str]) -> None:
        if not isValid(self):
            return
        self._offered = tuple(kinds) or _USUAL_KINDS  # who may make none is told by Salesforce why
        for kind, chip in self.kinds.items():
            chip.setVisible(kind in self._offered)
            chip.updateGeometry()
        if self._kind not in self._offered:
            self._choose_kind(self._offered[0])

    def _choose_kind(self, kind: str, name: str = "") -> None:
        self._kind = kind
        self.kinds[kind].setChecked(True)
        first, _, last = name.strip().rpartition(" ")
        typed = self.form.values()
        mail = typed.get("Email") or typed.get("PersonEmail") or ""
        values = {"FirstName": first, "LastName": last, "Company": self.company.text}
        values |= {"Email": mail, "PersonEmail": mail, **self._restored}
        self.company.setVisible(kind == RecordKind.CONTACT)
        number = self._number

        def ready(form: NewForm) -> None:
            if isValid(self) and (number, kind) == (self._number, self._kind):
                self._show_form(form, values)

        def away(error: AppError) -> None:
            # The usual fields can be typed all the same; saving says again what is wrong.
            ready(self._usual(kind))
            self._tell(self._why(error))

        self._desk.new_people.form(kind, ready, away)

    def _show_form(self, form: NewForm, values: dict[str, str]) -> None:
        self.form.ask(form, values)
        self.save.setEnabled(not form.unasked)
        if form.unasked:
            names = ", ".join(form.unasked)
            self._tell(self.tr("Your Salesforce also asks for {names}, which only its own page can.").format(
                names=names
            ))  # fmt: skip
        self.form.focus_first()

    def _usual(self, kind: str) -> NewForm:
        fields = [
            FormField("FirstName", self.tr("First name")),
            FormField("LastName", self.tr("Last name"), required=True),
            FormField("PersonEmail" if kind == PERSON_ACCOUNT else "Email", self.tr("E-mail")),
        ]
        if kind == RecordKind.LEAD:
            fields.insert(2, FormField("Company", self.tr("Company"), required=True))
        return NewForm(kind, tuple(fields))

    # saving

    def press_save(self) -> None:
        """Make the record, if nothing is missing."""
        if not self.save.isEnabled():
            return
        if missing := self.form.missing():
            self._tell(self.tr("Still needed: {names}").format(names=", ".join(missing)))
            return
        if self._kind == RecordKind.CONTACT and self.company.text.strip() and self.company.company is None:
            self._tell(self.tr("Choose the company from the list, or leave it empty."))
            self.company.search()
            return
        self._send()

    def _wanted(self) -> NewRecord:
        place = phone_field(self._kind, mobile=self.places["MobilePhone"].isChecked())
        values = {**self.form.values(), place: self._number}
        if self._kind == RecordKind.CONTACT and (company := self.company.company) is not None:
            values["AccountId"] = company.ref.id
        return NewRecord(self._kind, {name: value.strip() for name, value in values.items()})

    def _send(self, *, save_anyway: bool = False) -> None:
        self._tell("")
        self._wait(True)
        number = self._number
        self._desk.new_people.create(
            number,
            self._wanted(),
            lambda record: self._saved(number, record),
            lambda error, alike: self._refused(number, error, alike),
            save_anyway=save_anyway,
        )

    def _saved(self, number: str, record: CrmRecord) -> None:
        self._desk.typed_forms.keep(_place(number), {})
        if isValid(self) and number == self._number:
            self._wait(False)
            self.forget()
            self.made.emit(record)

    def _refused(self, number: str, error: AppError, alike: Sequence[CrmRecord]) -> None:
        if not isValid(self) or number != self._number:
            return
        self._wait(False)
        self._tell(self._why(error))
        if error.code is ErrorCode.CRM_REFUSED:
            self._ask_anew(number, self._kind)
        if error.code is not ErrorCode.CRM_DUPLICATE:
            return
        self._alike = {record.ref: record for record in alike}
        self.alike.set_entries(
            [
                Entry(
                    one.ref,
                    one.name or self.tr("No name"),
                    " · ".join(part for part in (one.company, one.title, kind_word(one)) if part),
                    self.tr("Use this one"),
                    icon="user",
                )
                for one in alike
            ]
        )
        self.alike.setVisible(bool(alike))
        self.anyway.setVisible(error.values.get("may_save") is True)

    def _ask_anew(self, number: str, kind: str) -> None:
        """The org may ask for something else than when the form was read: show that, with what was typed."""
        before = self.form.form

        def ready(form: NewForm) -> None:
            if not isValid(self) or (number, kind) != (self._number, self._kind) or self.form.form is not before:
                return
            if before is None or before == form:
                return
            left_out = {field.name for field in before.fields} - {field.name for field in form.fields}
            lost = [text for name, text in self.form.values().items() if name in left_out and text.strip()]
            self._show_form(form, {})
            if not form.unasked:
                changed = self.tr("Your Salesforce asks for something else by now. Look at the form again, then save.")
                gone = self.tr("No longer asked for: {texts}").format(texts=", ".join(lost)) if lost else ""
                self._tell("\n".join(part for part in (changed, gone) if part))

        self._desk.new_people.form(kind, ready, lambda _: None)

    def _choose_alike(self, ref: object) -> None:
        if (record := self._alike.get(ref)) is not None:
            self.known.emit(record)

    def _wait(self, waits: bool) -> None:
        self.save.setEnabled(not waits)
        self.anyway.setEnabled(not waits)
        self.save.set_word(self.tr("Saving…") if waits else self.tr("Save"))

    def _why(self, error: AppError) -> str:
        if error.code in {ErrorCode.CRM_OFFLINE, ErrorCode.CRM_SIGNED_OUT}:
            return self.tr("Salesforce cannot be reached. What you typed stays here: save it when it is back.")
        return error_sentence(error)

    def _edited(self) -> None:
        """Another record is wished for now: what was said of the last one is over."""
        self._keeper.touch()
        if self.trouble.text() and (self.form.form is None or not self.form.form.unasked):
            self._tell("")

    def _tell(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))
        if not text:
            self.alike.hide()
            self.anyway.hide()


def _place(number: str) -> str:
    return f"person|{number}"
