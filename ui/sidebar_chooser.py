"""Several people share a number: a line for each to say who it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from app.domain.counterpart import CrmRecord, Match, RecordRef
from ui.components import PlainLabel, clean_line
from ui.design.tokens import SPACE, ColourRole
from ui.sidebar_parts import Entry, EntryRow
from ui.sidebar_rows import kind_word, owner_line

__all__ = ["Choice", "Chooser"]


class Choice(EntryRow):
    """One of the people: name, then what tells them from each other. The chosen one has a tick and a tint."""

    def __init__(self, entry: Entry, opens: str, parent: QWidget) -> None:
        super().__init__(entry, opens, parent)
        self._free = entry
        self.setCheckable(True)
        self.toggled.connect(self._mark)

    def ground(self, rest: ColourRole | None = None) -> ColourRole | None:
        return ColourRole.ACCENT_SOFT if self.isChecked() else super().ground(rest)

    def _mark(self, chosen: bool) -> None:
        ticked = replace(self._free, icon="check", icon_role=ColourRole.ACCENT_TEXT)
        self.entry = ticked if chosen else self._free
        self.update()


class Chooser(QWidget):
    """Nothing moves when one is chosen."""

    chosen = Signal(object)  # RecordRef

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people: tuple[CrmRecord, ...] = ()
        self._order: tuple[RecordRef, ...] = ()
        self._rows: dict[RecordRef, Choice] = {}
        self._question = PlainLabel("", self, role=ColourRole.MUTED, wrap=True)
        self._question.setContentsMargins(SPACE.inside, 0, SPACE.inside, 0)
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE.inside, SPACE.between, SPACE.inside, 0)
        self._column.setSpacing(SPACE.half)
        self._column.addWidget(self._question)
        self.hide()

    @property
    def rows(self) -> dict[RecordRef, Choice]:
        """The lines by record."""
        return dict(self._rows)

    @property
    def question(self) -> str:
        """What it says above them."""
        return self._question.text()

    def forget_order(self) -> None:
        """Another number shows: its chosen one comes first again."""
        self._order = ()

    def show_match(self, match: Match, shown: RecordRef | None) -> bool:
        """Offer whom a number may belong to, ``shown`` chosen; False, and nothing in sight, when it is no question.

        The chosen one comes first, and then they stay below the pointer.
        """
        several = len(match.records) > 1
        self.setVisible(several)
        if not several:
            return False
        if set(self._order) != {record.ref for record in match.records}:
            first = match.chosen.ref if match.chosen is not None else None
            ordered = sorted(match.records, key=lambda record: record.ref != first)
            self._order = tuple(record.ref for record in ordered)
        by_ref = {record.ref: record for record in match.records}
        self.show_people([by_ref[ref] for ref in self._order], shown, remembered=match.remembered)
        return True

    def show_people(self, people: Sequence[CrmRecord], chosen: RecordRef | None, *, remembered: bool = False) -> None:
        """Offer these in this order, with one of them or none chosen. ``remembered``: by the rep, an earlier time."""
        if tuple(people) != self._people:
            self._people = tuple(people)
            self._make_rows()
        # A group that is exclusive would not let go of its last choice.
        self._group.setExclusive(False)
        for ref, row in self._rows.items():
            row.setChecked(ref == chosen)
        self._group.setExclusive(True)
        if chosen is None:
            question = self.tr("Several people have this number. Who is it?")
        elif remembered:
            question = self.tr("Several people have this number. This is who you chose last.")
        else:
            question = self.tr("Several people have this number.")
        self._question.setText(question)

    def _make_rows(self) -> None:
        for row in self._rows.values():
            self._column.removeWidget(row)
            self._group.removeButton(row)
            row.hide()
            row.deleteLater()
        self._rows = {}
        for person in self._people:
            row = Choice(self._entry(person), self.tr("Choose"), self)
            row.clicked.connect(lambda _=False, ref=person.ref: self.chosen.emit(ref))
            self._group.addButton(row)
            self._column.addWidget(row)
            row.show()
            self._rows[person.ref] = row

    def _entry(self, person: CrmRecord) -> Entry:
        icon = "building" if person.ref.kind == "Account" else "user"
        same = sum(_words(other) == _words(person) for other in self._people) > 1
        # Two entries may be alike in everything but who looks after them.
        last = " · ".join(part for part in (owner_line(person), person.email) if part) if same else kind_word(person)
        detail = " · ".join(part for part in (person.title, person.company, last) if part)
        return Entry(person.ref, person.name or self.tr("No name"), detail, icon=icon)


def _words(person: CrmRecord) -> tuple[str, ...]:
    """What is usually told of somebody."""
    return tuple(clean_line(word) for word in (person.name, person.title, person.company, kind_word(person)))
