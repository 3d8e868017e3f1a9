"""The call panel: a live call with its buttons, or a past one with what became of it; notes in both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.domain.call import Call, CallState, Direction
from app.domain.call_log import CallLog
from app.domain.events import (
    CallChanged,
    CallLogChanged,
    CallSoundChanged,
    CrmStateChanged,
    DevicesListed,
    MatchChanged,
    OutboxChanged,
)
from app.domain.local_time import local
from app.errors import AppError
from ui import present
from ui.call_facts import CallFacts
from ui.call_head import CallHead
from ui.call_notes import CallNotes
from ui.call_quality import CallFigures, CallRemark
from ui.call_sync import CallSync
from ui.components import Button, ButtonKind, IconButton, PlainLabel, Tone
from ui.components.paint import antialiased, rounded
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, ColourRole
from ui.follow_up_chips import FollowUpChips
from ui.keypad import ToneKeypad
from ui.tall_area import TallArea
from ui.wrapup_panel import WrapupPanel

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator

_BARS = {
    CallState.DIALING: ColourRole.BORDER_STRONG,
    CallState.RINGING: ColourRole.BORDER_STRONG,
    CallState.ACTIVE: ColourRole.LIVE,
    CallState.HELD: ColourRole.WAIT,
    CallState.ENDED: ColourRole.BORDER,
}


class CallPanel(QWidget):
    """One call. Buttons keep their places in every state; End stands apart. `grown` when it wants another height."""

    grown = Signal()

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._call_id = ""
        self._call: Call | None = None
        self.head = CallHead(desk, self)
        self.name, self.timer, self.state = self.head.name, self.head.timer, self.head.state
        self.new_person = self.head.new_person
        self.head.opened.connect(self._open_record)
        self.head.new_wanted.connect(lambda: nav.contact_wanted.emit(self._call.number if self._call else ""))
        self._warning = PlainLabel("", self, role=ColourRole.DANGER_TEXT, wrap=True)
        self._warning.hide()
        self.mute = IconButton("mic", self.tr("Mute"), self, show_word=True, checkable=True, shortcut=self.tr("Ctrl+M"))
        self.hold = IconButton(
            "pause", self.tr("Hold"), self, show_word=True, checkable=True, tone=Tone.WAIT,
            shortcut=self.tr("Ctrl+Shift+H"),
        )  # fmt: skip
        self.mute.keep_room(self.tr("Mute"), self.tr("Muted"))
        self.hold.keep_room(self.tr("Hold"), self.tr("Resume"))
        self.keys = IconButton("keypad", self.tr("Keypad"), self, show_word=True, checkable=True)
        self.tones = ToneKeypad(self.keys)
        self.tones.digit.connect(self._send_tone)
        self.tones.closed.connect(lambda: self.keys.setChecked(False))
        self.go = Button(self.tr("Answer"), ButtonKind.ANSWER, "phone", self)
        self.end = Button(self.tr("End"), ButtonKind.DANGER, "phone-off", self)
        self.past = CallFacts(desk, self)
        self.remark = CallRemark(self.mute.sizeHint().height(), self)
        self.figures = CallFigures(desk, nav, self)
        self.sync = CallSync(desk, self)
        self.notes = CallNotes(desk, self)
        self.follow_ups = FollowUpChips(self)
        self.wrapup = WrapupPanel(desk, nav, self)
        self.mute.clicked.connect(lambda: self._do("mute"))
        self.hold.clicked.connect(lambda: self._do("hold"))
        self.keys.clicked.connect(self._toggle_tones)
        self.go.clicked.connect(self._press_go)
        self.end.clicked.connect(lambda: self._do("end"))
        self.follow_ups.dropped.connect(lambda id: desk.wrapup.drop_follow_up(self._call_id, id))
        self.wrapup.follow_up.connect(self.notes.add_line)
        for answered in (self.wrapup.logged, self.wrapup.left):
            answered.connect(lambda _: self._wrapped_up())
        self._log_keys = [QShortcut(QKeySequence(keys), self) for keys in ("Ctrl+Return", "Ctrl+Enter")]
        for keys in self._log_keys:
            keys.setAutoRepeat(False)
            keys.activated.connect(self._press_log)
        self._lay_out()
        desk.hub.subscribe(CallChanged, lambda event: self._told(event.call_id))
        desk.hub.subscribe(CallLogChanged, lambda event: self._told(event.call_id))
        desk.hub.subscribe(CallSoundChanged, lambda event: self._sounds(event.call_id))
        desk.hub.subscribe(MatchChanged, self._matched)
        desk.hub.subscribe(DevicesListed, lambda _: self.refresh())
        desk.hub.subscribe(OutboxChanged, lambda _: self._refresh_sync())
        desk.hub.subscribe(CrmStateChanged, lambda _: self._refresh_sync())
        theme().changed.connect(self.update)

    def _lay_out(self) -> None:
        live = QWidget(self)
        buttons = QHBoxLayout(live)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(SPACE.unit)
        for button in (self.mute, self.hold, self.keys):
            buttons.addWidget(button)
        buttons.addSpacing(SPACE.inside)
        buttons.addWidget(self.remark, 1)
        self._left = QStackedWidget(self)
        self._left.addWidget(live)
        self._left.addWidget(self.past)
        self._left.setMinimumHeight(self.mute.sizeHint().height())
        controls = QHBoxLayout()
        controls.setSpacing(SPACE.inside)
        controls.addWidget(self._left, 1)
        controls.addWidget(self.go)
        controls.addWidget(self.end)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.between, SPACE.gap, SPACE.between, SPACE.gap)
        column.setSpacing(SPACE.inside)
        column.addWidget(self.head)
        column.addWidget(self._warning)
        column.addLayout(controls)
        column.addWidget(self._scrolling(), 1)
        column.addWidget(self.wrapup.foot)
        column.addWidget(self.sync)
        column.addWidget(self.figures)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _scrolling(self) -> QWidget:
        """What the rep adds; it scrolls where the window is too low for all of it."""
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.inside)
        for part in (self.notes, self.follow_ups, self.wrapup):
            column.addWidget(part)
        column.addStretch(1)
        return TallArea(inside, self)

    @property
    def call_id(self) -> str:
        """The call that shows; empty when none does."""
        return self._call_id

    @property
    def call(self) -> Call | None:
        """The call as last read."""
        return self._call

    def show_call(self, call_id: str) -> bool:
        """Show a call, live or past; False when nobody knows it."""
        call, log = self._read(call_id)
        if call is None:
            return False
        if call_id != self._call_id:
            self.wrapup.keep_typed()
            self.tones.close_overlay()
            self._call_id = call_id
            self.notes.open(call_id, log.notes if log else "")
        self._show(call, log)
        return True

    def clear(self) -> None:
        """Show no call."""
        self.keep_all()
        self.wrapup.close_call()
        self.tones.close_overlay()
        self._call_id, self._call = "", None

    def keep_all(self) -> None:
        """Store what was typed, also what was not entered yet: the page or the window goes."""
        self.wrapup.keep_typed()
        self.flush()

    def flush(self) -> None:
        """Store what was typed."""
        self.notes.flush()
        self.wrapup.flush()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.grown.emit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.wrapup.wraps_up:
            self.flush()
            self.wrapup.press_later()
            return
        super().keyPressEvent(event)

    def _wrapped_up(self) -> None:
        self._keep_place_of_end(False)  # who has pressed Log or Later since means End no more
        self.refresh()

    def _press_log(self) -> None:
        if self.wrapup.wraps_up:
            self.notes.flush()
            self.wrapup.press_log()

    def tick(self) -> None:
        """A second has passed."""
        self.head.tick(self._call)

    def refresh(self) -> None:
        """Read the call again."""
        if self._call_id:
            call, log = self._read(self._call_id)
            if call is not None:
                self._show(call, log)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        state = self._call.state if self._call else CallState.ENDED
        bar = QRectF(SPACE.unit, SPACE.between, SPACE.unit - 1, METRICS.strip)
        rounded(painter, bar, bar.width() / 2, _BARS[state])
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().colour(ColourRole.BORDER))
        painter.end()

    def _told(self, call_id: str) -> None:
        if call_id == self._call_id:
            was_live = self._call is not None and self._call.is_live
            self.refresh()
            if was_live and self._call is not None and not self._call.is_live:
                self.flush()

    def _matched(self, event: MatchChanged) -> None:
        if self._call is not None and event.number in {"", self._call.number}:
            self.refresh()

    def _read(self, call_id: str) -> tuple[Call | None, CallLog | None]:
        try:
            log = self._desk.reads.call_log(call_id)
        except AppError as error:
            self._nav.trouble.emit(error)
            log = None
        return self._desk.calls.get(call_id) or (log.call if log else None), log

    def _show(self, call: Call, log: CallLog | None) -> None:
        before, self._call = self._call, call
        match = self._desk.matching.known(call.number)
        self.head.show_call(call, log, match)
        self._show_warning(call)
        self._show_buttons(call, before)
        self._show_sound(call)
        if not call.is_live:
            self.past.show_call(call)
        self.sync.show_log(log if not call.is_live else None)
        if log is not None:
            self.notes.stored_changed(log.notes)
        self._show_follow_ups(log)
        self.wrapup.show_call(call, log, match)
        for keys in self._log_keys:
            keys.setEnabled(self.wrapup.wraps_up)
        if self.wrapup.wraps_up:
            self.figures.hide()  # it needs the room, and nobody reads them meanwhile
        waiting = call.is_live and not call.is_connected
        self.notes.set_locked(self.tr("Notes open when the call connects or ends") if waiting else "")
        self.update()

    def _sounds(self, call_id: str) -> None:
        call = self._desk.calls.get(call_id)
        if call is not None and call.is_live and call_id == self._call_id:
            self._show_sound(call)

    def _show_sound(self, call: Call) -> None:
        sound = self._desk.calls.quality(call.id)
        self.head.marks.show_call(call, sound)
        self.remark.show_call(call, sound)
        self.figures.show_call(call)

    def _show_follow_ups(self, log: CallLog | None) -> None:
        try:
            today = local(self._desk.clock.now(), self._desk.login.zone()).date()
            self.follow_ups.show_all(self._desk.reads.follow_ups(log.id) if log is not None else (), today)
        except AppError as error:
            self._nav.trouble.emit(error)

    def _show_warning(self, call: Call) -> None:
        # When no device could be opened at all, the window's own bar says so for every call.
        no_sound = call.is_live and call.no_sound and not self._desk.lines.devices.problem
        self._warning.setText(
            self.tr("No sound in this call: choose another microphone or speaker in Settings.") if no_sound else ""
        )
        self._warning.setVisible(no_sound)

    def _show_buttons(self, call: Call, before: Call | None) -> None:
        ringing = call.direction is Direction.IN and call.state is CallState.RINGING
        self._left.setCurrentIndex(0 if call.is_live else 1)
        for button in (self.mute, self.hold):
            button.setEnabled(call.is_connected and not call.hanging_up)
        self.keys.setEnabled(call.state is CallState.ACTIVE and not call.hanging_up)
        self.mute.setChecked(call.muted)
        self.mute.set_icon_name("mic-off" if call.muted else "mic")
        self.mute.set_word(self.tr("Muted") if call.muted else self.tr("Mute"))
        self.hold.setChecked(call.state is CallState.HELD)
        self.hold.set_icon_name("play" if call.state is CallState.HELD else "pause")
        self.hold.set_word(self.tr("Resume") if call.state is CallState.HELD else self.tr("Hold"))
        if call.state is not CallState.ACTIVE:
            self.tones.close_overlay()
        same = before is not None and before.id == call.id
        just_ended = same and before is not None and before.is_live and not call.is_live
        if just_ended:
            self._keep_place_of_end(True)
        elif not same:
            self._keep_place_of_end(False)
        self.end.setVisible(call.is_live)
        self.end.setEnabled(not call.hanging_up)
        self.end.set_word(self.tr("Reject") if ringing else self.tr("End"))
        self.go.setVisible(ringing or (not call.is_live and present.is_number(call.number)))
        self.go.set_word(self.tr("Answer") if ringing else self.tr("Call again"))
        self.go.setEnabled(not (call.is_live and call.hanging_up))  # an ended call was hung up, and stays so
        # The button that ended the call is gone: without this the keyboard would be nowhere.
        if just_ended and self._holds_focus():
            self.notes.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_place_of_end(self, keep: bool) -> None:
        """A second press meant for End must not meet Call again: its place stays empty until another call is shown."""
        policy = self.end.sizePolicy()
        policy.setRetainSizeWhenHidden(keep)
        self.end.setSizePolicy(policy)

    def _holds_focus(self) -> bool:
        relation = self.wrapup.relation  # folded away until the ended call is stored
        buttons = (self.end, self.mute, self.hold, self.keys, relation.button, relation.browser, relation.remove)
        return any(button.hasFocus() for button in buttons)

    def _refresh_sync(self) -> None:
        if self._call is not None and not self._call.is_live:
            _, log = self._read(self._call_id)
            self.sync.show_log(log)

    def _do(self, what: str) -> None:
        call = self._call
        if call is None:
            return
        calls = self._desk.calls
        try:
            match what:
                case "mute":
                    calls.mute(call.id, not call.muted)
                case "hold" if call.state is CallState.HELD:
                    calls.resume(call.id)
                case "hold":
                    calls.hold(call.id)
                case _:
                    calls.hangup(call.id)
        except AppError as error:
            self._nav.trouble.emit(error)
        self.refresh()  # a checked button shows what is, not what was asked

    def _press_go(self) -> None:
        call = self._call
        if call is None:
            return
        if not call.is_live:
            self._nav.call_wanted.emit(call.number, call.line, "")
            return
        try:
            self._desk.calls.answer(call.id)
        except AppError as error:
            self._nav.trouble.emit(error)

    def _toggle_tones(self) -> None:
        if self.tones.is_open:
            self.tones.close_overlay()
        elif self._call is not None:
            self.keys.setChecked(True)
            self.tones.open_for(self.name.word)

    def _send_tone(self, digit: str) -> None:
        try:
            self._desk.calls.digits(self._call_id, digit)
        except AppError as error:
            self._nav.trouble.emit(error)

    def _open_record(self) -> None:
        match = self._desk.matching.known(self._call.number) if self._call else None
        if match is not None and match.chosen is not None:
            self._nav.record_wanted.emit(match.chosen.ref)
