"""Texts, message-waiting notices and the control port's guards."""

import pytest

from tests.sip_standin.far_end import FarEnd
from tests.sip_standin.sip_client import SipClient


def test_keeps_a_text_and_replies(far_end: FarEnd, client: SipClient) -> None:
    assert client.text("415-555-0101", "Grüße 山田 🙂\r\nline two", "Zoë").status == 200
    kept = far_end.get("/texts")[-1]
    assert (kept["from"], kept["name"], kept["to"]) == ("alice", "Zoë", "+14155550101")
    assert kept["body"] == "Grüße 山田 🙂\r\nline two"
    assert not kept["cut"]
    reply = client.wait_request("MESSAGE")
    client.respond(reply, 200)
    assert reply.get("From").startswith("<sip:+14155550101@127.0.0.1>")
    assert reply.body
    assert far_end.get("/health")["last_contact"] == client.uri


def test_a_text_too_long_for_the_library_is_marked_cut(far_end: FarEnd, client: SipClient) -> None:
    assert client.text("+14155550102", "x" * 5000).status == 200
    kept = far_end.get("/texts")[-1]
    assert kept["cut"]
    assert 3000 < len(kept["body"]) < 4000


def test_replies_can_be_switched_off(far_end: FarEnd, client: SipClient) -> None:
    far_end.post("/replies", on=False)
    assert client.text("+14155550101", "quiet").status == 200
    with pytest.raises(AssertionError, match="did not come"):
        client.wait_request("MESSAGE", 2.3)
    far_end.post("/replies", on=True)


def test_texts_us_with_a_name_and_reports_the_status(far_end: FarEnd, client: SipClient) -> None:
    for status, name in ((200, "山田 太郎"), (404, "")):
        sent = far_end.post("/text", **{"to": client.uri, "from": "+14155550142", "name": name, "body": "Hi\nthere 🙂"})
        message = client.wait_request("MESSAGE")
        assert message.body == "Hi\nthere 🙂"
        assert "sip:+14155550142@" in message.get("From")
        assert name in message.get("From")
        client.respond(message, status)
        for _ in range(100):
            found = [t for t in far_end.get("/texts?direction=out") if t["id"] == sent["id"]]
            if found[0]["status"]:
                break
        assert found[0]["status"] == status


def test_message_waiting(far_end: FarEnd, client: SipClient) -> None:
    far_end.post("/mwi", to=client.uri, new=2, old=1)
    notice = client.wait_request("NOTIFY")
    client.respond(notice, 200)
    assert notice.get("Event") == "message-summary"
    assert notice.get("Content-Type") == "application/simple-message-summary"
    assert "Messages-Waiting: yes\r\n" in notice.body
    assert "Voice-Message: 2/1 (0/0)\r\n" in notice.body


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/call", {"to": "sip:a@127.0.0.1:9", "from": "+1\r\nX: y"}),
        ("/call", {"to": "sip:a@127.0.0.1:9", "from": "+1", "name": "a\nb"}),
        ("/call", {"to": "sip:a@127.0.0.1:9", "from": "+1", "headers": {"X": "a\r\nb"}}),
        ("/call", {"to": "sip:a@192.0.2.1:9", "from": "+1"}),
        ("/call", {"to": "sip:a@127.0.0.1:9", "from": "+1", "say": "/nowhere.wav"}),
        ("/call", {"to": "sip:a@127.0.0.1:9", "from": "+1", "ring_seconds": "x"}),
        ("/call", {"to": 5, "from": "+1"}),
        ("/text", {"to": "sip:a@127.0.0.1:9", "from": "+1"}),
        ("/text", {"to": "sip:a@127.0.0.1:9", "from": "+1", "body": "x" * 4000}),
        ("/text", {"to": "sip:a@127.0.0.1:9", "from": "+1", "body": "a\0b"}),
        ("/mwi", {"to": "sip:a@127.0.0.1:9", "new": -1}),
    ],
)
def test_bad_requests_are_refused(far_end: FarEnd, path: str, body: dict[str, object]) -> None:
    assert far_end.refusal(path, **body) == 400


def test_unknown_things_and_web_pages_are_refused(far_end: FarEnd) -> None:
    assert far_end.refusal("/hangup", id="none") == 404
    assert far_end.refusal("/nothing") == 404
    assert far_end.refusal("/hangup", {"Host": "evil.example"}, id="x") == 403
    assert far_end.refusal("/hangup", {"Origin": "https://evil.example"}, id="x") == 403
