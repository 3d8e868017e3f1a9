"""Call strips: every live call whose page is not open stays in sight, one 40-px strip each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.call import Call, CallState
from app.domain.events import CallChanged, CallSoundChanged, MatchChanged
from app.errors import AppError
from ui import present
from ui.call_quality import CallMarks, complaint_text
from ui.components import IconButton, StripBar, StripState, Tone
from ui.design.tokens import METRICS
from ui.incoming_info import rings

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator

_STATES = {
    CallState.DIALING: StripState.DIALING,
    CallState.RINGING: StripState.DIALING,
    CallState.ACTIVE: StripState.LIVE,
    CallState.HELD: StripState.HELD,
    CallState.ENDED: StripState.ENDED,
}


@dataclass(frozen=True, slots=True)
class _Strip:
    bar: StripBar
    marks: CallMarks
    mute: IconButton
    hold: IconButton


class CallStrips(QWidget):
    """The strips, oldest call first. A call that rings here has its banner instead."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._open = ""
        self._strips: dict[str, _Strip] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.setAccessibleName(self.tr("Live calls"))
        desk.hub.subscribe(CallChanged, lambda _: self.refresh())
        desk.hub.subscribe(CallSoundChanged, lambda _: self.refresh())
        desk.hub.subscribe(MatchChanged, lambda _: self.refresh())
        self.refresh()

    def set_open(self, call_id: str) -> None:
        """The call whose page is open needs no strip."""
        if call_id != self._open:
            self._open = call_id
            self.refresh()

    def strip(self, call_id: str) -> StripBar | None:
        """The strip of a call, None when it has none."""
        found = self._strips.get(call_id)
        return found.bar if found else None

    def refresh(self) -> None:
        """Read the live calls again."""
        shown = [call for call in self._desk.calls.live() if call.id != self._open and not rings(call)]
        for gone in set(self._strips) - {call.id for call in shown}:
            bar = self._strips.pop(gone).bar
            self._column.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        for call in shown:
            if call.id not in self._strips:
                self._strips[call.id] = self._make(call.id)
            self._show(self._strips[call.id], call)
        self.setVisible(bool(shown))

    def tick(self) -> None:
        """A second has passed."""
        for call in self._desk.calls.live():
            strip = self._strips.get(call.id)
            if strip is not None:
                self._show_time(strip.bar, call)

    def _make(self, call_id: str) -> _Strip:
        bar = StripBar(self)
        mute = IconButton("mic", self.tr("Mute"), bar, checkable=True, size=METRICS.control)
        hold = IconButton("pause", self.tr("Hold"), bar, checkable=True, tone=Tone.WAIT, size=METRICS.control)
        marks = CallMarks(bar)
        bar.add_mark(marks)
        bar.add_button(mute)
        bar.add_button(hold)
        mute.clicked.connect(lambda: self._do(call_id, "mute"))
        hold.clicked.connect(lambda: self._do(call_id, "hold"))
        bar.ended.connect(lambda: self._do(call_id, "end"))
        bar.opened.connect(lambda: self._nav.call_opened.emit(call_id))
        self._column.addWidget(bar)
        return _Strip(bar, marks, mute, hold)

    def _show(self, strip: _Strip, call: Call) -> None:
        region = self._desk.lines.region(call.line)
        match = self._desk.matching.known(call.number)
        title = present.person_title(match, call, region)
        number = present.number_text(call.number, region)
        company = match.chosen.company if match.chosen else ""
        strip.bar.set_call(title, company or (number if title != number else ""), number=title == number)
        sound = self._desk.calls.quality(call.id)
        strip.marks.show_call(call, sound)
        complaint = complaint_text(sound.complaint) if sound is not None and call.state is CallState.ACTIVE else ""
        word = complaint or present.call_state_text(call)
        strip.bar.set_state(_STATES[call.state], word, remark=bool(complaint))
        self._show_time(strip.bar, call)
        held = call.state is CallState.HELD
        for button in (strip.mute, strip.hold):
            button.setEnabled(call.is_connected and not call.hanging_up)
        strip.mute.setChecked(call.muted)
        strip.mute.set_icon_name("mic-off" if call.muted else "mic")
        strip.mute.set_word(self.tr("Unmute") if call.muted else self.tr("Mute"))
        strip.hold.setChecked(held)
        strip.hold.set_icon_name("play" if held else "pause")
        strip.hold.set_word(self.tr("Resume") if held else self.tr("Hold"))

    def _show_time(self, bar: StripBar, call: Call) -> None:
        if call.answered is not None:
            bar.set_time(present.duration_text(int((self._desk.clock.now() - call.answered).total_seconds())))

    def _do(self, call_id: str, what: str) -> None:
        calls = self._desk.calls
        call = calls.get(call_id)
        if call is None:
            return
        try:
            match what:
                case "mute":
                    calls.mute(call_id, not call.muted)
                case "hold" if call.state is CallState.HELD:
                    calls.resume(call_id)
                case "hold":
                    calls.hold(call_id)
                case _:
                    calls.hangup(call_id)
        except AppError as error:
            self._nav.trouble.emit(error)
        self.refresh()
