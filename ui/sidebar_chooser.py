"""Several people share a number: chips to say who it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from app.domain.counterpart import CrmRecord, RecordRef
from ui.components import Chip, FlowLayout, PlainLabel, clean_line
from ui.design.tokens import SPACE, ColourRole

__all__ = ["Chooser"]


class Chooser(QWidget):
    """A chip for each person. Nothing moves when one is chosen."""

    chosen = Signal(object)  # RecordRef

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people: tuple[CrmRecord, ...] = ()
        self._chips: dict[RecordRef, Chip] = {}
        self._question = PlainLabel("", self, role=ColourRole.MUTED, wrap=True)
        self._group = QButtonGroup(self)
        self._flow = FlowLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.between, SPACE.between, SPACE.between, 0)
        column.setSpacing(SPACE.inside)
        column.addWidget(self._question)
        column.addLayout(self._flow)
        self.hide()

    @property
    def chips(self) -> dict[RecordRef, Chip]:
        """The chips by record."""
        return dict(self._chips)

    def show_people(self, people: Sequence[CrmRecord], chosen: RecordRef | None, *, remembered: bool = False) -> None:
        """Offer these in this order, with one of them or none chosen. ``remembered``: by the rep, an earlier time."""
        if tuple(people) != self._people:
            self._people = tuple(people)
            self._make_chips()
        # A group that is exclusive would not let go of its last choice.
        self._group.setExclusive(False)
        for ref, chip in self._chips.items():
            chip.setChecked(ref == chosen)
        self._group.setExclusive(True)
        if chosen is None:
            question = self.tr("Several people have this number. Who is it?")
        elif remembered:
            question = self.tr("Several people have this number. This is who you chose last.")
        else:
            question = self.tr("Several people have this number.")
        self._question.setText(question)

    def _make_chips(self) -> None:
        for chip in self._chips.values():
            self._flow.removeWidget(chip)
            self._group.removeButton(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = {}
        for person in self._people:
            chip = Chip(self._word(person), self)
            chip.clicked.connect(lambda _=False, ref=person.ref: self.chosen.emit(ref))
            self._group.addButton(chip)
            self._flow.addWidget(chip)
            chip.show()
            self._chips[person.ref] = chip

    def _word(self, person: CrmRecord) -> str:
        name = clean_line(person.name) or self.tr("No name")
        same = sum(clean_line(other.name) == clean_line(person.name) for other in self._people) > 1
        # Of two Anas the company tells which; otherwise the name is short and enough.
        return f"{name} · {clean_line(person.company) or person.ref.kind}" if same else name
