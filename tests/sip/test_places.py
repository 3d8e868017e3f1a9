"""A call that is over for the rep takes no place away from the next one, whether the far side answers or not."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from app.domain.call import CallAnswered, CallEnded, CallRinging, CallSent, EndReason
from app.domain.counterpart import Transport
from app.domain.phone_events import CallArrived
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import SDP, RawPeer

TIMES = 9  # more than twice the library's four places
ANSWER = SDP.format(profile="RTP/AVP", extra="")


@pytest.fixture
def port(harness: Harness) -> int:
    """Of our UDP line."""
    harness.apply(local_line("a", "alice"))
    return int(harness.registered("a").contact.rpartition(":")[2])


@pytest.fixture
def silent() -> Iterator[RawPeer]:
    """Takes every packet and says nothing by itself."""
    with RawPeer() as peer:
        yield peer


def gone(harness: Harness, call_id: str) -> EndReason:
    """Hang up; why it ended."""
    harness.phone.hangup(call_id)
    return harness.wait(CallEnded, lambda e: e.call_id == call_id).reason


def still_rings(harness: Harness, port: int) -> None:
    """The next caller is not told that we are busy."""
    with RawPeer() as caller:
        caller.invite(port)
        caller.expect("SIP/2.0 180")
        harness.wait(CallArrived)


def test_never_answered(harness: Harness, port: int, silent: RawPeer) -> None:
    for turn in range(TIMES):
        harness.phone.dial(f"c{turn}", "a", f"sip:x@127.0.0.1:{silent.port}")
        harness.wait(CallSent)
        assert gone(harness, f"c{turn}") is EndReason.NONE
    still_rings(harness, port)


def test_a_far_side_that_may_have_heard_of_it_is_told_to_stop(harness: Harness, port: int, silent: RawPeer) -> None:
    for turn in range(4):
        harness.phone.dial(f"c{turn}", "a", f"sip:x@127.0.0.1:{silent.port}")
        harness.wait(CallSent)
        gone(harness, f"c{turn}")
    first = silent.expect("INVITE")
    cancel = silent.expect("CANCEL")
    assert [line for line in cancel.split("\r\n") if line.startswith(("Via:", "Call-ID:"))] == [
        line for line in first.split("\r\n") if line.startswith(("Via:", "Call-ID:"))
    ]


def test_rang_and_the_cancel_is_never_answered(harness: Harness, port: int, silent: RawPeer) -> None:
    for turn in range(TIMES):
        harness.phone.dial(f"c{turn}", "a", f"sip:x@127.0.0.1:{silent.port}")
        silent.answer(silent.expect("INVITE"), "180 Ringing", port)
        harness.wait(CallRinging)
        assert gone(harness, f"c{turn}") is EndReason.NONE
        silent.expect("CANCEL")
    still_rings(harness, port)


def test_answered_with_nothing_and_the_bye_is_not(harness: Harness, port: int, silent: RawPeer) -> None:
    for turn in range(TIMES):
        harness.phone.dial(f"c{turn}", "a", f"sip:x@127.0.0.1:{silent.port}")
        silent.answer(silent.expect("INVITE"), "200 OK", port)
        silent.expect("ACK")
        harness.phone.hangup(f"c{turn}")
        harness.wait(CallEnded, lambda e, each=f"c{turn}": e.call_id == each)  # type: ignore[misc]
    still_rings(harness, port)


def test_answered_and_the_bye_is_not(harness: Harness, port: int, silent: RawPeer) -> None:
    for turn in range(TIMES):
        harness.phone.dial(f"c{turn}", "a", f"sip:x@127.0.0.1:{silent.port}")
        silent.answer(silent.expect("INVITE"), "200 OK", port, body=ANSWER)
        harness.wait(CallAnswered)
        assert gone(harness, f"c{turn}") is EndReason.NONE
        silent.expect("BYE")
    still_rings(harness, port)


def test_calls_to_us_whose_bye_is_not_answered(harness: Harness, port: int, silent: RawPeer) -> None:
    for _ in range(TIMES):
        silent.invite(port)
        call_id = harness.wait(CallArrived).call_id
        harness.phone.answer(call_id)
        silent.acknowledge(silent.expect("SIP/2.0 200"), port)
        harness.wait(CallAnswered)
        gone(harness, call_id)
        silent.expect("BYE")
    still_rings(harness, port)


def test_calls_to_us_that_are_never_acknowledged(harness: Harness, port: int, silent: RawPeer) -> None:
    for _ in range(TIMES):
        silent.invite(port)
        call_id = harness.wait(CallArrived).call_id
        harness.phone.answer(call_id)
        silent.expect("SIP/2.0 200")
        gone(harness, call_id)
    still_rings(harness, port)


def test_by_tcp(harness: Harness) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        harness.apply(local_line("a", "alice", transport=Transport.TCP))
        harness.registered("a")
        for turn in range(TIMES):
            harness.phone.dial(f"c{turn}", "a", f"sip:x@127.0.0.1:{silent.getsockname()[1]}")
            harness.wait(CallSent)
            assert gone(harness, f"c{turn}") is EndReason.NONE


def test_calls_that_are_not_over_are_left_alone(harness: Harness, port: int, silent: RawPeer) -> None:
    with RawPeer() as friend:
        harness.phone.dial("live", "a", f"sip:x@127.0.0.1:{friend.port}")
        friend.answer(friend.expect("INVITE"), "200 OK", port, body=ANSWER)
        harness.wait(CallAnswered)
        harness.phone.dial("ringing", "a", f"sip:x@127.0.0.1:{friend.port}")
        friend.answer(friend.expect("INVITE"), "180 Ringing", port)
        harness.wait(CallRinging)
        for turn in range(TIMES):
            harness.phone.dial(f"c{turn}", "a", f"sip:x@127.0.0.1:{silent.port}")
            harness.wait(CallSent, lambda e, each=f"c{turn}": e.call_id == each)  # type: ignore[misc]
            assert gone(harness, f"c{turn}") is EndReason.NONE
        assert {e.call_id for e in harness.events if isinstance(e, CallEnded)} == {f"c{turn}" for turn in range(TIMES)}
