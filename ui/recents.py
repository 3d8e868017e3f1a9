"""Recent calls: live ones on top, then everything that was, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.desk import Desk
from app.domain.call import Call, CallState, Direction, Outcome
from app.domain.call_log import Synced
from app.domain.counterpart import RecordRef
from app.domain.events import CallChanged, CallFinished, CallLogChanged, CallRang, LinesChanged, MatchChanged
from app.reads.rows import Page, RecentFilter, RecentRow
from ui.components import RowData, RowMark, RowRole
from ui.components.rows import CALL, TEXT
from ui.design.tokens import MOTION, ColourRole
from ui.list_pane import ListHead, ListPane
from ui.models import PagedModel, Watch
from ui.navigator import Navigator
from ui.present import (
    call_state_text,
    duration_text,
    is_number,
    number_text,
    outcome_word,
    person_title,
    time_text,
    went_wrong,
)

__all__ = ["RecentsList"]


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call that has not ended, as the list shows it."""

    call: Call
    title: str
    company: str
    record: RecordRef | None
    named: bool

    @property
    def id(self) -> str:
        """The call's id: the row stays the same one when the call ends."""
        return self.call.id


Item = RecentRow | LiveCall


class RecentsList(ListPane[Item]):
    """The calls. Main thread."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        self._filter = RecentFilter.ALL
        super().__init__(desk, nav, self.tr("Calls"), "phone", parent)
        self._clock = QTimer(self)
        self._clock.setInterval(MOTION.clock)
        self._clock.timeout.connect(self._tick)

    @property
    def filter(self) -> RecentFilter:
        """Which calls show."""
        return self._filter

    def set_filter(self, which: RecentFilter) -> None:
        """Show only these calls."""
        if which is not self._filter:
            self._filter = which
            self._chips[which].setChecked(True)
            self.reload()

    def make_model(self) -> PagedModel[Item]:
        return PagedModel(self._page, lambda row: row.id, self._words, self, pinned=self._live)

    def make_head(self) -> QWidget:
        head = ListHead("", self)
        words = {
            RecentFilter.ALL: self.tr("All", "calls"),
            RecentFilter.MISSED: self.tr("Missed", "calls"),
            RecentFilter.IN: self.tr("In", "calls"),
            RecentFilter.OUT: self.tr("Out", "calls"),
        }
        self._chips = head.add_choices(words, self._filter, self.set_filter)
        return head

    def watch(self, watch: Watch) -> None:
        watch.on(CallFinished, LinesChanged, MatchChanged)
        # A live call comes and changes often (hold, mute): only the rows on top, which are not of the store, are made
        # anew then.
        watch.on(CallLogChanged, when=lambda event: not self._is_live(event.call_id))
        self._names = Watch(self.desk.hub, self.model.forget_words, self).on(MatchChanged)
        self._live_watch = Watch(self.desk.hub, self._live_changed, self).on(CallRang, CallChanged)

    def empty_words(self) -> tuple[str, str, str]:
        match self._filter:
            case RecentFilter.MISSED:
                return self.tr("No missed calls"), self.tr("Calls you could not take appear here."), ""
            case RecentFilter.IN:
                return self.tr("No incoming calls"), self.tr("Calls you take appear here."), ""
            case RecentFilter.OUT:
                return self.tr("No outgoing calls"), self.tr("Calls you make appear here."), ""
            case RecentFilter.UNDECIDED:
                return (
                    self.tr("Everybody is known"),
                    self.tr("Calls wait here when several people have the number and you have not said who it was."),
                    "",
                )
            case _:
                may_dial = bool(self.desk.lines.all())
                return (
                    self.tr("No calls yet"),
                    self.tr("Calls you make and take appear here."),
                    self.tr("Dial a number") if may_dial else "",
                )

    def first_step(self) -> None:
        self.nav.field_wanted.emit()

    def open_row(self, row: Item) -> None:
        self.nav.call_opened.emit(row.id)

    def open_record(self, row: Item) -> bool:
        if row.record is None:
            return False
        self.nav.record_wanted.emit(row.record)
        return True

    def act(self, row: Item, action: str) -> None:
        number, line = (row.call.number, row.call.line) if isinstance(row, LiveCall) else (row.number, row.line)
        line = line if self.desk.lines.get(line) is not None else ""
        if action == CALL:
            self.nav.call_wanted.emit(number, line, row.record.id if row.record else "")
        elif action == TEXT:
            self.nav.text_wanted.emit(number, line)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._live_changed()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _page(self, after: str, limit: int) -> Page[Item]:
        page = self.desk.reads.recents(before=after, limit=limit, filter=self._filter)
        # A call that has just ended may be stored a moment later: it is not shown as live by the page.
        return Page(tuple(row for row in page.rows if not row.live), page.after)

    def _live(self) -> Sequence[Item]:
        return [self._live_row(call) for call in reversed(self.desk.calls.live()) if self._shows(call)]

    def _is_live(self, call_id: str) -> bool:
        call = self.desk.calls.get(call_id)
        return call is not None and call.is_live

    def _shows(self, call: Call) -> bool:
        match self._filter:
            case RecentFilter.ALL:
                return True
            case RecentFilter.IN:
                return call.direction is Direction.IN
            case RecentFilter.OUT:
                return call.direction is Direction.OUT
            case RecentFilter.MISSED | RecentFilter.UNDECIDED:
                return False

    def _live_row(self, call: Call) -> LiveCall:
        match = self.desk.matching.known(call.number)
        chosen = match.chosen
        return LiveCall(
            call=call,
            title=person_title(match, call, self.desk.lines.region(call.line)),
            company=chosen.company if chosen else "",
            record=chosen.ref if chosen else None,
            named=bool(match.records or call.name),
        )

    def _live_changed(self) -> None:
        if not self.isVisible():
            return
        self.model.refresh_pinned()
        self._show_page()
        if any(call.is_connected for call in self.desk.calls.live()):
            self._clock.start()
        else:
            self._clock.stop()

    def _tick(self) -> None:
        for at in range(self.model.rowCount()):
            row = self.model.row(at)
            if not isinstance(row, LiveCall):
                break
            shown = self.model.index(at).data(RowRole.DATA)
            if isinstance(shown, RowData) and shown.time != self._talked(row.call):
                self.model.forget_word(at)

    def _words(self, row: Item) -> RowData:
        return self._live_words(row) if isinstance(row, LiveCall) else self._past_words(row)

    def _live_words(self, row: LiveCall) -> RowData:
        call = row.call
        number = number_text(call.number, self.desk.lines.region(call.line))
        held = call.state is CallState.HELD
        return RowData(
            key=row.id,
            title=row.title,
            subtitle=_joined(call_state_text(call), row.company or (number if row.named else "")),
            time=self._talked(call),
            icon="pause" if held else _icon(call.direction, None),
            icon_role=ColourRole.WAIT_TEXT if held else ColourRole.LIVE_TEXT,
            number=not row.named,
            current=call.is_connected and not held,
        )

    def _talked(self, call: Call) -> str:
        if call.answered is None or not call.is_connected:
            return ""
        return duration_text(int((self.desk.clock.now() - call.answered).total_seconds()))

    def _past_words(self, row: RecentRow) -> RowData:
        number = number_text(row.number, self.desk.lines.region(row.line))
        title = self.title(row.name, row.number, number)
        missed = row.outcome is Outcome.MISSED
        failed = went_wrong(row.outcome, row.reason)
        told = ""
        if row.outcome is not None and row.outcome is not Outcome.ANSWERED:
            told = outcome_word(row.outcome, row.reason)
        marks: list[RowMark] = []
        if row.synced is Synced.FAILED:
            marks.append(RowMark("alert", self.tr("Not in Salesforce"), ColourRole.DANGER_TEXT))
        if row.has_notes:
            marks.append(RowMark("note", self.tr("Has notes")))
        alert = told if missed or failed else ""
        return RowData(
            key=row.id,
            title=title,
            subtitle=_joined(
                "" if alert else told,
                row.company or (number if title != number else ""),
                duration_text(row.duration) if row.outcome is Outcome.ANSWERED else "",
            ),
            time=time_text(row.started, self.desk.clock.now()),
            icon=_icon(row.direction, row.outcome),
            icon_role=ColourRole.DANGER_TEXT if missed else ColourRole.MUTED,
            alert=alert,
            number=title == number,
            marks=tuple(marks),
            actions=self.call_and_text() if is_number(row.number) else (),
        )


def _icon(direction: Direction, outcome: Outcome | None) -> str:
    if outcome is Outcome.MISSED:
        return "phone-missed"
    return "phone-in" if direction is Direction.IN else "phone-out"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
