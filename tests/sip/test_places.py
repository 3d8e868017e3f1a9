"""A call that is over for the rep takes no place away from the next one, whether the far side answers or not."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from app.domain.call import CallAnswered, CallEnded, CallRinging, CallSent, EndReason
from app.domain.counterpart import Transport
from app.domain.phone_events import CallArrived
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import PLAIN, RawPeer

TIMES = 9  # more than twice the library's four places


def sent(harness: Harness, peer: RawPeer, port: int) -> None:
    """The far side says nothing to our INVITE."""
    harness.wait(CallSent)


def rings(harness: Harness, peer: RawPeer, port: int) -> None:
    """It rings there."""
    peer.answer(peer.expect("INVITE"), "180 Ringing", port)
    harness.wait(CallRinging)


def answers(harness: Harness, peer: RawPeer, port: int) -> None:
    """They answer."""
    peer.answer(peer.expect("INVITE"), "200 OK", port, body=PLAIN)
    harness.wait(CallAnswered)


def answers_without_sound(harness: Harness, peer: RawPeer, port: int) -> None:
    """They answer with no session at all."""
    peer.answer(peer.expect("INVITE"), "200 OK", port)
    peer.expect("ACK")


def dial_and_hang_up(
    harness: Harness,
    to: int,
    meanwhile: Callable[[], object],
    afterwards: Callable[[], object] = lambda: None,
    *,
    times: int = TIMES,
) -> None:
    """Again and again; each call is over at once for the rep."""
    for turn in range(times):
        harness.phone.dial(f"c{turn}", "a", f"sip:x@127.0.0.1:{to}")
        meanwhile()
        gone(harness, f"c{turn}")
        afterwards()


def gone(harness: Harness, call_id: str) -> None:
    """Hang up, and it is over."""
    harness.phone.hangup(call_id)
    assert harness.wait(CallEnded, lambda e: e.call_id == call_id).reason is EndReason.NONE


def still_rings(harness: Harness, port: int) -> None:
    """The next caller is not told that we are busy."""
    with RawPeer() as caller:
        caller.invite(port)
        caller.expect("SIP/2.0 180")
        harness.wait(CallArrived)


@pytest.mark.parametrize(
    ("far_side", "farewell"), [(sent, ""), (rings, "CANCEL"), (answers, "BYE"), (answers_without_sound, "BYE")]
)
def test_calls_whose_farewell_is_not_answered(
    harness: Harness, port: int, peer: RawPeer, far_side: Callable[[Harness, RawPeer, int], None], farewell: str
) -> None:
    dial_and_hang_up(
        harness, peer.port, lambda: far_side(harness, peer, port), lambda: farewell and peer.expect(farewell)
    )
    still_rings(harness, port)


def test_a_far_side_that_may_have_heard_of_it_is_told_to_stop(harness: Harness, port: int, peer: RawPeer) -> None:
    dial_and_hang_up(harness, peer.port, lambda: sent(harness, peer, port), times=4)
    first = peer.expect("INVITE")
    cancel = peer.expect("CANCEL")
    assert [line for line in cancel.split("\r\n") if line.startswith(("Via:", "Call-ID:"))] == [
        line for line in first.split("\r\n") if line.startswith(("Via:", "Call-ID:"))
    ]


@pytest.mark.parametrize("acknowledged", [True, False])
def test_calls_to_us_whose_farewell_is_not_answered(
    harness: Harness, port: int, peer: RawPeer, acknowledged: bool
) -> None:
    for _ in range(TIMES):
        peer.invite(port)
        call_id = harness.wait(CallArrived).call_id
        harness.phone.answer(call_id)
        answer = peer.expect("SIP/2.0 200")
        if acknowledged:
            peer.acknowledge(answer, port)
            harness.wait(CallAnswered)
        gone(harness, call_id)
        if acknowledged:
            peer.expect("BYE")
    still_rings(harness, port)


def test_by_tcp(harness: Harness) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        harness.apply(local_line("a", "alice", transport=Transport.TCP))
        harness.registered("a")
        dial_and_hang_up(harness, silent.getsockname()[1], lambda: harness.wait(CallSent))


def test_calls_that_are_not_over_are_left_alone(harness: Harness, port: int, peer: RawPeer) -> None:
    with RawPeer() as friend:
        harness.phone.dial("live", "a", f"sip:x@127.0.0.1:{friend.port}")
        answers(harness, friend, port)
        harness.phone.dial("ringing", "a", f"sip:x@127.0.0.1:{friend.port}")
        rings(harness, friend, port)
        dial_and_hang_up(harness, peer.port, lambda: sent(harness, peer, port))
        assert {e.call_id for e in harness.events if isinstance(e, CallEnded)} == {f"c{turn}" for turn in range(TIMES)}
