"""Rows of the settings page: a label, a control that holds one value, and a line of help below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.components import Chip, Paragraph, PlainLabel, Switch
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole
from ui.picker import Picker

LABEL = 176
_HELP = 600


class SettingRow(QWidget):
    """`changed` with the new value as text when the rep chose one; switches say "yes" and "no"."""

    changed = Signal(str)

    def __init__(self, label: str, help: str, control: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.label = PlainLabel(label, self, wrap=True)  # a long name of a setting is read whole
        self.label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.label.setFixedWidth(LABEL)
        self.help = Paragraph(help, _HELP, self, size=TYPE.muted, role=ColourRole.MUTED)
        self.help.setVisible(bool(help))
        control.setParent(self)
        row = QHBoxLayout()
        row.setSpacing(SPACE.between)
        row.addWidget(self.label)
        row.addWidget(control, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.half)
        column.addLayout(row)
        column.addWidget(self.help)

    def show_value(self, value: str) -> None:
        """Show what holds now."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Put the keyboard where the value is chosen."""
        self.setFocus()


class PickerRow(SettingRow):
    """One of a list that may change while it shows."""

    def __init__(self, label: str, help: str, parent: QWidget) -> None:
        self.picker = Picker(label)
        super().__init__(label, help, self.picker, parent)
        self.picker.picked.connect(self.changed)

    def offer(self, offers: Sequence[tuple[str, str]], value: str) -> None:
        """Offer (value, word) pairs."""
        self.picker.offer(offers, value)

    def show_value(self, value: str) -> None:
        self.picker.offer(self.picker.offered, value)


class SwitchRow(SettingRow):
    """On or off."""

    def __init__(self, label: str, help: str, parent: QWidget) -> None:
        self.switch = Switch(label)
        super().__init__(label, help, _left(self.switch), parent)
        self.switch.clicked.connect(lambda on: self.changed.emit("yes" if on else "no"))
        self.switch.setAccessibleDescription(help)

    def show_value(self, value: str) -> None:
        self.switch.setChecked(value == "yes")


class ChoiceRow(SettingRow):
    """One of a few, all in sight."""

    def __init__(self, label: str, help: str, choices: Sequence[tuple[str, str]], parent: QWidget) -> None:
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.inside)
        group = QButtonGroup(inside)
        group.setExclusive(True)
        self.chips: dict[str, Chip] = {}
        for value, word in choices:
            chip = Chip(word, inside)
            group.addButton(chip)
            row.addWidget(chip)
            self.chips[value] = chip
        row.addStretch(1)
        super().__init__(label, help, inside, parent)
        for value, chip in self.chips.items():
            chip.clicked.connect(lambda _=False, value=value: self.changed.emit(value))

    def show_value(self, value: str) -> None:
        for name, chip in self.chips.items():
            chip.setChecked(name == value)

    def take_focus(self) -> None:
        next((chip for chip in self.chips.values() if chip.isChecked()), self).setFocus()


class TextRow(SettingRow):
    """One line of text, kept when the keyboard leaves the field or Enter is pressed."""

    def __init__(self, label: str, help: str, parent: QWidget, *, empty: str = "") -> None:
        """``empty`` is what holds while nothing is typed."""
        self.field = QLineEdit()
        self.field.setPlaceholderText(empty)
        self.field.setAccessibleName(label)
        self.field.setAccessibleDescription(help)
        super().__init__(label, help, self.field, parent)
        self.field.editingFinished.connect(self._told)
        self._kept = ""

    def show_value(self, value: str) -> None:
        if value != self._kept or not self.field.hasFocus():
            self._kept = value
            self.field.setText(value)
            self.field.setCursorPosition(0)

    def clean(self, typed: str) -> str:
        """What was typed, as it is kept."""
        return typed.strip()

    def _told(self) -> None:
        clean = self.clean(self.field.text())
        if clean != self._kept:
            self._kept = clean
            self.changed.emit(clean)


class WordsRow(TextRow):
    """A few words, parted by commas."""

    def clean(self, typed: str) -> str:
        """Each word once."""
        return ", ".join(words_of(typed))


def words_of(text: str) -> tuple[str, ...]:
    """The words of such a field, each once, without empty ones. Japanese commas part them too."""
    parts = (" ".join(part.split()) for part in text.replace("、", ",").replace("，", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


class FactRow(SettingRow):
    """Told, not changed here."""

    def __init__(self, label: str, help: str, parent: QWidget) -> None:
        self.fact = PlainLabel("", None, wrap=True, selectable=True)
        self.fact.setMinimumHeight(METRICS.control_small)
        self.fact.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        super().__init__(label, help, self.fact, parent)

    def show_value(self, value: str) -> None:
        self.fact.setText(value)


def _left(control: QWidget) -> QWidget:
    inside = QWidget()
    row = QHBoxLayout(inside)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(control)
    row.addStretch(1)
    return inside
