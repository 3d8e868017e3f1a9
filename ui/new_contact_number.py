"""Which phone field of somebody gets the number: the free ones first, then what would be replaced."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.desk import Desk
from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.new_record import PhoneSlot
from app.domain.phone_number import from_key, same_number
from app.errors import AppError
from ui.components import Button, PlainLabel
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight
from ui.present import number_text
from ui.sidebar_parts import Entry, Group
from ui.words import error_sentence

__all__ = ["NumberPlace"]


class NumberPlace(QWidget):
    """One person at a time. `done` with the record as it is then, `left`."""

    done = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._number = ""
        self._region = ""
        self._record: CrmRecord | None = None
        self._slots: dict[str, PhoneSlot] = {}
        self._title = PlainLabel("", self, size=TYPE.name, weight=Weight.STRONG, wrap=True)
        self._about = PlainLabel("", self, role=ColourRole.MUTED, wrap=True)
        self.slots = Group(
            self.tr("Which number is it?"), self.tr("You may not change any number of this record."), "", self
        )
        self.trouble = PlainLabel("", self, role=ColourRole.DANGER_TEXT, wrap=True)
        self.back = Button(self.tr("Back"), parent=self)
        head = QVBoxLayout()
        head.setContentsMargins(SPACE.inside, 0, SPACE.inside, 0)
        head.setSpacing(SPACE.half)
        head.addWidget(self._title)
        head.addWidget(self._about)
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACE.inside, 0, SPACE.inside, 0)
        foot.addWidget(self.back)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.inside, SPACE.between, SPACE.inside, SPACE.between)
        column.setSpacing(SPACE.between)
        column.addLayout(head)
        column.addWidget(self.slots)
        column.addWidget(self.trouble)
        column.addLayout(foot)
        column.addStretch(1)
        self.slots.opened.connect(self._choose)
        self.back.clicked.connect(self.left)

    def begin(self, number: str, region: str, record: CrmRecord) -> None:
        """Give the number to this person. One who has it already only has to be remembered."""
        self._number, self._region, self._record = number, region, record
        self._title.setText(record.name)
        shown = number_text(number, region)
        self._about.setText(self.tr("{number} becomes a number of this record.").format(number=shown))
        self._tell("")
        self.slots.hide()
        if any(same_number(stored, from_key(number), region) for _, stored in record.phones):
            self._desk.new_people.adopt(number, record, self._took)
            return
        self._desk.new_people.slots(record.ref, lambda slots: self._offer(record.ref, slots), self._failed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _offer(self, ref: RecordRef, slots: Sequence[PhoneSlot]) -> None:
        if not isValid(self) or self._record is None or self._record.ref != ref:
            return
        ordered = sorted(slots, key=lambda slot: bool(slot.value))
        self._slots = {slot.field: slot for slot in ordered}
        self.slots.set_entries([self._entry(slot) for slot in ordered])
        self.slots.show()
        if self.slots.rows:
            self.slots.rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _entry(self, slot: PhoneSlot) -> Entry:
        label = QCoreApplication.translate("PhoneField", slot.label)
        # The target is told apart by its field: a row of this group opens no record.
        target = RecordRef("", slot.field)
        if not slot.value:
            return Entry(target, label, self.tr("Free"), icon="plus")
        return Entry(target, label, self.tr("Replaces {number}").format(number=slot.value), icon="retry")

    def _choose(self, target: object) -> None:
        record = self._record
        slot = self._slots.get(target.id) if isinstance(target, RecordRef) else None
        if record is None or slot is None:
            return
        self._tell("")
        self.slots.setEnabled(False)
        self._desk.new_people.add(self._number, record.ref, slot, self._took, self._failed)

    def _took(self, record: CrmRecord) -> None:
        if isValid(self):
            self.slots.setEnabled(True)
            self.done.emit(record)

    def _failed(self, error: AppError) -> None:
        if isValid(self):
            self.slots.setEnabled(True)
            self._tell(error_sentence(error))

    def _tell(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))
