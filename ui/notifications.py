"""What is told while the rep looks elsewhere: missed calls and texts. A ringing call has a card of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.domain.call import Direction, Outcome
from app.domain.events import CallFinished, ConversationChanged, MessageStored
from app.errors import AppError
from ui import present
from ui.notifier import OPEN, Notice, Notifier

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator

_CALL, _TEXT, _REPLY, _READ = "call", "text", "reply", "read"


@dataclass(frozen=True, slots=True)
class _About:
    line: str
    number: str
    call: str = ""


class Notifications:
    """Main thread. Nothing is told with do not disturb on: the badges count all the same."""

    def __init__(
        self,
        desk: Desk,
        nav: Navigator,
        *,
        looked_at: Callable[[], tuple[str, str] | None],
        come_forward: Callable[[], None],
    ) -> None:
        """``looked_at`` is the (line, number) open before the rep's eyes; None when the window has no focus."""
        self._desk = desk
        self._nav = nav
        self._looked_at = looked_at
        self._come_forward = come_forward
        self._notifier: Notifier | None = None
        self._told: dict[str, _About] = {}
        desk.hub.subscribe(CallFinished, lambda event: self._call(event.call_id))
        desk.hub.subscribe(MessageStored, self._message)
        desk.hub.subscribe(ConversationChanged, self._changed)

    def use(self, notifier: Notifier) -> None:
        """Tell by this from now on."""
        self._notifier = notifier

    def acted(self, key: str, action: str) -> None:
        """The rep pressed a notification or one of its buttons. What was told long ago still works."""
        about = self._told.get(key)
        if about is None:
            return
        match action:
            case "call":
                self._come_forward()
                self._nav.call_wanted.emit(about.number, about.line, "")
            case "text" | "reply":
                self._come_forward()
                self._nav.text_wanted.emit(about.number, about.line)
            case "read":
                self._desk.messages.mark_read(about.line, about.number)
            case "open" if about.call:
                self._come_forward()
                self._nav.call_opened.emit(about.call)
            case "open":
                self._come_forward()
                self._nav.thread_opened.emit(about.line, about.number)
            case _:
                return
        self._withdraw(key)

    def _call(self, call_id: str) -> None:
        try:
            log = self._desk.reads.call_log(call_id)
        except AppError:
            return  # told elsewhere; the next look at the list shows the call
        if log is None or log.call.direction is not Direction.IN or log.call.outcome is not Outcome.MISSED:
            return
        call = log.call
        if self._looked_at() is not None:
            return  # the list shows it before the rep's eyes
        region = self._desk.lines.region(call.line)
        who = present.person_title(self._desk.matching.known(call.number), call, region)
        number = present.number_text(call.number, region)
        actions: tuple[tuple[str, str], ...] = ((OPEN, QCoreApplication.translate("Notifications", "Open")),)
        if present.is_number(call.number):
            actions = (
                (_CALL, QCoreApplication.translate("Notifications", "Call back")),
                (_TEXT, QCoreApplication.translate("Notifications", "Text")),
            )
        title = QCoreApplication.translate("Notifications", "Missed call from {name}").format(name=who)
        body = "" if who == number else number
        self._tell(Notice(f"call:{call.id}", title, body, actions), _About(call.line, call.number, call.id))

    def _message(self, event: MessageStored) -> None:
        if not event.received or self._looked_at() == (event.line, event.number):
            return
        try:
            message = self._desk.reads.message(event.message_id)
        except AppError:
            return
        if message is None:
            return
        region = self._desk.lines.region(event.line)
        number = present.number_text(event.number, region)
        who = present.match_title(self._desk.matching.known(event.number), number)
        # What a text says may be nobody's business who sees the screen.
        body = (
            message.body
            if self._desk.lines.settings.notify_preview
            else QCoreApplication.translate("Notifications", "New text")
        )
        actions = (
            (_REPLY, QCoreApplication.translate("Notifications", "Reply")),
            (_READ, QCoreApplication.translate("Notifications", "Mark as read")),
        )
        notice = Notice(f"text:{event.line}:{event.number}", who, body, actions)
        self._tell(notice, _About(event.line, event.number))

    def _tell(self, notice: Notice, about: _About) -> None:
        if self._notifier is None or self._desk.lines.settings.dnd:
            return
        self._told[notice.key] = about
        while len(self._told) > 200:
            self._told.pop(next(iter(self._told)))
        self._notifier.show(notice)

    def _changed(self, event: ConversationChanged) -> None:
        key = f"text:{event.line}:{event.number}"
        if key not in self._told:
            return
        try:
            row = self._desk.reads.conversation(event.line, event.number)
        except AppError:
            return
        if row is None or not row.unread:
            self._withdraw(key)

    def _withdraw(self, key: str) -> None:
        self._told.pop(key, None)
        if self._notifier is not None:
            self._notifier.withdraw(key)
