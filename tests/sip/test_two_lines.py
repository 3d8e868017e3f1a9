"""Two lines of one engine call and text each other over loopback, without any sound device."""

from __future__ import annotations

import pytest

from app.domain.call import (
    CallAnswered,
    CallDigitReceived,
    CallEnded,
    CallHangupAsked,
    CallHoldChanged,
    CallMuteChanged,
    CallRemoteHoldChanged,
    CallRinging,
    CallSent,
    EndReason,
)
from app.domain.counterpart import LineReason, Srtp
from app.domain.message import Delivery, TextArrived, TextProgressed
from app.domain.phone_events import CallArrived, CallLeftOver, CallRefused
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import RawPeer


class Pair:
    """Line ``a`` (alice) and line ``b`` (bob)."""

    def __init__(self, harness: Harness, srtp: Srtp = Srtp.OPTIONAL) -> None:
        self.harness = harness
        harness.apply(local_line("a", "alice", srtp=srtp), local_line("b", "bob", srtp=srtp))
        self.alice = harness.registered("a").contact
        self.bob = harness.registered("b").contact

    def ring(self, call_id: str = "c1", **more: str) -> CallArrived:
        """Alice dials Bob, it rings."""
        self.harness.phone.dial(call_id, "a", self.bob, **more)
        arrived = self.harness.find(CallArrived, lambda e: e.sip_call_id == self.sent(call_id).sip_call_id)
        self.harness.find(CallRinging, lambda e: e.call_id == call_id)
        return arrived

    def sent(self, call_id: str) -> CallSent:
        """The CallSent of a call."""
        for event in self.harness.events:
            if isinstance(event, CallSent) and event.call_id == call_id:
                return event
        return CallSent(call_id, self.harness.events[0].at, "?")

    def talk(self, call_id: str = "c1") -> CallArrived:
        """Alice and Bob talk."""
        arrived = self.ring(call_id)
        self.harness.phone.answer(arrived.call_id)
        for each in (call_id, arrived.call_id):
            self.harness.find(CallAnswered, lambda e, each=each: e.call_id == each)  # type: ignore[misc]
        return arrived

    def ended(self, call_id: str, timeout: float = 5.0) -> CallEnded:
        """The end of a call, of which there is one only."""
        event = self.harness.find(CallEnded, lambda e: e.call_id == call_id, timeout)
        ends = [e for e in self.harness.events if isinstance(e, CallEnded) and e.call_id == call_id]
        assert ends == [event]
        return event


@pytest.fixture
def pair(harness: Harness) -> Pair:
    """Two lines, ready."""
    return Pair(harness)


def test_line_without_registrar_is_ready_and_says_where(harness: Harness) -> None:
    line = local_line("a", "alice")
    harness.apply(line)
    ready = harness.registered("a")
    assert ready.reason == LineReason.NO_REGISTRAR
    assert ready.contact == f"sip:alice@{line.bind}"


def test_call_and_hang_up(pair: Pair) -> None:
    arrived = pair.talk()
    assert (arrived.user, arrived.line) == ("alice", "b")
    assert arrived.sip_call_id == pair.sent("c1").sip_call_id
    pair.harness.phone.hangup("c1")
    pair.harness.phone.hangup("c1")
    assert pair.ended("c1").reason is EndReason.NONE
    assert pair.ended(arrived.call_id).reason is EndReason.NONE


def test_caller_id_is_shown_to_the_callee(pair: Pair) -> None:
    assert pair.ring(caller_id="+14155550111").user == "+14155550111"


def test_anonymous_caller_id(pair: Pair) -> None:
    arrived = pair.ring(caller_id="anonymous")
    assert (arrived.user, arrived.host) == ("anonymous", "anonymous.invalid")


def test_reject_is_busy(pair: Pair) -> None:
    arrived = pair.ring()
    pair.harness.phone.reject(arrived.call_id)
    assert pair.harness.find(CallHangupAsked).declined
    assert (pair.ended("c1").status, pair.ended("c1").reason) == (486, EndReason.BUSY)
    pair.ended(arrived.call_id)


def test_reject_with_decline(pair: Pair) -> None:
    arrived = pair.ring()
    pair.harness.phone.reject(arrived.call_id, 603)
    assert pair.ended("c1").reason is EndReason.DECLINED


def test_cancel_while_ringing(pair: Pair) -> None:
    arrived = pair.ring()
    pair.harness.phone.hangup("c1")
    assert pair.ended("c1").reason is EndReason.NONE
    ended = pair.ended(arrived.call_id)
    assert not ended.elsewhere
    assert ended.reason is EndReason.NONE


def test_hold_and_resume_are_confirmed_by_the_far_side(pair: Pair) -> None:
    arrived = pair.talk()
    for held in (True, False, True):
        pair.harness.phone.hold("c1", held)
        pair.harness.wait(CallRemoteHoldChanged, lambda e, h=held: e.call_id == arrived.call_id and e.held is h)  # type: ignore[misc]
        pair.harness.wait(CallHoldChanged, lambda e, h=held: e.call_id == "c1" and e.held is h)  # type: ignore[misc]


def test_both_hold_and_both_resume(pair: Pair) -> None:
    arrived = pair.talk()
    pair.harness.phone.hold("c1", True)
    pair.harness.find(CallHoldChanged, lambda e: e.call_id == "c1" and e.held)
    pair.harness.phone.hold(arrived.call_id, True)
    pair.harness.find(CallHoldChanged, lambda e: e.call_id == arrived.call_id and e.held)
    pair.harness.find(CallRemoteHoldChanged, lambda e: e.call_id == "c1" and e.held)
    pair.harness.phone.hold("c1", False)
    pair.harness.find(CallHoldChanged, lambda e: e.call_id == "c1" and not e.held)
    pair.harness.phone.hold(arrived.call_id, False)
    pair.harness.find(CallHoldChanged, lambda e: e.call_id == arrived.call_id and not e.held)
    pair.harness.find(CallRemoteHoldChanged, lambda e: e.call_id == "c1" and not e.held)


def test_hold_of_both_sides_at_the_same_moment_settles(pair: Pair) -> None:
    arrived = pair.talk()
    pair.harness.phone.hold("c1", True)
    pair.harness.phone.hold(arrived.call_id, True)
    for call_id in ("c1", arrived.call_id):
        pair.harness.find(CallHoldChanged, lambda e, c=call_id: e.call_id == c and e.held, 15.0)  # type: ignore[misc]


def test_mute(pair: Pair) -> None:
    pair.talk()
    for muted in (True, False):
        pair.harness.phone.mute("c1", muted)
        pair.harness.wait(CallMuteChanged, lambda e, m=muted: e.muted is m)  # type: ignore[misc]


def test_digits_arrive_in_order_with_a_pause(pair: Pair) -> None:
    arrived = pair.talk()
    pair.harness.phone.send_digits("c1", "1x2")  # refused as a whole
    pair.harness.phone.send_digits("c1", "12,#*")
    digits = [pair.harness.wait(CallDigitReceived, lambda e: e.call_id == arrived.call_id) for _ in range(4)]
    assert "".join(each.digit for each in digits) == "12#*"
    assert (digits[2].at - digits[1].at).total_seconds() > 1.9


def test_fifth_call_is_refused_and_both_sides_know(pair: Pair) -> None:
    pair.talk("c1")
    pair.talk("c2")  # each has two ends in this engine: four calls
    pair.harness.phone.dial("c3", "a", pair.bob)
    assert pair.ended("c3").reason is EndReason.TOO_MANY


def test_fifth_invite_gets_busy_and_is_reported(pair: Pair) -> None:
    with RawPeer() as peer:
        pair.talk("c1")
        pair.talk("c2")
        port = int(pair.bob.rpartition(":")[2])
        call_id = peer.invite(port, user="bob", sender='"Eve" <sip:+14155550199@example.org>')
        assert peer.expect("SIP/2.0 486")
        refused = pair.harness.find(CallRefused)
        assert (refused.line, refused.user, refused.name, refused.sip_call_id, refused.status) == (
            "b",
            "+14155550199",
            "Eve",
            call_id,
            486,
        )


@pytest.mark.parametrize("srtp", list(Srtp))
def test_every_srtp_setting_connects(harness: Harness, srtp: Srtp) -> None:
    Pair(harness, srtp).talk()


def test_text_is_byte_exact_both_ways(pair: Pair) -> None:
    body = "日本語のテキスト 😀👩‍👩‍👧\r\n<b>&amp;</b> \x07 " + "é" * 200
    for line, target in (("a", pair.bob), ("b", pair.alice)):
        pair.harness.phone.send_text(f"m-{line}", line, target, body)
        arrived = pair.harness.wait(TextArrived)
        assert arrived.body == body
        assert arrived.line != line
        assert not arrived.cut
        sent = pair.harness.find(TextProgressed, lambda e, m=f"m-{line}": e.message_id == m)  # type: ignore[misc]
        assert sent.delivery is Delivery.SENT


def test_text_too_long_is_refused_before_it_leaves(pair: Pair) -> None:
    pair.harness.phone.send_text("m", "a", pair.bob, "x" * 9_500)
    failed = pair.harness.wait(TextProgressed)
    assert (failed.delivery, failed.reason) == (Delivery.FAILED, "too-long")


def test_many_texts_at_once_all_arrive(pair: Pair) -> None:
    for number in range(150):
        pair.harness.phone.send_text(f"m{number}", "a", pair.bob, str(number))
    for number in range(150):
        pair.harness.find(TextProgressed, lambda e, n=number: e.message_id == f"m{n}" and e.delivery is Delivery.SENT)  # type: ignore[misc]
    assert {e.body for e in pair.harness.events if isinstance(e, TextArrived)} == {str(n) for n in range(150)}


def test_who_rang_is_told_again_until_stored(pair: Pair) -> None:
    first, second = pair.ring("c1"), pair.ring("c2")
    pair.harness.phone.call_stored(first.call_id)
    pair.harness.phone.close()
    again = Harness(pair.harness.folder)
    try:
        assert again.wait(CallLeftOver).arrived == second
        again.phone.call_stored(second.call_id)
        again.phone.close()
        assert not list((pair.harness.folder / "spool").iterdir())
        assert sum(isinstance(event, CallLeftOver) for event in again.events) == 1
    finally:
        again.phone.close()


def test_spooled_text_is_reported_again_until_stored(pair: Pair) -> None:
    pair.harness.phone.send_text("m", "a", pair.bob, "keep me")
    arrived = pair.harness.wait(TextArrived)
    spool = list((pair.harness.folder / "spool").glob("*.text"))
    assert [path.stem for path in spool] == [arrived.spool_id]
    assert b"keep me" not in spool[0].read_bytes()
    pair.harness.phone.close()
    second = Harness(pair.harness.folder)
    try:
        again = second.wait(TextArrived)
        assert again == arrived
        second.phone.text_stored(again.spool_id)
        second.phone.close()
        assert not list((pair.harness.folder / "spool").iterdir())
    finally:
        second.phone.close()


@pytest.mark.parametrize("target", ["sip:bob@127.0.0.1\r\nX-Evil: 1", "not a uri", "sip:", "sip:b\x00b@127.0.0.1"])
def test_bad_targets_never_leave(pair: Pair, target: str) -> None:
    pair.harness.phone.dial("c1", "a", target)
    assert pair.ended("c1").reason in {EndReason.BAD_ADDRESS, EndReason.NETWORK}
    pair.harness.phone.send_text("m", "a", target, "hello")
    assert pair.harness.find(TextProgressed).delivery is Delivery.FAILED


def test_dead_address_times_out_before_the_library_does(pair: Pair) -> None:
    with RawPeer() as silent:
        pair.harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{silent.port}")
        assert pair.ended("c1", 14.0).reason is EndReason.TIMEOUT


def test_hang_up_before_any_answer_ends_at_once(pair: Pair) -> None:
    with RawPeer() as silent:
        pair.harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{silent.port}")
        pair.harness.find(CallSent)
        pair.harness.phone.hangup("c1")
        assert pair.ended("c1", 1.0).reason is EndReason.NONE


def test_unresolvable_host(pair: Pair) -> None:
    pair.harness.phone.dial("c1", "a", "sip:x@nowhere.invalid")
    assert pair.ended("c1", 15.0).reason is EndReason.NETWORK
