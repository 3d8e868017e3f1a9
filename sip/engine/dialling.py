"""Before an INVITE leaves: is the address one, is it time, does the STUN server answer, is the host known?"""

from __future__ import annotations

import functools
import time
from collections.abc import Mapping
from typing import Protocol

from app.domain.call import EndReason
from sip import wire
from sip.engine import sip_message
from sip.engine.line import EngineLine
from sip.engine.loop import Loop
from sip.engine.pace import Pace
from sip.engine.stun import Stun

RESOLVE = 12.0  # seconds a name has: the system may ask name servers that are gone for longer than a rep waits
_LONGEST = 400


class Sender(Protocol):
    """The engine, as dialling needs it."""

    def send_invite(self, line: EngineLine, command: wire.Dial, *, srtp_only: bool) -> None:
        """Nothing is in the way any more."""
        ...

    def not_dialled(self, command: wire.Dial, reason: EndReason) -> None:
        """It ends here."""
        ...


class Dialling:
    """The calls of which no INVITE has left yet. Engine thread only."""

    def __init__(self, sender: Sender, loop: Loop, lines: Mapping[str, EngineLine], pace: Pace, stun: Stun) -> None:
        """``lines`` is the engine's own table, read only."""
        self._sender, self._loop, self._lines = sender, loop, lines
        self._pace, self._stun = pace, stun
        self._under_way: dict[str, wire.Dial] = {}

    def dial(self, command: wire.Dial) -> None:
        """Begin; ends in one of the sender's methods unless it is given up."""
        line = self._lines.get(command.line_id)
        if line is None or line.account is None:
            self._sender.not_dialled(command, EndReason.NETWORK)
            return
        if not _is_good(command) or not line.reaches(sip_message.address(command.target).host):
            self._sender.not_dialled(command, EndReason.BAD_ADDRESS)
            return
        self._under_way[command.call_id] = command
        wait = self._pace.begin(time.monotonic())
        go_on = functools.partial(self._look_up, command)
        if line.line.stun:
            go_on = functools.partial(self._stun.when_sure, go_on)
        if wait:
            self._loop.later(wait, go_on)
        else:
            go_on()

    def again(self, command: wire.Dial, seconds: float, *, srtp_only: bool) -> None:
        """What was known a moment ago is known still: hand it to the sender once more."""
        self._under_way[command.call_id] = command
        self._loop.later(seconds, lambda: self._send(command, srtp_only=srtp_only))

    def give_up(self, call_id: str) -> wire.Dial | None:
        """The call is not wanted any more; None when it is not here."""
        return self._under_way.pop(call_id, None)

    def stop(self) -> None:
        """The engine leaves: nothing is sent any more."""
        self._under_way.clear()

    def _look_up(self, command: wire.Dial) -> None:
        line = self._lines.get(command.line_id)
        if line is None:
            self._send(command)
            return
        patience = self._loop.later(RESOLVE, lambda: self._missing(command))

        def found() -> None:
            patience.cancel()
            self._send(command)

        line.when_known(sip_message.address(command.target).host, found, patience.fire)

    def _missing(self, command: wire.Dial) -> None:
        if self.give_up(command.call_id) is not None:
            self._sender.not_dialled(command, EndReason.NETWORK)

    def _send(self, command: wire.Dial, *, srtp_only: bool = False) -> None:
        if self.give_up(command.call_id) is None:
            return
        line = self._lines.get(command.line_id)
        if line is None or line.account is None:
            self._sender.not_dialled(command, EndReason.NETWORK)
        else:
            self._sender.send_invite(line, command, srtp_only=srtp_only)


def _is_good(command: wire.Dial) -> bool:
    """Can it be written into an INVITE?"""
    if sip_message.has_control(command.target + command.caller_id) or any(c in command.caller_id for c in '<>"@;: '):
        return False
    return len(command.target) <= _LONGEST and bool(sip_message.address(command.target).host)
