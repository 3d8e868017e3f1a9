"""A STUN server that does not answer, or no longer, costs a call nothing."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from dataclasses import replace
from types import TracebackType

import pytest

from app.domain.call import CallAnswered, CallEnded, CallSent
from app.domain.counterpart import Line
from sip.engine import stun
from tests.network import stun_server
from tests.sip.harness import Harness, free_port, local_line
from tests.sip.raw_sip import PLAIN, RawPeer


class Server:
    """Answers both kinds of question while it is ``alive``; with ``modern`` only the one with a cookie."""

    def __init__(self, *, modern: bool = False) -> None:
        self.alive = True
        self.asked = threading.Semaphore(0)
        self._modern = modern
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._socket.getsockname()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.sendto(b"", self.address)
        self._thread.join(5)
        self._socket.close()

    @property
    def name(self) -> str:
        """As a line names it."""
        return f"{self.address[0]}:{self.address[1]}"

    def _serve(self) -> None:
        while packet := (found := self._socket.recvfrom(2048))[0]:
            self.asked.release()
            if self.alive and (not self._modern or packet[4:8] == b"\x21\x12\xa4\x42"):
                reply = stun_server.answer(packet, found[1], "127.0.0.1")
                assert reply is not None
                self._socket.sendto(reply, found[1])


def call(harness: Harness, peer: RawPeer, call_id: str) -> tuple[float, str]:
    """Call and be refused: how long the INVITE took to leave, and what it offered."""
    begun = time.monotonic()
    harness.phone.dial(call_id, "a", f"sip:x@127.0.0.1:{peer.port}")
    harness.wait(CallSent)
    took = time.monotonic() - begun
    invite = peer.expect("INVITE")
    via = next(line for line in invite.split("\r\n") if line.startswith("Via:"))
    peer.answer(invite, "486 Busy Here", int(via.split(";")[0].rpartition(":")[2]))
    harness.wait(CallEnded)
    return took, invite


def line(server: str, *, ice: bool = False) -> Line:
    where = "auto" if ice else "127.0.0.1"  # the library leaves loopback addresses out of ICE
    return Line("a", "sip:a@127.0.0.1", bind=f"{where}:{free_port()}", stun=server, ice=ice)


@pytest.mark.parametrize("ice", [False, True])
@pytest.mark.parametrize("listens", [False, True])
def test_a_server_that_never_answers(harness: Harness, ice: bool, listens: bool) -> None:
    with Server() as server, RawPeer() as peer:
        server.alive = False
        harness.apply(line(server.name if listens else f"127.0.0.1:{free_port()}", ice=ice))
        harness.registered("a", 2)
        assert call(harness, peer, "c1")[0] < 0.5
    assert harness.never_lost


def test_a_server_that_falls_silent(harness: Harness) -> None:
    """Not noticed yet when the call is dialled: it is asked before the call, and not waited for."""
    with Server() as server, RawPeer() as peer:
        harness.apply(line(server.name))
        harness.registered("a", 2)
        for _ in range(3):  # ours twice, and the library's own
            assert server.asked.acquire(timeout=3)
        assert call(harness, peer, "c1")[0] < 0.5
        harness.settle(stun.FRESH)
        server.alive = False
        assert call(harness, peer, "c2")[0] < stun.PATIENCE + 0.5
        assert call(harness, peer, "c3")[0] < 0.5


class Pulse:
    """Asks another line of the engine again and again: ``slowest`` is how long it ever stood still, in seconds."""

    def __init__(self, port: int) -> None:
        self.slowest = 0.0
        self._port = port
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        with RawPeer() as peer:
            while not self._over.is_set():
                begun = time.monotonic()
                for _ in range(100):
                    peer.request("OPTIONS", self._port, user="bob")
                    with contextlib.suppress(AssertionError):  # lost: its socket is another one after a move
                        peer.expect("SIP/2.0 ", 0.1)
                        break
                self.slowest = max(self.slowest, time.monotonic() - begun)


@pytest.mark.parametrize("bind", ["127.0.0.1", "auto"])
def test_a_line_is_opened_again_after_its_server_has_died(harness: Harness, bind: str) -> None:
    """The library would ask the server about every new socket, and stand still until it gives up."""
    with Server() as server, RawPeer() as peer:
        other = local_line("b", "bob")
        first = replace(line(server.name), bind=f"{bind}:{free_port()}")
        harness.apply(first, other)
        harness.registered("a", 2)
        for _ in range(3):
            assert server.asked.acquire(timeout=3)
        harness.settle(stun.FRESH)
        server.alive = False
        with Pulse(int(other.bind.rpartition(":")[2])) as pulse:
            harness.apply(replace(first, keep_alive=20), other)
            harness.registered("a", stun.PATIENCE + 1)
        assert pulse.slowest < 1.5, "the library would stand still for two seconds"
        _, invite = call(harness, peer, "c1")
        contact = next(row for row in invite.split("\r\n") if row.startswith("Contact:"))
        assert ipaddress.ip_address(contact.partition("@")[2].partition(":")[0])
        assert f":{first.bind.rpartition(':')[2]}" in contact


def test_another_network_from_which_the_server_cannot_be_reached(harness: Harness) -> None:
    """The calls are moved over all the same, once that is known."""
    with Server() as server, RawPeer() as peer:
        first, other = line(server.name), local_line("b", "bob")
        harness.apply(first, other)
        harness.registered("a", 2)
        for _ in range(3):
            assert server.asked.acquire(timeout=3)
        harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
        port = int(first.bind.rpartition(":")[2])
        peer.answer(peer.expect("INVITE"), "200 OK", port, body=PLAIN)
        harness.wait(CallAnswered)
        server.alive = False
        with Pulse(int(other.bind.rpartition(":")[2])) as pulse:
            harness.phone.network_changed()
            assert "m=audio" in peer.expect("INVITE")
        assert pulse.slowest < 1.5, "the library would stand still for two seconds"


@pytest.mark.parametrize("is_late", [False, True])
def test_a_registration_outlives_what_is_found_out(harness: Harness, is_late: bool) -> None:
    """The settings change while a REGISTER waits for its answer, or after: it is heard, and taken back at the end."""
    with Server() as server, RawPeer() as registrar:
        server.alive = False
        port = free_port()
        where = f"127.0.0.1:{registrar.port}"
        harness.apply(
            Line("a", f"sip:a@{where}", bind=f"127.0.0.1:{port}", registrar=where, stun=server.name, ice=True)
        )
        register = registrar.expect("REGISTER")
        if not is_late:
            registrar.answer(register, "200 OK", port, "Expires: 300\r\n")
            harness.registered("a", 3)
        server.alive = True
        for _ in range(5):  # ours, twice each; the fifth is the library's, which by then knows the server
            assert server.asked.acquire(timeout=3)
        if is_late:
            registrar.answer(register, "200 OK", port, "Expires: 300\r\n")
            harness.registered("a", 3)
        harness.apply()
        register = registrar.expect("REGISTER")
        assert "\r\nExpires: 0\r\n" in register
        registrar.answer(register, "200 OK", port)


@pytest.mark.parametrize(
    ("alive", "modern", "answers"),
    [(True, False, stun.Answers(True, True)), (True, True, stun.Answers(False, True)), (False, True, stun.Answers())],
)
def test_what_a_server_understands(alive: bool, modern: bool, answers: stun.Answers) -> None:
    with Server(modern=modern) as server:
        server.alive = alive
        assert stun.ask(server.address) == answers


def test_where_nobody_listens_no_time_is_lost() -> None:
    begun = time.monotonic()
    assert stun.ask(("127.0.0.1", free_port())) == stun.Answers()
    assert time.monotonic() - begun < 1.5
