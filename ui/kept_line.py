"""A line of a call that is kept while it is typed: its subject, its result.

As the notes: each change is remembered under its call at once, stored a moment after the last key, on leaving the
field and before another call is shown, and forgotten here only when the store has confirmed that very text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.design.tokens import METRICS

if TYPE_CHECKING:
    from app.errors import AppError

_SAVE_AFTER = 400  # milliseconds
_LIMIT = 255  # characters Salesforce has room for


Store = Callable[[str, str, Callable[[], None] | None, "Callable[[AppError], None] | None"], None]
"""Stores the text of a call: its id, the text, what follows, what is done about trouble."""


class KeptLine(QLineEdit):
    """One call at a time. `failed` with the AppError when something could not be stored; it stays here then."""

    failed = Signal(object)

    def __init__(self, name: str, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._call_id = ""
        self._stored = ""
        self._unsaved: dict[str, str] = {}
        self._sending: dict[str, str] = {}
        self.setAccessibleName(name)
        self.setMaxLength(_LIMIT)
        self.setMinimumHeight(METRICS.control)
        self.textEdited.connect(self.type)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAVE_AFTER)
        self._timer.timeout.connect(self.flush)

    def open(self, call_id: str, stored: str) -> None:
        """Show a call's text as stored, or as typed when that is not stored yet."""
        self.flush()
        self._call_id, self._stored = call_id, stored
        self._fill(self._unsaved.get(call_id, stored))

    def stored_changed(self, stored: str) -> None:
        """The store holds another text now. What the rep is typing wins."""
        self._stored = stored
        if self._call_id not in self._unsaved and self.text() != stored:
            self._fill(stored)

    def type(self, text: str) -> None:
        """The rep typed this."""
        if self._call_id:
            self._unsaved[self._call_id] = text
            self._timer.start()

    def drop(self) -> None:
        """Something else was chosen in place of what was typed: it is not stored any more."""
        self._unsaved.pop(self._call_id, None)
        self._stored = ""
        self._fill("")

    def flush(self) -> None:
        """Store what is not stored yet, now."""
        self._timer.stop()
        for call_id, text in list(self._unsaved.items()):
            if self._sending.get(call_id) != text:
                self._send(call_id, text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setCursorPosition(0)
        self.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.text() == "\r":
            self.flush()

    def _send(self, call_id: str, text: str) -> None:
        self._sending[call_id] = text
        self._store(call_id, text, lambda: self._saved(call_id, text), lambda error: self._failed(call_id, text, error))

    def _saved(self, call_id: str, text: str) -> None:
        if self._sending.get(call_id) == text:
            del self._sending[call_id]
        if self._unsaved.get(call_id) == text:
            del self._unsaved[call_id]

    def _failed(self, call_id: str, text: str, error: AppError) -> None:
        if self._sending.get(call_id) == text:
            del self._sending[call_id]
        self.failed.emit(error)

    def _fill(self, text: str) -> None:
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)
