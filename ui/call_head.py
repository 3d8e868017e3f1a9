"""The head of a call's page: who it is, with what number, how long, and in which state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.call import Call, CallState
from app.domain.call_log import CallLog
from app.usecases.login import CrmState
from ui import present
from ui.call_quality import CallMarks
from ui.components import DotState, PlainLabel
from ui.components.labels import plain_tip
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight
from ui.name_link import NameLink
from ui.sidebar_parts import LinkText
from ui.state_word import StateWord

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.counterpart import Match

_DOTS = {
    CallState.DIALING: DotState.CONNECTING,
    CallState.RINGING: DotState.CONNECTING,
    CallState.ACTIVE: DotState.READY,
    CallState.HELD: DotState.HELD,
    CallState.ENDED: DotState.OFF,
}
_LINE = SPACE.page - SPACE.unit  # pixels: as high with the link as without, so nothing moves when somebody is found


class CallHead(QWidget):
    """Two lines. `opened` when the name is pressed, `new_wanted` when nobody has the number and somebody should."""

    opened = Signal()
    new_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.name = NameLink(self)
        self.timer = PlainLabel("", self, size=TYPE.call, weight=Weight.MEDIUM, number=True, tabular=True)
        self.company = PlainLabel("", self, role=ColourRole.MUTED)
        self.number = PlainLabel("", self, role=ColourRole.MUTED, number=True, tabular=True, selectable=True)
        self.no_calls = PlainLabel(self.tr("Do not call"), self, weight=Weight.MEDIUM, role=ColourRole.DANGER_TEXT)
        self.new_person = LinkText(self, role=ColourRole.ACCENT_TEXT)
        self.new_person.set_word(self.tr("New contact"))
        self.new_person.setToolTip(plain_tip(self.tr("Make a contact of this number, or add it to somebody")))
        self.marks = CallMarks(self)
        self.state = StateWord(self)
        self.name.clicked.connect(self.opened)
        self.new_person.clicked.connect(self.new_wanted)
        title = QHBoxLayout()
        title.setSpacing(SPACE.between)
        title.addWidget(self.name, 1)
        title.addWidget(self.timer)
        who = QHBoxLayout()
        who.setSpacing(SPACE.inside)
        who.addStrut(_LINE)
        for part in (self.company, self.number, self.no_calls, self.new_person):
            who.addWidget(part)
        who.addStretch(1)
        who.addWidget(self.marks)
        who.addWidget(self.state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.half)
        column.addLayout(title)
        column.addLayout(who)

    def show_call(self, call: Call, log: CallLog | None, match: Match) -> None:
        """Show whose call this is and how it stands."""
        self._show_who(call, log, match)
        word = present.call_state_text(call) if call.is_live else self.tr("Ended")
        roles = {CallState.ACTIVE: ColourRole.LIVE_TEXT, CallState.HELD: ColourRole.WAIT_TEXT}
        self.state.show_state(_DOTS[call.state], word, roles.get(call.state, ColourRole.MUTED))
        if call.is_connected:
            self.tick(call)
        else:
            self.timer.setText(present.duration_text(call.duration) if call.answered else "")

    def tick(self, call: Call | None) -> None:
        """A second has passed."""
        if call is not None and call.is_connected and call.answered is not None:
            seconds = (self._desk.clock.now() - call.answered).total_seconds()
            self.timer.setText(present.duration_text(int(seconds)))

    def _show_who(self, call: Call, log: CallLog | None, match: Match) -> None:
        region = self._desk.lines.region(call.line)
        title = present.person_title(match, call, region)
        if not match.records and log is not None and log.person:
            title = log.person
        number = present.number_text(call.number, region)
        self.name.show_name(title, linked=match.chosen is not None, number=title == number)
        company = match.chosen.company if match.chosen else ""
        if len(match.records) > 1 and match.chosen is None:
            company = self.tr("{count} people have this number").format(count=len(match.records))
        elif not match.records and title == number and present.is_number(call.number):
            company = present.country_name(call.number)
        self.company.setText(company)
        self.company.setVisible(bool(company))
        self.number.setText("" if title == number else number)
        self.number.setVisible(bool(self.number.text()))
        self.no_calls.setVisible(match.not_to_be_called(log.about if log is not None else "") is not None)
        nobody = not match.records and present.is_number(call.number)
        self.new_person.setVisible(nobody and self._desk.login.status.state is not CrmState.SIGNED_OUT)
