"""What a far end of bare bytes may do to us: nothing of it ends the engine, and what matters is reported."""

from __future__ import annotations

import pytest

from app.domain.call import CallAnswered, CallEnded, CallRinging, CallSent, EndReason
from app.domain.counterpart import Srtp
from app.domain.message import Delivery, TextArrived, TextProgressed
from app.domain.phone_events import CallArrived, CallRefused, LineChanged
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import DTLS, LONG_HOSTS, PLAIN, RawPeer


@pytest.fixture
def port(harness: Harness) -> int:
    """The port of a line of user ``alice`` with optional SRTP."""
    harness.apply(local_line("a", "alice", srtp=Srtp.OPTIONAL))
    return harness.port("a")


@pytest.mark.parametrize("srtp", list(Srtp))
def test_dtls_offer_is_refused_and_does_not_kill(harness: Harness, srtp: Srtp) -> None:
    harness.apply(local_line("a", "alice", srtp=srtp))
    port = harness.port("a")
    with RawPeer() as peer:
        peer.invite(port, profile="UDP/TLS/RTP/SAVPF", extra=DTLS)
        peer.expect("SIP/2.0 488")
        refused = harness.wait(CallRefused)
        assert (refused.line, refused.user, refused.status) == ("a", "peer", 488)
        peer.invite(port)  # still there
    if srtp is not Srtp.REQUIRED:
        assert harness.wait(CallArrived).user == "peer"
    assert harness.never_lost


@pytest.mark.parametrize("offer", LONG_HOSTS)
@pytest.mark.parametrize("start", ["INVITE", "INVITE\t"])
def test_an_offer_with_a_very_long_host_does_not_kill(harness: Harness, port: int, offer: str, start: str) -> None:
    with RawPeer() as peer:
        peer.request(start, port, body=offer.encode(), content_type="application/sdp")
        peer.expect("SIP/2.0 4")
        peer.invite(port)
        assert harness.wait(CallArrived)
    assert harness.never_lost


def test_a_text_about_dtls_is_a_text(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        peer.request("MESSAGE", port, body=b"is it UDP/TLS/RTP/SAVPF?", content_type="text/plain")
        assert harness.wait(TextArrived).body == "is it UDP/TLS/RTP/SAVPF?"


@pytest.mark.parametrize(
    ("reason", "elsewhere"),
    [
        ('SIP;cause=200;text="Call completed elsewhere"', True),
        ("Q.850;cause=16, SIP;cause=200", True),
        ("Q.850;cause=26", True),
        ("SIP;cause=487", False),
        ("", False),
    ],
)
def test_answered_elsewhere(harness: Harness, port: int, reason: str, elsewhere: bool) -> None:
    with RawPeer() as peer:
        call_id = peer.invite(port, branch="one", sender=f"<sip:peer@127.0.0.1:{peer.port}>")
        peer.expect("SIP/2.0 180")
        line = f"Reason: {reason}\r\n" if reason else ""
        peer.request("CANCEL", port, call_id=call_id, branch="one", headers=line)
        peer.expect("SIP/2.0 487")
    ended = harness.wait(CallEnded)
    assert (ended.elsewhere, ended.reason) == (elsewhere, EndReason.NONE)


@pytest.mark.parametrize(
    ("sender", "headers", "name", "user"),
    [
        ('"<b>Eve</b> & Co" <sip:+14155550123@example.org>', "", "<b>Eve</b> & Co", "+14155550123"),
        ('"a\tb  c" <sip:%2B14155550123@example.org;user=phone>', "", "a b c", "+14155550123"),
        ('"山田 太郎" <sip:yamada@example.jp>', "", "山田 太郎", "yamada"),
        ('"\udcff\udcfe" <sip:x@example.org>', "", "\ufffd\ufffd", "x"),
        (
            "<sip:100@example.org>",
            'P-Asserted-Identity: "Bob" <sip:+442079460000@example.org>\r\n',
            "Bob",
            "+442079460000",
        ),
        (
            "<sip:anonymous@anonymous.invalid>",
            "P-Asserted-Identity: <sip:+442079460000@example.org>\r\nPrivacy: id\r\n",
            "",
            "anonymous",
        ),
    ],
)
def test_who_calls(harness: Harness, port: int, sender: str, headers: str, name: str, user: str) -> None:
    with RawPeer() as peer:
        peer.invite(port, sender=sender, headers=headers)
        arrived = harness.wait(CallArrived)
    assert (arrived.name, arrived.user) == (name, user)


def test_very_long_name_does_not_hurt(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        peer.invite(port, sender=f'"{"x" * 2_000}" <sip:long@example.org>')
        arrived = harness.wait(CallArrived)
    assert arrived.user == "long"
    assert len(arrived.name) <= 128


@pytest.mark.parametrize(
    "headers",
    [
        "Diversion: <sip:+14155550100@example.org>;reason=no-answer\r\n",
        "History-Info: <sip:+14155550100@example.org>;index=1, <sip:alice@127.0.0.1>;index=1.1\r\n",
    ],
)
def test_diverted_call_names_the_first_callee(harness: Harness, port: int, headers: str) -> None:
    with RawPeer() as peer:
        peer.invite(port, headers=headers)
        assert harness.wait(CallArrived).diverted_from == "+14155550100"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("404 Not Found", EndReason.NOT_FOUND),
        ("484 Address Incomplete", EndReason.NOT_FOUND),
        ("486 Busy Here", EndReason.BUSY),
        ("600 Busy Everywhere", EndReason.BUSY),
        ("603 Decline", EndReason.DECLINED),
        ("480 Temporarily Unavailable", EndReason.UNAVAILABLE),
        ("408 Request Timeout", EndReason.TIMEOUT),
        ("403 Forbidden", EndReason.FORBIDDEN),
        ("415 Unsupported Media Type", EndReason.NOT_ACCEPTABLE),
        ("503 Service Unavailable", EndReason.SERVER),
    ],
)
def test_how_calls_fail(harness: Harness, port: int, status: str, reason: EndReason) -> None:
    with RawPeer() as peer:
        harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
        peer.answer(peer.expect("INVITE"), status, port)
        ended = harness.wait(CallEnded)
    assert (ended.status, ended.reason) == (int(status[:3]), reason)


def test_rang_then_480_is_no_answer(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
        invite = peer.expect("INVITE")
        peer.answer(invite, "180 Ringing", port)
        assert not harness.wait(CallRinging).early_media
        peer.answer(invite, "480 No answer", port)
        assert harness.wait(CallEnded).reason is EndReason.NO_ANSWER


def test_early_media_after_ringing(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
        invite = peer.expect("INVITE")
        peer.answer(invite, "180 Ringing", port)
        assert not harness.wait(CallRinging).early_media
        peer.answer(invite, "183 Session Progress", port, body=PLAIN)
        assert harness.wait(CallRinging).early_media


def test_invite_is_small_and_offers_our_codecs(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        harness.phone.dial("c1", "a", f"sip:+14155550123@127.0.0.1:{peer.port}", caller_id="+14155550111")
        invite = peer.expect("INVITE")
        assert len(invite.encode()) < 1_300
        media = next(line for line in invite.split("\r\n") if line.startswith("m=audio"))
        assert media.split()[3:6] == ["9", "0", "8"]
        assert "c=IN IP4 127.0.0.1" in invite
        assert "P-Preferred-Identity: <sip:+14155550111@127.0.0.1>" in invite
        assert harness.wait(CallSent).sip_call_id in invite


def test_far_side_vanishes_after_our_bye(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        harness.phone.dial("c1", "a", f"sip:x@127.0.0.1:{peer.port}")
        peer.answer(peer.expect("INVITE"), "200 OK", port, body=PLAIN)
        peer.expect("ACK")
        harness.wait(CallAnswered)
        harness.phone.hangup("c1")
        assert harness.wait(CallEnded, timeout=4.0).reason is EndReason.NONE


def test_texts_of_every_kind_are_kept(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        cases = [
            ("text/plain", "plain é 😀".encode(), "plain é 😀"),
            ("text/plain;charset=ISO-8859-1", b"caf\xe9", "café"),
            ("text/plain", b"bad \xff\xfe bytes", "bad \ufffd\ufffd bytes"),
            ("", "no type 日本".encode(), "no type 日本"),
            ("image/png", b"\x89PNG\r\n\x1a\n", None),
            ("multipart/mixed;boundary=x", b"--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--\r\n", None),
            ("text/plain", b"nul \x00 byte", "nul \x00 byte"),
        ]
        for content_type, body, expected in cases:
            call_id = peer.request("MESSAGE", port, body=body, content_type=content_type)
            peer.expect("SIP/2.0 200")
            text = harness.wait(TextArrived)
            assert text.carrier_id.startswith(call_id)
            assert text.body == expected or expected is None
            assert text.content_type.startswith(content_type or "text/plain")
            assert not text.cut
            assert text.body


def test_same_call_id_other_cseq_is_another_text(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        for cseq in (1, 2):
            peer.request("MESSAGE", port, body=b"x", content_type="text/plain", call_id="same", cseq=cseq)
            peer.expect("SIP/2.0 200")
    assert harness.wait(TextArrived).carrier_id != harness.wait(TextArrived).carrier_id


def test_cut_text_is_marked(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        peer.request("MESSAGE", port, body=b"y" * 6_000, content_type="text/plain")
        peer.expect("SIP/2.0 200")
    text = harness.wait(TextArrived)
    assert text.cut
    assert set(text.body) == {"y"}
    assert len(text.body) > 3_000


def test_is_composing_is_no_text(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        peer.request("MESSAGE", port, body=b"<isComposing/>", content_type="application/im-iscomposing+xml")
        peer.expect("SIP/2.0")
        peer.request("MESSAGE", port, body=b"real", content_type="text/plain")
    assert harness.wait(TextArrived).body == "real"


def test_refused_text_fails_with_its_status(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        harness.phone.send_text("m", "a", f"sip:x@127.0.0.1:{peer.port}", "hello")
        peer.answer(peer.expect("MESSAGE"), "404 Not Found", port)
        failed = harness.wait(TextProgressed)
    assert (failed.delivery, failed.status, failed.reason) == (Delivery.FAILED, 404, "not-found")


def test_two_lines_of_one_user_are_told_apart_by_port(harness: Harness) -> None:
    harness.apply(local_line("one", "alice"), local_line("two", "alice"))
    for line in ("one", "two"):
        ready = harness.find(LineChanged, lambda e, want=line: e.line == want)  # type: ignore[misc]
        with RawPeer() as peer:
            peer.invite(int(ready.contact.rpartition(":")[2]))
            assert harness.find(CallArrived, lambda e, want=line: e.line == want)  # type: ignore[misc]


def test_garbage_does_not_hurt(harness: Harness, port: int) -> None:
    with RawPeer() as peer:
        for junk in (
            b"",
            b"\r\n\r\n",
            b"\x00" * 100,
            b"INVITE",
            b"INVITE sip:a SIP/2.0\r\n\r\n",
            bytes(range(256)) * 20,
        ):
            peer.socket.sendto(junk, ("127.0.0.1", port))
        peer.invite(port)
        assert harness.wait(CallArrived)
