"""The company of a new contact: typed, found in Salesforce, chosen from a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from app.domain.counterpart import CrmRecord
from app.errors import AppError
from app.usecases.new_people import NewPeople
from ui.components import PlainLabel, SearchField
from ui.design.tokens import SPACE, TYPE, ColourRole
from ui.sidebar_parts import Entry, Group

_ASK_AFTER = 250  # ms without a key before Salesforce is asked
_MOST = 5


class CompanyField(QWidget):
    """`changed` when the rep typed or chose, `failed` with the AppError when Salesforce could not be asked."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, people: NewPeople, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people = people
        self._company: CrmRecord | None = None
        self._found: dict[object, CrmRecord] = {}
        self.field = SearchField(self.tr("Company in Salesforce"), self, icon="building")
        self.offers = Group(self.tr("Companies"), self.tr("Nothing found"), self.tr("Choose"), self)
        self.offers.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.half)
        column.addWidget(PlainLabel(self.tr("Company"), self, size=TYPE.muted, role=ColourRole.MUTED))
        column.addWidget(self.field)
        column.addWidget(self.offers)
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(_ASK_AFTER)
        self._ask.timeout.connect(self.search)
        self.field.textEdited.connect(self._typed)
        self.field.cleared.connect(lambda: self._typed(""))
        self.offers.opened.connect(self._choose)

    @property
    def text(self) -> str:
        """What is typed, or the name of what was chosen."""
        return self.field.text()

    @property
    def company(self) -> CrmRecord | None:
        """What was chosen."""
        return self._company

    def show_company(self, text: str, company: CrmRecord | None) -> None:
        """Begin with this."""
        self._ask.stop()
        self._company = company
        self.field.setText(text)
        self.offers.hide()

    def search(self) -> None:
        """Offer the companies whose name has what is typed."""
        if typed := self.text.strip():
            self._people.companies(
                typed, lambda found: self._answered(typed, found), lambda error: self._not_found(typed, error)
            )

    def _typed(self, text: str) -> None:
        self._company = None
        self.changed.emit()
        if text.strip():
            self._ask.start()
        else:
            self._ask.stop()
            self.offers.hide()

    def _answered(self, typed: str, found: Sequence[CrmRecord]) -> None:
        if isValid(self) and typed == self.text.strip() and self._company is None:
            self._found = {record.ref: record for record in found[:_MOST]}
            self.offers.set_entries([Entry(one.ref, one.name, icon="building") for one in self._found.values()])
            self.offers.show()

    def _not_found(self, typed: str, error: AppError) -> None:
        if isValid(self) and typed == self.text.strip():
            self.failed.emit(error)

    def _choose(self, ref: object) -> None:
        self._company = self._found.get(ref)
        if self._company is not None:
            self.field.setText(self._company.name)
            self.changed.emit()
        self.offers.hide()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
