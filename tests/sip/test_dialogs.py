"""What a far side may do within a call, and what it may not."""

from __future__ import annotations

import pytest

from app.domain.call import (
    CallAnswered,
    CallDigitReceived,
    CallEnded,
    CallHoldChanged,
    CallRemoteHoldChanged,
    CallRinging,
    CallSent,
    EndReason,
)
from app.domain.message import TextArrived
from app.domain.phone_events import CallArrived, CallRefused
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import DTLS, LONG_HOSTS, PLAIN, SDP, RawPeer, replaces

HELD = PLAIN.replace("a=rtpmap:0", "a=recvonly\r\na=rtpmap:0", 1)


def called(harness: Harness, peer: RawPeer, port: int, headers: str = "") -> str:
    """They call and we answer: our 200."""
    peer.invite(port, headers=headers)
    harness.phone.answer(harness.wait(CallArrived).call_id)
    answer = peer.expect("SIP/2.0 200")
    peer.acknowledge(answer, port)
    harness.wait(CallAnswered)
    return answer


def dialled(harness: Harness, peer: RawPeer, port: int, call_id: str = "c1") -> str:
    """We call and they answer: our INVITE."""
    harness.phone.dial(call_id, "a", f"sip:x@127.0.0.1:{peer.port}")
    invite = peer.expect("INVITE")
    peer.answer(invite, "200 OK", port, body=PLAIN)
    peer.expect("ACK")
    harness.wait(CallAnswered)
    return invite


def is_well(harness: Harness, port: int) -> bool:
    """Same engine, and the next caller rings."""
    with RawPeer() as other:
        other.invite(port)
        other.expect("SIP/2.0 180")
    return harness.never_lost


def test_nobody_makes_us_call_somebody_else(harness: Harness, port: int, peer: RawPeer) -> None:
    """A REFER (RFC 3515) would have us dial whatever number the far side likes, at our cost."""
    answer = called(harness, peer, port)
    with RawPeer() as victim:
        refer = f"Refer-To: <sip:premium@127.0.0.1:{victim.port}>\r\n"
        peer.again(answer, "REFER", port, headers=refer)
        assert peer.expect("SIP/2.0 ").startswith("SIP/2.0 603")
        with pytest.raises(AssertionError):
            victim.expect("INVITE", 0.5)
    assert not [event for event in harness.events if isinstance(event, CallEnded)]
    assert is_well(harness, port)


def test_others_take_the_far_sides_place(harness: Harness, port: int, peer: RawPeer) -> None:
    """INVITE with Replaces (RFC 3891), as after a transfer: it is the same call to us, and stays in our hands."""
    answer = called(harness, peer, port)
    call_id = harness.find(CallArrived).call_id
    with RawPeer() as second, RawPeer() as third:
        for before, after in ((peer, second), (second, third)):
            after.invite(port, headers=replaces(answer, ours="To"))
            answer = after.expect("SIP/2.0 200")
            after.acknowledge(answer, port)
            before.answer(before.expect("BYE"), "200 OK", port)
        harness.phone.hold(call_id, True)
        third.answer(third.expect("INVITE"), "200 OK", port, body=HELD)
        assert harness.wait(CallHoldChanged).held
        assert not [event for event in harness.events if isinstance(event, CallEnded)]
        assert [type(event) for event in harness.events].count(CallAnswered) == 1
        harness.phone.hangup(call_id)
        third.answer(third.expect("BYE"), "200 OK", port)
        assert harness.wait(CallEnded).call_id == call_id
    assert is_well(harness, port)


@pytest.mark.parametrize("by_us", [False, True])
def test_somebody_else_picks_up_what_we_have_dialled(harness: Harness, port: int, peer: RawPeer, by_us: bool) -> None:
    harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
    invite = peer.expect("INVITE")
    peer.answer(invite, "180 Ringing", port)
    harness.wait(CallRinging)
    with RawPeer() as other:
        other.invite(port, headers=replaces(invite.replace("\r\nTo:", "\r\nTo: ;tag=raw\r\nX-To:", 1), ours="From"))
        other.acknowledge(other.expect("SIP/2.0 200"), port)
        harness.wait(CallAnswered)
        peer.expect("CANCEL")
        if by_us:
            harness.phone.hangup("c1")
            other.answer(other.expect("BYE"), "200 OK", port)
            assert harness.wait(CallEnded).reason is EndReason.NONE
    assert is_well(harness, port)


def test_the_place_of_a_call_nobody_knows(harness: Harness, port: int, peer: RawPeer) -> None:
    peer.invite(port, headers="Replaces: nothing;to-tag=1;from-tag=2\r\n")
    peer.expect("SIP/2.0 481")
    assert is_well(harness, port)


@pytest.mark.parametrize("offer", [*LONG_HOSTS, SDP.format(profile="UDP/TLS/RTP/SAVPF", extra=DTLS)])
def test_the_place_is_not_taken_by_an_offer_that_kills(harness: Harness, port: int, peer: RawPeer, offer: str) -> None:
    answer = called(harness, peer, port)
    with RawPeer() as other:
        headers = replaces(answer, ours="To")
        other.request("INVITE", port, headers=headers, body=offer.encode(), content_type="application/sdp")
        other.expect("SIP/2.0 488")
    assert not [event for event in harness.events if isinstance(event, CallEnded)]
    assert is_well(harness, port)


def test_a_text_within_a_call_is_a_text(harness: Harness, port: int, peer: RawPeer) -> None:
    answer = called(harness, peer, port)
    peer.again(answer, "MESSAGE", port, body="in the call", headers="Content-Type: text/plain\r\n")
    peer.expect("SIP/2.0 200")
    assert harness.wait(TextArrived).body == "in the call"


@pytest.mark.parametrize(
    ("body", "digits"),
    [
        ("Signal=5\r\nDuration=160\r\n", "5"),
        ("Signal=5\r\n", "5"),
        ("Signal=5", "5"),
        ("Signal=5\n", "5"),
        ("\r\nSignal= #", "#"),
        ("Signal", ""),
        ("Signal=Signal", ""),
        ("Signal=\r\n", ""),
        ("\r\n", ""),
        ("Duration=1", ""),
        ("\0Signal=5", ""),
        ("x\r\nSignal=7", "7"),
        ("Signal=" + "9" * 500 + "\r\nDuration=" + "9" * 300, "9"),
    ],
)
@pytest.mark.parametrize("answered", [False, True])
def test_digits_by_info_however_they_end(
    harness: Harness, port: int, peer: RawPeer, body: str, digits: str, answered: bool
) -> None:
    """Without a line break the library would abort, also before anybody has answered."""
    if answered:
        said = called(harness, peer, port)
    else:
        peer.invite(port)
        said = peer.expect("SIP/2.0 180")
    peer.again(said, "INFO", port, headers="Content-Type: application/dtmf-relay\r\n", body=body)
    while "INFO" not in peer.expect("SIP/2.0 "):
        pass
    assert is_well(harness, port)
    if digits:
        assert harness.wait(CallDigitReceived).digit == digits
    harness.settle(0.2)
    assert [type(event) for event in harness.events].count(CallDigitReceived) == len(digits)


@pytest.mark.parametrize("padding", [3_000, 3_250, 3_480])
def test_a_digit_by_info_at_the_end_of_a_long_packet(harness: Harness, port: int, peer: RawPeer, padding: int) -> None:
    """The library takes 4,000 bytes."""
    said = called(harness, peer, port)
    headers = f"X-Padding: {'x' * padding}\r\nContent-Type: application/dtmf-relay\r\n"
    peer.again(said, "INFO", port, headers=headers, body="Signal=5")
    while "INFO" not in peer.expect("SIP/2.0 "):
        pass
    assert harness.wait(CallDigitReceived).digit == "5"
    assert is_well(harness, port)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n\n", "\n\r\n"])
def test_a_digit_by_info_whose_lines_end_otherwise(harness: Harness, port: int, peer: RawPeer, end: str) -> None:
    said = called(harness, peer, port)
    peer.again(said, "INFO", port, headers="Content-Type: application/dtmf-relay\r\n", body="Signal=5", end=end)
    while "INFO" not in peer.expect("SIP/2.0 "):
        pass
    assert harness.wait(CallDigitReceived).digit == "5"
    assert is_well(harness, port)


@pytest.mark.parametrize("status", ["401 Unauthorized", "407 Proxy Authentication Required", "500 Oops", "415 No"])
def test_a_hold_that_is_refused_can_be_tried_again(harness: Harness, port: int, peer: RawPeer, status: str) -> None:
    dialled(harness, peer, port)
    harness.phone.hold("c1", True)
    again = peer.expect("INVITE")
    peer.answer(again, status, port)
    peer.expect("ACK")
    assert not harness.wait(CallHoldChanged).held
    harness.phone.hold("c1", True)
    peer.answer(peer.expect("INVITE"), "200 OK", port, body=HELD)
    assert harness.wait(CallHoldChanged).held


def test_a_hold_that_asks_for_the_password(harness: Harness, port: int, peer: RawPeer) -> None:
    dialled(harness, peer, port)
    harness.phone.hold("c1", True)
    challenge = 'Proxy-Authenticate: Digest realm="x", nonce="n", algorithm=MD5, qop="auth"\r\n'
    peer.answer(peer.expect("INVITE"), "407 Proxy Authentication Required", port, headers=challenge)
    peer.expect("ACK")
    again = peer.expect("INVITE")
    assert "Proxy-Authorization: Digest" in again
    peer.answer(again, "200 OK", port, body=HELD)
    assert harness.wait(CallHoldChanged).held


def test_both_change_the_call_at_once(harness: Harness, port: int, peer: RawPeer) -> None:
    """491 (RFC 3261 §14.1), both ways: the rep's hold comes through in the end."""
    answer = called(harness, peer, port)
    call_id = harness.find(CallArrived).call_id
    harness.phone.hold(call_id, True)
    ours = peer.expect("INVITE")
    peer.again(answer, "INVITE", port, body=PLAIN)
    peer.expect("SIP/2.0 491")
    peer.answer(ours, "491 Request Pending", port)
    peer.answer(peer.expect("INVITE", 6), "200 OK", port, body=HELD)
    assert harness.wait(CallHoldChanged).held
    assert is_well(harness, port)


def test_two_phones_answer_the_same_call(harness: Harness, port: int, peer: RawPeer) -> None:
    """A forking proxy lets both 200 through: the second phone is told that it is not wanted."""
    harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
    invite = peer.expect("INVITE")
    peer.answer(invite, "200 OK", port, body=PLAIN)
    peer.expect("ACK")
    harness.wait(CallAnswered)
    with RawPeer() as second:
        answer = invite.replace("\r\nTo: ", "\r\nTo:  ", 1)
        second.answer(answer, "200 OK", port, body=PLAIN, tag="second")
        assert ";tag=second" in second.expect("ACK")
        assert ";tag=second" in second.expect("BYE")
    assert not [event for event in harness.events if isinstance(event, CallEnded)]
    assert is_well(harness, port)


def test_an_answer_that_crosses_our_cancel(harness: Harness, port: int, peer: RawPeer) -> None:
    harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
    invite = peer.expect("INVITE")
    peer.answer(invite, "183 Session Progress", port, body=PLAIN)
    harness.wait(CallRinging)
    harness.phone.hangup("c1")
    cancel = peer.expect("CANCEL")
    peer.answer(invite, "200 OK", port, body=PLAIN)
    peer.answer(cancel, "200 OK", port)
    peer.expect("ACK")
    peer.answer(peer.expect("BYE"), "200 OK", port)
    assert harness.wait(CallEnded).reason is EndReason.NONE
    assert not [event for event in harness.events if isinstance(event, CallAnswered)]
    assert is_well(harness, port)


def test_a_line_removed_while_its_calls_are_over_but_unanswered(harness: Harness, port: int, peer: RawPeer) -> None:
    """Farewells of a line that is gone: neither they nor ours for their far side may hurt."""
    dialled(harness, peer, port)
    harness.phone.hangup("c1")
    peer.expect("BYE")
    for turn in range(2, 4):
        harness.phone.dial(f"c{turn}", "a", f"sip:x@127.0.0.1:{peer.port}")
        harness.wait(CallSent)
        harness.phone.hangup(f"c{turn}")
        harness.wait(CallEnded, lambda e, each=f"c{turn}": e.call_id == each)  # type: ignore[misc]
    other = local_line("b", "bob")
    harness.apply(other)
    harness.registered("b")
    for turn in range(4, 9):
        harness.phone.dial(f"c{turn}", "b", f"sip:x@127.0.0.1:{peer.port}")
        harness.wait(CallSent)
        harness.phone.hangup(f"c{turn}")
        assert harness.wait(CallEnded, lambda e, each=f"c{turn}": e.call_id == each).reason is EndReason.NONE  # type: ignore[misc]
    assert is_well(harness, int(other.bind.rpartition(":")[2]))


def test_an_offer_without_a_session_and_its_answer_in_the_ack(harness: Harness, port: int, peer: RawPeer) -> None:
    call_id = peer.request("INVITE", port)
    harness.phone.answer(harness.wait(CallArrived).call_id)
    answer = peer.expect("SIP/2.0 200")
    assert "m=audio" in answer
    peer.again(answer, "ACK", port, body=PLAIN, cseq=1)
    harness.wait(CallAnswered)
    peer.again(answer, "INVITE", port)
    offer = peer.expect("SIP/2.0 200")
    assert "m=audio" in offer
    peer.again(offer, "ACK", port, body=PLAIN)
    peer.again(answer, "UPDATE", port, body=PLAIN, cseq=3)
    assert "m=audio" in peer.expect("SIP/2.0 200")
    assert call_id in answer
    assert is_well(harness, port)


def test_an_answer_the_library_cannot_give_ends_the_call(harness: Harness, peer: RawPeer) -> None:
    """ICE finds no address on loopback: as on a network that has just gone."""
    line = local_line("a", "alice", ice=True)
    harness.apply(line)
    harness.registered("a")
    port = int(line.bind.rpartition(":")[2])
    peer.request("INVITE", port)
    harness.phone.answer(harness.wait(CallArrived).call_id)
    assert harness.wait(CallEnded).reason is EndReason.NETWORK
    assert peer.expect("SIP/2.0 5")


@pytest.mark.parametrize("offer", LONG_HOSTS)
@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
def test_a_change_to_a_very_long_host_is_refused(
    harness: Harness, port: int, peer: RawPeer, method: str, offer: str
) -> None:
    answer = called(harness, peer, port)
    peer.again(answer, method, port, body=offer)
    while f"CSeq: 2 {method}" not in (refused := peer.expect("SIP/2.0 ")):
        pass
    assert refused.startswith("SIP/2.0 488")
    assert not [event for event in harness.events if isinstance(event, CallEnded)]
    assert is_well(harness, port)


def test_a_long_offer_that_holds_us_while_we_hold(harness: Harness, port: int, peer: RawPeer) -> None:
    """Longer than the library hands on."""
    answer = called(harness, peer, port)
    harness.phone.hold(harness.find(CallArrived).call_id, True)
    peer.answer(peer.expect("INVITE"), "200 OK", port, body=HELD)
    assert harness.wait(CallHoldChanged).held
    peer.again(answer, "INVITE", port, body=f"{PLAIN}a=x-long:{'x' * 1_500}\r\na=inactive\r\n")
    peer.acknowledge(peer.expect("SIP/2.0 200"), port)
    assert harness.wait(CallRemoteHoldChanged).held


def test_they_move_to_where_the_library_cannot_go_hold_us_and_come_back(
    harness: Harness, port: int, peer: RawPeer
) -> None:
    """It has no sound to connect then, and says that it is held."""
    answer = called(harness, peer, port)
    peer.again(answer, "UPDATE", port, body=PLAIN.replace("127.0.0.1\r\nt=", "127.0.0.1\r\nc=IN IP6 ::1\r\nt="))
    while "CSeq: 2 UPDATE" not in peer.expect("SIP/2.0 "):
        pass
    for cseq, (offer, held) in enumerate(((f"{PLAIN}a=inactive\r\n", True), (PLAIN, False)), start=3):
        peer.again(answer, "INVITE", port, body=offer, cseq=cseq)
        peer.acknowledge(peer.expect("SIP/2.0 200"), port)
        assert harness.wait(CallRemoteHoldChanged).held is held
    assert is_well(harness, port)


def test_provisional_answers_that_want_to_be_acknowledged(harness: Harness, port: int, peer: RawPeer) -> None:
    """RFC 3262, by a far side that never does."""
    peer.invite(port, headers="Require: 100rel\r\nSupported: 100rel\r\n")
    ringing = peer.expect("SIP/2.0 180")
    assert "RSeq:" in ringing
    arrived = harness.wait(CallArrived).call_id
    harness.phone.reject(arrived)
    peer.expect("SIP/2.0 486")
    assert is_well(harness, port)


def test_a_text_that_cannot_be_kept_is_told_all_the_same(harness: Harness, port: int, peer: RawPeer) -> None:
    """The spool's folder is gone or the disk is full: the app may still have room."""
    spool = harness.folder / "spool"
    spool.rmdir()
    spool.write_text("in the way")
    peer.request("MESSAGE", port, body=b"hello", content_type="text/plain")
    text = harness.wait(TextArrived)
    assert (text.body, text.spool_id) == ("hello", "")
    harness.phone.text_stored(text.spool_id)
    assert is_well(harness, port)
    log = harness.folder / "log" / "engine.log"
    assert "ERROR text not kept: Not a directory" in harness.engine_log()
    log.write_text("")  # expected, so the fixture need not find it


def test_what_is_no_message_leaves_nothing_private_in_the_log(harness: Harness, port: int, peer: RawPeer) -> None:
    broken = (
        f"MESSAGE sip:alice@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{peer.port};branch=z9hG4bKx\r\n"
        "From: Mallory Smith <sip:mallory@127.0.0.1>;tag=1\r\nTo: <sip:alice@127.0.0.1>\r\nContent-Length: 12\r\n\r\n"
        "secret words"
    )
    peer.socket.sendto(broken.encode(), ("127.0.0.1", port))
    peer.socket.sendto(b"secret words\r\n\r\n", ("127.0.0.1", port))
    assert is_well(harness, port)
    log = harness.engine_log()
    assert "Error processing" in log
    assert "secret" not in log
    assert "Mallory" not in log


def test_a_text_longer_than_the_pipe_takes_fails_and_the_phone_lives(harness: Harness, port: int) -> None:
    from app.domain.message import Delivery, TextProgressed

    harness.phone.send_text("m1", "a", "sip:x@127.0.0.1:9", "x" * (2 << 20))
    assert harness.wait(TextProgressed).delivery is Delivery.FAILED
    assert is_well(harness, port)


def test_five_callers_at_once_with_one_that_has_gone(harness: Harness, port: int, peer: RawPeer) -> None:
    for _ in range(5):
        peer.invite(port)
    assert harness.wait(CallRefused).status == 486
