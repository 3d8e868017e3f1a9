"""The computer's network: moving over to another one."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping

import pjsua2 as pj

from sip import ip
from sip.engine.line import EngineLine
from sip.engine.log import logger
from sip.engine.loop import Loop, Timer

SETTLE = 0.3  # several changes within this time are one
RETRY = 0.5
GIVE_UP = 8.0


class Network:
    """Engine thread only."""

    def __init__(
        self,
        endpoint: pj.Endpoint,
        loop: Loop,
        lines: Mapping[str, EngineLine],
        *,
        before: Callable[[], None],
        when_ready: Callable[[Callable[[], None]], None],
    ) -> None:
        """``lines`` is the engine's own table, read only; ``before`` is called before the library moves over, which it
        does when ``when_ready`` calls back: on a network that is up, but perhaps another one."""
        self._endpoint, self._loop, self._lines = endpoint, loop, lines
        self._before, self._when_ready = before, when_ready
        self._timer: Timer | None = None

    def changed(self) -> None:
        """Another address, another network, or awake again: lines register from there, calls are moved over."""
        self.stop()
        end = time.monotonic() + GIVE_UP
        self._timer = self._loop.later(SETTLE, lambda: self._move(end))

    def stop(self) -> None:
        """The engine leaves."""
        if self._timer is not None:
            self._timer.cancel()

    def _move(self, end: float) -> None:
        if not self._is_up() and time.monotonic() < end:
            # The old network is gone and the new one not there yet.
            self._timer = self._loop.later(RETRY, lambda: self._move(end))
            return
        self._when_ready(self._move_over)

    def _move_over(self) -> None:
        logger.info("network changed")
        self._before()
        try:
            self._endpoint.handleIpChange(pj.IpChangeParam())
        except pj.Error as error:
            logger.warning("network change: %s", error.status)
        for line in list(self._lines.values()):
            line.network_changed()

    def _is_up(self) -> bool:
        aims = [line.server for line in self._lines.values()]
        return all(has_route(*aim) for aim in aims if aim is not None)


def has_route(address: str, port: int) -> bool:
    """Has this computer an address of its own to reach that one from? Sends nothing."""
    try:
        with socket.socket(ip.family(address) or ip.IPV4, socket.SOCK_DGRAM) as probe:
            probe.connect((address, port))
    except OSError:
        return False
    return True
