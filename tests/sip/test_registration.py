"""Registration against a real registrar, and what happens when it is not there."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.call import CallAnswered, CallEnded, CallHoldChanged
from app.domain.counterpart import Line, LineReason, LineState, Transport
from app.domain.message import Delivery, TextArrived, TextProgressed
from app.domain.phone_events import CallArrived, LineChanged
from sip.engine import config
from tests.peers import kamailio
from tests.peers.kamailio import Kamailio
from tests.sip.harness import Harness, free_port, local_line

needs_kamailio = [pytest.mark.peers, pytest.mark.skipif(not kamailio.is_installed(), reason="no kamailio here")]


@pytest.fixture
def registrar(tmp_path: Path) -> Iterator[Kamailio]:
    """A running registrar."""
    server = Kamailio(tmp_path / "kamailio")
    server.start()
    yield server
    server.stop()


def line_at(server: Kamailio, user: str, **more: object) -> Line:
    """A line of ``user`` at the registrar."""
    values = {"registrar": server.registrar, "username": user, "bind": "127.0.0.1"} | more
    return Line(id=user, uri=f"sip:{user}@127.0.0.1:{server.port}", **values)  # type: ignore[arg-type]


def failed(harness: Harness, reason: LineReason, timeout: float = 10.0) -> LineChanged:
    """Wait until a line says why it does not work."""
    return harness.wait(LineChanged, lambda e: e.state is LineState.FAILED and e.reason == reason, timeout)


class TestKamailio:
    pytestmark = needs_kamailio

    def test_registers_and_says_where(self, harness: Harness, registrar: Kamailio) -> None:
        harness.apply(line_at(registrar, "alice"), password="secret-alice")
        assert harness.wait(LineChanged).state is LineState.REGISTERING
        ready = harness.registered("alice")
        assert (ready.reason, ready.status) == (LineReason.NONE, 200)
        assert ready.contact.startswith("sip:alice@127.0.0.1:")

    def test_wrong_password_is_said_and_not_tried_again(self, harness: Harness, registrar: Kamailio) -> None:
        harness.apply(line_at(registrar, "alice"), password="wrong")
        failed(harness, LineReason.WRONG_PASSWORD)
        count = len(harness.events)
        harness.settle(4)
        assert len(harness.events) == count
        harness.apply(line_at(registrar, "alice"), password="secret-alice")
        harness.registered("alice")

    def test_missing_password(self, harness: Harness, registrar: Kamailio) -> None:
        harness.apply(line_at(registrar, "alice"))
        failed(harness, LineReason.NO_PASSWORD)

    def test_forbidden_and_unknown_user(self, harness: Harness, registrar: Kamailio) -> None:
        harness.apply(line_at(registrar, "banned"), password="x")
        failed(harness, LineReason.FORBIDDEN)
        harness.apply(line_at(registrar, "nobody"), password="x")
        failed(harness, LineReason.UNKNOWN_USER)

    def test_registrar_down_at_first_then_up(self, harness: Harness, registrar: Kamailio) -> None:
        registrar.stop()
        harness.apply(line_at(registrar, "alice"), password="secret-alice")
        failed(harness, LineReason.TIMEOUT, 8)
        registrar.start()
        back = time.monotonic()
        harness.registered("alice")
        assert time.monotonic() - back < 6

    def test_registrar_restarts_under_a_tcp_line(self, harness: Harness, registrar: Kamailio) -> None:
        harness.apply(line_at(registrar, "alice", transport=Transport.TCP), password="secret-alice")
        harness.registered("alice")
        registrar.stop()
        harness.wait(LineChanged, lambda e: e.state is LineState.FAILED, 10)
        registrar.start()
        harness.registered("alice", 8)

    def test_two_lines_call_and_text_through_it(self, harness: Harness, registrar: Kamailio) -> None:
        other = Harness(harness.folder / "other")
        try:
            harness.apply(line_at(registrar, "alice"), password="secret-alice")
            other.apply(line_at(registrar, "bob"), password="secret-bob")
            harness.registered("alice")
            other.registered("bob")
            target = f"sip:bob@127.0.0.1:{registrar.port}"
            harness.phone.dial("c1", "alice", target)
            arrived = other.wait(CallArrived)
            other.phone.answer(arrived.call_id)
            harness.wait(CallAnswered)
            harness.phone.hold("c1", True)
            harness.wait(CallHoldChanged, lambda e: e.held)
            harness.phone.hold("c1", False)
            harness.wait(CallHoldChanged, lambda e: not e.held)
            other.phone.hangup(arrived.call_id)
            harness.wait(CallEnded)
            harness.phone.send_text("m", "alice", target, "こんにちは 😀")
            assert other.wait(TextArrived).body == "こんにちは 😀"
            assert harness.wait(TextProgressed).delivery is Delivery.SENT
            harness.phone.send_text("long", "alice", target, "é" * 1_500)
            assert other.wait(TextArrived).body == "é" * 1_500
            assert harness.wait(TextProgressed).delivery is Delivery.SENT
            harness.phone.send_text("gone", "alice", f"sip:carol@127.0.0.1:{registrar.port}", "anyone?")
            assert harness.wait(TextProgressed).status == 480
        finally:
            other.phone.close()

    def test_removed_line_leaves_the_registrar(self, harness: Harness, registrar: Kamailio) -> None:
        harness.apply(line_at(registrar, "alice"), local_line("b", "bob"), password="secret-alice")
        harness.registered("alice")
        harness.apply(local_line("b", "bob"), password="secret-alice")
        assert harness.wait(LineChanged, lambda e: e.line == "alice").state is LineState.OFF
        # The registrar answers the next line's text once the un-REGISTER is through.
        harness.registered("b")
        harness.apply(line_at(registrar, "carol"), password="secret-carol")
        harness.registered("carol")
        harness.phone.send_text("m", "carol", f"sip:alice@127.0.0.1:{registrar.port}", "still there?")
        assert harness.wait(TextProgressed).status == 480

    def test_same_line_back_after_the_engine_died(self, harness: Harness, registrar: Kamailio) -> None:
        import os
        import signal

        harness.apply(line_at(registrar, "alice"), password="secret-alice")
        harness.registered("alice")
        pid = harness.phone.engine_pid
        assert pid is not None
        started = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        harness.registered("alice")
        assert time.monotonic() - started < 5


def test_unresolvable_registrar(harness: Harness) -> None:
    harness.apply(Line("a", "sip:a@nowhere.invalid", registrar="sip:nowhere.invalid", bind="127.0.0.1"))
    failed(harness, LineReason.UNREACHABLE)


def test_named_port_taken_is_said_and_tried_again(harness: Harness) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        harness.apply(Line("a", "sip:alice@127.0.0.1", bind=f"127.0.0.1:{port}"))
        failed(harness, LineReason.PORT_TAKEN)
    assert harness.registered("a").contact == f"sip:alice@127.0.0.1:{port}"


def test_unnamed_port_falls_back_to_a_free_one(harness: Harness) -> None:
    lines = [Line(name, f"sip:{name}@127.0.0.1", bind="127.0.0.1") for name in ("a", "b")]
    harness.apply(*lines)
    contacts = {harness.find(LineChanged, lambda e, n=line.id: e.line == n).contact for line in lines}  # type: ignore[misc]
    assert len(contacts) == 2
    assert all(contact.startswith("sip:") for contact in contacts)


@pytest.mark.parametrize("bind", ["127.0.0.1:99999", "not an address", "192.0.2.1"])
def test_bad_bind(harness: Harness, bind: str) -> None:
    harness.apply(Line("a", "sip:alice@127.0.0.1", bind=bind))
    failed(harness, LineReason.BAD_ADDRESS)


def test_changed_line_keeps_its_port(harness: Harness) -> None:
    port = free_port()
    for user in ("alice", "bob", "carol"):
        harness.apply(Line("a", f"sip:{user}@127.0.0.1", bind=f"127.0.0.1:{port}"))
        assert harness.registered("a").contact == f"sip:{user}@127.0.0.1:{port}"


def test_bind_auto_reaches_loopback(harness: Harness) -> None:
    harness.apply(Line("a", "sip:alice@127.0.0.1", bind=f"auto:{free_port()}"), local_line("b", "bob"))
    contact = harness.registered("a").contact
    harness.phone.dial("c", "b", f"sip:alice@127.0.0.1:{contact.rpartition(':')[2]}")
    arrived = harness.find(CallArrived)
    harness.phone.answer(arrived.call_id)
    harness.wait(CallAnswered)


def test_more_lines_than_the_library_carries(harness: Harness) -> None:
    harness.apply(*(local_line(f"l{n}", f"u{n}") for n in range(9)))
    states = [harness.find(LineChanged, lambda e, n=n: e.line == f"l{n}").state for n in range(9)]  # type: ignore[misc]
    assert states == [LineState.REGISTERED] * 7 + [LineState.FAILED] * 2


def test_line_with_a_call_is_changed_after_the_call(harness: Harness) -> None:
    from tests.sip.test_two_lines import Pair

    pair = Pair(harness)
    pair.talk()
    harness.apply(local_line("a", "anna"))
    harness.settle(0.5)
    harness.phone.hold("c1", True)
    harness.wait(CallHoldChanged)
    harness.phone.hangup("c1")
    pair.ended("c1")
    assert harness.registered("a").contact.startswith("sip:anna@")


def test_a_line_too_many_is_said_once_and_comes_when_there_is_room(harness: Harness) -> None:
    lines = [local_line(f"l{number}", "alice") for number in range(config.MAX_LINES + 1)]
    harness.apply(*lines)
    failed(harness, LineReason.SERVER)
    target = harness.find_line("l1").contact
    for turn in range(3):  # after each of these the lines are looked through
        harness.phone.send_text(f"m{turn}", "l0", target, "hello")
        harness.find(TextProgressed, lambda e, m=f"m{turn}": e.message_id == m)  # type: ignore[misc]
    harness.apply(*lines[1:])
    harness.find_line(lines[-1].id)
    told = [e.state for e in harness.events if isinstance(e, LineChanged) and e.line == lines[-1].id]
    assert told == [LineState.FAILED, LineState.REGISTERED]
