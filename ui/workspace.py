"""The workspace: list, conversation and card side by side, and the settings page over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QWidget

from app.domain.phone_number import parse
from app.errors import AppError
from ui.components import Separator
from ui.components.focus import reason_after
from ui.conversation_page import ConversationPage
from ui.conversations import ConversationsList
from ui.design.theme import theme
from ui.design.tokens import METRICS, ColourRole
from ui.offer_page import OfferPage
from ui.outbox_page import OutboxPage
from ui.people import PeopleList
from ui.rail import Page
from ui.recents import RecentsList
from ui.settings_page import SettingsPage
from ui.sidebar import Sidebar
from ui.tab_order import first_stop

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.counterpart import RecordRef
    from ui.navigator import Navigator
    from ui.provisioning import Provisioning


class _Side(QFrame):
    """The card's place: a column at the right, or laid over the conversation where there is no room."""

    left = Signal()

    def __init__(self, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        column = QHBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Separator(self, vertical=True))
        column.addWidget(content, 1)
        self.setFixedWidth(METRICS.card)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour(ColourRole.SURFACE))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class Workspace(QStackedWidget):
    """Decides what is open. `folded_changed` when the card's place comes or goes."""

    folded_changed = Signal(bool)
    details_changed = Signal(bool)

    def __init__(self, desk: Desk, nav: Navigator, provisioning: Provisioning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._folded = False
        self._page = Page.CALLS  # the list that shows, or lies below the settings
        self._below_offer: QWidget | None = None
        self._below_outbox: QWidget | None = None
        self.calls = RecentsList(desk, nav, self)
        self.conversations = ConversationsList(desk, nav, self)
        self.people = PeopleList(desk, nav, self)
        self.page = ConversationPage(desk, nav, provisioning.ask, self)
        self.sidebar = Sidebar(desk, nav, self)
        self.settings = SettingsPage(desk, nav, provisioning.ask, self)
        self.offer = OfferPage(desk, self)
        self.offer.closed.connect(self._offer_answered)
        self.outbox = OutboxPage(desk, nav, self)
        self.outbox.closed.connect(self._leave_outbox)
        self._lists = QStackedWidget(self)
        self._lists.setFixedWidth(METRICS.list)
        self._lists.addWidget(self.calls)
        self._lists.addWidget(self.conversations)
        self._lists.addWidget(self.people)
        self._panes = QWidget(self)
        row = QHBoxLayout(self._panes)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._lists)
        row.addWidget(Separator(self, vertical=True))
        row.addWidget(self.page, 1)
        self._side = _Side(self.sidebar, self._panes)
        self._side.left.connect(lambda: self.show_details(False))
        row.addWidget(self._side)
        self._row: QHBoxLayout = row
        self.addWidget(self._panes)
        self.addWidget(self.settings)
        self.addWidget(self.offer)
        self.addWidget(self.outbox)
        self.page.call_shown.connect(lambda _: self._mark())
        self.sidebar.person_changed.connect(self._mark)
        self._asked = ""
        self.sidebar.asks.connect(self._card_asks)
        self.details_changed.connect(lambda _: self._card_asks(self._asked))
        self.page.clear()
        nav.contact_wanted.connect(self._new_contact)

    @property
    def folded(self) -> bool:
        """Whether the card lies over the conversation instead of beside it."""
        return self._folded

    @property
    def details_shown(self) -> bool:
        """Whether the card is in sight."""
        return not self._side.isHidden()

    def show_page(self, page: Page) -> None:
        """Show a page of the rail; what is open in the middle stays."""
        match page:
            case Page.SETTINGS:
                self.setCurrentWidget(self.settings)
                return
            case Page.CALLS:
                self._lists.setCurrentWidget(self.calls)
            case Page.MESSAGES:
                self._lists.setCurrentWidget(self.conversations)
            case Page.PEOPLE:
                self._lists.setCurrentWidget(self.people)
        self._page = page
        self.setCurrentWidget(self._panes)

    def show_offer(self, url: str) -> None:
        """Show what a link offers, over everything else; answered, it leaves what was there before."""
        if self.currentWidget() is not self.offer:
            self._below_offer = self.currentWidget()
        self.setCurrentWidget(self.offer)
        self.offer.ask(url)

    def show_outbox(self) -> None:
        """Show what waits for Salesforce, over everything else; closed, it leaves what was there before."""
        if self.currentWidget() is not self.outbox:
            self._below_outbox = self.currentWidget()
        self.setCurrentWidget(self.outbox)
        self.outbox.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_outbox(self) -> None:
        if self.currentWidget() is self.outbox:
            self.setCurrentWidget(self._below_outbox or self._panes)

    def _offer_answered(self) -> None:
        if self.currentWidget() is self.offer:
            self.setCurrentWidget(self._below_offer or self._panes)

    def focus_list(self, reason: Qt.FocusReason = Qt.FocusReason.ShortcutFocusReason) -> None:
        """Put the keyboard on the list that shows."""
        if self.currentWidget() is self.settings:
            first = first_stop(self.settings)
            if first is not None:
                first.setFocus(reason)
            return
        match self._page:
            case Page.MESSAGES:
                self.conversations.focus_first(reason)
            case Page.PEOPLE:
                self.people.focus_first(reason)
            case _:
                self.calls.focus_first(reason)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab walks on. What vanishes under the keyboard gives it to the list, not to its neighbour.

        That may be "Call", and the next key would dial.
        """
        now = self.window().focusWidget()
        walks = now is None or (now.isVisible() and now.isEnabled())
        if walks or self.currentWidget() is not self._panes:
            return super().focusNextPrevChild(next)
        self.focus_list(reason_after(now))
        return True

    def open_call(self, call_id: str) -> bool:
        """Show a call with its texts and its person. False when nobody knows the call."""
        if not self.page.show_call(call_id):
            return False
        call = self.page.panel.call
        assert call is not None
        self.setCurrentWidget(self._panes)
        self.sidebar.show_number(call.number, call.line, call.name)
        return True

    def open_thread(self, line: str, number: str) -> None:
        """Show the texts with a number and its person."""
        self.setCurrentWidget(self._panes)
        self.page.show_thread(line, number)
        self.sidebar.show_number(number, line)

    def open_person(self, ref: RecordRef) -> None:
        """Show a person's card, and the texts with the first number there is."""
        self.setCurrentWidget(self._panes)
        number = self._number_of(ref)
        if number:
            self.page.show_thread(self._desk.lines.choose().id, number)
        self.sidebar.show_record(ref)
        if self._folded:
            self.show_details(True)

    def close_what_is_open(self) -> None:
        """Nothing is open; with the card over it, only the card goes."""
        if self._folded and self.details_shown:
            self.show_details(False)
            return
        self.page.clear()
        self.sidebar.clear()

    def show_details(self, shown: bool) -> None:
        """Show or hide the card where it is folded away."""
        if not self._folded:
            return
        focus = self._side.window().focusWidget()
        reason = reason_after(focus)
        self._side.setVisible(shown)
        self._place_side()
        if shown:
            self._side.raise_()
        elif focus is not None and self._side.isAncestorOf(focus):
            self.focus_list(reason)
        self.details_changed.emit(shown)

    def flush(self) -> None:
        """Store what was typed."""
        self.page.flush()
        self.sidebar.form.flush()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        folded = self.window().width() < METRICS.fold_below
        if folded != self._folded:
            self._folded = folded
            if folded:
                self._row.removeWidget(self._side)
                self._side.hide()
            else:
                self._row.addWidget(self._side)
                self._side.show()
            self.folded_changed.emit(folded)
            self.details_changed.emit(self.details_shown)
        self._place_side()

    def _new_contact(self, number: str) -> None:
        """The card asks who has the number, and comes into sight where it is folded away."""
        self.show_details(True)
        self.sidebar.start_new(number)

    def _mark(self) -> None:
        """Each list marks what is open, whoever opened it."""
        self.calls.select(self.page.call_id)
        self.conversations.select(self.page.thread_of)
        self.people.select(self.sidebar.person or "")

    def _card_asks(self, number: str) -> None:
        self._asked = number
        self.page.panel.wrapup.ask_beside(number if self.details_shown else "")

    def _place_side(self) -> None:
        if self._folded:
            width = METRICS.card
            self._side.setGeometry(QRect(self.width() - width, 0, width, self.height()))

    def _number_of(self, ref: RecordRef) -> str:
        """The first number of a person that can be texted, as its key; empty without one or without a line."""
        try:
            person = self._desk.reads.person(ref.id)
            region = self._desk.lines.choose().region
        except AppError:
            return ""
        for _, stored in person.phones if person else ():
            try:
                return parse(stored, region).value
            except AppError:
                continue
        return ""
