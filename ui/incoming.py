"""What the rep may do with a ringing call: one place for the card, the banner and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import AppError
from ui.incoming_info import rings

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.call import Call
    from ui.navigator import Navigator


class Incoming:
    """Main thread. A call that stopped ringing meanwhile is left alone."""

    def __init__(self, desk: Desk, nav: Navigator) -> None:
        self._desk = desk
        self._nav = nav

    def first(self) -> str:
        """The call that has rung longest; empty when none rings."""
        return next((call.id for call in self._desk.calls.live() if rings(call) and not call.hanging_up), "")

    def answer(self, call_id: str) -> None:
        """Take it, and show it."""
        if self._ringing(call_id) is None:
            return
        try:
            self._desk.calls.answer(call_id)
        except AppError as error:
            self._nav.trouble.emit(error)
            return
        self._nav.call_opened.emit(call_id)

    def reject(self, call_id: str) -> None:
        """Turn it away."""
        if self._ringing(call_id) is None:
            return
        try:
            self._desk.calls.reject(call_id)
        except AppError as error:
            self._nav.trouble.emit(error)

    def reply(self, call_id: str) -> None:
        """Turn it away, and write to the caller instead."""
        call = self._ringing(call_id)
        if call is None:
            return
        self.reject(call_id)
        self._nav.text_wanted.emit(call.number, call.line)

    def open_record(self, call_id: str) -> None:
        """Open the caller's record in the browser; it goes on ringing."""
        call = self._desk.calls.get(call_id)
        match = self._desk.matching.known(call.number) if call else None
        if match is not None and match.chosen is not None:
            self._nav.record_wanted.emit(match.chosen.ref)

    def _ringing(self, call_id: str) -> Call | None:
        call = self._desk.calls.get(call_id) if call_id else None
        return call if call is not None and rings(call) else None
