"""A name with two servers behind it (SRV): the second is used while the first is dead, and when it dies."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import pytest

from app.domain.call import CallAnswered, CallEnded, EndReason
from app.domain.counterpart import Line, LineReason, LineState, Transport
from app.domain.message import Delivery, TextArrived, TextProgressed
from app.domain.phone_events import CallArrived, LineChanged
from sip.engine import registration, targets
from tests.network.dns_server import DnsServer, Row, Table
from tests.peers import kamailio
from tests.peers.kamailio import Kamailio
from tests.sip.harness import Harness
from tests.sip.raw_sip import RawPeer

needs_kamailio = [pytest.mark.peers, pytest.mark.skipif(not kamailio.is_installed(), reason="no kamailio here")]


def asking(folder: Path, port: int, more: str = "") -> Callable[[int], list[str]]:
    """An engine whose name server is the test's, and whose healthy UDP lines register every two seconds; ``more`` is
    code it runs first."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    code = (
        "import pathlib; from sip.engine import dns, main, registration; registration.PROBE = 2.0;"
        f"{more} dns.PORT = {port}; dns.RESOLV_CONF = pathlib.Path({str(folder / 'resolv.conf')!r}); main.main("
    )
    return lambda fd: [sys.executable, "-c", f"{code}{fd})"]


def line_by_name(user: str, transport: Transport) -> Line:
    """A line that knows nothing but a domain."""
    return Line(
        user, f"sip:{user}@pbx.test", registrar="sip:pbx.test", username=user, bind="127.0.0.1", transport=transport
    )


class Service:
    """Two registrars behind one name."""

    def __init__(self, folder: Path) -> None:
        self.first, self.second = (Kamailio(folder / name) for name in ("first", "second"))
        rows = ((1, self.first), (2, self.second))
        table: Table = {
            f"_sip._{kind}.pbx.test": [["SRV", priority, 0, each.port, "127.0.0.1"] for priority, each in rows]
            for kind in ("udp", "tcp")
        }
        self.names = DnsServer(table)

    def stop(self) -> None:
        """End it all."""
        self.first.stop()
        self.second.stop()
        self.names.__exit__(None, None, None)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service of which nothing runs yet."""
    made = Service(tmp_path)
    yield made
    made.stop()


class TestKamailioPair:
    pytestmark = needs_kamailio

    @pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
    def test_the_first_is_dead(self, service: Service, tmp_path: Path, transport: Transport) -> None:
        service.second.start()
        alice = Harness(tmp_path / "alice", argv=asking(tmp_path / "alice", service.names.port))
        bob = Harness(tmp_path / "bob", argv=asking(tmp_path / "bob", service.names.port))
        try:
            started = time.monotonic()
            alice.apply(line_by_name("alice", transport), password="secret-alice")
            bob.apply(line_by_name("bob", transport), password="secret-bob")
            alice.registered("alice", 6)
            bob.registered("bob", 6)
            assert time.monotonic() - started < 6
            alice.phone.dial("c1", "alice", "sip:bob@pbx.test")
            bob.phone.answer(bob.wait(CallArrived).call_id)
            alice.wait(CallAnswered)
            alice.phone.hangup("c1")
            assert bob.wait(CallEnded).reason is EndReason.NONE
            alice.phone.send_text("m", "alice", "sip:bob@pbx.test", "by name")
            assert bob.wait(TextArrived).body == "by name"
            assert alice.wait(TextProgressed).delivery is Delivery.SENT
        finally:
            alice.phone.close()
            bob.phone.close()

    @pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
    def test_the_first_dies(self, service: Service, tmp_path: Path, transport: Transport) -> None:
        service.first.start()
        service.second.start()
        alice = Harness(tmp_path / "alice", argv=asking(tmp_path / "alice", service.names.port))
        bob = Harness(tmp_path / "bob")
        try:
            alice.apply(line_by_name("alice", transport), password="secret-alice")
            alice.registered("alice")
            port = service.second.port
            bob.apply(
                Line("bob", "sip:bob@pbx.test", registrar=f"sip:127.0.0.1:{port}", username="bob", bind="127.0.0.1"),
                password="secret-bob",
            )
            bob.registered("bob")
            service.first.stop()
            end = time.monotonic() + 2.0 * 1.15 + registration.SILENCE + targets.ALIVE + 2
            number, status = 0, 480  # Alice is not known at the second yet
            while status == 480 and time.monotonic() < end:
                number += 1
                bob.phone.send_text(f"m{number}", "bob", f"sip:alice@127.0.0.1:{port}", "where are you?")
                status = bob.wait(TextProgressed).status
                bob.settle(0.25)
            assert status == 200
            assert alice.wait(TextArrived).body == "where are you?"
        finally:
            alice.phone.close()
            bob.phone.close()


class Registrar(RawPeer):
    """Lets everybody register until it is told to be ``silent``, and keeps what it has not answered."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = False
        self.asked = threading.Event()  # whether it is there
        self.unanswered: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.socket.sendto(b"", (self.host, self.port))
        self._serving.join(5)
        super().__exit__(kind, error, at)

    def left(self, method: str) -> str:
        """The next request of this method it has not answered."""
        while not (request := self.unanswered.get(timeout=10)).startswith(method):
            pass
        return request

    def _serve(self) -> None:
        while data := self.socket.recv(65_536):
            request = data.decode()
            if request.startswith("OPTIONS"):
                self.asked.set()
            if request.startswith(("REGISTER", "OPTIONS")) and not self.silent:
                self.reply(request, "200 OK")
            else:
                self.unanswered.put(request)

    def reply(self, request: str, status: str) -> None:
        """Answer a request where it came from."""
        sender = request.partition("Via: SIP/2.0/UDP 127.0.0.1:")[2]
        self.answer(request, status, int(sender.partition(";")[0]), headers="Expires: 300\r\n")


def test_a_text_under_way_while_the_line_turns_to_another_server(tmp_path: Path) -> None:
    """Its answer is for the account that has sent it, which must be there."""
    with Registrar() as first, Registrar() as second:
        rows: list[Row] = [["SRV", place, 0, each.port, "127.0.0.1"] for place, each in enumerate((first, second))]
        with DnsServer({"_sip._udp.pbx.test": rows}) as names:
            harness = Harness(tmp_path, argv=asking(tmp_path, names.port, "registration.SILENCE = 1.0;"))
            try:
                harness.apply(line_by_name("alice", Transport.UDP))
                port = harness.port("alice")
                first.silent = True
                harness.phone.send_text("m", "alice", "sip:bob@pbx.test", "are you there?")
                harness.wait(LineChanged, lambda e: e.reason == LineReason.TIMEOUT)
                assert second.asked.wait(5)
                harness.settle(0.3)  # nothing comes, and the account stays
                first.reply(first.left("MESSAGE"), "200 OK")
                assert harness.wait(TextProgressed).delivery is Delivery.SENT
                first.reply(first.left("REGISTER"), "503 Going away")
                harness.registered("alice")
                second.invite(port)
                assert harness.wait(CallArrived).line == "alice"
                assert harness.never_lost
            finally:
                harness.phone.close()


def test_a_name_nobody_knew_is_looked_up_at_once_on_another_network(tmp_path: Path) -> None:
    table: Table = {}
    with Registrar() as registrar, DnsServer(table) as names:
        numbers_only = (
            "import socket; ask = socket.getaddrinfo; socket.getaddrinfo = (lambda host, port, family, kind: "
        )
        numbers_only += "ask(host, port, family, kind, 0, socket.AI_NUMERICHOST));"
        never = "registration.BackOff.failed = lambda self, now, chance: 60.0;"
        harness = Harness(tmp_path, argv=asking(tmp_path, names.port, numbers_only + never))
        try:
            harness.apply(line_by_name("alice", Transport.UDP))
            lost = harness.wait(LineChanged, lambda e: e.state is LineState.FAILED)
            assert lost.reason == LineReason.UNREACHABLE
            table["_sip._udp.pbx.test"] = [["SRV", 1, 0, registrar.port, "127.0.0.1"]]
            harness.phone.network_changed()
            harness.registered("alice")
        finally:
            harness.phone.close()


def test_a_silent_name_server_does_not_stop_the_engine(tmp_path: Path) -> None:
    with DnsServer({}, silent=True) as names:
        harness = Harness(tmp_path, argv=asking(tmp_path, names.port))
        try:
            harness.apply(line_by_name("alice", Transport.UDP), Line("b", "sip:bob@127.0.0.1", bind="127.0.0.1"))
            harness.find(LineChanged, lambda e: e.line == "b" and e.state is LineState.REGISTERED, 2)
            asked = time.monotonic()
            harness.phone.list_devices()
            harness.phone.dial("c1", "b", "sip:127.0.0.1:1")
            harness.wait(CallEnded, timeout=14)
            assert time.monotonic() - asked < 14
            lost = harness.find(LineChanged, lambda e: e.line == "alice" and e.state is LineState.FAILED, 20)
            assert lost.reason == LineReason.UNREACHABLE
        finally:
            harness.phone.close()
