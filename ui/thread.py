"""One conversation: its bubbles, and the composer below them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QHelpEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedLayout, QToolTip, QVBoxLayout, QWidget

from app.desk import Desk
from app.domain.call import Direction
from app.domain.counterpart import LineState
from app.domain.events import ConversationChanged, LinesChanged, LineStateChanged, MessageStored
from app.domain.local_time import rep_day
from app.domain.phone_number import parse
from app.errors import AppError, ErrorCode
from app.reads.rows import MessageRow
from ui.components import BubbleData, BubbleList, Button, EmptyState, Separator, clean_text
from ui.components.labels import plain_tip
from ui.composer import Composer
from ui.design.tokens import SPACE
from ui.models import Watch
from ui.navigator import Navigator
from ui.present import is_number
from ui.thread_rows import ThreadModel, bubbles_of
from ui.words import error_sentence

__all__ = ["ThreadView"]

_PAGE = 60
_AHEAD = 400  # pixels before the top at which older texts are read
_DAY_CHECK = 30_000  # ms


class ThreadList(BubbleList):
    """Bubbles with a menu to copy them, a tooltip for their state, and a way back to the newest."""

    older_wanted = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.jump = Button(self.tr("Newest"), icon="chevron-down", parent=self, small=True)
        self.jump.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # End does the same by keyboard
        self.jump.hide()
        self.jump.clicked.connect(self.scrollToBottom)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._show_jump())

    def keep_place(self, change: Callable[[], None]) -> None:
        """Let rows change without moving what is read; at the end it stays at the end."""
        bar = self.verticalScrollBar()
        stay = self.at_end()
        top = self._first_whole()
        anchor = QPersistentModelIndex(top)
        was = self.visualRect(top).top()
        change()
        self.executeDelayedItemsLayout()
        if stay:
            self.scrollToBottom()
        elif anchor.isValid():
            bar.setValue(bar.value() + self.visualRect(QModelIndex(anchor)).top() - was)  # type: ignore[call-overload]

    def _first_whole(self) -> QModelIndex:
        """The first entry in sight that is not the very top one, whose day line may leave it."""
        inside = self.viewport().rect()
        at = self.indexAt(QPoint(inside.center().x(), 1))
        model = self.model()
        below = model.index(at.row() + 1, 0) if at.isValid() and model is not None else QModelIndex()
        return below if below.isValid() and self.visualRect(below).top() < inside.bottom() else at

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        bubble = self.bubble_at(index)
        if bubble is None:
            return
        menu = self.menu_for(bubble, index)
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos())

    def menu_for(self, bubble: BubbleData, index: QModelIndex) -> QMenu:
        """What can be done with one text."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = QAction(self.tr("Copy text"), menu)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(clean_text(bubble.text)))
        menu.addAction(copy)
        if bubble.retry:
            place = QPersistentModelIndex(index)
            again = QAction(bubble.retry, menu)
            again.triggered.connect(lambda: self._retry(place))
            menu.addAction(again)
        return menu

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            bubble = self.bubble_at(self.indexAt(event.pos()))
            told = (bubble.failure or bubble.tick_word) if bubble is not None else ""
            QToolTip.showText(event.globalPos(), plain_tip(told), self) if told else QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_jump()

    def _retry(self, place: QPersistentModelIndex) -> None:
        if place.isValid():
            self.retry_requested.emit(QModelIndex(place))  # type: ignore[call-overload]

    def _scrolled(self, value: int) -> None:
        self._show_jump()
        if value < _AHEAD:
            self.older_wanted.emit()

    def _show_jump(self) -> None:
        bar = self.verticalScrollBar()
        self.jump.setVisible(bar.maximum() - bar.value() > self.viewport().height() // 2 > 0)

    def _place_jump(self) -> None:
        size = self.jump.sizeHint()
        left = (self.viewport().width() - size.width()) // 2
        self.jump.setGeometry(QRect(QPoint(left, self.viewport().height() - size.height() - SPACE.inside), size))


class ThreadView(QWidget):
    """The texts with one number on one line. Main thread."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._line = ""
        self._number = ""
        self._rows: list[MessageRow] = []
        self._before = ""  # where older texts go on
        self._first_unread = ""
        self._moved: set[str] = set()  # messages that events named since the last look
        self._stale = False
        self._busy = False
        self._day = ""
        self.setAccessibleName(self.tr("Conversation"))
        self.model = ThreadModel()
        self.model.setParent(self)
        self.list = ThreadList(self.tr("Messages"), self)
        self.list.setModel(self.model)
        self.composer = Composer(desk, nav, self)
        self.empty = EmptyState("message", "", "", self)
        self._lay_out()
        watch = Watch(desk.hub, self._look, self)
        watch.on(ConversationChanged, MessageStored, when=self._is_mine)
        Watch(desk.hub, self._show_line, self).on(LineStateChanged, LinesChanged)
        self._days = QTimer(self)
        self._days.setInterval(_DAY_CHECK)
        self._days.timeout.connect(self._check_day)
        self._days.start()
        self.list.older_wanted.connect(self._older)
        self.list.retry_requested.connect(self._retry)
        self.composer.sent.connect(self._sent)
        self.close_thread()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.list)
        self._pages.addWidget(self.empty)
        column.addLayout(self._pages, 1)
        self._rule = Separator(self)
        column.addWidget(self._rule)
        column.addWidget(self.composer)

    @property
    def shown(self) -> tuple[str, str]:
        """(line, number) of the open conversation; empty texts when none is."""
        return self._line, self._number

    def open(self, line: str, number: str) -> None:
        """Show this conversation. An empty line means the default one; a number may be as typed."""
        try:
            line = line or self._desk.lines.choose().id
            is_new = self._desk.reads.conversation(line, number) is None
            if is_new and is_number(number) and not number.startswith("+"):
                number = parse(number, self._desk.lines.region(line)).value
        except AppError as error:
            self.close_thread()
            self.empty.set_words(self.tr("No conversation"), error_sentence(error))
            return
        if (line, number) == (self._line, self._number):
            self._look()
            self._see()
            return
        self._line, self._number = line, number
        self._moved.clear()
        self._rows, self._before = [], ""
        self._day = self._today()
        try:
            page = self._desk.reads.thread(line, number, limit=_PAGE)
            self._rows, self._before = list(page.rows), page.after
            self._first_unread = self._oldest_unread()
            self.composer.open(line, number)
        except AppError as error:
            self.close_thread()
            self.empty.set_words(self.tr("This conversation cannot be shown"), error_sentence(error))
            return
        self.model.replace_all(self._bubbles())
        self.composer.show()
        self._rule.show()
        self._show_page()
        self._show_line()
        self.list.executeDelayedItemsLayout()
        self.list.scrollToBottom()
        self._see()

    def close_thread(self) -> None:
        """Show none. What was typed is kept as its draft."""
        self.composer.close_thread()
        self._line = self._number = self._first_unread = self._before = ""
        self._rows = []
        self.model.replace_all(())
        self.composer.hide()
        self._rule.hide()
        self.empty.set_words(self.tr("No conversation open"), self.tr("Choose one, or start a new message."))
        self._pages.setCurrentWidget(self.empty)

    def focus_composer(self) -> None:
        """Put the keyboard into the text field."""
        self.composer.focus()

    def insert_text(self, text: str) -> None:
        """Put a text into the composer; nothing is sent."""
        self.composer.insert_text(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._look()
        self._see()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # What was new when the rep came has been seen; what comes from here on is new.
        self._first_unread = ""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self._see()
        return super().event(event)

    # reading

    def _is_mine(self, event: ConversationChanged | MessageStored) -> bool:
        mine = (event.line, event.number) == (self._line, self._number)
        if mine and isinstance(event, MessageStored):
            self._moved.add(event.message_id)
        return mine

    def _look(self) -> None:
        if not self._number:
            return
        if not self.isVisible():
            self._stale = True
            return
        away = self._stale or not self._is_seen()
        self._stale = False
        try:
            self._rows = self._looked_again()
            if away and not self._first_unread:
                self._first_unread = self._oldest_unread()
        except AppError as error:
            self._nav.trouble.emit(error)
            return
        self._show()
        self._see()

    def _looked_again(self) -> list[MessageRow]:
        """The newest page over what is shown, and the older messages that events named."""
        page = self._desk.reads.thread(self._line, self._number, limit=_PAGE)
        fresh = {row.id for row in page.rows}
        known = {row.id for row in self._rows}
        if known and not known & fresh:
            # More came than fits on one page: what is between is read by scrolling up.
            self._before = page.after
            return list(page.rows)
        older = [row for row in self._rows if row.id not in fresh]
        moved, self._moved = self._moved - fresh, set()
        for at, row in enumerate(older):
            if row.id in moved and (message := self._desk.reads.message(row.id)) is not None:
                older[at] = MessageRow.of(message)
        if not known:
            self._before = page.after
        return older + list(page.rows)

    def _older(self) -> None:
        if not self._before or self._busy:
            return
        self._busy = True  # putting rows above moves the scroll bar, which asks again
        try:
            page = self._desk.reads.thread(self._line, self._number, before=self._before, limit=_PAGE)
            known = {row.id for row in self._rows}
            self._rows[:0] = [row for row in page.rows if row.id not in known]
            self._before = page.after
            self._show()
        except AppError as error:
            self._nav.trouble.emit(error)
        finally:
            self._busy = False

    def _oldest_unread(self) -> str:
        found = self._desk.reads.conversation(self._line, self._number)
        unread = found.unread if found is not None else 0
        came = [row.id for row in self._rows if row.direction is Direction.IN]
        return came[-min(unread, len(came))] if unread and came else ""

    def _bubbles(self) -> list[BubbleData]:
        return bubbles_of(self._rows, self._today(), first_unread=self._first_unread)

    def _today(self) -> str:
        return rep_day(self._desk.clock.now(), self._desk.login.zone())

    def _show(self) -> None:
        self._show_page()
        self.list.keep_place(lambda: self.model.set_rows(self._bubbles()))

    def _show_page(self) -> None:
        if self._rows:
            self._pages.setCurrentWidget(self.list)
            return
        self.empty.set_words(self.tr("No texts yet"), self.tr("What you write below is the first one."))
        self._pages.setCurrentWidget(self.empty)

    def _check_day(self) -> None:
        today = self._today()
        if self._number and today != self._day:
            self._day = today
            self._show()

    # seeing and doing

    def _is_seen(self) -> bool:
        return self.isVisible() and self.window().isActiveWindow()

    def _see(self) -> None:
        """The rep has the thread before them: its texts are read."""
        if not self._number or not self._is_seen():
            return
        try:
            found = self._desk.reads.conversation(self._line, self._number)
        except AppError as error:
            self._nav.trouble.emit(error)
            return
        if found is not None and found.unread:
            self._desk.messages.mark_read(self._line, self._number)

    def _retry(self, index: QModelIndex) -> None:
        bubble = self.list.bubble_at(index)
        if bubble is not None and bubble.retry:
            self._desk.messages.retry(bubble.key)

    def _sent(self) -> None:
        self._first_unread = ""
        self._show()
        self.list.scrollToBottom()

    def _show_line(self) -> None:
        if not self._number:
            return
        status = self._desk.lines.status(self._line)
        waits = status is not None and status.state is not LineState.REGISTERED
        # The window's bar says what is wrong with the line; here only what that means for a text.
        self.composer.set_note(self.tr("Not connected: texts wait here") if waits else "")
        if not is_number(self._number):
            self.composer.block(self.tr("The sender hid the number: there is nobody to answer."))
        elif status is None:
            self.composer.block(error_sentence(AppError(ErrorCode.LINE_UNKNOWN, line=self._line)))
        else:
            self.composer.block("")
