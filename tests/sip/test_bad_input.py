"""Too much, too little, in pieces, or with line breaks where none belong: nothing of it ends the engine."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

import pytest

from app.domain.call import CallEnded, CallSent, EndReason
from app.domain.counterpart import Line, LineReason, LineState, Transport
from app.domain.message import Delivery, TextArrived, TextProgressed
from app.domain.phone_events import CallArrived, LineChanged
from sip.engine import sip_message
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import PLAIN, RawPeer


def message(port: int, body: bytes, *, kind: str = "text/plain", headers: str = "", name: str = "") -> bytes:
    """A MESSAGE by TCP."""
    content = f"Content-Type: {kind}\r\n" if kind else ""
    shown = f'"{name}" ' if name else ""
    head = (
        f"MESSAGE sip:alice@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;"
        f"branch=z9hG4bK{len(body)}x{len(name)}\r\nMax-Forwards: 70\r\n"
        f"From: {shown}<sip:peer@127.0.0.1>;tag=p\r\nTo: <sip:alice@127.0.0.1>\r\n"
        f"Call-ID: c{len(body)}-{len(name)}\r\nCSeq: 1 MESSAGE\r\n{headers}{content}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@pytest.fixture
def tcp_port(harness: Harness) -> int:
    """The port of a TCP line of user ``alice``."""
    harness.apply(local_line("a", "alice", transport=Transport.TCP))
    return harness.port("a")


def alive_by_tcp(harness: Harness, port: int) -> None:
    """A short text on a new connection still arrives."""
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.settimeout(5)
        link.sendall(message(port, b"still there?"))
        assert link.recv(4096).startswith(b"SIP/2.0 200")
    assert harness.wait(TextArrived, lambda e: e.body == "still there?")
    assert harness.never_lost


def test_ten_kilobytes_by_udp_are_kept_as_far_as_they_come_and_marked(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        peer.request("MESSAGE", port, body=b"z" * 10_240, content_type="text/plain")
        peer.expect("SIP/2.0 200")
    text = harness.wait(TextArrived)
    assert text.cut
    assert 3_000 < len(text.body) < 4_000


@pytest.mark.parametrize("size", [3_900, 4_100, 10_240, 200_000])
def test_too_much_by_tcp_costs_that_connection_only(harness: Harness, tcp_port: int, size: int) -> None:
    with socket.create_connection(("127.0.0.1", tcp_port)) as link:
        with contextlib.suppress(OSError):  # it may be cut off while still sending
            link.sendall(message(tcp_port, b"z" * size))
        alive_by_tcp(harness, tcp_port)


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("", b"no type", "no type"),
        ("text/plain", b"", ""),
        ("text/plain", b"\xff\xfe\x80", "\ufffd\ufffd\ufffd"),
        ("text/plain", b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
        ("text/plain", "é".encode() * 900, "é" * 900),
        ("text/plain;charset=no-such", "ü".encode(), "ü"),
    ],
)
def test_strange_texts(harness: Harness, tcp_port: int, kind: str, body: bytes, expected: str) -> None:
    with socket.create_connection(("127.0.0.1", tcp_port)) as link:
        link.settimeout(5)
        link.sendall(message(tcp_port, body, kind=kind))
        assert link.recv(4096).startswith(b"SIP/2.0 200")
        assert harness.wait(TextArrived).body == expected
    alive_by_tcp(harness, tcp_port)


@pytest.mark.parametrize("kind", ["///", ";", "text", "text/plain;" + "x=" * 200])
def test_content_types_that_are_none(harness: Harness, port: int, kind: str) -> None:
    with RawPeer() as peer:
        peer.request("MESSAGE", port, body=b"x", content_type=kind)
        peer.request("MESSAGE", port, body=b"good", content_type="text/plain")
        assert harness.wait(TextArrived, lambda e: e.body == "good")


def test_a_message_in_single_bytes(harness: Harness, tcp_port: int) -> None:
    with socket.create_connection(("127.0.0.1", tcp_port)) as link:
        link.settimeout(5)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in message(tcp_port, "in pieces ✂".encode()):
            link.sendall(bytes([byte]))
        assert link.recv(4096).startswith(b"SIP/2.0 200")
    assert harness.wait(TextArrived).body == "in pieces ✂"


def test_two_messages_and_keep_alives_in_one_piece(harness: Harness, tcp_port: int) -> None:
    with socket.create_connection(("127.0.0.1", tcp_port)) as link:
        link.settimeout(5)
        link.sendall(b"\r\n\r\n" + message(tcp_port, b"one") + b"\r\n\r\n" + message(tcp_port, b"three") + b"\r\n")
        assert {harness.wait(TextArrived).body for _ in range(2)} == {"one", "three"}


@pytest.mark.parametrize("size", [128, 1_000, 3_000])
def test_long_names(harness: Harness, port: int, size: int) -> None:
    with RawPeer() as peer:
        peer.invite(port, sender=f'"{"N" * size}" <sip:long@example.org>')
        arrived = harness.wait(CallArrived)
    assert arrived.user == "long"
    assert arrived.name == "N" * 128


def test_a_name_of_four_kilobytes_is_dropped_and_the_next_caller_rings(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        peer.invite(port, sender=f'"{"N" * 4_096}" <sip:long@example.org>')
        peer.invite(port, sender="<sip:next@example.org>")
        assert harness.wait(CallArrived).user == "next"


def test_an_invite_of_more_than_1300_bytes(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        peer.invite(port, headers="X-Long: " + "x" * 2_000 + "\r\n")
        peer.expect("SIP/2.0 180")
        assert harness.wait(CallArrived).user == "peer"


def test_our_own_request_may_be_longer_than_1300_bytes(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        harness.phone.send_text("m", "a", f"sip:x@127.0.0.1:{peer.port}", "w" * 3_000)
        text = peer.expect("MESSAGE")
        assert text.endswith("w" * 3_000)
        peer.answer(text, "200 OK", port)
        assert harness.wait(TextProgressed).delivery is Delivery.SENT


@pytest.mark.parametrize("status", ["200 OK" + "y" * 1_000, "180 " + "\u00e9" * 300, "183 ", "200"])
def test_strange_reasons_of_answers(harness: Harness, port: int, status: str) -> None:
    with RawPeer() as peer:
        harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
        peer.answer(peer.expect("INVITE"), status, port, body=PLAIN)
        harness.wait(CallSent)
        harness.phone.hangup("c1")
        harness.wait(CallEnded, timeout=5)
        peer.invite(port)
        assert harness.wait(CallArrived)


# What we send: a line break in it would be another header.

EVIL = "\r\nX-Evil: 1"


@pytest.mark.parametrize(
    ("target", "caller_id"),
    [
        ("sip:x@127.0.0.1:{port}" + EVIL, ""),
        ("sip:x" + EVIL + "@127.0.0.1:{port}", ""),
        ("sip:x@127.0.0.1:{port}", "+1415" + EVIL),
        ("sip:x@127.0.0.1:{port}", "+1415\n"),
        ("sip:x@127.0.0.1:{port};p=\x00", ""),
        ("sip:x@127.0.0.1:{port}", "a>b"),
        ("sip:\ud800@127.0.0.1:{port}", ""),
    ],
)
def test_line_breaks_in_what_is_dialled_are_refused(harness: Harness, port: int, target: str, caller_id: str) -> None:
    with RawPeer() as peer:
        harness.phone.dial("c1", "a", target.format(port=peer.port), caller_id=caller_id)
        assert harness.wait(CallEnded).reason in {EndReason.BAD_ADDRESS, EndReason.NETWORK}
        harness.phone.send_text("m", "a", f"sip:x@127.0.0.1:{peer.port}" + EVIL, "hi")
        assert harness.wait(TextProgressed).reason == "bad-address"
        harness.phone.dial("c2", "a", f"sip:good@127.0.0.1:{peer.port}")
        assert peer.expect("").startswith("INVITE sip:good@")


@pytest.mark.parametrize(
    "change",
    [
        lambda line: {"uri": line.uri + EVIL},
        lambda line: {"registrar": "sip:127.0.0.1" + EVIL},
        lambda line: {"proxy": "sip:127.0.0.1;lr" + EVIL},
        lambda line: {"username": "a" + EVIL},
        lambda line: {"bind": "127.0.0.1" + EVIL},
        lambda line: {"stun": "127.0.0.1" + EVIL},
        lambda line: {"turn": "127.0.0.1", "turn_username": "u" + EVIL},
    ],
)
def test_line_breaks_in_a_line_are_refused(harness: Harness, change: Callable[[Line], dict[str, str]]) -> None:
    from dataclasses import replace

    line = local_line("a", "alice")
    harness.apply(replace(line, **change(line)))  # type: ignore[arg-type]
    lost = harness.wait(LineChanged)
    assert (lost.state, lost.reason) == (LineState.FAILED, LineReason.BAD_ADDRESS)


def test_reasons_of_ours_are_the_librarys_own(harness: Harness, port: int) -> None:
    """`Reject` carries a number only, and one the library takes: others abort it."""
    for status in (-1, 0, 99, 200, 302, 700, 486):
        with RawPeer() as peer:
            peer.invite(port)
            harness.phone.reject(harness.wait(CallArrived).call_id, status)
            peer.expect("SIP/2.0 486")
    assert harness.never_lost


@pytest.mark.parametrize("text", ["a\rb", "a\nb", "a\x00b", "a\x7fb", "\ud800"])
def test_control_is_seen(text: str) -> None:
    assert sip_message.has_control(text)
