"""STUN servers: asked on a thread of our own whether they answer, before the library is let near them.

The library asks them itself when a call's sound or a transport is made, but without ICE it stands still meanwhile, and
the engine with it: eight seconds at every call when the server does not answer. So it uses a server only while our own
question, asked every now and then and before each call out, is answered.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pjsua2 as pj

from sip.engine import config
from sip.engine.line import EngineLine
from sip.engine.log import logger
from sip.engine.loop import Loop, Timer

AGAIN = 15.0  # seconds between questions
FRESH = 3.0  # an answer this young is good enough for a call
ASKED_AGAIN = (0.25, 0.5)  # a datagram may be lost
PATIENCE = 1.0
_COOKIE = 0x2112A442
_BINDING, _ANSWER = 0x0001, 0x0101


@dataclass(frozen=True, slots=True)
class Answers:
    """Which ways of asking a server answers. ``plain`` is RFC 3489's, the library's without ICE; ``with_cookie`` the
    one since RFC 5389."""

    plain: bool = False
    with_cookie: bool = False


class Stun:
    """The servers of all lines: the library knows them for itself, not for a line. Engine thread only."""

    def __init__(self, endpoint: pj.Endpoint, loop: Loop, lines: Mapping[str, EngineLine]) -> None:
        """``lines`` is the engine's own table; each is told when `works` may have changed."""
        self._endpoint, self._loop, self._lines = endpoint, loop, lines
        self._servers: tuple[str, ...] = ()
        self._given: list[str] = []
        self._answers = Answers()
        self._asked = 0.0
        self._is_asking = False
        self._timer: Timer | None = None
        self._waiting: list[Callable[[], None]] = []

    def use(self, servers: Iterable[str]) -> None:
        """Use these."""
        wanted = tuple(dict.fromkeys(config.with_port(each) for each in servers if each))
        if wanted != self._servers:
            self._servers, self._answers = wanted, Answers()
            self._tell()
            self.ask()

    def works(self, *, ice: bool) -> bool:
        """May the library ask now?"""
        return self._answers.with_cookie if ice else self._answers.plain and self._answers.with_cookie

    def ask(self) -> None:
        """Find out anew: the network may be another one."""
        if self._timer is not None:
            self._timer.cancel()
        if self._servers and not self._is_asking:
            self._is_asking = True
            servers = self._servers
            threading.Thread(target=lambda: self._ask(servers), name="stun", daemon=True).start()

    @property
    def is_known(self) -> bool:
        """Has the library been given a server? It keeps it for good and asks it about every UDP socket it opens."""
        return bool(self._given)

    def when_sure(self, then: Callable[[], None]) -> None:
        """Go on when it is certain whether the server answers, within a second."""
        if not self._answers.with_cookie or time.monotonic() - self._asked < FRESH:
            then()
            return
        self._waiting.append(then)
        self.ask()

    def after_move(self, then: Callable[[], None]) -> None:
        """As `when_sure`, on a network from which the server may not be reached: what is known of it is out of date."""
        self._asked = 0.0
        if self._servers and not self._answers.with_cookie:
            self.ask()
        self.when_sure(then)

    def _tell(self) -> None:
        for line in self._lines.values():
            line.use_stun(self.works(ice=line.line.ice), known=self.is_known)

    def stop(self) -> None:
        """The engine leaves."""
        self._servers = ()
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _ask(self, servers: tuple[str, ...]) -> None:
        found: dict[str, Answers] = {}
        for server in servers:
            if (address := _resolved(server)) is not None:
                answers = ask(address)
                if answers.with_cookie:
                    found[f"{address[0]}:{address[1]}"] = answers
                    break
        self._loop.post(lambda: self._asked_all(servers, found))

    def _asked_all(self, servers: tuple[str, ...], found: dict[str, Answers]) -> None:
        self._is_asking = False
        waiting, self._waiting = self._waiting, []
        if servers == self._servers:
            self._take(found)
            self._timer = self._loop.later(AGAIN, self.ask)
        else:
            self.ask()
        for then in waiting:
            then()

    def _take(self, found: dict[str, Answers]) -> None:
        answers = next(iter(found.values()), Answers())
        if found and list(found) != self._given:
            try:
                self._endpoint.natUpdateStunServers(pj.StringVector(list(found)), False)
            except pj.Error as error:
                logger.warning("STUN server refused: %s", error.status)
                answers = Answers()
            else:
                self._given = list(found)
        self._asked = time.monotonic()
        if answers != self._answers:
            if not answers.with_cookie:
                logger.warning("no STUN server answers: going on without")
            self._answers = answers
            self._tell()


def ask(server: tuple[str, int]) -> Answers:
    """Ask a server both ways. Blocks for a second at most."""
    requests = {secrets.token_bytes(16): False, struct.pack(">I", _COOKIE) + secrets.token_bytes(12): True}
    answered: set[bool] = set()
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.connect(server)
            begun = time.monotonic()
            for until in (*ASKED_AGAIN, PATIENCE):
                for serial, with_cookie in requests.items():
                    if with_cookie not in answered:
                        link.send(struct.pack(">HH", _BINDING, 0) + serial)
                answered |= _answered(link, requests, answered, begun + until)
    except OSError:  # no way there, or nobody listens
        return Answers()
    return Answers(plain=False in answered, with_cookie=True in answered)


def _answered(link: socket.socket, requests: dict[bytes, bool], known: set[bool], end: float) -> set[bool]:
    found = set(known)
    while len(found) < len(requests) and (left := end - time.monotonic()) > 0:
        link.settimeout(left)
        with contextlib.suppress(TimeoutError):
            packet = link.recv(2048)
            if len(packet) >= 20 and packet[:2] == struct.pack(">H", _ANSWER) and packet[4:20] in requests:
                found.add(requests[packet[4:20]])
    return found


def _resolved(server: str) -> tuple[str, int] | None:
    host, _, port = server.rpartition(":")
    try:
        entries = socket.getaddrinfo(host, int(port), socket.AF_INET, socket.SOCK_DGRAM)
    except (OSError, UnicodeError, ValueError):
        return None
    return str(entries[0][4][0]), int(port)
