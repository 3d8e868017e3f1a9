"""Shell: the inside of the window. Hears every wish of the panes and every event of the app, and arranges."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

from app.domain.events import (
    CallChanged,
    CallFinished,
    CallLogChanged,
    ConversationChanged,
    MessageStored,
    RaiseAsked,
)
from app.domain.phone_number import parse
from app.errors import AppError, ErrorCode
from ui import present
from ui.after_call import AfterCall
from ui.call_strip import CallStrips
from ui.commands import commands
from ui.current_call import CurrentCall
from ui.design.tokens import MOTION
from ui.dialler import Dialler
from ui.incoming import Incoming
from ui.incoming_banner import IncomingBanner
from ui.incoming_popup import IncomingCards
from ui.keypad import DialKeypad, ToneKeypad
from ui.link_taker import LinkTaker
from ui.navigator import Navigator
from ui.notifications import Notifications
from ui.notifier_chain import notifier_of
from ui.provisioning import Provisioning
from ui.rail import Page
from ui.shield import ClickShield
from ui.sign_in import SignInBar
from ui.status_bar import StatusBars
from ui.suggest import Command, Suggest
from ui.tray import Tray
from ui.tray_icon import state_icon
from ui.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.desk import Desk
    from app.domain.counterpart import RecordRef
    from ui.main_window import MainWindow

_COUNT_SOON = 60  # milliseconds: many events make one look at the store


class Shell(QObject):
    """Main thread. Lives as long as its window."""

    def __init__(self, desk: Desk, window: MainWindow, open_url: Callable[[QUrl], bool]) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._open_url = open_url
        self.nav = Navigator(self)
        self.provisioning = Provisioning(desk, self.nav, window)
        self.incoming = Incoming(desk, self.nav)
        # First of all who listens: the card of a call must not wait for what else the call moves in the window.
        self.cards = IncomingCards(desk, self.incoming, window)
        self.status = StatusBars(desk, self.nav, self.provisioning.ask, lambda: self.show_page(Page.SETTINGS), window)
        self.sign_in_bar = SignInBar(desk, self.nav, open_url, window)
        self.banner = IncomingBanner(desk, self.incoming, window)
        self.strips = CallStrips(desk, self.nav, window)
        self.workspace = Workspace(desk, self.nav, self.provisioning, window)
        self.tray = Tray(desk, self.nav, window) if Tray.may_come() else None
        self.after_call = AfterCall(
            desk, self.nav, self.workspace.page, self.workspace.close_what_is_open, self.status.wrap_up, self
        )
        self.call = CurrentCall(desk, self.nav, lambda: self.workspace.page.call_id)
        self.notifications = Notifications(desk, self.nav, looked_at=self._looked_at, come_forward=window.come_forward)
        self._notifier = notifier_of(sys.platform, self.tray, self.status.offer, self.notifications.acted, self)
        self.notifications.use(self._notifier)
        self._badge = 0
        self._page = Page.CALLS
        self._talking: set[str] = set()
        bar = window.top_bar
        self.suggest = Suggest(desk, self.nav, self._make_commands(), self)
        bar.attach(desk)
        self.dialler = Dialler(desk, self.nav, bar, self.status, self._open_call)
        self.suggest.wish.line = bar.chosen_line
        bar.field.attach(self.suggest)
        self.links = LinkTaker(
            desk,
            self.nav,
            bar.field,
            self.workspace,
            self.status,
            open_thread=lambda number: self._open_typed(number, ""),
            is_writing=lambda: self._is_typing() and (window.isActiveWindow() or self.talks),
        )
        self._dial_keypad = DialKeypad(bar.keypad_button)
        self._tone_keypad = ToneKeypad(bar.keypad_button, align_right=True)
        self._clock = QTimer(self)
        self._clock.setInterval(MOTION.clock)
        self._clock.timeout.connect(self._tick)
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(_COUNT_SOON)
        self._count_soon.timeout.connect(self.count)
        self.shield = ClickShield(self.workspace, *self.bars)
        self._connect()
        self._subscribe()
        self._shortcuts()

    @property
    def bars(self) -> tuple[QWidget, ...]:
        """What stands between the top bar and the workspace, top first."""
        return self.status, self.sign_in_bar, self.banner, self.strips

    @property
    def page(self) -> Page:
        """The page of the rail that shows."""
        return self._page

    @property
    def has_tray(self) -> bool:
        """Whether the window can be hidden and found again. A panel may come and go while the app runs."""
        return self.tray is not None and Tray.is_available()

    @property
    def talks(self) -> bool:
        """Is somebody on a call?"""
        return any(call.is_connected for call in self._desk.calls.live())

    def start(self, link: str | None) -> None:
        """Show the first page, and what a link asked for."""
        self.show_page(Page.CALLS)
        self._opened()
        self.count()
        self._watch_time()
        if link:
            self.links.take(link)
        elif not isinstance(self._window.focusWidget(), QLineEdit):
            # Qt has given the keyboard to the first button of the window. Who types a number at once means the field.
            self._window.top_bar.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Store what was typed."""
        self.workspace.flush()

    def end(self) -> None:
        """The app ends: nothing of it stays on the screen."""
        self._clock.stop()
        self.cards.close()
        self._notifier.close()
        if self.tray is not None:
            self.tray.hide()

    def seen(self) -> None:
        """The rep is looking at the window."""
        if self._page is Page.CALLS:
            self._mark_calls_seen()

    def show_page(self, page: Page) -> None:
        """Show a page of the rail."""
        self._page = page
        self._window.rail.show_page(page)
        self.workspace.show_page(page)
        if self._window.isActiveWindow():
            self.seen()

    def count(self) -> None:
        """Read the badges again."""
        try:
            counts = self._desk.reads.counts()
        except AppError as error:
            self.nav.trouble.emit(error)
            return
        self._window.rail.set_counts(counts.missed, counts.unread)
        self._show_badge(counts.missed + counts.unread)

    def _show_badge(self, waiting: int) -> None:
        """What waits, on the tray, on the window's icon and where the system has counts in its task bar."""
        if self.tray is not None:
            self.tray.set_waiting(waiting)
        if waiting != self._badge:
            self._badge = waiting
            self._window.setWindowIcon(state_icon(None, waiting))
            application = QGuiApplication.instance()
            if isinstance(application, QGuiApplication):
                application.setBadgeNumber(waiting)

    def _looked_at(self) -> tuple[str, str] | None:
        """The conversation before the rep's eyes; None when they look elsewhere."""
        if not self._window.isActiveWindow() or not self._window.isVisible():
            return None
        return self.workspace.page.thread_of if self.workspace.currentIndex() == 0 else ("", "")

    # the wishes of panes

    def _connect(self) -> None:
        nav, bar = self.nav, self._window.top_bar
        nav.text_wanted.connect(self._text)
        nav.thread_opened.connect(self._open_thread)
        nav.outbox_wanted.connect(self._show_outbox)
        nav.call_opened.connect(self._open_call)
        nav.person_opened.connect(self._open_person)
        nav.record_wanted.connect(self._open_record)
        nav.url_wanted.connect(self._browse)
        nav.field_wanted.connect(self._window.focus_field)
        self._window.rail.page_chosen.connect(lambda name: self.show_page(Page(name)))
        bar.keypad_pressed.connect(self._toggle_keypad)
        bar.details_pressed.connect(self._toggle_details)
        bar.import_pressed.connect(self.provisioning.ask)
        bar.outbox_pressed.connect(self.nav.outbox_wanted)
        bar.line_chosen.connect(self._choose_line)
        self._dial_keypad.digit.connect(bar.field.type_digit)
        self._dial_keypad.backspace.connect(bar.field.erase)
        self._dial_keypad.call_pressed.connect(self._call_from_keypad)
        self._tone_keypad.digit.connect(self.call.tone)
        self.workspace.page.call_shown.connect(lambda _: self._opened())
        self.workspace.currentChanged.connect(lambda _: self._opened())
        self.workspace.offer.accepted.connect(self._took_offer)
        self.workspace.settings.line_chosen.connect(self._line_chosen)
        self.workspace.folded_changed.connect(bar.details.setVisible)
        self.workspace.details_changed.connect(bar.details.setChecked)
        if self.tray is not None:
            self.tray.open_wanted.connect(self._window.come_forward)
            self.tray.quit_wanted.connect(self._window.quit)

    def _text(self, number: str, line: str) -> None:
        if self._open_typed(number, line):
            self.workspace.page.thread_view.focus_composer()

    def _open_typed(self, number: str, line: str) -> bool:
        try:
            chosen = self._desk.lines.choose(line or self._window.top_bar.chosen_line)
            key = parse(number, chosen.region).value
        except AppError as error:
            self.nav.trouble.emit(error)
            return False
        self._open_thread(chosen.id, key)
        return True

    def _open_thread(self, line: str, number: str) -> None:
        self.status.settle()
        self._leave_settings()
        self.workspace.open_thread(line, number)

    def _show_outbox(self) -> None:
        self._leave_settings()
        self.workspace.show_outbox()

    def _open_call(self, call_id: str) -> None:
        self._leave_settings()
        if not self.workspace.open_call(call_id):
            self.nav.trouble.emit(AppError(ErrorCode.LOG_UNKNOWN, call=call_id))

    def _open_person(self, ref: RecordRef) -> None:
        self._leave_settings()
        self.workspace.open_person(ref)

    def _open_record(self, ref: RecordRef) -> None:
        url = self._desk.cards.url(ref)
        if not url:
            self.nav.trouble.emit(self._desk.login.status.problem or AppError(ErrorCode.CRM_SIGNED_OUT))
            return
        self._browse(url)

    def _browse(self, address: str) -> None:
        url = QUrl(address)
        if url.scheme() not in {"https", "http"} or not self._open_url(url):
            self.status.tell(self.tr("No browser could be opened for this page."))

    def _leave_settings(self) -> None:
        if self._page is Page.SETTINGS:
            self.show_page(Page.CALLS)

    def _opened(self) -> None:
        in_sight = self.workspace.currentIndex() == 0
        self.strips.set_open(self.workspace.page.call_id if in_sight else "")
        self.status.set_first_step(in_sight and self.workspace.page.asks_for_line)

    # what happens in the app

    def _subscribe(self) -> None:
        hub = self._desk.hub
        for kind in (CallFinished, CallLogChanged, MessageStored, ConversationChanged):
            hub.subscribe(kind, lambda _: self._count_soon.start())
        hub.subscribe(CallFinished, lambda _: self._finished())
        hub.subscribe(CallChanged, self._call_changed)
        hub.subscribe(RaiseAsked, lambda _: self._window.come_forward())

    def _finished(self) -> None:
        if self._window.isActiveWindow():
            self.seen()

    def _call_changed(self, event: CallChanged) -> None:
        self._watch_time()
        call = self._desk.calls.get(event.call_id)
        talking = call is not None and call.is_connected
        fresh = talking and event.call_id not in self._talking
        self._talking = {live.id for live in self._desk.calls.live() if live.is_connected}
        # Who has just dialled or answered goes on with notes. Anything being typed elsewhere keeps the keyboard.
        if fresh and event.call_id == self.workspace.page.call_id and not self._is_typing():
            self.workspace.page.panel.notes.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_typing(self) -> bool:
        at, field = self._window.focusWidget(), self._window.top_bar.field
        if at is field:
            return bool(field.text())
        return isinstance(at, QLineEdit | QTextEdit | QPlainTextEdit)

    def _watch_time(self) -> None:
        self._tick()
        if not self.talks:
            self._clock.stop()
        elif not self._clock.isActive():
            self._clock.start()
        if self.call.active() is None:
            self._tone_keypad.close_overlay()

    def _tick(self) -> None:
        self.workspace.page.panel.tick()
        self.strips.tick()

    def _mark_calls_seen(self) -> None:
        if self._desk.reads.counts().missed:
            self._desk.calls.mark_seen(self.count)

    # the top bar

    def _choose_line(self, line: str) -> None:
        self.suggest.wish.line = line
        self._window.top_bar.field.refresh()

    def _line_chosen(self) -> None:
        self._window.top_bar.refresh()
        self._choose_line(self._window.top_bar.chosen_line)

    def _took_offer(self, host: str) -> None:
        self.status.notice(self.tr("The settings from {host} are in use.").format(host=host))

    def _toggle_keypad(self) -> None:
        for pad in (self._dial_keypad, self._tone_keypad):
            if pad.is_open:
                pad.close_overlay()
                return
        active = self.call.active()
        if active is None:
            self._window.top_bar.field.hide_offers()
            self._dial_keypad.open()
        else:
            match = self._desk.matching.known(active.number)
            region = self._desk.lines.region(active.line)
            self._tone_keypad.open_for(present.person_title(match, active, region))

    def _call_from_keypad(self) -> None:
        self._dial_keypad.close_overlay()
        self._window.top_bar.field.submit()

    def _toggle_details(self) -> None:
        self.workspace.show_details(not self.workspace.details_shown)

    def _make_commands(self) -> tuple[Command, ...]:
        return commands(
            self._desk,
            self.call,
            keypad=self._toggle_keypad,
            settings=lambda: self.show_page(Page.SETTINGS),
            choose_mode=self.workspace.settings.choose_mode,
            import_file=self.provisioning.ask,
            sign_in=self.nav.sign_in_wanted.emit,
            outbox=self.nav.outbox_wanted.emit,
            leave=self._window.quit,
        )

    # keys

    def _shortcuts(self) -> None:
        keys: dict[str, Callable[[], None]] = {
            "F4": lambda: self.incoming.answer(self.incoming.first()),
            "Shift+F4": lambda: self.incoming.reject(self.incoming.first()),
            "Ctrl+M": self.call.mute,
            "Ctrl+Shift+H": self.call.hold,
            "Ctrl+Shift+E": self.call.end,
            "Ctrl+1": lambda: self._go(Page.CALLS),
            "Ctrl+2": lambda: self._go(Page.MESSAGES),
            "Ctrl+3": lambda: self._go(Page.PEOPLE),
            "Ctrl+,": lambda: self._go(Page.SETTINGS),
            "Ctrl+D": self._toggle_details,
        }
        for sequence, act in keys.items():
            self._window.shortcut(sequence, act)

    def _go(self, page: Page) -> None:
        self.show_page(page)
        self.workspace.focus_list()
