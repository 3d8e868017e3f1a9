"""The call that keys and commands mean: the open one while it lives, else the active one, else the oldest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.call import Call, CallState
from app.errors import AppError

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator


class CurrentCall:
    """Main thread. What is not possible now is quietly left alone; what is refused is told."""

    def __init__(self, desk: Desk, nav: Navigator, opened: Callable[[], str]) -> None:
        """``opened`` gives the id of the call whose page is open, "" for none."""
        self._desk = desk
        self._nav = nav
        self._opened = opened

    def get(self) -> Call | None:
        """The call meant; None when there is none."""
        live = self._desk.calls.live()
        shown = self._opened()
        return next((call for call in live if call.id == shown), None) or self.active() or next(iter(live), None)

    def active(self) -> Call | None:
        """The call somebody is talking in."""
        return next((call for call in self._desk.calls.live() if call.state is CallState.ACTIVE), None)

    @property
    def exists(self) -> bool:
        """Is there a call?"""
        return self.get() is not None

    @property
    def talks(self) -> bool:
        """Is it connected?"""
        call = self.get()
        return call is not None and call.is_connected

    @property
    def muted(self) -> bool:
        """Is its microphone off?"""
        call = self.get()
        return call is not None and call.muted

    @property
    def held(self) -> bool:
        """Is it on hold?"""
        call = self.get()
        return call is not None and call.state is CallState.HELD

    def mute(self) -> None:
        """Mute it, or unmute it."""
        call = self.get()
        if call is not None and call.is_connected:
            self._try(lambda: self._desk.calls.mute(call.id, not call.muted))

    def hold(self) -> None:
        """Put it on hold, or take it back."""
        call = self.get()
        if call is None or not call.is_connected:
            return
        calls = self._desk.calls
        self._try(lambda: calls.resume(call.id) if call.state is CallState.HELD else calls.hold(call.id))

    def end(self) -> None:
        """Hang it up."""
        call = self.get()
        if call is not None:
            self._try(lambda: self._desk.calls.hangup(call.id))

    def tone(self, digit: str) -> None:
        """Send a tone to the active call."""
        call = self.active()
        if call is not None:
            self._try(lambda: self._desk.calls.digits(call.id, digit))

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except AppError as error:
            self._nav.trouble.emit(error)
