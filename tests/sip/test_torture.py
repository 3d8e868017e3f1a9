"""RFC 4475's torture messages by UDP and TCP: whatever the answer, the engine lives and the next caller rings."""

from __future__ import annotations

import socket

import pytest

from app.domain.counterpart import Transport
from app.domain.phone_events import CallArrived
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import RawPeer
from tests.sip.torture import MESSAGES


def refuse_calls(harness: Harness, refused: set[str]) -> None:
    """Some of them ring, and should: only four calls fit."""
    for event in harness.events:
        if isinstance(event, CallArrived) and event.call_id not in refused:
            refused.add(event.call_id)
            harness.phone.reject(event.call_id)


def still_answers(harness: Harness, peer: RawPeer, port: int, number: int) -> None:
    """A good request after the bad one is answered."""
    peer.request("MESSAGE", port, body=b"still there?", content_type="text/plain", call_id=f"check-{number}")
    while f"check-{number}" not in peer.expect("SIP/2.0 200"):
        pass
    assert harness.never_lost


def test_all_49_are_there() -> None:
    assert len(MESSAGES) == 49


def test_by_udp(harness: Harness) -> None:
    harness.apply(local_line("a", "alice"))
    port = harness.port("a")
    refused: set[str] = set()
    with RawPeer() as peer:
        for number, message in enumerate(MESSAGES.values()):
            peer.socket.sendto(message, ("127.0.0.1", port))
            still_answers(harness, peer, port, number)
            harness.settle(0.02)
            refuse_calls(harness, refused)
        peer.invite(port, call_id="last")
        assert "Call-ID: last" in peer.expect("SIP/2.0 180")


@pytest.mark.parametrize("size", [0, 1, 7], ids=["whole", "byte by byte", "seven bytes"])
def test_by_tcp(harness: Harness, size: int) -> None:
    harness.apply(local_line("a", "alice", transport=Transport.TCP), local_line("b", "bob"))
    port = harness.port("a")
    other = harness.port("b")
    refused: set[str] = set()
    with RawPeer() as peer:
        for number, message in enumerate(MESSAGES.values()):
            with socket.create_connection(("127.0.0.1", port)) as link:
                link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for start in range(0, len(message), size or len(message)):
                    link.sendall(message[start : start + (size or len(message))])
            still_answers(harness, peer, other, number)
            harness.settle(0.02)
            refuse_calls(harness, refused)
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.settimeout(5)
        link.sendall(
            f"OPTIONS sip:alice@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKlast\r\n"
            "Max-Forwards: 70\r\nFrom: <sip:peer@127.0.0.1>;tag=p\r\nTo: <sip:alice@127.0.0.1>\r\nCall-ID: last\r\n"
            "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n".encode()
        )
        assert link.recv(4096).startswith(b"SIP/2.0 200")
