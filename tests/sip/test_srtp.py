"""SRTP: what each setting does with each far side, and that the lock tells what the sound really is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.call import CallAnswered, CallEnded, CallHoldChanged, CallSecured, CallSent, EndReason
from app.domain.counterpart import Line, Srtp
from app.domain.phone_events import CallArrived, CallRefused
from tests.sip.harness import Harness, free_port, local_line
from tests.sip.raw_sip import PLAIN, RawPeer


def call_between(harness: Harness, ours: Srtp, theirs: Srtp) -> str:
    """Alice with ``ours`` dials Bob with ``theirs``; Bob's call id once it rings."""
    harness.apply(local_line("a", "alice", srtp=ours), local_line("b", "bob", srtp=theirs))
    harness.registered("a")
    harness.phone.dial("c1", "a", harness.registered("b").contact)
    return harness.find(CallArrived).call_id


def secured(harness: Harness, call_id: str) -> bool:
    """What a call says of its encryption, first of all."""
    return harness.find(CallSecured, lambda e: e.call_id == call_id).encrypted


@pytest.mark.parametrize(
    ("ours", "theirs", "encrypted"),
    [
        (Srtp.OFF, Srtp.OFF, False),
        (Srtp.OFF, Srtp.OPTIONAL, False),
        (Srtp.OPTIONAL, Srtp.OFF, False),
        (Srtp.OPTIONAL, Srtp.OPTIONAL, True),
        (Srtp.OPTIONAL, Srtp.REQUIRED, True),
        (Srtp.REQUIRED, Srtp.OPTIONAL, True),
        (Srtp.REQUIRED, Srtp.REQUIRED, True),
    ],
)
def test_the_lock_tells_what_was_negotiated(harness: Harness, ours: Srtp, theirs: Srtp, encrypted: bool) -> None:
    other = call_between(harness, ours, theirs)
    harness.phone.answer(other)
    for call_id in ("c1", other):
        harness.find(CallAnswered, lambda e, each=call_id: e.call_id == each)  # type: ignore[misc]
        assert secured(harness, call_id) is encrypted
    for held in (True, False):
        harness.phone.hold("c1", held)
        harness.wait(CallHoldChanged, lambda e, h=held: e.call_id == "c1" and e.held is h)  # type: ignore[misc]
    assert {e.encrypted for e in harness.events if isinstance(e, CallSecured)} == {encrypted}


def test_one_of_ours_that_insists_takes_the_first_invite(harness: Harness) -> None:
    call_between(harness, Srtp.OPTIONAL, Srtp.REQUIRED)
    assert len([event for event in harness.events if isinstance(event, CallSent)]) == 1


def test_with_ice(harness: Harness) -> None:
    """The path is found before the sound is judged."""
    lines = [Line(name, f"sip:{name}@127.0.0.1", ice=True, srtp=Srtp.REQUIRED) for name in "ab"]
    harness.apply(*(replace(line, bind=f"auto:{free_port()}") for line in lines))
    harness.registered("a")
    harness.phone.dial("c1", "a", harness.registered("b").contact)
    harness.phone.answer(harness.find(CallArrived).call_id)
    harness.wait(CallSecured)
    harness.wait(CallSecured)
    assert [event.encrypted for event in harness.events if isinstance(event, CallSecured)] == [True, True]
    assert not [event for event in harness.events if isinstance(event, CallEnded)]


@pytest.mark.parametrize(("ours", "theirs"), [(Srtp.OFF, Srtp.REQUIRED), (Srtp.REQUIRED, Srtp.OFF)])
def test_no_agreement_is_said(harness: Harness, ours: Srtp, theirs: Srtp) -> None:
    harness.apply(local_line("a", "alice", srtp=ours), local_line("b", "bob", srtp=theirs))
    harness.registered("a")
    harness.phone.dial("c1", "a", harness.registered("b").contact)
    ended = harness.find(CallEnded)
    assert (ended.status, ended.reason) == (488, EndReason.NOT_ACCEPTABLE)
    assert harness.find(CallRefused).status == 488
    assert not [event for event in harness.events if isinstance(event, CallArrived)]


@pytest.mark.parametrize("status", ["488 Not Acceptable Here", "606 Not Acceptable"])
def test_the_second_invite_offers_srtp_alone_and_there_is_no_third(harness: Harness, status: str) -> None:
    harness.apply(local_line("a", "alice"))
    port = harness.port("a")
    with RawPeer() as peer:
        harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}", caller_id="+14155550111")
        first = peer.expect("INVITE")
        assert " RTP/AVP " in first
        peer.answer(first, status, port)
        second = peer.expect("INVITE")
        assert " RTP/SAVP " in second
        assert "a=crypto:1 AES_CM_128_HMAC_SHA1_80" in second
        assert "P-Preferred-Identity: <sip:+14155550111@127.0.0.1>" in second
        assert len(second.encode()) < 1_300
        peer.answer(second, status, port)
        ended = harness.wait(CallEnded)
    assert (ended.status, ended.reason) == (int(status[:3]), EndReason.NOT_ACCEPTABLE)
    assert [type(event) for event in harness.events].count(CallSent) == 2


def test_hanging_up_between_the_two_is_the_end(harness: Harness) -> None:
    harness.apply(local_line("a", "alice"))
    port = harness.port("a")
    with RawPeer() as peer:
        harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
        first = peer.expect("INVITE")
        peer.answer(first, "180 Ringing", port)
        peer.answer(first, "488 Not Acceptable Here", port)
        harness.phone.hangup("c1")
        assert harness.wait(CallEnded).reason is EndReason.NONE
    assert [type(event) for event in harness.events].count(CallEnded) == 1


KEY = "inline:" + "QUJD" * 10
KEYS = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {KEY}\r\n"


@pytest.fixture
def port(harness: Harness) -> int:
    """Of a line that requires encryption."""
    harness.apply(local_line("a", "alice", srtp=Srtp.REQUIRED))
    return harness.port("a")


@pytest.mark.parametrize("extra", ["", f"a=crypto:1 AES_256_CM_HMAC_SHA1_80 {KEY}\r\n", "a=crypto:1\r\n"])
def test_a_required_line_refuses_a_plain_caller(harness: Harness, port: int, extra: str) -> None:
    with RawPeer() as peer:
        peer.invite(port, extra=KEYS)  # what one caller may, the next may not
        peer.expect("SIP/2.0 180")
        peer.invite(port, extra=extra)
        peer.expect("SIP/2.0 488")
        assert harness.wait(CallRefused).status == 488


def offered(harness: Harness, peer: RawPeer, port: int) -> str:
    """A call to us, offered in the clear with keys beside it, and answered with ours: its 200."""
    peer.invite(port, extra=KEYS)
    harness.phone.answer(harness.wait(CallArrived).call_id)
    answer = peer.expect("SIP/2.0 200")
    peer.acknowledge(answer, port)
    harness.wait(CallAnswered)
    return answer


def test_a_required_line_takes_keys_offered_beside_the_clear(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        answer = offered(harness, peer, port)
        assert "m=audio" in answer
        assert " RTP/AVP " in answer
        assert "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" in answer
        assert harness.find(CallSecured).encrypted


def test_and_does_not_let_itself_be_talked_out_of_it(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        answer = offered(harness, peer, port)
        peer.again(answer, "INVITE", port, body=PLAIN)
        peer.expect("SIP/2.0 488")
        peer.again(answer, "UPDATE", port, body=PLAIN, cseq=3)
        peer.expect("SIP/2.0 488")
        assert [e.encrypted for e in harness.events if isinstance(e, CallSecured)] == [True]
        assert not [e for e in harness.events if isinstance(e, CallEnded)]


def test_nor_by_an_answer(harness: Harness, port: int) -> None:
    """Held by us, and what answers that has lost its keys: no sound of ours leaves in the clear."""
    with RawPeer() as peer:
        offered(harness, peer, port)
        harness.phone.hold(harness.find(CallArrived).call_id, True)
        peer.answer(peer.expect("INVITE"), "200 OK", port, body=PLAIN)
        peer.expect("BYE")
        ended = harness.wait(CallEnded)
    assert (ended.status, ended.reason) == (488, EndReason.NOT_ACCEPTABLE)


def test_what_such_a_line_calls_is_offered_nothing_else(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        offered(harness, peer, port)
        harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
        assert " RTP/SAVP " in peer.expect("INVITE")
