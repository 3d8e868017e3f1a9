"""Names and texts as an enemy would send them: shown as text, never obeyed, never logged."""

from __future__ import annotations

import pytest

from tests.e2e.ringdown import Ringdown
from tests.peers import far_end as numbers
from tests.peers.child import until
from tests.peers.far_end import FarEnd
from tests.sip.raw_sip import RawPeer

pytestmark = pytest.mark.peers

NUMBER = "+15035550133"
NAMES = (
    "<b>Bold</b><img src=x onerror=alert(1)>",
    "Mallory'); DROP TABLE calls;--",
    "{0} %s %n ${HOME} $(id) `id`",
    "\u202eEvil\u202c שלום \u200f",
    "日本太郎 👩‍👩‍👧 e\u0301",
    "A" * 1_000,
    'with "quotes" and \\ backslash',
)


def _shown(app: Ringdown, far_end: FarEnd, name: str) -> str:
    """The name of a caller as the command line gives it."""
    there = far_end.call(app.contact(), NUMBER, name=name)
    call_id = app.wait("call-incoming")["id"]
    far_end.hangup(there)
    return str(app.call_ended(call_id)["name"])


def test_names_are_text(desk: Ringdown, far_end: FarEnd) -> None:
    for name in NAMES:
        shown = _shown(desk, far_end, name)
        assert shown
        assert not any(ord(c) < 32 or ord(c) == 127 for c in shown)
        # Long ones may be cut, and marks that turn the reading direction may go; nothing else changes.
        plain = "".join(c for c in name if c not in "\u200f\u202c\u202e")
        assert "".join(c for c in shown if c not in "\u200f\u202c\u202e").rstrip("…") in plain


def test_control_characters_in_names(desk: Ringdown) -> None:
    port = int(desk.contact().rsplit(":", 1)[1])
    for name in ("bell\x07esc\x1b[31mred", "nul\x00nul", "tab\ttab", "folded\r\n second line", "bad\udcff\udcfeutf8"):
        with RawPeer() as peer:
            sender = f'"{name}" <sip:{NUMBER}@127.0.0.1:{peer.port}>'
            call_id = peer.invite(port, user="riley", sender=sender, branch=f"b{peer.port}")
            try:
                peer.expect("SIP/2.0 180", 2)
            except AssertionError:
                continue  # not understood, and so not taken: right as well
            rings = desk.wait("call-incoming")
            assert not any(ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) <= 0xDFFF for c in rings["name"])
            peer.request("CANCEL", port, user="riley", sender=sender, call_id=call_id, branch=f"b{peer.port}")
            peer.expect("SIP/2.0 487")
            desk.call_ended(rings["id"])
    assert desk.status()["phone"] == "up"


def test_packets_of_every_size(desk: Ringdown) -> None:
    engine = desk.engine_pid
    port = int(desk.contact().rsplit(":", 1)[1])
    with RawPeer() as peer:
        for size in (3_000, 3_900, 4_000, 4_096, 8_000, 60_000):
            peer.invite(port, user="riley", sender=f'"{"B" * size}" <sip:{NUMBER}@127.0.0.1>')
            peer.request(
                "MESSAGE", port, user="riley", sender=f"<sip:{NUMBER}@127.0.0.1>", body=b"C" * size,
                content_type="text/plain",
            )  # fmt: skip
        peer.socket.sendto(b"\0" * 2_000, ("127.0.0.1", port))
        peer.socket.sendto(b"INVITE sip:riley@127.0.0.1 SIP/2.0\r\n" * 60, ("127.0.0.1", port))
    until(lambda: [m for m in desk.do("messages", NUMBER) if len(m["body"]) >= 3_000], what="the first text is kept")
    desk.hang_up_all()
    assert desk.engine_pid == engine
    desk.hangup(desk.call(numbers.ECHO))


def test_hostile_texts_are_kept_as_text(desk: Ringdown, far_end: FarEnd) -> None:
    for body in (*NAMES, "line\r\nFrom: <sip:evil@127.0.0.1>\r\n\r\nbody", "\x1b[2J\x07bell", "=cmd|' /C calc'!A0"):
        far_end.text(desk.contact(), "+15035550134", body, name=NAMES[0])
        assert desk.message_from("+15035550134")["body"] == body
    # The human listing is one line a text and holds no control character.
    shown = desk.plain("messages", "+15035550134")
    assert len(shown.splitlines()) == len(desk.do("messages", "+15035550134"))
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_nothing_of_it_is_in_the_logs(ready: Ringdown, far_end: FarEnd) -> None:
    name, body, notes = "Zaphod Beeblebrox", "the quick brown text of Zaphod", "a note about Trillian"
    there = far_end.call(ready.contact(), "+15035550177", name=name)
    ready.wait("call-incoming")
    call_id = ready.do("answer")["id"]
    ready.do("note", call_id, notes)
    ready.do("hold")
    ready.do("resume")
    far_end.hangup(there)
    ready.call_ended(call_id)
    ready.run("call", "+14155550108", "--wait")
    ready.run("call", "sip:trillian@127.0.0.1:9")
    far_end.text(ready.contact(), "+15035550177", body, name=name)
    ready.wait("message-received")
    ready.do("text", "+15035550178", body)
    ready.do("sync")
    assert ready.terminate() == 0
    logs = ready.logs()
    assert "line main is registered" in logs  # it is the right file
    private = ("Zaphod", "Trillian", "trillian", "5035550177", "5035550178", "4155550108", "quick brown")
    found = [word for word in private if word in logs]
    assert found == [], logs
    assert not [word for word in ("Traceback", "Assertion", "Fatal Python error") if word in logs], logs
    # Nor anywhere else in the profile: the cache is encrypted, the spool empty.
    assert ready.files_with("Zaphod", "Trillian", "quick brown", "5035550177") == []
    assert not any((ready.folder / "spool").iterdir())
