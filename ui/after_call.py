"""What the window shows when a call has ended: its wrap-up, or what was there before the call.

1. Nothing is taken from under the rep's hands: while somebody types elsewhere, talks or is being called, what is open
   stays, and the wrap-up waits.
2. Logged or left, a wrap-up makes room for the oldest one that still waits; after the last the keyboard goes to the
   one field.
3. "Straight back" leaves every wrap-up for later, and shows again what the call had covered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from app.domain.events import CallChanged, CallFinished
from app.settings import AfterCall as Shown
from ui import present

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.conversation_page import ConversationPage
    from ui.navigator import Navigator

_Place = tuple[str, tuple[str, str]]
"""A call's id, else (line, number) of a conversation, else neither."""


class AfterCall(QObject):
    """Main thread."""

    def __init__(
        self,
        desk: Desk,
        nav: Navigator,
        page: ConversationPage,
        clear: Callable[[], None],
        tell: Callable[[str, str, Callable[[], None]], None],
        parent: QObject,
    ) -> None:
        """``clear`` shows that nothing is open; ``tell`` a sentence and one thing to do, nothing for an empty one."""
        super().__init__(parent)
        self._tell = tell
        self._desk = desk
        self._nav = nav
        self._page = page
        self._clear = clear
        self._place: _Place = ("", ("", ""))
        self._before: dict[str, _Place] = {}
        page.call_shown.connect(self._shown)
        page.panel.wrapup.logged.connect(lambda _: self._soon())
        page.panel.wrapup.left.connect(lambda _: self._soon())
        desk.hub.subscribe(CallFinished, lambda event: self._finished(event.call_id))
        desk.hub.subscribe(CallChanged, lambda event: self._forget(event.call_id))

    def _shown(self, call_id: str) -> None:
        place = (call_id, self._page.thread_of)
        call = self._desk.calls.get(call_id) if call_id else None
        if call is not None and call.is_live and self._place[0] != call_id:
            self._before.setdefault(call_id, self._place)
        self._place = place
        self._tell_waiting()

    def _forget(self, call_id: str) -> None:
        """Only live calls cover something."""
        live = {call.id for call in self._desk.calls.live()} | {call_id}
        self._before = {id: place for id, place in self._before.items() if id in live}

    def _finished(self, call_id: str) -> None:
        before = self._before.pop(call_id, None)
        if self._desk.lines.settings.after_call is Shown.BACK:
            self._desk.wrapup.later(call_id)
            self._page.panel.refresh()
            if self._page.call_id == call_id and before is not None and not self._types():
                self._return_to(before)
            return
        if call_id in self._desk.wrapup.unfinished() and self._page.call_id != call_id and self._is_free():
            self._nav.call_opened.emit(call_id)
        self._tell_waiting()

    def _tell_waiting(self) -> None:
        """What waits is one press away, unless its turn comes by itself."""
        unfinished = self._desk.wrapup.unfinished()
        if not unfinished or self._page.call_id in unfinished or self._desk.calls.live():
            self._tell("", "", lambda: None)
            return
        call_id = unfinished[0]
        call = self._desk.calls.get(call_id)
        match = self._desk.matching.known(call.number) if call is not None else None
        name = present.person_title(match, call, self._desk.lines.region(call.line)) if call and match else ""
        self._tell(
            self.tr("The call with {name} is not wrapped up yet.").format(name=name),
            self.tr("Wrap up"),
            lambda: self._nav.call_opened.emit(call_id),
        )

    def _return_to(self, place: _Place) -> None:
        call_id, thread = place
        if call_id:
            self._nav.call_opened.emit(call_id)
        elif thread[1]:
            self._nav.thread_opened.emit(*thread)
        else:
            self._clear()

    def _soon(self) -> None:
        # In the next turn: the panel is still telling what was pressed.
        QTimer.singleShot(0, self, self._next)

    def _next(self) -> None:
        waiting = self._desk.wrapup.unfinished()
        if waiting and not self._desk.calls.live():
            self._nav.call_opened.emit(waiting[0])
        elif not waiting:
            self._nav.field_wanted.emit()
        self._tell_waiting()

    def _is_free(self) -> bool:
        """May another page be shown? Not over the settings, nor while somebody talks or types."""
        return self._page.isVisible() and not self._desk.calls.live() and not self._types()

    @staticmethod
    def _types() -> bool:
        """Is the rep in the middle of a text?"""
        focus = QApplication.focusWidget()
        match focus:
            case QLineEdit():
                return bool(focus.text())
            case QPlainTextEdit():
                return bool(focus.toPlainText())
            case _:
                return False
