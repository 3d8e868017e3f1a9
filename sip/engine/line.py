"""A line in the engine: its transport, its account and who it is. When it registers is `registration`'s business."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pjsua2 as pj

from app.domain.counterpart import Line, LineReason, LineState, Srtp, Transport
from app.domain.phone_events import LineChanged
from sip.engine import config, registration, sip_message, targets
from sip.engine.door import close_door
from sip.engine.inflow import Inflow
from sip.engine.line_account import LineAccount
from sip.engine.log import logger
from sip.engine.loop import Loop, Timer
from sip.engine.registration import Registration
from sip.engine.targets import Aim
from sip.ip import IPV4, IPV6, Families, bracketed, is_ipv6
from sip.wire import LineSetup, Report

PORT_RETRY = 2.0
PORT_TRIES = 4
ADDRESS_RETRY = 5.0
LEAVE = 1.5
_BUSY = 171001  # PJSIP_EBUSY: the library has a REGISTER under way already


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
        is_busy: Callable[[EngineLine], bool],
        drop_texts: Callable[[EngineLine], None],
        ready: Callable[[], None],
        moved: Callable[[], None],
        inflow: Inflow,
    ) -> None:
        """``is_busy``: has the line calls, or texts not answered yet? ``drop_texts``: its account goes, nothing may use
        it any more.

        ``ready``: it has become usable, perhaps with another account. ``moved``: it has the same account on another
        network, or after sleep.
        """
        self.setup = setup
        self.account: LineAccount | None = None
        self.port = 0
        self.on_call, self.on_text, self.on_text_status = on_call, on_text, on_text_status
        self._is_busy, self._drop_texts, self._ready, self._moved = is_busy, drop_texts, ready, moved
        self._endpoint, self._loop, self._emit = endpoint, loop, emit
        self._inflow = inflow
        probe = registration.PROBE if self.line.transport is Transport.UDP else 4 * registration.PROBE
        self._registration = Registration(self, loop, probe=probe, has_password=bool(setup.password))
        self._aim: Aim | None = None
        self._bind = config.Bind()
        self._families: Families = (IPV4,)
        self._family = IPV4
        self._offered = setup.line.srtp
        self._stun_works = self._stun_known = self._is_moving = False
        self._transport_id = -1
        self._timer: Timer | None = None
        self._port_tries = 0
        self._closed = self._leaving = False
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
    def route(self) -> str:
        """The hidden route to the server it has chosen, empty when its URIs lead there by themselves."""
        return self._aim.route(config.server(self.line)) if self._aim is not None else ""

    @property
    def server(self) -> tuple[str, int] | None:
        """Address and port of the server it has chosen."""
        return (self._aim.address, self._aim.port) if self._aim is not None else None

    def reaches(self, host: str) -> bool:
        """May the library be given this host over the line? An IPv6 address where it has none aborts it."""
        return self._family is IPV6 or not is_ipv6(host)

    def when_known(self, host: str, found: Callable[[], None], missing: Callable[[], None]) -> None:
        """Call back once the library can be given this host over the line without standing still to look it up."""
        if self.route or self.line.proxy:  # everything goes there, whatever its own URI says
            found()
        else:
            targets.check(host, self._family, self._loop, found, missing)

    @property
    def contact(self) -> str:
        """The URI it can be reached at, empty while it is not open."""
        if self._transport_id < 0 or not self.port:
            return ""
        host = self._bind.host or str(self._endpoint.transportGetInfo(self._transport_id).localName).rpartition(":")[0]
        return config.with_transport(f"sip:{self.user}@{bracketed(host)}:{self.port}", self.line)

    def open(self) -> None:
        """Listen and, with a registrar, register. Problems are reported and tried again."""
        self._loop.check_thread()
        if self._closed or self._leaving:
            return
        self._cancel_timer()
        line, setup = self.line, self.setup
        controls = (line.uri, line.registrar, line.proxy, line.username, setup.password, line.bind, line.ca_file)
        more = (line.stun, line.turn, line.turn_username, setup.turn_password)
        if any(map(sip_message.has_control, (*controls, *more))) or not sip_message.address(line.uri).host:
            self.report(LineState.FAILED, LineReason.BAD_ADDRESS)
            return
        try:
            self._bind = config.parse_bind(line.bind)
            if any(map(is_ipv6, (self._bind.host, *config.hosts(line)))) and not config.has_ipv6():
                self.report(LineState.FAILED, LineReason.IPV6)
                return
            self._families = config.families(line, self._bind)
        except ValueError:
            self.report(LineState.FAILED, LineReason.BAD_ADDRESS)
            return
        self._family = self._families[0]
        if line.transport is Transport.TLS and not os.access(config.ca_bundle(line), os.R_OK):
            # The library would not say: every connection would just fail.
            self.report(LineState.FAILED, LineReason.CERTIFICATE_CA)
            self._open_again(registration.LONGEST_WAIT)
            return
        if line.registrar:
            self.report(LineState.REGISTERING, LineReason.NONE)
            self._registration.start()
        elif self.account is None and self._set_up():
            self.report(LineState.REGISTERED, LineReason.NO_REGISTRAR)

    def leave(self, left: Callable[[], None]) -> None:
        """Un-REGISTER, then `close`, then ``left``; within `LEAVE` seconds. No live call may use the line any more."""
        self._loop.check_thread()
        self._registration.stop()
        self._cancel_timer()
        self._leaving = True

        def finish() -> None:
            if not self._closed:
                self.close()
                left()

        self._left = finish
        if not self._registration.in_flight and self.unregister():
            self._timer = self._loop.later(LEAVE, finish)
        else:
            finish()

    def unregister(self) -> bool:
        """Tell the registrar we go, without waiting for its answer. False when there is nothing to tell, or no way."""
        if self.account is None or not self.line.registrar or not self._registration.was_registered:
            return False
        try:
            self.account.setRegistration(False)
        except pj.Error as error:
            logger.info("un-REGISTER not sent: %s", error.status)
            return False
        return True

    def close(self) -> None:
        """Give up account and port at once."""
        self._loop.check_thread()
        self._closed = True
        self._registration.stop()
        self._cancel_timer()
        self._drop_account()
        self._stop_listening()

    def offer(self, srtp: Srtp) -> None:
        """Offer ``srtp`` in INVITEs from now on: the library knows this of an account only, not of a call."""
        if srtp is not self._offered and self.account is not None:
            self._offered = srtp
            self.account.modify(self._account_config())

    def use_stun(self, works: bool, *, known: bool) -> None:
        """The STUN server answers, or does not: the library would wait for it at every call. ``known``: it has one."""
        self._stun_known = known
        if works is not self._stun_works:
            self._stun_works = works
            if self.account is not None and self.line.stun:
                self.account.modify(self._account_config())

    def say_off(self) -> None:
        """Report that the line is no longer wanted."""
        self.report(LineState.OFF, LineReason.NONE)

    def connection_lost(self, kind: str, remote: str, error: int, certificate: LineReason) -> None:
        """A connection broke, or could not be made. ``remote`` is where it went, where the library knows it."""
        mine = self.line.transport is not Transport.UDP and kind.upper().startswith(self.line.transport.value.upper())
        aim = self._aim
        if mine and remote and aim is not None:
            mine = aim.is_at(remote)
        if mine and self.line.registrar:
            self._registration.connection_lost(error, certificate)

    def network_changed(self) -> None:
        """Another network, or the same one after sleep: whatever was known of the server may be wrong."""
        if self._closed or self._leaving:
            return
        if self.account is None:
            self.open()  # its server could not be found, or its address was not there
        elif self.line.registrar:
            self._is_moving = True
            self._registration.start()
        else:
            self._moved()

    def registered(self, code: int, status: int, *, expires: int, by_server: bool) -> None:
        """The outcome of a REGISTER."""
        if self._leaving:
            self._loop.post(self._left)  # not here: the account must not go inside its own callback
        elif not self._closed:
            self._close_door()  # after a change of network the library has opened it again
            self._registration.answered(code, status, expires=expires, by_server=by_server)

    # What registration needs (`Registrant`).

    def aim(self, then: Callable[[], None], missing: Callable[[LineReason], None]) -> None:
        """See `Registrant.aim`. Names are looked up on a thread of their own."""

        def found(aim: Aim) -> None:
            if self._closed or self._leaving:
                return
            if aim.family is not self._family and self.account is not None and self._is_busy(self):
                missing(LineReason.UNREACHABLE)  # something began meanwhile, and would lose its transport
            elif self._take(aim):
                then()

        # What is under way stays on the transport it is on, and that is of one family.
        stays = self.account is not None and self._is_busy(self)
        families = (self._family,) if stays else self._families
        targets.choose(config.server(self.line), self._bind.host, families, self._loop, found, missing)

    def send_register(self) -> None:
        """See `Registrant.send_register`."""
        assert self.account is not None
        try:
            self.account.setRegistration(True)
        except pj.Error as error:
            if error.status != _BUSY:
                raise

    def report(self, state: LineState, reason: LineReason, status: int = 0) -> None:
        """See `Registrant.report`. The same twice is said once."""
        if state is LineState.REGISTERED and self._is_moving:
            self._is_moving = False
            self._loop.post(self._moved)
        contact = self.contact if state is LineState.REGISTERED else ""
        if (now := (state, reason, status, contact)) != self._last:
            self._last = now
            self._emit(LineChanged(self.line.id, state, reason.value, status, datetime.now(UTC), contact))
            if state is LineState.REGISTERED:
                self._loop.post(self._ready)

    # The rest.

    def _take(self, aim: Aim) -> bool:
        """Turn to this server. False when the line is not ready for a REGISTER to it."""
        if self.account is not None and self._aim == aim:
            return True
        if self.account is not None and self._is_busy(self):
            if self._registration.in_flight:
                return False  # what uses it comes first; the answer or its time-out brings us here again
            self._aim = aim
            # This way the library itself leaves the old server and registers at the new one.
            self.account.modify(self._account_config(registers=True))
            return True
        if self.account is not None:
            logger.info("another server")
            # The library does not take another route while a REGISTER is under way: a new account does.
            self._registration.dropped()
            self._drop_account()
        if aim.family is not self._family:
            self._stop_listening()
            self._family = aim.family
        self._aim = aim
        return self._set_up()

    def _set_up(self) -> bool:
        """Listen and make the account. False when that failed, which is reported and, where it may help, retried."""
        if self._transport_id < 0 and not self._listen():
            return False
        account = LineAccount(self)
        try:
            account.create(self._account_config())
        except pj.Error as error:
            logger.warning("line refused by the library: %s", error.status)
            self._stop_listening()
            self.report(LineState.FAILED, LineReason.BAD_ADDRESS)
            return False
        self.account = account
        there = pj.PresenceStatus()
        there.status = pj.PJSUA_BUDDY_STATUS_ONLINE
        account.setOnlineStatus(there)  # who watches the rep would else be told that nobody is there
        return True

    def _account_config(self, *, registers: bool = False) -> pj.AccountConfig:
        setup = replace(self.setup, line=replace(self.line, srtp=self._offered))
        made = config.account_config(setup, self._bind, self._transport_id, route=self.route, family=self._family)
        made.regConfig.disableRegOnModify = not registers
        if not self._stun_works:
            made.natConfig.mediaStunUse = config.STUN_OFF
        return made

    def _drop_account(self) -> None:
        if self.account is not None:
            self._drop_texts(self)
            self.account.shutdown()
            # A stale Account deletes whoever has its number next: nothing may keep it.
            self.account = None
            gc.collect()

    def _listen(self) -> bool:
        bind = self._bind
        standard = config.SIPS_PORT if self.line.transport is Transport.TLS else config.SIP_PORT
        known_as = ""
        if self.line.transport is Transport.UDP and self._stun_known and not (self.line.stun and self._stun_works):
            # Or it would stand still, asking a dead server.
            known_as = bind.host or targets.own_address(self._aim, self._family)
        ports = [bind.port] if bind.port else [0] if self.line.registrar else [standard, 0]
        for port in ports:
            try:
                self._transport_id = self._endpoint.transportCreate(
                    config.transport_kind(self.line, self._family),
                    config.transport_config(self.line, bind, port, known_as=known_as),
                )
            except pj.Error as error:
                if not config.is_port_taken(error):
                    logger.warning("line cannot listen: %s", error.status)
                    self.report(LineState.FAILED, LineReason.BAD_ADDRESS)
                    self._open_again(ADDRESS_RETRY)
                    return False
                self._port_tries += 1
                if self._port_tries <= PORT_TRIES:  # a line before us lets go of it in a moment
                    self._open_again(0.1)
                    return False
                continue
            self._port_tries = 0
            local = str(self._endpoint.transportGetInfo(self._transport_id).localName)
            self.port = int(local.rpartition(":")[2] or 0)
            self._close_door()
            return True
        self.report(LineState.FAILED, LineReason.PORT_TAKEN)
        self._open_again(PORT_RETRY)
        return False

    def _close_door(self) -> None:
        """Unless a port was named, which is to be reached: a registered line is called over its own connection."""
        if self.line.registrar and self.line.transport is not Transport.UDP and not self._bind.port:
            close_door(self.port)
        elif self.line.transport is Transport.TCP:
            self._inflow.limit(self.port)

    def _stop_listening(self) -> None:
        if self._transport_id >= 0:
            self._inflow.forget(self.port)
            self._endpoint.transportClose(self._transport_id)  # a second time would abort
            self._transport_id = -1
            self.port = 0

    def _open_again(self, seconds: float) -> None:
        self._cancel_timer()
        self._timer = self._loop.later(seconds, self.open)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
