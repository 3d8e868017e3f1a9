"""Calls to and from the running far end, over real sockets."""

import wave
from pathlib import Path

import pytest

from tests.sip_standin.far_end import FarEnd
from tests.sip_standin.sip_client import SipClient


def loud_seconds(file: Path) -> float:
    """How long a recording (mono, 16 kHz, 16 bit) is loud."""
    with wave.open(str(file)) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (16000, 1, 2)
        samples = memoryview(wav.readframes(wav.getnframes())).cast("h")
    return sum(max(samples[i : i + 160]) > 1000 for i in range(0, len(samples) - 160, 160)) / 100


@pytest.mark.parametrize(
    ("number", "status"),
    [("+14155550102", 486), ("4155550108", 404), ("1-415-555-0109", 603), ("+14155550110", 503)],
)
def test_refusing_numbers(far_end: FarEnd, client: SipClient, number: str, status: int) -> None:
    dialog = client.invite(number)
    assert client.finish(dialog).status == status
    ended = far_end.until(dialog.call_id, lambda c: c["state"] == "ended")
    assert (ended["status"], ended["answered"], ended["direction"]) == (status, None, "in")


def test_rings_answers_speaks_and_survives_hold(far_end: FarEnd, client: SipClient) -> None:
    dialog = client.invite("+14155550199")
    assert client.finish(dialog).status == 200
    assert 180 in dialog.statuses
    client.wait_sound()
    assert client.reinvite(dialog, "sendonly").status == 200
    assert far_end.until(dialog.call_id, lambda c: c["state"] == "held")["holds"] == 1
    client.drain_sound()
    assert client.reinvite(dialog, "sendrecv").status == 200
    far_end.until(dialog.call_id, lambda c: c["state"] == "active")
    client.wait_sound()
    client.bye(dialog)
    ended = far_end.until(dialog.call_id, lambda c: c["state"] == "ended")
    assert ended["from"] == "alice"
    assert ended["to"] == "+14155550199"
    assert ended["started"] < ended["answered"] < ended["ended"]


def test_never_answered_call_can_be_ended(far_end: FarEnd, client: SipClient) -> None:
    dialog = client.invite("+14155550103")
    client.wait(lambda m: m.status == 180)
    record = far_end.until(dialog.call_id, lambda c: c["state"] == "ringing")
    far_end.post("/hangup", id=record["id"])
    assert client.finish(dialog).status >= 480


def test_echo_counts_and_returns_our_sound(far_end: FarEnd, client: SipClient) -> None:
    dialog = client.invite("+14155550105")
    client.finish(dialog)
    assert dialog.media is not None
    client.wait_silence()
    client.send_sound(dialog.media, 40)
    client.drain_sound()
    client.send_sound(dialog.media, 10)
    assert client.loudness(8) > 500
    assert far_end.until(dialog.call_id, lambda c: c["rx_packets"] >= 45)["dtmf"] == ""
    client.send_sound(dialog.media, 10)
    assert far_end.call(sip_call_id=dialog.call_id)["rx_level"] > 25
    client.bye(dialog)


def test_menu_takes_digits_both_ways_and_hash_hangs_up(far_end: FarEnd, client: SipClient) -> None:
    dialog = client.invite("+14155550106")
    client.finish(dialog)
    assert dialog.media is not None
    client.wait_sound()
    client.send_digit(dialog.media, "1")
    far_end.until(dialog.call_id, lambda c: c["dtmf"] == "1")
    client.info_digit(dialog, "2")
    record = far_end.until(dialog.call_id, lambda c: c["dtmf"] == "12")
    assert record["dtmf_methods"] == ["rfc4733", "info"]
    client.wait_sound()
    client.send_digit(dialog.media, "#")
    client.respond(client.wait_request("BYE"), 200)
    assert far_end.until(dialog.call_id, lambda c: c["state"] == "ended")["dtmf"] == "12#"


def test_answers_then_hangs_up(far_end: FarEnd, client: SipClient) -> None:
    dialog = client.invite("+14155550107")
    assert client.finish(dialog).status == 200
    client.respond(client.wait_request("BYE"), 200)
    far_end.until(dialog.call_id, lambda c: c["state"] == "ended")


def test_speaks_before_it_answers(client: SipClient) -> None:
    dialog = client.invite("+14155550111")
    early = client.wait(lambda m: m.status == 183)
    assert "m=audio" in early.body
    client.wait_sound()
    assert client.finish(dialog).status == 200
    client.bye(dialog)


def test_voicemail_greets_beeps_and_records(far_end: FarEnd, client: SipClient) -> None:
    dialog = client.invite("+14155550104")
    client.finish(dialog)
    assert dialog.media is not None
    client.wait_sound()
    record = far_end.until(dialog.call_id, lambda c: c["state"] == "active")
    while record["recording"] is None:
        client.send_sound(dialog.media, 10)
        record = far_end.call(sip_call_id=dialog.call_id)
    client.wait_silence()
    client.send_sound(dialog.media, 50)
    client.bye(dialog)
    file = Path(record["recording"])
    far_end.until(dialog.call_id, lambda c: c["recorded"])
    assert loud_seconds(file) > 0.8


def test_calls_us_with_a_name_and_number(far_end: FarEnd, client: SipClient, tmp_path: Path) -> None:
    placed = far_end.post(
        "/call",
        **{"to": client.uri, "from": "+14155550142", "name": "山田 太郎", "say": "tone"},
        headers={"X-Case": "500A"},
    )
    invite = client.wait_request("INVITE")
    assert invite.get("From").startswith('"山田 太郎" <sip:+14155550142@127.0.0.1>')
    assert invite.get("X-Case") == "500A"
    assert invite.get("Call-ID") == placed["sip_call_id"]
    client.respond(invite, 180)
    far_end.until(placed["sip_call_id"], lambda c: c["state"] == "ringing")
    client.respond(invite, 200, body=client.sdp())
    client.wait_request("ACK")
    client.wait_sound()
    far_end.until(placed["sip_call_id"], lambda c: c["state"] == "active")
    file = tmp_path / "said.wav"
    far_end.post("/record", id=placed["id"], path=str(file))
    client.send_sound(invite.media_address, 50)
    client.drain_sound()
    far_end.post("/dtmf", id=placed["id"], digits="5")
    while (packet := client.rtp.recv(2048))[1] & 0x7F == 0:
        pass
    assert packet[12] == 5
    far_end.post("/hangup", id=placed["id"])
    client.respond(client.wait_request("BYE"), 200)
    far_end.until(placed["sip_call_id"], lambda c: c["recorded"])
    assert loud_seconds(file) > 0.8


def test_gives_up_ringing_and_ends_by_itself(far_end: FarEnd, client: SipClient) -> None:
    placed = far_end.post("/call", **{"to": client.uri, "from": "+14155550143"}, ring_seconds=0.3)
    client.respond(client.wait_request("INVITE"), 180)
    client.respond(client.wait_request("CANCEL"), 200)
    placed = far_end.post("/call", **{"to": client.uri, "from": "+14155550144"}, hangup_after=0.3)
    invite = client.wait(lambda m: m.method == "INVITE" and m.get("Call-ID") == placed["sip_call_id"])
    client.respond(invite, 200, body=client.sdp())
    client.respond(client.wait_request("BYE"), 200)
