"""Notes of a call: kept while they are typed, and never lost, whatever the rep opens next.

1. Each change is remembered under its call's id at once, in memory.
2. 400 ms after the last key, on losing the focus, and before another call is shown, it is stored.
3. It is forgotten here only when the store has confirmed that very text; until then opening the call shows it.
4. What could not be stored says so, stays here, and is tried again with the next change or by Retry.
5. With each text goes what it was begun from: should other notes have come from Salesforce meanwhile, both are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.components import AutoGrowTextEdit, Button, ButtonKind, PlainLabel, SectionTitle
from ui.design.tokens import SPACE, TYPE, ColourRole
from ui.words import error_sentence

if TYPE_CHECKING:
    from app.desk import Desk
    from app.errors import AppError

_SAVE_AFTER = 400  # milliseconds
_LIMIT = 30_000  # characters: a Task's description holds 32,000, and what is generated stands below


class _Edit(AutoGrowTextEdit):
    """Enter is a new line here: notes are not sent."""

    left = Signal()

    def __init__(self, placeholder: str, parent: QWidget) -> None:
        super().__init__(placeholder, parent, least=3, most=8)
        self.submitted.connect(self._break)

    def _break(self) -> None:
        self.textCursor().insertBlock()
        self.ensureCursorVisible()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class CallNotes(QWidget):
    """The notes of one call at a time."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._call_id = ""
        self._stored = ""
        self._unsaved: dict[str, str] = {}
        self._sending: dict[str, str] = {}
        self._begun: dict[str, str] = {}  # what the unsaved text of a call goes on from
        self._filling = False
        title = SectionTitle(self.tr("Notes"), self)
        self._state = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, align=Qt.AlignmentFlag.AlignRight)
        self._retry = Button(self.tr("Retry"), ButtonKind.GHOST, "retry", self, small=True)
        self._retry.clicked.connect(self.flush)
        self._retry.hide()
        self._edit = _Edit(self.tr("Notes are kept as you type"), self)
        self._edit.setAccessibleName(self.tr("Notes"))
        self._edit.textChanged.connect(self._changed)
        self._edit.left.connect(self.flush)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAVE_AFTER)
        self._timer.timeout.connect(self.flush)
        top = QHBoxLayout()
        top.setSpacing(SPACE.inside)
        top.addWidget(title)
        top.addWidget(self._state, 1)
        top.addWidget(self._retry)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.unit)
        column.addLayout(top)
        column.addWidget(self._edit)

    @property
    def edit(self) -> AutoGrowTextEdit:
        """The field itself."""
        return self._edit

    @property
    def state_text(self) -> str:
        """What it says about itself: nothing, "Saved", or why not."""
        return self._state.text()

    def open(self, call_id: str, stored: str) -> None:
        """Show a call's notes as stored, or as typed when those are not stored yet."""
        self.flush()
        self._call_id = call_id
        self._stored = stored
        self._fill(self._unsaved.get(call_id, stored))
        self._say("")

    def stored_changed(self, stored: str) -> None:
        """The store holds other notes now. What is being typed is put to them at once."""
        self._stored = stored
        if self._call_id not in self._unsaved:
            self._show_stored()
        elif stored != self._begun[self._call_id]:
            self.flush()

    def set_locked(self, why: str) -> None:
        """Not to be typed into, with the reason in its place; empty unlocks."""
        self._edit.setEnabled(not why)
        self._edit.setPlaceholderText(why or self.tr("Notes are kept as you type"))

    def add_line(self, line: str) -> None:
        """Put a line below what is there, and store it at once."""
        text = self._edit.toPlainText()
        self._edit.setPlainText(f"{text.rstrip()}\n{line}" if text.strip() else line)
        self._edit.moveCursor(QTextCursor.MoveOperation.End)
        self.flush()

    def flush(self) -> None:
        """Store what is not stored yet, now."""
        self._timer.stop()
        for call_id, text in list(self._unsaved.items()):
            if self._sending.get(call_id) != text:
                self._send(call_id, text)

    def _send(self, call_id: str, text: str) -> None:
        self._sending[call_id] = text
        base, self._begun[call_id] = self._begun[call_id], text
        self._desk.wrapup.set_notes(
            call_id,
            text,
            lambda: self._saved(call_id, text, base),
            lambda error: self._failed(call_id, text, base, error),
            base=base,
        )

    def _saved(self, call_id: str, text: str, base: str) -> None:
        if self._sending.get(call_id) == text:
            del self._sending[call_id]
        if self._unsaved.get(call_id) == text:
            del self._unsaved[call_id], self._begun[call_id]
        if call_id == self._call_id and self._stored == base:  # nobody has said what else it holds
            self._stored = text
        if call_id == self._call_id and call_id not in self._unsaved:
            self._show_stored()
            self._say(self.tr("Saved"))

    def _failed(self, call_id: str, text: str, base: str, error: AppError) -> None:
        if self._sending.get(call_id) == text:
            del self._sending[call_id]
            self._begun[call_id] = base
        if call_id == self._call_id:
            self._say(self.tr("Not saved. {why}").format(why=error_sentence(error)), bad=True)

    def _changed(self) -> None:
        if self._filling or not self._call_id:
            return
        text = self._edit.toPlainText()
        if len(text) > _LIMIT:
            self._edit.textCursor().deletePreviousChar()
            return
        self._begun.setdefault(self._call_id, self._stored)
        self._unsaved[self._call_id] = text
        if self._state.text() == self.tr("Saved"):
            self._say("")
        self._timer.start()

    def _show_stored(self) -> None:
        """Show what the store holds; the keyboard stays where it was in the text."""
        if self._edit.toPlainText() != self._stored:
            at = self._edit.textCursor().position()
            self._fill(self._stored)
            cursor = self._edit.textCursor()
            cursor.setPosition(min(at, len(self._edit.toPlainText())))
            self._edit.setTextCursor(cursor)

    def _fill(self, text: str) -> None:
        self._filling = True
        self._edit.setPlainText(text)
        self._filling = False

    def _say(self, text: str, *, bad: bool = False) -> None:
        self._state.set_role(ColourRole.DANGER_TEXT if bad else ColourRole.MUTED)
        self._state.setText(text)
        self._retry.setVisible(bad)
