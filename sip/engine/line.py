"""A line in the engine: its transport, its account, its registration and who it is.

Registration is timed here, not by the library: a first retry after a second, then every few seconds while an outage
is young, then a growing pause with jitter (RFC 5626 §4.5), so that a thousand phones do not knock at once. A UDP line
repeats its REGISTER every half minute, because nothing else tells that its registrar is gone.
"""

from __future__ import annotations

import gc
import ipaddress
import random
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pjsua2 as pj

from app.domain.counterpart import Line, LineReason, LineState, Transport
from app.domain.phone_events import LineChanged
from sip.engine import config, sip_message
from sip.engine.log import guarded, logger
from sip.engine.loop import Loop, Timer
from sip.engine.reasons import is_final, is_lasting, line_reason
from sip.wire import LineSetup, Report

PROBE = 25.0  # seconds between REGISTERs of a healthy line
SILENCE = 5.0  # a REGISTER unanswered for so long means the line is not usable now
EARLY_RETRIES = 8
LONGEST_WAIT = 120.0
LASTING_WAIT = 300.0
PORT_RETRY = 2.0
PORT_TRIES = 4
LEAVE = 1.5


def retry_wait(tries: int, chance: float) -> float:
    """Seconds until attempt ``tries`` + 1; ``chance`` is in 0..1."""
    if tries <= 1:
        return 1.0
    if tries <= EARLY_RETRIES:
        return 2.0 + 2.5 * chance
    return min(LONGEST_WAIT, 5.0 * 1.6 ** (tries - EARLY_RETRIES)) * (0.5 + chance / 2)


class LineAccount(pj.Account):  # type: ignore[misc]
    """The library's side of a line: every callback copies what it needs and hands it on."""

    def __init__(self, line: EngineLine) -> None:
        super().__init__()
        self._line = line

    @guarded
    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        """A REGISTER was answered, or nobody answered."""
        self._line.registered(
            int(prm.code), int(prm.status), expires=int(prm.expiration), answered=bool(prm.rdata.wholeMsg)
        )

    @guarded
    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """An INVITE."""
        self._line.on_call(self._line, int(prm.callId), prm.rdata.wholeMsg)

    @guarded
    def onInstantMessage(self, prm: pj.OnInstantMessageParam) -> None:
        """A MESSAGE; the library has answered it already."""
        self._line.on_text(self._line, prm)

    @guarded
    def onInstantMessageStatus(self, prm: pj.OnInstantMessageStatusParam) -> None:
        """How one of our MESSAGEs ended."""
        self._line.on_text_status(prm)


class EngineLine:
    """One line. Engine thread only."""

    def __init__(
        self,
        setup: LineSetup,
        endpoint: pj.Endpoint,
        loop: Loop,
        emit: Callable[[Report], None],
        *,
        on_call: Callable[[EngineLine, int, str], None],
        on_text: Callable[[EngineLine, pj.OnInstantMessageParam], None],
        on_text_status: Callable[[pj.OnInstantMessageStatusParam], None],
    ) -> None:
        self.setup = setup
        self.account: LineAccount | None = None
        self.port = 0
        self.on_call, self.on_text, self.on_text_status = on_call, on_text, on_text_status
        self._endpoint, self._loop, self._emit = endpoint, loop, emit
        self._transport_id = -1
        self._timer: Timer | None = None
        self._silence: Timer | None = None
        self._tries = self._port_tries = 0
        self._connection_error = 0
        self._in_flight = False
        self._closed = self._leaving = self._was_registered = False
        self._left: Callable[[], None] = lambda: None
        self._last: tuple[LineState, LineReason, int, str] | None = None

    @property
    def line(self) -> Line:
        """Its settings."""
        return self.setup.line

    @property
    def user(self) -> str:
        """The user part of its address."""
        return sip_message.address(self.line.uri).user

    @property
    def account_id(self) -> int:
        """The library's number of its account; -2, which no account has, while there is none."""
        return int(self.account.getId()) if self.account is not None else -2

    @property
    def contact(self) -> str:
        """The URI it can be reached at, empty while it is not open."""
        if self._transport_id < 0 or not self.port:
            return ""
        bind = config.parse_bind(self.line.bind)
        host = bind.host or str(self._endpoint.transportGetInfo(self._transport_id).localName).rpartition(":")[0]
        return config.with_transport(f"sip:{self.user}@{host}:{self.port}", self.line)

    def open(self) -> None:
        """Listen and, with a registrar, register. Problems are reported and tried again."""
        self._loop.check_thread()
        if self._closed:
            return
        line = self.line
        controls = (line.uri, line.registrar, line.proxy, line.username, self.setup.password, line.bind)
        if any(sip_message.has_control(value) for value in controls) or not sip_message.address(line.uri).host:
            self._report(LineState.FAILED, LineReason.BAD_ADDRESS)
            return
        try:
            bind = config.parse_bind(line.bind)
        except ValueError:
            self._report(LineState.FAILED, LineReason.BAD_ADDRESS)
            return
        if not self._listen(bind):
            return
        account = LineAccount(self)
        try:
            account.create(config.account_config(line, self.setup.password, bind, self._transport_id))
        except pj.Error as error:
            logger.warning("line refused by the library: %s", error.status)
            self._stop_listening()
            self._report(LineState.FAILED, LineReason.BAD_ADDRESS)
            return
        self.account = account
        if line.registrar:
            self._report(LineState.REGISTERING, LineReason.NONE)
            self._resolve_then_register()
        else:
            self._report(LineState.REGISTERED, LineReason.NO_REGISTRAR)

    def leave(self, left: Callable[[], None]) -> None:
        """Un-REGISTER, then `close`, then ``left``; within `LEAVE` seconds. No live call may use the line any more."""
        self._loop.check_thread()
        self._cancel_timers()
        self._leaving = True

        def finish() -> None:
            if not self._closed:
                self.close()
                left()

        self._left = finish
        if self.account is not None and self.line.registrar and self._was_registered and not self._in_flight:
            try:
                self.account.setRegistration(False)
            except pj.Error as error:
                logger.info("un-REGISTER not sent: %s", error.status)
            else:
                self._timer = self._loop.later(LEAVE, finish)
                return
        finish()

    def close(self) -> None:
        """Give up account and port at once."""
        self._loop.check_thread()
        self._closed = True
        self._cancel_timers()
        if self.account is not None:
            self.account.shutdown()
            # A stale Account deletes whoever has its number next: nothing may keep it.
            self.account = None
            gc.collect()
        self._stop_listening()

    def say_off(self) -> None:
        """Report that the line is no longer wanted."""
        self._report(LineState.OFF, LineReason.NONE)

    def connection_lost(self, error: int) -> None:
        """The connection under the line broke, or could not be made: register soon, not at the next turn."""
        self._connection_error = error
        healthy = self._last is not None and self._last[0] is LineState.REGISTERED
        if healthy and self.account is not None and self.line.registrar:
            self._after(0.2 + 0.3 * random.random(), self._register)

    def uses_transport(self, kind: str) -> bool:
        """Is this the library's name of the line's transport?"""
        return self.line.transport is not Transport.UDP and kind.upper().startswith(self.line.transport.value.upper())

    def registered(self, code: int, status: int, *, expires: int, answered: bool) -> None:
        """The outcome of a REGISTER."""
        self._in_flight = False
        if self._silence is not None:
            self._silence.cancel()
        if self._closed or self.account is None:
            return
        if self._leaving:
            self._loop.post(self._left)  # not here: the account must not go inside its own callback
            return
        if 200 <= code < 300 and expires > 0:
            self._tries = self._connection_error = 0
            self._was_registered = True
            self._report(LineState.REGISTERED, LineReason.NONE, code)
            self._after(self._next_probe(expires), self._register)
            return
        status, self._connection_error = self._connection_error or status, 0
        reason = line_reason(code, status, has_password=bool(self.setup.password), answered=answered)
        self._report(LineState.FAILED, reason, code)
        self._retry(reason)

    def _next_probe(self, expires: int) -> float:
        longest = max(5.0, expires * 0.8)
        wish = PROBE if self.line.transport is Transport.UDP else 4 * PROBE
        return min(wish, longest) * (0.85 + 0.3 * random.random())

    def _retry(self, reason: LineReason) -> None:
        self._tries += 1
        if is_final(reason):
            return
        wait = LASTING_WAIT * (0.8 + 0.4 * random.random()) if is_lasting(reason) else 0.0
        self._after(max(wait, retry_wait(self._tries, random.random())), self._resolve_then_register)

    def _listen(self, bind: config.Bind) -> bool:
        standard = config.SIPS_PORT if self.line.transport is Transport.TLS else config.SIP_PORT
        ports = [bind.port] if bind.port else [0] if self.line.registrar else [standard, 0]
        for port in ports:
            try:
                self._transport_id = self._endpoint.transportCreate(
                    config.transport_kind(self.line), config.transport_config(self.line, bind, port)
                )
            except pj.Error as error:
                if not config.is_port_taken(error):
                    logger.warning("line cannot listen: %s", error.status)
                    self._report(LineState.FAILED, LineReason.BAD_ADDRESS)
                    self._after(LONGEST_WAIT, self.open)
                    return False
                self._port_tries += 1
                if self._port_tries <= PORT_TRIES:  # a line before us lets go of it in a moment
                    self._after(0.1, self.open)
                    return False
                continue
            self._port_tries = 0
            local = str(self._endpoint.transportGetInfo(self._transport_id).localName)
            self.port = int(local.rpartition(":")[2] or 0)
            return True
        self._report(LineState.FAILED, LineReason.PORT_TAKEN)
        self._after(PORT_RETRY, self.open)
        return False

    def _stop_listening(self) -> None:
        if self._transport_id >= 0:
            self._endpoint.transportClose(self._transport_id)  # a second time would abort
            self._transport_id = -1
            self.port = 0

    def _resolve_then_register(self) -> None:
        """Names are looked up on a thread of their own first: the library would block the engine with it."""
        host = sip_message.address(config.registrar_uri(self.line).split(";", 1)[0]).host
        resolve(host, self._loop, self._register, self._unresolved)

    def _unresolved(self) -> None:
        if not self._closed and not self._leaving:
            self._report(LineState.FAILED, LineReason.UNREACHABLE)
            self._retry(LineReason.UNREACHABLE)

    def _register(self) -> None:
        if self._closed or self._leaving or self.account is None or self._in_flight:
            return
        self._in_flight = True
        silence = self._silence = self._loop.later(SILENCE, self._silent)
        try:
            self.account.setRegistration(True)
        except pj.Error as error:
            self._in_flight = False
            silence.cancel()
            logger.warning("REGISTER not sent: %s", error.status)
            self._report(LineState.FAILED, LineReason.UNREACHABLE)
            self._retry(LineReason.UNREACHABLE)

    def _silent(self) -> None:
        """Still unanswered. The library goes on repeating it, so that a registrar that is back answers in seconds."""
        if self._in_flight:
            self._report(LineState.FAILED, LineReason.TIMEOUT)

    def _after(self, seconds: float, work: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.later(seconds, work)

    def _cancel_timers(self) -> None:
        for timer in (self._timer, self._silence):
            if timer is not None:
                timer.cancel()

    def _report(self, state: LineState, reason: LineReason, status: int = 0) -> None:
        contact = self.contact if state is LineState.REGISTERED else ""
        if (now := (state, reason, status, contact)) != self._last:
            self._last = now
            self._emit(LineChanged(self.line.id, state, reason.value, status, datetime.now(UTC), contact))


def resolve(host: str, loop: Loop, found: Callable[[], None], missing: Callable[[], None]) -> None:
    """Call back on the engine thread once ``host`` is known to resolve, or not. An address answers at once."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        found()
        return

    def look() -> None:
        try:
            socket.getaddrinfo(host, None)
        except (OSError, UnicodeError):
            loop.post(missing)
        else:
            loop.post(found)

    threading.Thread(target=look, name="resolve", daemon=True).start()
