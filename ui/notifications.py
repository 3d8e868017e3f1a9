"""What is told while the rep looks elsewhere: missed calls and texts. A ringing call has a card of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer

from app.domain.call import Direction, Outcome
from app.domain.events import CallFinished, ConversationChanged, MessageStored
from app.errors import AppError
from ui import present
from ui.notifier import OPEN, Notice, Notifier

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator

_CALL, _TEXT, _REPLY, _READ = "call", "text", "reply", "read"
_ROUND = 300  # milliseconds; texts that come faster are told together
_MOST = 5  # conversations told of in a round; the badges count the others too


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
        self._fresh: dict[tuple[str, str], str] = {}  # conversation → its latest text, not told yet
        self._moved: dict[tuple[str, str], None] = {}
        self._round = QTimer()
        self._round.setSingleShot(True)
        self._round.setInterval(_ROUND)
        self._round.timeout.connect(self._look)
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
        if event.received:
            place = (event.line, event.number)
            self._fresh.pop(place, None)  # the latest stand last
            self._fresh[place] = event.message_id
            self._look_in_time()

    def _changed(self, event: ConversationChanged) -> None:
        if _key(event.line, event.number) in self._told:
            self._moved[event.line, event.number] = None
            self._look_in_time()

    def _look_in_time(self) -> None:
        if not self._round.isActive():
            self._look()

    def _look(self) -> None:
        """At once, and then no sooner than after a round: in a flood nobody reads each."""
        fresh, self._fresh = self._fresh, {}
        moved, self._moved = self._moved, {}
        if not (fresh or moved):
            return
        self._round.start()
        for place in moved:
            self._take_back(*place)
        for place, message_id in list(fresh.items())[-_MOST:]:
            if self._looked_at() != place:
                self._text(*place, message_id)

    def _text(self, line: str, number: str, message_id: str) -> None:
        try:
            message = self._desk.reads.message(message_id)
        except AppError:
            return
        if message is None:
            return
        region = self._desk.lines.region(line)
        shown = present.number_text(number, region)
        who = present.match_title(self._desk.matching.known(number), shown)
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
        self._tell(Notice(_key(line, number), who, body, actions), _About(line, number))

    def _tell(self, notice: Notice, about: _About) -> None:
        if self._notifier is None or self._desk.lines.settings.dnd:
            return
        self._told[notice.key] = about
        while len(self._told) > 200:
            self._told.pop(next(iter(self._told)))
        self._notifier.show(notice)

    def _take_back(self, line: str, number: str) -> None:
        """What was told of a conversation that has been read meanwhile."""
        try:
            row = self._desk.reads.conversation(line, number)
        except AppError:
            return
        if row is None or not row.unread:
            self._withdraw(_key(line, number))

    def _withdraw(self, key: str) -> None:
        self._told.pop(key, None)
        if self._notifier is not None:
            self._notifier.withdraw(key)


def _key(line: str, number: str) -> str:
    return f"text:{line}:{number}"
