"""Conversations: who texted last, what is unread, what was left unsent; and the start of a new one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk import Desk
from app.domain.call import Direction
from app.domain.events import ConversationChanged, LinesChanged, MatchChanged, MessageStored
from app.domain.message import Delivery
from app.reads.rows import ConversationRow, Page
from ui.components import IconButton, RowAction, RowData
from ui.components.rows import CALL
from ui.design.tokens import SPACE, ColourRole
from ui.list_pane import ListHead, ListPane
from ui.models import PagedModel, Watch
from ui.navigator import Navigator
from ui.number_field import NumberField
from ui.present import is_number, number_text, time_text
from ui.text_suggest import TextSuggest

__all__ = ["ConversationsList"]


class ConversationsList(ListPane[ConversationRow]):
    """All threads, newest first. Main thread."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(desk, nav, self.tr("Messages"), "message", parent)

    def make_model(self) -> PagedModel[ConversationRow]:
        return PagedModel(self._page, lambda row: (row.line, row.number), self._words, self)

    def make_head(self) -> QWidget:
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = ListHead(self.tr("Messages"), whole)
        self.new_button = IconButton("plus", self.tr("New message"), head)
        self.new_button.clicked.connect(self.start_new)
        Watch(self.desk.hub, self._show_new, self).on(LinesChanged)
        self._show_new()
        head.line.addWidget(self.new_button)
        column.addWidget(head)
        self.new_field = NewMessage(self.desk, self.nav, whole)
        self.new_field.hide()
        column.addWidget(self.new_field)
        return whole

    def start_new(self) -> None:
        """Ask for the number of a new conversation."""
        self.new_field.ask()

    def _show_new(self) -> None:
        self.new_button.setVisible(bool(self.desk.lines.all()))

    def watch(self, watch: Watch) -> None:
        watch.on(ConversationChanged, MessageStored, MatchChanged, LinesChanged)
        self._names = Watch(self.desk.hub, self.model.forget_words, self).on(MatchChanged)

    def empty_words(self) -> tuple[str, str, str]:
        return (
            self.tr("No messages yet"),
            self.tr("Texts you send and receive appear here."),
            self.tr("New message") if self.desk.lines.all() else "",
        )

    def first_step(self) -> None:
        self.start_new()

    def open_row(self, row: ConversationRow) -> None:
        self.nav.thread_opened.emit(row.line, row.number)

    def open_record(self, row: ConversationRow) -> bool:
        if row.record is None:
            return False
        self.nav.record_wanted.emit(row.record)
        return True

    def act(self, row: ConversationRow, action: str) -> None:
        if action == CALL:
            line = row.line if self.desk.lines.get(row.line) is not None else ""
            self.nav.call_wanted.emit(row.number, line, row.record.id if row.record else "")

    def _page(self, after: str, limit: int) -> Page[ConversationRow]:
        return self.desk.reads.conversations(before=after, limit=limit)

    def _words(self, row: ConversationRow) -> RowData:
        number = number_text(row.number, self.desk.lines.region(row.line))
        title = self.title(row.name, row.number, number)
        alert, snippet, role = "", row.snippet, ColourRole.DANGER_TEXT
        if row.is_draft:
            snippet = self.tr("Draft: {text}").format(text=row.snippet)
        elif row.direction is Direction.OUT:
            snippet = self.tr("You: {text}").format(text=row.snippet)
            if row.delivery is Delivery.FAILED:
                alert, snippet = self.tr("Not sent"), row.snippet
            elif row.delivery is Delivery.UNKNOWN:
                alert, snippet, role = self.tr("May not have left"), row.snippet, ColourRole.WAIT_TEXT
        if len(self.desk.lines.all()) > 1:
            # The same person may have a thread on each line.
            snippet = f"{row.line} · {snippet}"
        return RowData(
            key=f"{row.line} {row.number}",
            title=title,
            subtitle=snippet,
            time=time_text(row.time, self.desk.clock.now()),
            avatar=row.name,
            alert=alert,
            alert_role=role,
            number=title == number,
            unread=row.unread,
            actions=(RowAction(CALL, "phone", self.tr("Call")),) if is_number(row.number) else (),
            spoken=self._spoken(row, title, alert, snippet),
        )

    def _spoken(self, row: ConversationRow, title: str, alert: str, snippet: str) -> str:
        unread = self.tr("{count} unread").format(count=row.unread) if row.unread else ""
        parts = (title, unread, alert, snippet, time_text(row.time, self.desk.clock.now()))
        return ", ".join(part for part in parts if part)


class NewMessage(QWidget):
    """One field for whom to write to, by name or number. Enter opens the conversation, Escape leaves."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = NumberField(
            self,
            placeholder=self.tr("Name or number to text"),
            icon="message",
            told=self.tr("Type a number or a name to write to somebody"),
        )
        self._nav = Navigator(self)  # what the field asks for: told on once the field is away
        self.field.attach(TextSuggest(desk, self._nav, (), self))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.gap, 0, SPACE.gap, SPACE.inside)
        column.addWidget(self.field)
        self._nav.text_wanted.connect(lambda _number, _line: self.hide())
        self._nav.text_wanted.connect(nav.text_wanted)

    def ask(self) -> None:
        """Show the field, empty, with the keyboard on it."""
        self.field.clear()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)
