"""The part of the call page below the notes: who it was, the subject, the result, what it was about, and Log.

It belongs to the page and never stands in the way of a call. Everything is kept as it is chosen or typed; Log only
sends it at once, and Later leaves it. While somebody talks and on old calls it is one line that opens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.call import Call
from app.domain.call_log import CallLog
from app.domain.counterpart import NO_MATCH, CrmRecord, Match, RecordRef
from app.domain.follow_up import MONTH_FIRST, read_line
from app.domain.local_time import local
from app.domain.subject import person_of, subject_of
from ui.call_relation import RelationRow
from ui.components import Button, ButtonKind, Chip, IconButton, PlainLabel, clean_line
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole
from ui.flow_box import FlowBox
from ui.kept_line import KeptLine
from ui.sidebar_chooser import Chooser
from ui.words import usual_results

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator


class _Line(QWidget):
    """The folded panel: a press anywhere on it opens it, not only on its arrow."""

    pressed = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()


class WrapupPanel(QWidget):
    """One call at a time. `logged` and `left` with its id; `follow_up` with a line for the notes."""

    logged = Signal(str)
    left = Signal(str)
    follow_up = Signal(str)

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._log: CallLog | None = None
        self._match: Match = NO_MATCH
        self._is_open: dict[str, bool] = {}
        self._call_id = ""
        self._unfinished = False
        self._asked_beside = ""
        self.who = Chooser(self)
        self.summary = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED)
        self.toggle = IconButton(
            "chevron-down", self.tr("Details"), self, size=METRICS.control_small, icon_size=METRICS.icon_small
        )
        self.subject = KeptLine(self.tr("Subject"), desk.wrapup.set_subject, self)
        self.result = KeptLine(self.tr("Result in your own words"), desk.wrapup.set_disposition, self)
        self.result.setPlaceholderText(self.tr("Other…"))
        self.results: dict[str, Chip] = {}
        self.relation = RelationRow(desk, nav, self)
        self.later_task = QLineEdit(self)
        self.later_task.setAccessibleName(self.tr("Follow-up"))
        self.later_task.setPlaceholderText(self.tr("For example: fri 3pm send quote"))
        self.later_task.setMinimumHeight(METRICS.control)
        self._hint = PlainLabel("", self, size=TYPE.muted, role=ColourRole.DANGER_TEXT, wrap=True)
        self.log = Button(self.tr("Log"), ButtonKind.PRIMARY, parent=self)
        self.later = Button(self.tr("Later"), ButtonKind.GHOST, parent=self)
        self._keys = PlainLabel(self.tr("Ctrl+Enter logs, Esc leaves it"), self, size=TYPE.muted, role=ColourRole.MUTED)
        self._lay_out()
        self.who.chosen.connect(self._choose_who)
        self.toggle.clicked.connect(self._press_toggle)
        self.result.textEdited.connect(self._mark_result)
        self.later_task.returnPressed.connect(self._add_follow_up)
        self.later_task.textEdited.connect(lambda _: self._say(""))
        self.log.clicked.connect(self.press_log)
        self.later.clicked.connect(self.press_later)
        for line in (self.subject, self.result):
            line.failed.connect(nav.trouble)
        nav.details_wanted.connect(self.unfold)
        self.hide()

    def _lay_out(self) -> None:
        self._head = _Line(self)
        self._head.pressed.connect(self.toggle.click)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(SPACE.unit)
        head.addWidget(self.summary, 1)
        head.addWidget(self.toggle)
        self._chips = FlowBox(self, SPACE.unit + SPACE.half)
        self._flow = self._chips.flow
        self.result.setFixedHeight(METRICS.control_small)
        self.result.setFixedWidth(120)
        self._flow.addWidget(self.result)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE.gap)
        self._grid.setVerticalSpacing(SPACE.inside)
        self._grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[PlainLabel, QWidget]] = {}
        for name, word, widget in (
            ("subject", self.tr("Subject"), self.subject),
            ("result", self.tr("Result"), self._chips),
            ("relation", self.tr("About"), self.relation),
            ("follow-up", self.tr("Follow-up"), self.later_task),
        ):
            label = PlainLabel(word, self, role=ColourRole.MUTED)
            label.setFixedHeight(METRICS.control if isinstance(widget, QLineEdit) else METRICS.control_small)
            at = len(self._rows)
            self._grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(widget, at, 1)
            self._rows[name] = (label, widget)
        self._grid.addWidget(self._hint, len(self._rows), 1)
        self._hint.hide()
        self.foot = QWidget(self)
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(0, SPACE.unit, 0, 0)
        foot.setSpacing(SPACE.inside)
        foot.addWidget(self.log)
        foot.addWidget(self.later)
        foot.addWidget(self._keys, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.inside)
        column.addWidget(self.who)
        column.addLayout(self._grid)
        column.addWidget(self._head)
        self.who.layout().setContentsMargins(0, 0, 0, SPACE.unit)  # type: ignore[union-attr]

    @property
    def wraps_up(self) -> bool:
        """Whether the call that shows still wants to be logged."""
        return self._unfinished and not self.isHidden()

    def show_call(self, call: Call, log: CallLog | None, match: Match) -> None:
        """Show what was added to a call."""
        if log is None or not (call.is_connected or not call.is_live):
            self.close_call()
            return
        self.show()
        fresh = log.id != self._call_id
        if fresh:
            self._call_id = log.id
            self.subject.open(log.id, log.subject)
            self.result.open(log.id, self._free(log.disposition))
        self._log, self._match = log, match
        unfinished = not call.is_live and log.id in self._desk.wrapup.unfinished()
        self._unfinished = unfinished
        self.subject.stored_changed(log.subject)
        self.result.stored_changed(self._free(log.disposition))
        chosen = match.chosen.name if match.chosen is not None else ""
        company = match.chosen.company if match.chosen is not None else ""
        pattern = self._desk.lines.settings.call_subject
        said = subject_of(pattern, call, person=person_of(log, chosen), company=company, line=call.line)
        self.subject.setPlaceholderText(clean_line(said))
        self._offer_results(self.result.text() or log.disposition)
        self.relation.show_log(log)
        self._show_who(call)
        self._show_rows(call, expanded=self._is_open.get(log.id, unfinished))

    def unfold(self, call_id: str) -> None:
        """Show all of what was added to this call when it is shown next."""
        self._is_open[call_id] = True

    def ask_beside(self, number: str) -> None:
        """The card beside the page asks now who has this number; empty when it asks nothing or is out of sight."""
        if number != self._asked_beside:
            self._asked_beside = number
            if self._log is not None:
                self._show_who(self._desk.calls.get(self._log.id) or self._log.call)

    def close_call(self) -> None:
        """No call shows."""
        self.flush()
        self.relation.show_log(None)
        self._call_id, self._log, self._unfinished = "", None, False
        self.foot.hide()
        self.hide()

    def flush(self) -> None:
        """Store what was typed."""
        self.subject.flush()
        self.result.flush()
        self.relation.card.flush()

    def keep_typed(self) -> None:
        """The rep goes elsewhere: a follow-up typed but not entered becomes a line of the notes, as it is."""
        typed = self.later_task.text().strip().lstrip("!！").strip()
        self.later_task.clear()
        self._say("")
        if typed and self._call_id:
            self.follow_up.emit(f"!{typed}")

    def press_log(self) -> None:
        """The rep is done."""
        if not self.wraps_up:
            return
        if self.later_task.text().strip() and not self._add_follow_up():
            return
        self.flush()
        self._finish(self._desk.wrapup.log)
        self.logged.emit(self._call_id)

    def press_later(self) -> None:
        """The rep goes on with something else."""
        if not self.wraps_up:
            return
        self.keep_typed()
        self.flush()
        self._finish(self._desk.wrapup.later)
        self.left.emit(self._call_id)

    def _finish(self, how: Callable[[str], None]) -> None:
        self._unfinished = False
        self._is_open.pop(self._call_id, None)
        how(self._call_id)

    # showing

    def _show_who(self, call: Call) -> None:
        """Several people have the number: the question stands first while the call is wrapped up.

        The card beside asks it too, and its answer is this call's. One question is enough, unless they differ.
        """
        match, log = self._match, self._log
        asks = not call.is_live and len(match.records) > 1 and (self._unfinished or match.chosen is None)
        mine = (log.who or log.what) if log is not None else None
        theirs = match.chosen.ref if match.chosen is not None else None
        asks = asks and not (call.number == self._asked_beside and mine == theirs)
        self.who.setVisible(asks)
        if asks:
            self.who.show_people(match.records, mine)

    def _show_rows(self, call: Call, *, expanded: bool) -> None:
        for name, (label, widget) in self._rows.items():
            shown = expanded or (name == "relation" and call.is_live)
            label.setVisible(shown)
            widget.setVisible(shown)
        self._hint.setVisible(expanded and bool(self._hint.text()))
        self.foot.setVisible(self._unfinished)
        self._head.setVisible(not self._unfinished)
        self.toggle.set_icon_name("chevron-up" if expanded else "chevron-down")
        self.toggle.set_word(self.tr("Fewer details") if expanded else self.tr("Subject, result and more"))
        self.summary.setText("" if expanded else self._summary(call))

    def _summary(self, call: Call) -> str:
        log = self._log
        if log is None:
            return ""
        related = self.relation.related if not call.is_live else None
        parts = (log.disposition, related.name if related is not None else "", log.subject)
        return " · ".join(part for part in parts if part) or self.tr("Subject, result and more")

    def _words(self) -> tuple[str, ...]:
        """The results to choose from."""
        return self._desk.lines.settings.dispositions or usual_results()

    def _free(self, disposition: str) -> str:
        """A result in the rep's own words; empty when it is one of those to choose from."""
        return "" if disposition in self._words() else disposition

    def _offer_results(self, now: str) -> None:
        words = self._words()
        if tuple(self.results) != words:
            self._make_chips(words)
        self._mark_result(now)

    def _make_chips(self, words: Sequence[str]) -> None:
        self._flow.removeWidget(self.result)
        for old in self.results.values():
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.results = {}
        for word in words:
            chip = Chip(word, self._chips)
            chip.clicked.connect(lambda on, word=word: self._choose_result(word if on else ""))
            self._flow.addWidget(chip)
            chip.show()
            self.results[word] = chip
        self._flow.addWidget(self.result)

    def _mark_result(self, now: str) -> None:
        for word, chip in self.results.items():
            chip.setChecked(word == now)

    def _choose_result(self, word: str) -> None:
        self.result.drop()
        self._mark_result(word)
        self._desk.wrapup.set_disposition(self._call_id, word, None, self._nav.trouble.emit)

    def _choose_who(self, ref: RecordRef) -> None:
        person: CrmRecord | None = next((one for one in self._match.records if one.ref == ref), None)
        if person is not None:
            self._desk.wrapup.set_who(self._call_id, person, None, self._nav.trouble.emit)

    def _press_toggle(self) -> None:
        log = self._log
        if log is None:
            return
        now = self._is_open.get(log.id, self._unfinished)
        self._is_open[log.id] = not now
        call = self._desk.calls.get(log.id) or log.call
        self._show_rows(call, expanded=not now)

    def _add_follow_up(self) -> bool:
        """Put what was typed into the notes as a line that makes a follow-up; False when it names no day."""
        typed = self.later_task.text().strip().lstrip("!！").strip()
        if not typed:
            return True
        line = f"!{typed}"
        here = local(self._desk.clock.now(), self._desk.login.zone())
        if read_line(line, here, month_first=self._desk.lines.region() in MONTH_FIRST) is None:
            self._say(self.tr("Begin with a day or a time, such as “tomorrow 3pm” or “11/27”."))
            self.later_task.setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        self.later_task.clear()
        self.follow_up.emit(line)
        return True

    def _say(self, text: str) -> None:
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
