"""IPv6: lines, calls with sound and texts where the library has it; where it has not, we say so and never ask."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.call import CallAnswered, CallDigitReceived, CallEnded, CallSecured, EndReason
from app.domain.counterpart import Line, LineReason, LineState, Srtp, Transport
from app.domain.message import Delivery, TextArrived, TextProgressed
from app.domain.phone_events import CallArrived, CallRefused, LineChanged
from app.ports.phone import AudioChoice
from sip.engine import config
from sip.engine.config import Bind, parse_bind
from sip.standin import sounds
from tests.peers import kamailio
from tests.peers.baresip import Baresip
from tests.peers.kamailio import Kamailio
from tests.peers.pulse import Pulse
from tests.peers.sound import tone
from tests.sip.harness import Harness, free_port, local_line, needs_ipv6
from tests.sip.raw_sip import DTLS, RawPeer

HOST, SHOWN = "::1", "[::1]"
SPEECH = Path(sounds.__file__).with_name("hello.wav")
with_ipv6 = pytest.mark.skipif(
    not config.has_ipv6(), reason="this pjsua2 is built without IPv6; ./dev wheel builds one"
)
without_ipv6 = pytest.mark.skipif(config.has_ipv6(), reason="this pjsua2 is built with IPv6")


# An engine that knows two more names.
_NAMES = """
import socket
ask = socket.getaddrinfo
def answer(host, port, family=0, *more):
    if host == "six.test" and family != socket.AF_INET6:
        raise socket.gaierror(socket.EAI_NONAME, "no address of that family")
    if host in {"six.test", "both.test"}:
        host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
    return ask(host, port, family, *more)
socket.getaddrinfo = answer
from sip.engine.main import main
"""


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Harness]:
    """An engine for which the name ``six.test`` has an IPv6 address only, ``both.test`` one of either family."""
    made = Harness(tmp_path / "named", lambda fd: [sys.executable, "-c", f"{_NAMES}main({fd})"])
    yield made
    made.phone.close()


@without_ipv6
@pytest.mark.parametrize(
    "line",
    [
        Line("a", "sip:a@[::1]", bind="127.0.0.1"),
        Line("a", "sip:a@h.test", registrar="sip:[2001:db8::1]:5060", bind="127.0.0.1"),
        Line("a", "sip:a@h.test", registrar="[2001:db8::1]:5060", bind="127.0.0.1"),
        Line("a", "sip:a@h.test", registrar="sip:h.test", proxy="sip:[2001:db8::1];lr", bind="127.0.0.1"),
        Line("a", "sip:a@127.0.0.1", bind="::1"),
        Line("a", "sip:a@127.0.0.1", bind="[::1]:5060"),
    ],
)
def test_an_ipv6_line_says_so(harness: Harness, line: Line) -> None:
    harness.apply(line)
    assert harness.wait(LineChanged, lambda e: e.state is LineState.FAILED).reason == LineReason.IPV6


@without_ipv6
def test_a_name_with_an_ipv6_address_only_says_so(named: Harness) -> None:
    named.apply(Line("a", "sip:a@six.test", registrar="sip:six.test:5060"))
    assert named.wait(LineChanged, lambda e: e.state is LineState.FAILED).reason == LineReason.IPV6


def test_an_ipv6_target_of_an_ipv4_line_fails_and_the_engine_lives(harness: Harness) -> None:
    harness.apply(local_line("a", "alice"))
    harness.registered("a")
    harness.phone.dial("c1", "a", "sip:bob@[::1]:5060")
    assert harness.wait(CallEnded).reason is EndReason.BAD_ADDRESS
    harness.phone.watch_presence("a", ["sip:bob@[::1]:5060"])
    harness.phone.send_text("m", "a", "sip:bob@[::1]:5060", "hello")
    assert harness.wait(TextProgressed).delivery is Delivery.FAILED
    assert harness.never_lost


@pytest.mark.parametrize(
    ("text", "bind"), [("::1", Bind("::1")), ("[::1]", Bind("::1")), ("[::1]:50", Bind("::1", 50))]
)
def test_bind(text: str, bind: Bind) -> None:
    assert parse_bind(text) == bind


def six_line(line_id: str, user: str, **more: object) -> Line:
    """A line without registrar on a port of its own."""
    return Line(id=line_id, uri=f"sip:{user}@{SHOWN}", bind=f"{SHOWN}:{free_port()}", **more)  # type: ignore[arg-type]


def line_at(server: Kamailio, user: str, **more: object) -> Line:
    """A line of ``user`` at the registrar."""
    values = {"registrar": server.registrar, "username": user, "bind": HOST} | more
    return Line(id=user, uri=f"sip:{user}@{SHOWN}:{server.port}", **values)  # type: ignore[arg-type]


@needs_ipv6
@with_ipv6
class TestAlone:
    def test_two_lines_call_and_text(self, harness: Harness) -> None:
        harness.apply(six_line("a", "alice"), six_line("b", "bob"))
        assert harness.registered("a").contact.startswith("sip:alice@[::1]:")
        harness.phone.dial("c", "a", harness.registered("b").contact)
        arrived = harness.find(CallArrived)
        assert (arrived.user, arrived.host) == ("alice", HOST)
        harness.phone.answer(arrived.call_id)
        harness.find(CallAnswered)
        assert harness.find(CallSecured).encrypted
        harness.phone.send_digits("c", "5")
        assert harness.wait(CallDigitReceived).digit == "5"
        harness.phone.send_text("m", "a", harness.find_line("b").contact, "こんにちは")
        text = harness.find(TextArrived)
        assert (text.body, text.host) == ("こんにちは", HOST)

    def test_lines_of_either_family_side_by_side(self, harness: Harness) -> None:
        harness.apply(local_line("a", "alice"), local_line("b", "bob"), six_line("c", "carol"))
        harness.registered("c")
        harness.phone.dial("c1", "a", harness.find_line("b").contact)
        harness.phone.answer(harness.find(CallArrived).call_id)
        harness.find(CallAnswered)
        harness.phone.send_digits("c1", "5")
        assert harness.wait(CallDigitReceived).digit == "5"

    @pytest.mark.parametrize(
        "line",
        [
            Line("a", "sip:a@127.0.0.1", bind="::1"),
            Line("a", "sip:a@h.test", registrar="sip:[::1]", bind="127.0.0.1"),
            Line("a", "sip:a@[::1]", bind="[2001:db8::1]:5060"),
            Line("a", "sip:a@[fe80::1%nowhere]", bind="fe80::1%nowhere"),
        ],
    )
    def test_addresses_that_do_not_go_together_are_wrong(self, harness: Harness, line: Line) -> None:
        harness.apply(line)
        assert harness.wait(LineChanged, lambda e: e.state is LineState.FAILED).reason == LineReason.BAD_ADDRESS

    def test_an_ipv4_target_of_an_ipv6_line_fails_and_the_engine_lives(self, harness: Harness) -> None:
        harness.apply(six_line("a", "alice"))
        harness.registered("a")
        harness.phone.dial("c1", "a", "sip:bob@127.0.0.1:5060")
        harness.wait(CallEnded)
        harness.phone.send_text("m", "a", "sip:bob@127.0.0.1:5060", "hello")
        assert harness.wait(TextProgressed).delivery is Delivery.FAILED
        assert harness.never_lost

    def test_an_offer_of_dtls_does_not_kill(self, harness: Harness) -> None:
        line = six_line("a", "alice", srtp=Srtp.OPTIONAL)
        harness.apply(line)
        harness.registered("a")
        with RawPeer(HOST) as peer:
            peer.invite(parse_bind(line.bind).port, profile="UDP/TLS/RTP/SAVPF", extra=DTLS)
            assert harness.wait(CallRefused).status == 488


@needs_ipv6
@with_ipv6
@pytest.mark.peers
@pytest.mark.skipif(not kamailio.is_installed(), reason="no kamailio here")
class TestKamailio:
    @pytest.fixture
    def registrar(self, tmp_path: Path) -> Iterator[Kamailio]:
        """A running registrar."""
        server = Kamailio(tmp_path / "kamailio", tls=True, host=HOST)
        server.start()
        yield server
        server.stop()

    @pytest.fixture
    def other(self, tmp_path: Path) -> Iterator[Harness]:
        """Another engine."""
        made = Harness(tmp_path / "other")
        yield made
        made.phone.close()

    @pytest.mark.parametrize("transport", list(Transport))
    def test_registers_and_is_called(self, harness: Harness, registrar: Kamailio, transport: Transport) -> None:
        port = registrar.tls_port if transport is Transport.TLS else registrar.port
        more = {"transport": transport, "registrar": f"sip:{SHOWN}:{port}", "ca_file": str(registrar.folder / "ca.crt")}
        harness.apply(line_at(registrar, "alice", **more), line_at(registrar, "bob", **more), passwords=PASSWORDS)
        assert harness.registered("alice").contact.startswith("sip:alice@[::1]:")
        harness.find_line("bob")
        harness.phone.dial("c", "alice", f"sip:bob@{SHOWN}:{port}")
        harness.phone.answer(harness.find(CallArrived).call_id)
        harness.find(CallAnswered)
        harness.phone.send_digits("c", "7")
        assert harness.wait(CallDigitReceived).digit == "7"

    def test_a_name_with_an_ipv6_address_only(self, named: Harness, registrar: Kamailio) -> None:
        line = line_at(registrar, "alice", registrar=f"sip:six.test:{registrar.port}", bind="auto")
        named.apply(line, password="secret-alice")
        assert named.registered("alice").contact.startswith("sip:alice@[")

    def test_a_server_of_both_families_by_the_one_that_answers(
        self, named: Harness, registrar: Kamailio, tmp_path: Path
    ) -> None:
        line = line_at(registrar, "alice", registrar=f"sip:both.test:{registrar.port}", bind="auto")
        named.apply(line, password="secret-alice")
        assert named.registered("alice").contact.startswith("sip:alice@[")
        registrar.stop()
        four = Kamailio(tmp_path / "four", ports=(registrar.port, registrar.tls_port))
        four.start()
        try:
            named.phone.network_changed()
            assert not named.registered("alice").contact.startswith("sip:alice@[")
        finally:
            four.stop()
        registrar.start()
        named.phone.network_changed()
        assert named.registered("alice").contact.startswith("sip:alice@[")

    def test_a_call_outlives_a_change_of_network(self, harness: Harness, registrar: Kamailio, other: Harness) -> None:
        harness.apply(line_at(registrar, "alice"), password="secret-alice")
        other.apply(line_at(registrar, "bob"), password="secret-bob")
        harness.registered("alice")
        other.registered("bob")
        harness.phone.dial("c", "alice", f"sip:bob@{SHOWN}:{registrar.port}")
        there = other.wait(CallArrived).call_id
        other.phone.answer(there)
        harness.wait(CallAnswered)
        harness.phone.network_changed()
        harness.settle(2)  # the library registers again and offers the call anew
        harness.phone.send_digits("c", "7")
        assert other.wait(CallDigitReceived).digit == "7"
        other.phone.send_digits(there, "8")
        assert harness.wait(CallDigitReceived).digit == "8"

    @pytest.mark.skipif(shutil.which("baresip") is None, reason="not installed: baresip")
    @pytest.mark.parametrize("calls", [False, True], ids=["we-call", "he-calls"])
    def test_baresip_is_called_heard_and_texted(
        self, tmp_path: Path, registrar: Kamailio, sound: Pulse, calls: bool
    ) -> None:
        harness = Harness(tmp_path / "ours")
        where, ours = f"{SHOWN}:{registrar.port}", f"sip:alice@{SHOWN}:{registrar.port}"
        peer = Baresip(
            tmp_path / "bob", "bob", tone(440, 1), registrar=where, password="secret-bob", host=HOST, contact=ours
        )
        try:
            harness.apply(line_at(registrar, "alice"), password="secret-alice", audio=AudioChoice(processing=False))
            harness.registered("alice")
            call_id = "c"
            if calls:
                peer.dial(ours)
                call_id = harness.wait(CallArrived).call_id
                harness.phone.answer(call_id)
            else:
                harness.phone.dial(call_id, "alice", peer.uri)
            harness.find(CallAnswered)
            peer.wait("CALL_ESTABLISHED")
            with sound.listen() as speaker, sound.say(SPEECH):
                speaker.next(0.5)
                assert speaker.next(2).share(440) > 0.5, "he is not heard"
            harness.phone.send_digits(call_id, "5")
            assert peer.wait("CALL_DTMF_START")["param"] == "5"
            harness.phone.hangup(call_id)
            peer.wait("CALL_CLOSED")
            assert peer.heard().level > 300, "he does not hear us"
            harness.phone.send_text("m", "alice", peer.uri, "hello")
            assert peer.next_text("sip:alice@") == "hello"
            assert harness.wait(TextProgressed).delivery is Delivery.SENT
            peer.text("hello yourself")
            assert harness.wait(TextArrived).body == "hello yourself"
        finally:
            peer.close()
            harness.phone.close()


PASSWORDS = {user: f"secret-{user}" for user in ("alice", "bob")}
