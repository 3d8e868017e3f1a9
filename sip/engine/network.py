"""The computer's network: moving over to another one, and asking others how we look from outside (STUN)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable, Mapping

import pjsua2 as pj

from sip.engine import config
from sip.engine.line import EngineLine
from sip.engine.log import logger
from sip.engine.loop import Loop, Timer

SETTLE = 0.3  # several changes within this time are one
RETRY = 0.5
GIVE_UP = 8.0


class Network:
    """Engine thread only."""

    def __init__(self, endpoint: pj.Endpoint, loop: Loop, lines: Mapping[str, EngineLine]) -> None:
        """``lines`` is the engine's own table, read only."""
        self._endpoint, self._loop, self._lines = endpoint, loop, lines
        self._timer: Timer | None = None
        self._stun: tuple[str, ...] = ()

    def changed(self) -> None:
        """Another address, another network, or awake again: lines register from there, calls are moved over."""
        self.stop()
        end = time.monotonic() + GIVE_UP
        self._timer = self._loop.later(SETTLE, lambda: self._move(end))

    def stop(self) -> None:
        """The engine leaves."""
        if self._timer is not None:
            self._timer.cancel()

    def use_stun(self, servers: Iterable[str]) -> None:
        """Ask these servers. Their names are looked up on a thread of their own: the library would block."""
        wanted = tuple(dict.fromkeys(config.with_port(each) for each in servers if each))
        if wanted == self._stun:
            return
        self._stun = wanted

        def look() -> None:
            found = [address for server in wanted if (address := _resolved(server))]
            self._loop.post(lambda: self._tell_stun(wanted, found))

        if wanted:
            threading.Thread(target=look, name="resolve", daemon=True).start()

    def _tell_stun(self, wanted: tuple[str, ...], found: list[str]) -> None:
        if wanted != self._stun:
            return  # the settings have changed meanwhile
        if not found:
            logger.warning("no STUN server can be found")
            return
        try:
            self._endpoint.natUpdateStunServers(pj.StringVector(found), False)
        except pj.Error as error:
            logger.warning("STUN servers refused: %s", error.status)

    def _move(self, end: float) -> None:
        if not self._is_up() and time.monotonic() < end:
            # The old network is gone and the new one not there yet.
            self._timer = self._loop.later(RETRY, lambda: self._move(end))
            return
        logger.info("network changed")
        try:
            self._endpoint.handleIpChange(pj.IpChangeParam())
        except pj.Error as error:
            logger.warning("network change: %s", error.status)
        for line in list(self._lines.values()):
            line.network_changed()

    def _is_up(self) -> bool:
        aims = [line.server for line in self._lines.values()]
        return all(_has_route(*aim) for aim in aims if aim is not None) or not aims


def _has_route(address: str, port: int) -> bool:
    """Has this computer an address of its own to reach that one from? Sends nothing."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((address, port))
    except OSError:
        return False
    return True


def _resolved(server: str) -> str:
    host, _, port = server.rpartition(":")
    try:
        entries = socket.getaddrinfo(host, int(port), socket.AF_INET, socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return ""
    return f"{entries[0][4][0]}:{port}"
