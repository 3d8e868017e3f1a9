"""When a line registers. Timed here, not by the library.

A first retry after a second, then every few seconds while an outage is young, as a restart of the server is; then a
growing pause with jitter (RFC 5626 §4.5), so that a thousand phones do not knock at once. A UDP line repeats its
REGISTER every half minute, because nothing else tells that its registrar is gone.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Protocol

import pjsua2 as pj

from app.domain.counterpart import LineReason, LineState
from sip.engine.log import logger
from sip.engine.loop import Loop, Timer
from sip.engine.reasons import is_final, is_lasting, line_reason

PROBE = 25.0  # seconds between REGISTERs of a healthy UDP line
SILENCE = 5.0  # a REGISTER unanswered for so long means the line is not usable now
YOUNG = 240.0  # seconds
LONGEST_WAIT = 60.0
LASTING_WAIT = 300.0


class BackOff:
    """How long to wait after each failure of one outage."""

    def __init__(self) -> None:
        self._since: float | None = None  # monotonic
        self._late = 0

    @property
    def has_begun(self) -> bool:
        """Is there an outage?"""
        return self._since is not None

    def begin(self, now: float) -> None:
        """There is one, if not known already; ``now`` is monotonic."""
        if self._since is None:
            self._since = now

    def forget(self) -> None:
        """It is over, or may be."""
        self._since, self._late = None, 0

    def failed(self, now: float, chance: float) -> float:
        """Seconds until the next attempt; ``now`` is monotonic, ``chance`` is in 0..1."""
        if self._since is None:
            self._since = now
            return 0.5 + chance
        if now - self._since < YOUNG:
            return 2.0 + 2.5 * chance
        self._late += 1
        return min(LONGEST_WAIT, 5.0 * 1.6 ** min(self._late, 9)) * (0.5 + chance / 2)


class Registrant(Protocol):
    """The line, as registration needs it."""

    def aim(self, then: Callable[[], None], missing: Callable[[LineReason], None]) -> None:
        """Find the server; ``then`` when a REGISTER can be sent to it, ``missing``, and why, when there is none."""
        ...

    def send_register(self) -> None:
        """Send a REGISTER. Raises pj.Error."""
        ...

    def report(self, state: LineState, reason: LineReason, status: int = 0) -> None:
        """Say how the line is doing."""
        ...


class Registration:
    """One line's. Engine thread only."""

    def __init__(self, line: Registrant, loop: Loop, *, probe: float, has_password: bool) -> None:
        """``probe``: seconds between REGISTERs while all is well."""
        self.in_flight = False
        self.was_registered = False
        self.certificate = LineReason.NONE  # what the last connection's certificate was refused for
        self.is_over = False
        self._line, self._loop = line, loop
        self._probe, self._has_password = probe, has_password
        self._back_off = BackOff()
        self._connection_error = 0
        self._timer: Timer | None = None
        self._silence: Timer | None = None

    def start(self) -> None:
        """Register now, afresh: the settings, the network or the server may be others than before."""
        self._back_off.forget()
        self._connection_error = 0
        self.certificate = LineReason.NONE
        self._aim()

    def stop(self) -> None:
        """No more REGISTERs."""
        self.is_over = True
        self._cancel()

    def dropped(self) -> None:
        """The REGISTER under way has been given up: its answer will not come."""
        self.in_flight = False
        if self._silence is not None:
            self._silence.cancel()

    def connection_lost(self, error: int, certificate: LineReason) -> None:
        """The connection under the line broke, or could not be made: register soon, not at the next turn."""
        self._connection_error, self.certificate = error, certificate
        if self.was_registered and not self._back_off.has_begun and not self.is_over:
            self._after(0.2 + 0.3 * random.random(), self._aim)

    def answered(self, code: int, status: int, *, expires: int, by_server: bool) -> None:
        """The outcome of a REGISTER."""
        self.dropped()
        if self.is_over:
            return
        certificate, self.certificate = self.certificate, LineReason.NONE
        if 200 <= code < 300 and expires > 0:
            self._back_off.forget()
            self._connection_error = 0
            self.was_registered = True
            self._line.report(LineState.REGISTERED, LineReason.NONE, code)
            longest = max(5.0, expires * 0.8)
            self._after(min(self._probe, longest) * (0.85 + 0.3 * random.random()), self._register)
            return
        status, self._connection_error = self._connection_error or status, 0
        reason = line_reason(code, status, has_password=self._has_password, answered=by_server)
        if reason is LineReason.CERTIFICATE and certificate:
            reason = certificate
        self._fail(reason, code)

    def _fail(self, reason: LineReason, code: int = 0) -> None:
        self._line.report(LineState.FAILED, reason, code)
        pause = self._back_off.failed(time.monotonic(), random.random())
        if is_final(reason):
            return
        wait = LASTING_WAIT * (0.8 + 0.4 * random.random()) if is_lasting(reason) else 0.0
        self._after(max(wait, pause), self._aim)

    def _aim(self) -> None:
        if not self.is_over:
            self._line.aim(self._register, self._missing)

    def _missing(self, reason: LineReason) -> None:
        if not self.is_over:
            self._fail(reason)

    def _register(self) -> None:
        if self.is_over or self.in_flight:
            return
        self.in_flight = True
        silence = self._silence = self._loop.later(SILENCE, self._silent)
        try:
            self._line.send_register()
        except pj.Error as error:
            self.in_flight = False
            silence.cancel()
            logger.warning("REGISTER not sent: %s", error.status)
            self._fail(LineReason.UNREACHABLE)

    def _silent(self) -> None:
        """Still unanswered. The library goes on repeating it, so that a registrar that is back answers in seconds;
        if there is another server by now, the line turns to it."""
        if self.in_flight and not self.is_over:
            self._back_off.begin(time.monotonic())
            self._line.report(LineState.FAILED, LineReason.TIMEOUT)
            self._line.aim(self._register, lambda reason: None)

    def _after(self, seconds: float, work: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.later(seconds, work)

    def _cancel(self) -> None:
        for timer in (self._timer, self._silence):
            if timer is not None:
                timer.cancel()
