"""The engine as a process: it dies, hangs, is left alone, and is fast enough."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.domain.call import CallAnswered, CallEnded, CallSent, EndReason
from app.domain.message import Delivery, TextProgressed
from app.domain.phone_events import EngineLost, EngineStarted
from sip import wire
from sip.engine_process import EngineProcess
from tests.sip.harness import Harness, engine_argv, local_line
from tests.sip.raw_sip import PLAIN, RawPeer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def test_killed_engine_is_replaced_and_its_line_is_back(harness: Harness) -> None:
    line = local_line("a", "alice")
    harness.apply(line)
    before = harness.registered("a")
    pid = harness.phone.engine_pid
    assert pid is not None
    with RawPeer() as silent:
        harness.phone.send_text("m", "a", f"sip:x@127.0.0.1:{silent.port}", "under way")
        silent.expect("MESSAGE")
        killed = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        assert not harness.wait(EngineLost).final
        unknown = harness.wait(TextProgressed)
        assert (unknown.message_id, unknown.delivery) == ("m", Delivery.UNKNOWN)
        assert harness.registered("a").contact == before.contact
        assert time.monotonic() - killed < 5
        assert harness.phone.engine_pid != pid


def test_a_pipe_that_is_ready_and_has_nothing_is_no_end() -> None:
    """Systems may say so (select(2)): it must not end the phone's thread."""
    engine = EngineProcess(engine_argv)
    try:
        assert engine.receive() == []
    finally:
        engine.end()


def test_dial_while_the_engine_is_down_ends(tmp_path: Path) -> None:
    harness = Harness(tmp_path, lambda fd: [sys.executable, "-c", "pass"])
    try:
        harness.wait(EngineLost)
        harness.phone.dial("c1", "a", "sip:x@127.0.0.1")
        assert harness.wait(CallEnded).reason is EndReason.ENGINE_LOST
    finally:
        harness.phone.close()


def test_engine_that_cannot_be_started_is_said_once(tmp_path: Path) -> None:
    harness = Harness(tmp_path, lambda fd: ["/nonexistent/engine"])
    try:
        harness.wait(EngineLost)
        harness.settle(1.5)
        assert sum(isinstance(event, EngineLost) for event in harness.events) == 1
    finally:
        harness.phone.close()


def test_hanging_engine_is_replaced(harness: Harness) -> None:
    harness.wait(EngineStarted)
    pid = harness.phone.engine_pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    harness.wait(EngineLost, timeout=14)
    harness.wait(EngineStarted)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_name_that_is_never_found_out(tmp_path: Path) -> None:
    """Name servers that are gone: the system asks on for longer than anybody waits."""
    slow = "import socket, time; socket.getaddrinfo = lambda *a: time.sleep(60)"
    sooner = "from sip.engine import dialling; dialling.RESOLVE = 0.3"
    phone = Harness(
        tmp_path,
        lambda fd: [sys.executable, "-c", f"{slow}; {sooner}; from sip.engine.main import main; main({fd})"],
    )
    try:
        phone.apply(local_line("a", "alice"))
        phone.registered("a")
        phone.phone.dial("c1", "a", "sip:x@somewhere.example")
        assert phone.wait(CallEnded).reason is EndReason.NETWORK
    finally:
        phone.phone.close()


def test_close_is_quick_and_leaves_no_process(harness: Harness) -> None:
    harness.wait(EngineStarted)
    pid = harness.phone.engine_pid
    assert pid is not None
    started = time.monotonic()
    harness.phone.close()
    assert time.monotonic() - started < 2
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_close_ends_calls_with_bye(harness: Harness) -> None:
    harness.apply(local_line("a", "alice"))
    port = harness.port("a")
    with RawPeer() as peer:
        harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
        peer.answer(peer.expect("INVITE"), "200 OK", port, body=PLAIN)
        harness.wait(CallAnswered)
        harness.phone.close()
        peer.expect("BYE", timeout=0.5)


def test_close_while_it_rings_lets_other_phones_ring_on(harness: Harness) -> None:
    """A 6xx would end the call at all of them (RFC 3261 §16.7)."""
    harness.apply(local_line("a", "alice"))
    port = harness.port("a")
    with RawPeer() as peer:
        peer.invite(port)
        peer.expect("SIP/2.0 180")
        harness.phone.close()
        assert peer.expect("SIP/2.0 ", timeout=0.5).startswith("SIP/2.0 480")


def test_what_is_still_looked_up_at_the_end_is_not_called(tmp_path: Path) -> None:
    slow = "import socket, time; socket.getaddrinfo = lambda *a: time.sleep(0.5)"
    phone = Harness(
        tmp_path, lambda fd: [sys.executable, "-c", f"{slow}; from sip.engine.main import main; main({fd})"]
    )
    phone.apply(local_line("a", "alice"))
    phone.registered("a")
    with RawPeer() as peer:
        phone.phone.send_text("m1", "a", f"sip:x@127.0.0.1:{peer.port}", "unanswered: it keeps the line open")
        peer.expect("MESSAGE")
        phone.phone.dial("c1", "a", f"sip:late@localhost:{peer.port}")
        phone.phone.close()
        phone.find(CallEnded)
        with pytest.raises(AssertionError):
            peer.expect("INVITE", 0.1)


class BareEngine:
    """An engine whose pipe the test holds itself."""

    def __init__(self, folder: Path) -> None:
        self.pipe, theirs = socket.socketpair()
        theirs.set_inheritable(True)
        self.process = subprocess.Popen(engine_argv(theirs.fileno()), pass_fds=(theirs.fileno(),))
        theirs.close()
        self.decoder = wire.Decoder()
        self.send(wire.StartEngine(str(folder / "spool"), "00" * 32, str(folder / "log")))

    def send(self, command: wire.Command) -> None:
        """Send one command."""
        self.pipe.sendall(wire.encode(command))

    def wait(self, kind: type[object], timeout: float = 10.0) -> object:
        """The next report of a kind."""
        self.pipe.settimeout(timeout)
        while True:
            for frame in self.decoder.feed(self.pipe.recv(65_536)):
                if isinstance(frame, kind):
                    return frame


def test_app_gone_ends_calls_and_process(tmp_path: Path) -> None:
    engine = BareEngine(tmp_path)
    line = local_line("a", "alice")
    engine.send(wire.ApplyLines((wire.LineSetup(line, ""),), "none", "none", "none"))
    with RawPeer() as peer:
        engine.send(wire.Dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}"))
        port = int(line.bind.rpartition(":")[2])
        peer.answer(peer.expect("INVITE"), "200 OK", port, body=PLAIN)
        engine.wait(CallAnswered)
        closed = time.monotonic()
        engine.pipe.close()
        peer.expect("BYE", timeout=2.0)
        assert engine.process.wait(5) == 0
        assert time.monotonic() - closed < 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
def test_what_ends_the_app_leaves_the_engine_to_it(tmp_path: Path, number: signal.Signals) -> None:
    """A terminal or a session that ends tells all its processes at once: the calls must still get their BYE."""
    engine = BareEngine(tmp_path)
    engine.wait(EngineStarted)
    os.kill(engine.process.pid, number)
    engine.send(wire.Ping(1))
    engine.wait(wire.Pong)
    engine.pipe.close()
    assert engine.process.wait(6) == 0


@pytest.mark.parametrize("sent", [b"", b"\x00\x00\x00\x04junk", b"\xff\xff\xff\xff"])
def test_engine_without_a_proper_app_exits(tmp_path: Path, sent: bytes) -> None:
    ours, theirs = socket.socketpair()
    theirs.set_inheritable(True)
    process = subprocess.Popen(engine_argv(theirs.fileno()), pass_fds=(theirs.fileno(),))
    theirs.close()
    ours.sendall(sent)
    if not sent:
        ours.close()
    process.wait(8)
    ours.close()


def test_commands_reach_the_wire_within_milliseconds(tmp_path: Path) -> None:
    engine = BareEngine(tmp_path)
    engine.wait(EngineStarted)
    took = []
    for serial in range(50):
        started = time.perf_counter()
        engine.send(wire.Ping(serial))
        engine.wait(wire.Pong)
        took.append(time.perf_counter() - started)
    engine.pipe.close()
    engine.process.wait(6)
    assert sorted(took)[25] < 0.01, "the wake-up does not work: only the poll's time-out ends it"


def test_logs_hold_nothing_private(harness: Harness) -> None:
    harness.apply(local_line("a", "alice"), password="hunter2")
    port = harness.port("a")
    with RawPeer() as peer:
        peer.request(
            "MESSAGE", port, body=b"secret words", content_type="bad type", sender='"Mallory" <sip:+14155550123@x>'
        )
        peer.invite(port, sender='"Mallory\x01" <sip:+14155550123@example.org>')
        harness.phone.dial("c1", "a", f"sip:+14155550123@127.0.0.1:{peer.port}")
        harness.wait(CallSent)
        harness.phone.dial("c2", "a", "sip:+14155550123@@@nowhere")
        harness.wait(CallEnded, lambda e: e.call_id == "c2", 15)
    harness.phone.close()
    written = b"".join(path.read_bytes() for path in (harness.folder / "log").iterdir())
    for private in (b"hunter2", b"secret words", b"Mallory", b"4155550123"):
        assert private not in written
