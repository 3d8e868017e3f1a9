"""The figures of a call come before its end, also of a short one, and say when nothing is heard."""

from __future__ import annotations

import socket

import pytest

from app.domain.call import CallAnswered, CallEnded, CallHoldChanged, CallQuality
from app.domain.phone_events import CallArrived
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import RawPeer


def talk(one: Harness, other: Harness, target: str, seconds: float) -> str:
    """A call that is answered; the called side's id."""
    one.phone.dial("c", "a", target)
    there = other.wait(CallArrived).call_id
    other.phone.answer(there)
    one.wait(CallAnswered)
    other.wait(CallAnswered)
    one.settle(seconds)
    return there


@pytest.mark.parametrize("by_us", [True, False])
def test_a_short_call_has_figures_too(pair: tuple[Harness, Harness, str], by_us: bool) -> None:
    one, other, target = pair
    there = talk(one, other, target, 2.5)
    if by_us:
        one.phone.hangup("c")
    else:
        other.phone.hangup(there)
    one.wait(CallEnded)
    other.wait(CallEnded)
    for each in pair[:2]:
        kinds = [type(e) for e in each.events if isinstance(e, CallQuality | CallEnded)]
        assert kinds == [CallQuality, CallEnded]
        (told,) = (e for e in each.events if isinstance(e, CallQuality))
        assert told.codec == "G722"
        assert told.total_loss < 0.1
        assert told.mos > 3
        assert not told.silent


def test_what_was_said_before_a_hold_counts(pair: tuple[Harness, Harness, str]) -> None:
    one, other, target = pair
    talk(one, other, target, 2.0)
    one.phone.hold("c", True)
    one.wait(CallHoldChanged)
    one.settle(0.5)
    one.phone.hangup("c")
    one.wait(CallEnded)
    assert [type(e) for e in one.events if isinstance(e, CallQuality | CallEnded)] == [CallQuality, CallEnded]


def test_nothing_heard_is_told(harness: Harness) -> None:
    """The far side answers and sends no sound at all."""
    harness.apply(local_line("a", "alice"))
    port = harness.port("a")
    with RawPeer() as peer, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        body = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {deaf.getsockname()[1]} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
        )
        harness.phone.dial("c", "a", f"sip:bob@127.0.0.1:{peer.port}")
        peer.answer(peer.expect("INVITE"), "200 OK", port, body=body)
        harness.wait(CallAnswered)
        told = harness.wait(CallQuality, timeout=8)
        assert told.silent
        assert told.mos == 1.0
        harness.phone.hangup("c")
        peer.answer(peer.expect("BYE"), "200 OK", port)
        harness.wait(CallEnded)
