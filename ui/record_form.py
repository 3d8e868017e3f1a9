"""A form for a new record: the fields Salesforce asks for, each below its label."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.follow_up import read_line
from app.domain.new_record import FieldKind, FormField, NewForm
from ui.components import PlainLabel, clean_line
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole
from ui.picker import Picker

_Control = QLineEdit | Picker


class RecordForm(QWidget):
    """`submitted` on Enter in a field, `changed` when anything was typed. Values are text by field name."""

    submitted = Signal()
    changed = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """``now`` tells the instant, for days such as "fri"."""
        super().__init__(parent)
        self._now = now
        self._form: NewForm | None = None
        self._controls: dict[str, _Control] = {}
        self._labels: dict[str, PlainLabel] = {}
        self._holders: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE.inside)

    @property
    def form(self) -> NewForm | None:
        """What is asked."""
        return self._form

    def ask(self, form: NewForm, values: Mapping[str, str]) -> None:
        """Ask for these fields; what was typed into fields of the same name stays, else ``values`` stand there."""
        typed = {name: text for name, text in self.values().items() if text}
        for old in self._holders:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._form = form
        self._controls, self._labels, self._holders = {}, {}, []
        for field in form.fields:
            if field.kind is not FieldKind.OTHER:
                self._add(field, typed.get(field.name) or values.get(field.name) or field.default)

    def control(self, name: str) -> _Control:
        """The control of a field."""
        return self._controls[name]

    def values(self) -> dict[str, str]:
        """What stands in the fields now."""
        return {name: _text(control) for name, control in self._controls.items()}

    def missing(self) -> list[str]:
        """Labels of required fields that are empty; each is marked."""
        if self._form is None:
            return []
        found: list[str] = []
        for field in self._form.fields:
            if field.name not in self._controls:
                continue
            empty = field.required and not _text(self._controls[field.name]).strip()
            self._labels[field.name].set_role(ColourRole.DANGER_TEXT if empty else ColourRole.MUTED)
            if empty:
                found.append(field.label)
        return found

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        if (control := next(iter(self._controls.values()), None)) is not None:
            control.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.submitted.emit()
            return
        super().keyPressEvent(event)

    def _add(self, field: FormField, value: str) -> None:
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.half)
        words = self.tr("{label} (required)").format(label=field.label) if field.required else field.label
        label = PlainLabel(words, holder, size=TYPE.muted, role=ColourRole.MUTED)
        control = self._control(field, value, holder)
        control.setMinimumHeight(METRICS.control)
        label.setBuddy(control)
        column.addWidget(label)
        column.addWidget(control)
        self._column.addWidget(holder)
        self._controls[field.name], self._labels[field.name] = control, label
        self._holders.append(holder)
        holder.show()  # at once: the keyboard cannot go where nothing shows yet

    def _control(self, field: FormField, value: str, parent: QWidget) -> _Control:
        match field.kind:
            case FieldKind.CHOICE:
                picker = Picker(field.label, parent)
                # As in Salesforce: what must be chosen is chosen by the rep, not by what stands first.
                nothing = self.tr("Choose…") if field.required else self.tr("None")
                offers = field.choices if field.required and value else (("", nothing), *field.choices)
                picker.offer(offers, value)
                picker.picked.connect(lambda _: self.changed.emit())
                return picker
            case FieldKind.DATE:
                return self._line(DateLine(value, self._now, parent), field)
            case _:
                return self._line(QLineEdit(value, parent), field)

    def _line(self, line: QLineEdit, field: FormField) -> QLineEdit:
        line.setAccessibleName(clean_line(field.label))
        if field.length:
            line.setMaxLength(field.length)
        line.textEdited.connect(lambda _: self.changed.emit())
        return line


class DateLine(QLineEdit):
    """A day as people write it: the language's own form, ISO 8601, or "fri" and "明日" as in notes."""

    def __init__(self, value: str, now: Callable[[], datetime], parent: QWidget) -> None:
        """``value`` is ISO 8601."""
        self._now = now
        day = QDate.fromString(value, Qt.DateFormat.ISODate)
        super().__init__(QLocale().toString(day, _pattern()) if day.isValid() else "", parent)
        self.setPlaceholderText(QLocale().toString(QDate.currentDate(), _pattern()))

    @property
    def day(self) -> str:
        """The day, ISO 8601; empty when it cannot be read."""
        text = self.text().strip()
        for form in (_pattern(), QLocale().dateFormat(QLocale.FormatType.ShortFormat), "yyyy-MM-dd"):
            day = QLocale().toDate(text, form)
            if day.isValid():
                return day.toString(Qt.DateFormat.ISODate)
        wish = read_line(f"!{text}", self._now().astimezone())
        return wish.day.isoformat() if wish is not None else ""


def _pattern() -> str:
    """The short form with the whole year: two digits of it would be read as another century."""
    short = QLocale().dateFormat(QLocale.FormatType.ShortFormat)
    return short if "yyyy" in short else short.replace("yy", "yyyy")


def _text(control: _Control) -> str:
    match control:
        case DateLine():
            return control.day
        case QLineEdit():
            return control.text()
        case _:
            return control.value
