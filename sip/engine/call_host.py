"""What a call needs of the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from sip.engine.audio import SoundBridge
from sip.engine.loop import Loop
from sip.wire import Report

if TYPE_CHECKING:
    from sip.engine.call import EngineCall


class CallHost(Protocol):
    """The engine, as its calls see it."""

    loop: Loop
    sound: SoundBridge
    wants_quality: bool

    def emit(self, report: Report) -> None:
        """Tell the app."""
        ...

    def forget(self, call: EngineCall) -> None:
        """The library is done with this call: drop every reference to it, now."""
        ...

    def replace(self, call: EngineCall, heir: EngineCall) -> None:
        """``heir`` is the call from now on."""
        ...

    def redial(self, call: EngineCall) -> None:
        """Forget this leg and send the same call again, offering nothing but SRTP."""
        ...

    def with_call(self, call_id: str, work: Callable[[EngineCall], None]) -> None:
        """Run ``work`` on the call if it is still there. Timers go through this and never hold a call."""
        ...
