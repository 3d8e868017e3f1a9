"""The sidebar: what Salesforce knows of the number or person in front of the rep.

What is known here shows at once; Salesforce is asked behind it and changes only what differs. While it cannot be
reached, what is known stays, over a muted word: the window's bar says the rest.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.desk import Desk
from app.domain.counterpart import NO_MATCH, CrmRecord, Match, RecordRef
from app.domain.events import CallFinished, CardChanged, CrmStateChanged, MatchChanged, MessageStored
from app.domain.local_time import rep_day
from app.errors import ErrorCode
from app.usecases.login import CrmState
from ui.components import Banner, BannerKind, EmptyState, PlainLabel, Skeleton
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole
from ui.models import Watch
from ui.navigator import Navigator
from ui.new_contact import NewContact
from ui.new_contact_number import NumberPlace
from ui.present import is_number
from ui.sidebar_about import AboutCall
from ui.sidebar_card import CardBody
from ui.sidebar_chooser import Chooser
from ui.sidebar_fresh import FreshTimeline
from ui.sidebar_local import local_history
from ui.sidebar_nobody import NobodyBody
from ui.sidebar_parts import CallTarget, ThreadTarget
from ui.sidebar_undo import UndoBar
from ui.words import error_sentence

__all__ = ["Sidebar"]


class Sidebar(QWidget):
    """One number or record at a time. Main thread. `person_changed` when another record shows, or none."""

    person_changed = Signal()
    asks = Signal(str)  # of which number it asks now who of several has it; empty for none

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._number = ""
        self._line = ""
        self._name = ""
        self._ref: RecordRef | None = None
        self._wish: RecordRef | None = None  # chosen here, not stored yet
        self._told: RecordRef | None = None  # what `person_changed` was last about
        self._made_contact = False  # the rep went to the browser to make one
        self.setAccessibleName(self.tr("Salesforce"))
        self.banner = Banner(BannerKind.ERROR, "", self)
        self.note = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED)
        self.note.setContentsMargins(SPACE.between, 0, SPACE.between, 0)
        self.note.setFixedHeight(METRICS.control)
        self.undo = UndoBar(desk, self)
        self.who = Chooser(self)
        self.card = CardBody(self)
        self.about = AboutCall(desk, nav, self)
        self.nobody = NobodyBody(desk, self)
        self.form = NewContact(desk, self)
        self.place = NumberPlace(desk, self)
        self._doing: QWidget | None = None  # the form or the choice of a field, while the rep is at it
        self.nothing = EmptyState(
            "user",
            self.tr("Nobody chosen"),
            self.tr("What Salesforce knows of somebody appears here."),
            self,
            within=self,
        )
        self.skeleton = Skeleton(5)
        self._lay_out()
        self.watch = Watch(desk.hub, self._show, self)
        Watch(desk.hub, self._crm_changed, self).on(CrmStateChanged)
        self.watch.on(MatchChanged, when=self._is_mine)
        self.watch.on(CardChanged, when=lambda event: event.ref == self._ref)
        self.watch.on(CallFinished)
        FreshTimeline(desk, lambda: (self._number, self._ref), self)
        self.watch.on(MessageStored, when=lambda event: event.number == self._number)
        self.about.changed.connect(self._show)
        self.card.acted.connect(lambda entry: self.about.press(entry, self._usable_line()))
        self.banner.acted.connect(self._again)
        self.card.who.refresh_wanted.connect(self._again)
        self.who.chosen.connect(self._choose)
        self.nobody.new_wanted.connect(self._new_contact)
        self.nobody.added.connect(self._add)
        self.form.made.connect(self._took)
        self.form.known.connect(self._add)
        self.form.page_wanted.connect(self._new_in_browser)
        self.place.done.connect(self._took)
        for doing in (self.form, self.place):
            doing.left.connect(self._leave)
        self.undo.undone.connect(self._undone)
        self.undo.failed.connect(nav.trouble)
        for body in (self.card, self.nobody):
            body.opened.connect(self._open)
            body.call_wanted.connect(self._call)
            body.text_wanted.connect(self._text)
        self._show()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.who)
        for body in (self.card, self.nobody, self.form, self.place):
            column.addWidget(body)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its parts have the keyboard, and scroll into sight
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        # The blank page under the skeleton: nothing shows for its first 150 ms.
        blank = QWidget(self)
        filled = QVBoxLayout(blank)
        filled.setContentsMargins(0, SPACE.inside, 0, 0)
        filled.addWidget(self.skeleton)
        filled.addStretch(1)
        self._pages = QStackedWidget(self)
        self._blank = blank
        for page in (self.nothing, self._scroll, blank):
            self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.banner)
        whole.addWidget(self.undo)
        whole.addWidget(self._pages, 1)
        whole.addWidget(self.note)  # at the foot: nothing moves when Salesforce goes or comes back

    @property
    def person(self) -> RecordRef | None:
        """The record that shows, None for nobody or one of several not chosen."""
        return self._ref

    def show_number(self, number: str, line: str, name: str = "") -> None:
        """Show whose number this is; ``name`` is what the network says of it."""
        if (number, line, name) == (self._number, self._line, self._name):
            return
        if is_number(number):
            self._desk.matching.look_up(number)
        self._turn_to(number, line, name)

    def start_new(self, number: str) -> None:
        """Ask who has this number, which shows; nothing happens when another one does or somebody has it."""
        if number == self._number and self._ref is None and is_number(number):
            self._new_contact()

    def show_record(self, ref: RecordRef) -> None:
        """Show this record."""
        if ref == self._ref and not self._number:
            return
        self._turn_to(ref=ref)

    def clear(self) -> None:
        """Show nobody."""
        self._turn_to()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate and self._made_contact and self._number:
            # Back from the browser: the contact may be there now.
            self._desk.matching.look_up(self._number, fresh=True)
        return super().event(event)

    # showing

    def _turn_to(self, number: str = "", line: str = "", name: str = "", *, ref: RecordRef | None = None) -> None:
        self._number, self._line, self._name = number, line, name
        self._ref, self._wish = ref, None
        self.who.forget_order()
        self._made_contact = False
        self._doing = None
        self._scroll.verticalScrollBar().setValue(0)
        if self._ref is not None:
            self._desk.cards.load(self._ref)
        self._show()

    def _crm_changed(self) -> None:
        """Salesforce is back: ask what could not be asked, and what has become old."""
        if self._desk.login.status.state is CrmState.SIGNED_IN:
            if is_number(self._number):
                self._desk.matching.look_up(self._number)
            if self._ref is not None:
                self._desk.cards.load(self._ref)
        self._show()

    def _is_mine(self, event: MatchChanged) -> bool:
        return event.number in {"", self._number}

    def _is_waiting(self) -> bool:
        """Was Salesforce asked about the number for the first time, and has it not answered yet?"""
        number = self._number
        return (
            is_number(number)
            and self._desk.matching.is_asking(number)
            and self._desk.reads.looked_up(number) is None
        )  # fmt: skip

    def _show(self) -> None:
        self._show_all()
        self.undo.show_number(self._number if self._doing is None else "")
        self.asks.emit("" if self.who.isHidden() or self._pages.currentWidget() is not self._scroll else self._number)
        if self._ref != self._told:
            self._told = self._ref
            self.person_changed.emit()

    def _show_all(self) -> None:
        if not self._number and self._ref is None and not self._line:
            self.banner.hide()
            self.note.hide()
            self._pages.setCurrentWidget(self.nothing)
            return
        for doing in (self.form, self.place):
            doing.setVisible(doing is self._doing)
        if self._doing is not None:
            for other in (self.banner, self.who, self.card, self.nobody):
                other.hide()
            self._show_page()
            return
        match = self._desk.matching.known(self._number) if is_number(self._number) else NO_MATCH
        self._follow(match)
        record = self._record(match)
        self._show_banner()
        self.who.show_match(match, self._ref)
        if record is not None:
            self._show_card(record)
        elif (not match.records and self._is_waiting()) or (
            self._ref is not None and self._desk.cards.is_loading(self._ref)
        ):
            self._show_skeleton()
        else:
            self._show_none(match)

    def _follow(self, match: Match) -> None:
        """The record shown is the chosen one; a new one is loaded."""
        if not self._number:
            return
        ref = match.chosen.ref if match.chosen is not None else None
        if ref == self._wish:
            self._wish = None
        ref = self._wish or ref
        if ref != self._ref and ref is not None:
            self._ref = ref
            self._made_contact = False
            self._desk.cards.load(ref)
        elif ref is None and self._ref not in {record.ref for record in match.records}:
            self._ref = None

    def _record(self, match: Match) -> CrmRecord | None:
        if self._ref is None:
            return None
        card = self._desk.cards.known(self._ref)
        if card is not None:
            return card.record
        known = next((record for record in match.records if record.ref == self._ref), None)
        return known or self._desk.reads.person(self._ref.id)

    def _show_card(self, record: CrmRecord) -> None:
        assert self._ref is not None
        card, loading = self._desk.cards.known(self._ref), self._desk.cards.is_loading(self._ref)
        now = self._desk.clock.now()
        self.nobody.hide()
        self.card.show()
        self.card.show_record(
            record,
            card,
            here=self._number,
            region=self._desk.lines.region(self._line),
            now=now,
            today=rep_day(now, self._desk.login.zone()),
            loading=loading,
            local=local_history(self._desk, self._nav, self._number) if card is None and not loading else (),
            about=lambda phones: self.about.stand(self._number, record.ref, phones),
        )
        self._show_page()

    def _show_none(self, match: Match) -> None:
        self.card.hide()
        # A record that could not be loaded is not nobody: the bar above says what happened.
        self.nobody.setVisible(self._ref is None)
        if self._ref is None:
            self.nobody.show_number(
                self._number,
                self._name,
                self._desk.lines.region(self._line),
                several=bool(match.records),
                signed_in=self._desk.login.status.state is not CrmState.SIGNED_OUT,
                local=local_history(self._desk, self._nav, self._number),
            )
        self._show_page()

    def _show_page(self) -> None:
        self.skeleton.stop()
        self._pages.setCurrentWidget(self._scroll)

    def _show_skeleton(self) -> None:
        self.skeleton.start()
        self._pages.setCurrentWidget(self._blank)

    def _show_banner(self) -> None:
        state = self._desk.login.status.state
        problem = self._desk.cards.problem(self._ref) if self._ref is not None else None
        said = ""
        if state is CrmState.SIGNED_OUT:
            said = self.tr("Not signed in: what is known here")
        elif state is CrmState.OFFLINE or (problem is not None and problem.code is ErrorCode.CRM_OFFLINE):
            said = self.tr("Salesforce offline: what is known here")
        self.note.setText(said)
        self.note.setVisible(bool(said))
        # What went wrong with this one record is told nowhere else.
        own = not said and problem is not None and self._ref is not None and not self._desk.cards.is_loading(self._ref)
        if own and problem is not None:
            self.banner.show_text(BannerKind.ERROR, error_sentence(problem), self.tr("Retry"))
        self.banner.setVisible(own)

    # doing

    def _again(self) -> None:
        if self._number:
            self._desk.matching.look_up(self._number, fresh=True)
        if self._ref is not None:
            self._desk.cards.load(self._ref, fresh=True)
        self._show()

    def _choose(self, ref: RecordRef) -> None:
        if ref != self._ref:
            self._ref = self._wish = ref
            self._desk.cards.load(ref)
            self._desk.matching.choose(self._number, ref)
            self.watch.soon()

    def _new_contact(self) -> None:
        self._doing = self.form
        self._show()
        self.form.begin(self._number, self._desk.lines.region(self._line), self._name)

    def _new_in_browser(self) -> None:
        url = self._desk.cards.new_contact_url(self._number)
        if url:
            self._made_contact = True
            self._nav.url_wanted.emit(url)

    def _add(self, record: CrmRecord) -> None:
        self._doing = self.place
        self._show()
        self.place.begin(self._number, self._desk.lines.region(self._line), record)

    def _took(self, record: CrmRecord) -> None:
        """The number is somebody's now."""
        self._doing = None
        self.form.forget()
        self._ref = self._wish = record.ref
        self._desk.cards.load(record.ref, fresh=True)
        self._show()
        self.card.who.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self._doing = None
        self._show()
        if not self.nobody.isHidden():
            self.nobody.new_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _undone(self) -> None:
        self._ref = self._wish = None
        self.watch.soon()

    def _open(self, target: object) -> None:
        match target:
            case RecordRef():
                self._nav.record_wanted.emit(target)
            case CallTarget(id=id):
                self._nav.call_opened.emit(id)
            case ThreadTarget(line=line, number=number):
                self._nav.thread_opened.emit(line, number)

    def _call(self, number: str) -> None:
        self._nav.call_wanted.emit(number, self._usable_line(), self._ref.id if self._ref is not None else "")

    def _text(self, number: str) -> None:
        self._nav.text_wanted.emit(number, self._usable_line())

    def _usable_line(self) -> str:
        return self._line if self._desk.lines.get(self._line) is not None else ""
