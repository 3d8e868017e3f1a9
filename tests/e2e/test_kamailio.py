"""A line on a real registrar: digest, wrong password, outage, and calls both ways through the proxy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sip.standin import speech
from tests.e2e.conftest import MakeApp
from tests.e2e.ringdown import Ringdown, provisioning
from tests.peers.baresip import Baresip
from tests.peers.child import until
from tests.peers.kamailio import Kamailio, is_installed
from tests.peers.sound import Clip
from tests.sip.raw_sip import RawPeer

pytestmark = [pytest.mark.peers, pytest.mark.skipif(not is_installed(), reason="Kamailio is not installed")]


@pytest.fixture
def registrar(short_folder: Path, request: pytest.FixtureRequest) -> Iterator[Kamailio]:
    """A registrar that knows alice and bob."""
    name = re.sub(r"\W", "", request.node.name)[:24]
    kamailio = Kamailio(short_folder / f"k-{name}")
    kamailio.start()
    yield kamailio
    kamailio.stop()


def _line(app: Ringdown, registrar: Kamailio, tmp_path: Path, password: str = "secret-alice") -> Ringdown:
    line = {
        "uri": "sip:alice@127.0.0.1",
        "registrar": registrar.registrar,
        "proxy": f"{registrar.registrar};lr",
        "username": "alice",
        "password": password,
    }
    app.provision(provisioning(tmp_path / "p.toml", line=line))
    return app


def test_it_registers_with_digest_and_leaves_again(app: Ringdown, registrar: Kamailio, tmp_path: Path) -> None:
    _line(app, registrar, tmp_path).start()
    assert app.wait("registered")["state"] == "registered"
    line = app.line()
    assert (line["state"], line["reason"], line["uri"]) == ("registered", "", "sip:alice@127.0.0.1")
    app.do("quit")
    assert app.ended() == 0


def test_it_unregisters_when_it_ends(make_app: MakeApp, registrar: Kamailio, tmp_path: Path) -> None:
    """Who is gone must not be called: the proxy knows nobody at the address any more."""
    bob = make_app("bob")
    line = {"uri": "sip:bob@127.0.0.1", "registrar": registrar.registrar, "username": "bob", "password": "secret-bob"}
    bob.provision(provisioning(tmp_path / "bob.toml", line=line))
    bob.start(registered=True)
    alice = _line(make_app("alice"), registrar, tmp_path).start(registered=True)
    call_id = alice.do("call", f"sip:bob@127.0.0.1:{registrar.port}")["id"]
    bob.wait("call-incoming")
    alice.hangup(call_id)
    bob.do("quit")
    assert bob.ended() == 0
    answer = alice.run("call", f"sip:bob@127.0.0.1:{registrar.port}", "--wait")
    assert (answer.code, answer.json["reason"]) in {(1, "unavailable"), (1, "not-found")}


def test_a_wrong_password_is_said_and_not_tried_again_and_again(
    app: Ringdown, registrar: Kamailio, tmp_path: Path
) -> None:
    _line(app, registrar, tmp_path, "wrong").start()
    app.until_line(10, state="failed", reason="wrong-password")
    assert app.refuses("call", "sip:bob@127.0.0.1") == (
        "Line main is not registered: The phone service does not accept the user name or password. Ask your admin."
    )
    # The right password works at once, in the running app.
    _line(app, registrar, tmp_path)
    app.wait("registered")


def test_a_wrong_password_knocks_a_few_times_and_no_more(app: Ringdown, tmp_path: Path) -> None:
    """A registrar locks out who knocks too often. This one has a new nonce for every REGISTER, as some have."""
    with RawPeer() as strict:
        line = {"uri": "sip:alice@127.0.0.1", "registrar": f"sip:127.0.0.1:{strict.port}", "password": "wrong"}
        app.provision(provisioning(tmp_path / "p.toml", line=line))
        app.launch()
        seen: set[str] = set()
        patience = 15.0
        while request := _next_register(strict, patience):
            seen.update(re.findall(r"CSeq: (\d+)", request))
            assert len(seen) <= 4, "it knocks again and again"
            contact = re.search(r"Contact: <sip:alice@127\.0\.0\.1:(\d+)", request)
            assert contact is not None
            challenge = f'WWW-Authenticate: Digest realm="test", nonce="{len(seen)}", algorithm=MD5\r\n'
            strict.answer(request, "401 Unauthorized", int(contact[1]), challenge)
            patience = 5.0
        assert len(seen) >= 2
        app.until_line(5, state="failed", reason="wrong-password")


def _next_register(registrar: RawPeer, seconds: float) -> str:
    """The next REGISTER, empty when none comes."""
    try:
        return registrar.expect("REGISTER ", seconds)
    except AssertionError:
        return ""


def test_a_registrar_that_goes_and_comes_back(app: Ringdown, registrar: Kamailio, tmp_path: Path) -> None:
    registrar.stop()
    _line(app, registrar, tmp_path).start()
    app.until_line(15, state="failed")
    assert app.line()["reason"] in {"timeout", "unreachable"}
    registrar.start()
    app.wait("registered", 20)


@pytest.fixture
def speech_of_bob() -> Clip:
    """Something to say."""
    return Clip.read(speech.path(speech.Sound.GREETING))


def test_calls_both_ways_through_the_proxy(
    app: Ringdown, registrar: Kamailio, speech_of_bob: Clip, tmp_path: Path
) -> None:
    _line(app, registrar, tmp_path).start(registered=True)
    where = f"127.0.0.1:{registrar.port}"
    with Baresip(tmp_path / "bob", "bob", speech_of_bob, registrar=where, password="secret-bob") as bob:
        call_id = app.call(bob.uri)
        bob.wait("CALL_ESTABLISHED")
        assert app.do("hold")["state"] == "held"
        assert app.do("resume")["state"] == "active"
        assert app.hangup(call_id)["outcome"] == "answered"
        bob.wait("CALL_CLOSED")

        bob.dial(f"sip:alice@{where}")
        rings = app.wait("call-incoming")
        assert rings["number"].startswith("sip:bob@127.0.0.1")
        app.do("answer")
        bob.wait("CALL_ESTABLISHED")
        bob.hangup()
        assert app.call_ended(rings["id"])["outcome"] == "answered"

        bob.dial(f"sip:alice@{where}")
        rings = app.wait("call-incoming")
        app.do("reject")
        bob.wait("CALL_CLOSED")
        assert app.call_ended(rings["id"])["outcome"] == "declined"
    with Baresip(tmp_path / "bob2", "bob", speech_of_bob, registrar=where, password="secret-bob", answers=False) as bob:
        call_id = app.do("call", bob.uri)["id"]
        bob.wait("CALL_INCOMING")
        until(lambda: app.do("calls")[0]["state"] == "ringing", what="it rings")
        assert app.hangup(call_id)["outcome"] == "cancelled"
        bob.wait("CALL_CLOSED")


def test_two_apps_call_and_text_each_other(make_app: MakeApp, registrar: Kamailio, tmp_path: Path) -> None:
    alice = _line(make_app("alice"), registrar, tmp_path)
    bob = make_app("bob")
    line = {
        "uri": "sip:bob@127.0.0.1",
        "registrar": registrar.registrar,
        "username": "bob",
        "password": "secret-bob",
        "number": "+14155550101",
    }
    bob.provision(provisioning(tmp_path / "bob.toml", line=line))
    alice.start(registered=True)
    bob.start(registered=True)
    waiting = alice.ask("call", f"sip:bob@127.0.0.1:{registrar.port}", "--wait")
    rings = bob.wait("call-incoming")
    bob.do("answer")
    call = alice.answered(waiting).json
    assert (call["state"], rings["direction"]) == ("active", "in")
    bob.do("hangup")
    assert alice.call_ended(call["id"])["outcome"] == bob.call_ended(rings["id"])["outcome"] == "answered"
    body = "会議は 3 時 👍\nOK?"
    assert alice.do("text", f"sip:bob@127.0.0.1:{registrar.port}", body)["delivery"] in {"sent", "delivered"}
    assert bob.wait("message-received")["body"] == body
