"""The composer: what the rep types is kept as a draft, sent with Enter, and never lost when it cannot be sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.desk import Desk
from app.domain.message import Message
from app.errors import AppError
from ui.components import AutoGrowTextEdit, IconButton, PlainLabel
from ui.components.labels import plain_tip
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole
from ui.navigator import Navigator
from ui.present import number_text, segments
from ui.words import error_sentence

__all__ = ["Composer"]

_DRAFT_AFTER = 400  # ms without a key
_NEAR_END = 20  # characters left in a part when the count appears


class Composer(QWidget):
    """One conversation's text field. Main thread."""

    sent = Signal()  # a text was taken over; it is stored a moment later

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._line = ""
        self._number = ""
        self._saved = ""  # the draft as stored
        self._leaving: dict[tuple[str, str], str] = {}  # sent, not stored yet
        self._blocked = ""
        self._note = ""
        self.field = AutoGrowTextEdit(self.tr("Text…"), self)
        self.send_button = IconButton("send", self.tr("Send"), self, size=36, role=ColourRole.ACCENT_TEXT)
        self.trouble = PlainLabel("", self, size=TYPE.muted, role=ColourRole.DANGER_TEXT, wrap=True)
        self.trouble.hide()
        self._from = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED)
        self._count = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, number=True, tabular=True)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DRAFT_AFTER)
        self._timer.timeout.connect(self.flush)
        self.field.textChanged.connect(self._typed)
        self.field.submitted.connect(self.send)
        self.send_button.clicked.connect(self.send)
        self._show_state()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACE.inside)
        line.addWidget(self.field, 1)
        line.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignBottom)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, METRICS.control + SPACE.gap, 0)
        below.addWidget(self._from, 1)
        below.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.between, SPACE.inside, SPACE.inside, SPACE.inside)
        column.setSpacing(SPACE.unit)
        column.addWidget(self.trouble)
        column.addLayout(line)
        column.addLayout(below)

    @property
    def note(self) -> str:
        """What stands below the field."""
        return self._from.text()

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.field.toPlainText()

    def open(self, line: str, number: str) -> None:
        """Write to this number on this line; what was typed for the last one is kept as its draft."""
        self.flush()
        self._line, self._number = line, number
        draft = self._desk.reads.draft(line, number)
        if self._leaving.get((line, number)) == draft:
            draft = ""  # that text is on its way, only its draft has not been cleared yet
        self._put(draft)
        self._complain("")
        self._show_from()
        self._show_state()

    def close_thread(self) -> None:
        """Keep the draft and write to nobody."""
        self.flush()
        self._line = self._number = ""
        self._put("")

    def block(self, reason: str) -> None:
        """Nothing can be sent, and why; an empty reason allows it again. What is typed stays."""
        self._blocked = reason
        self._show_state()

    def set_note(self, note: str) -> None:
        """A short word about what becomes of a text sent now; empty when it simply leaves."""
        self._note = note
        self._show_from()

    def focus(self) -> None:
        """Put the cursor at the end of what is typed."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.moveCursor(QTextCursor.MoveOperation.End)

    def insert_text(self, text: str) -> None:
        """Put a text in at the cursor; it stays editable."""
        self.field.insertPlainText(text)
        self.focus()

    def flush(self) -> None:
        """Store the draft now, if it has changed."""
        self._timer.stop()
        if self._number and self.text != self._saved:
            self._saved = self.text
            self._desk.messages.save_draft(self._line, self._number, self.text)

    def send(self) -> None:
        """Send what is typed. When it is refused it stays, with the reason above it."""
        body, line, number = self.text, self._line, self._number
        if not number or self._blocked or not body.strip():
            return
        self._timer.stop()
        self._leaving[line, number] = body
        try:
            self._desk.messages.send(
                number,
                body,
                line_id=line,
                then=self._guarded(lambda _: self._forget(line, number)),
                failed=self._guarded(lambda error: self._back(line, number, body, error)),
            )
        except AppError as error:
            self._forget(line, number)
            self._complain(error_sentence(error))
            self.flush()
            return
        self._put("")
        self._complain("")
        self.sent.emit()

    def _guarded(self, act: Callable[[Message | AppError], None]) -> Callable[[Message | AppError], None]:
        """The answer may come after the window is gone."""
        return lambda answer: act(answer) if isValid(self) else None

    def _forget(self, line: str, number: str) -> None:
        self._leaving.pop((line, number), None)

    def _back(self, line: str, number: str, body: str, error: Message | AppError) -> None:
        """The text could not be stored: it was not sent, and returns to where it was typed."""
        self._forget(line, number)
        assert isinstance(error, AppError)
        if (line, number) == (self._line, self._number):
            typed = self.text
            self._put(f"{body}\n{typed}" if typed.strip() else body)
            self._saved = ""
            self._complain(error_sentence(error))
            self.flush()
        else:
            self._desk.messages.save_draft(line, number, body)
            self._nav.trouble.emit(error)

    def _put(self, text: str) -> None:
        """Fill the field with what is stored already."""
        self._saved = text
        if self.text != text:
            self.field.setPlainText(text)
            self.field.moveCursor(QTextCursor.MoveOperation.End)
        self._timer.stop()

    def _typed(self) -> None:
        self._complain("")
        self._show_state()
        if self._number and self.text != self._saved:
            self._timer.start()

    def _complain(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    def _show_from(self) -> None:
        said = ""
        if len(self._desk.lines.all()) > 1:
            line = self._desk.lines.get(self._line)
            number = number_text(line.number, line.region) if line is not None and line.number else ""
            said = self.tr("From {line}").format(line=" · ".join(part for part in (self._line, number) if part))
        self._from.setText(" · ".join(part for part in (said, self._note) if part))

    def _show_state(self) -> None:
        why = self._blocked or ("" if self.text.strip() else self.tr("Type a text first"))
        self.send_button.setEnabled(not why)
        self.send_button.setToolTip(plain_tip(why or self.tr("Send (Enter)")))
        self.send_button.setAccessibleDescription(why)
        self.field.setReadOnly(bool(self._blocked))
        self.field.setPlaceholderText(self._blocked or self.tr("Text…"))
        parts, left, wide = segments(self.text)
        said = ""
        if parts > 1:
            said = self.tr("{parts} parts · {left} left").format(parts=parts, left=left)
        elif parts and left <= _NEAR_END:
            said = self.tr("{left} left").format(left=left)
        self._count.setText(said)
        # Why the same length suddenly costs more is the one question this count raises.
        self._count.setToolTip(
            self.tr("This text has characters beyond the basic phone alphabet: a part holds 70 instead of 160.")
            if wide
            else ""
        )
