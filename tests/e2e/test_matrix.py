"""Each way a line can reach its registrar, with a telephone of another make at the other end: sound, holds, texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from sip.standin import speech
from tests.e2e.ringdown import Ringdown, provisioning
from tests.e2e.test_sound import SILENT, assert_speech
from tests.peers.baresip import Baresip
from tests.peers.child import until
from tests.peers.kamailio import Kamailio, is_installed
from tests.peers.pulse import Listener, Pulse
from tests.peers.sound import Clip
from tests.peers.wire import Wire
from tests.peers.wire import is_readable as wire_is_readable

pytestmark = [pytest.mark.peers, pytest.mark.skipif(not is_installed(), reason="Kamailio is not installed")]

TEXTS = (
    "Hello",
    "会議は 3 時、よろしくお願いします",
    "👩‍👩‍👧‍👦 家族, 🇯🇵, 👍🏽",
    '<b> & "quotes" %s {0}',
    "二行の\nテキスト",
)


@dataclass(frozen=True, slots=True)
class Way:
    """How signalling and sound travel."""

    transport: str
    encrypted: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The app as alice and baresip as bob, both registered."""

    app: Ringdown
    bob: Baresip
    way: Way
    alice: str


@pytest.fixture(
    scope="module",
    params=[Way("udp", False), Way("tcp", False), Way("tls", True)],
    ids=["udp-plain", "tcp-plain", "tls-srtp"],
)
def way(request: pytest.FixtureRequest) -> Way:
    """One of them after the other."""
    found: Way = request.param
    return found


@pytest.fixture(scope="module")
def registrar(short_folder: Path, way: Way) -> Iterator[Kamailio]:
    """A registrar that knows alice and bob."""
    kamailio = Kamailio(short_folder / f"m-{way.transport}", tls=way.transport == "tls")
    kamailio.start()
    yield kamailio
    kamailio.stop()


@pytest.fixture(scope="module")
def alice(
    tmp_path_factory: pytest.TempPathFactory, env: Mapping[str, str], pulse: Pulse, registrar: Kamailio, way: Way
) -> Iterator[Ringdown]:
    """The app with a microphone and a speaker."""
    folder = tmp_path_factory.mktemp(f"alice-{way.transport}")
    server = f"sip:{_server(registrar, way)}"
    line = {
        "uri": "sip:alice@127.0.0.1",
        "registrar": server,
        "proxy": f"{server};lr",
        "username": "alice",
        "password": "secret-alice",
        "transport": way.transport,
        "srtp": "required" if way.encrypted else "off",
    }
    if way.transport == "tls":
        line["ca_file"] = str(registrar.folder / "ca.crt")
    with Ringdown(folder / "profile", {**env, **pulse.env}) as app:
        app.provision(provisioning(folder / "p.toml", line=line, audio={}))
        yield app.start(registered=True)


@pytest.fixture
def desk(
    request: pytest.FixtureRequest,
    alice: Ringdown,
    registrar: Kamailio,
    way: Way,
    person: Clip,
    pulse: Pulse,
    tmp_path: Path,
) -> Iterator[Desk]:
    """Without live calls; bob is a new one for each test, "wideband" by indirect parameter."""
    special = getattr(request, "param", "")
    where = _server(registrar, way)
    with Baresip(
        tmp_path / "bob",
        "bob",
        person,
        registrar=where,
        password="secret-bob",
        transport=way.transport,
        ca_file=registrar.folder / "ca.crt" if way.transport == "tls" else None,
        srtp=way.encrypted,
        contact=f"sip:alice@{where}",
        codecs="G722/16000/1" if special == "wideband" else "PCMU/8000/1",
    ) as bob:
        yield Desk(alice, bob, way, f"sip:alice@{where};transport={way.transport}")
        alice.hang_up_all()


def _server(registrar: Kamailio, way: Way) -> str:
    return f"127.0.0.1:{registrar.tls_port if way.transport == 'tls' else registrar.port}"


def _talk(desk: Desk, speaker: Listener) -> Clip:
    """What bob is heard to say; the call tells whether it is encrypted."""
    until(lambda: speaker.next(0.3).level > SILENT, 8, "bob")
    heard = speaker.next(4)  # a device takes up to two seconds to start
    (call,) = desk.app.do("calls")
    assert call["state"] == "active"
    assert call["encrypted"] is desk.way.encrypted
    assert call["quality"].get("codec", "PCMU") == "PCMU"
    return heard


def _let_the_canceller_learn(speaker: Listener) -> None:
    """Both talk all the time: no canceller knows before some seconds of that that it is not an echo."""
    until(lambda: speaker.next(0.3).level > SILENT, 8, "bob")
    speaker.next(10)


def test_a_call_out(desk: Desk, pulse: Pulse, rep: Clip, person: Clip) -> None:
    with pulse.say(speech.path(speech.Sound.MENU)), pulse.listen() as speaker:
        call_id = desk.app.call(desk.bob.uri)
        desk.bob.wait("CALL_ESTABLISHED")
        heard = _talk(desk, speaker)
        log = desk.app.hangup(call_id)
        desk.bob.wait("CALL_CLOSED")
    assert (log["outcome"], log["encrypted"]) == ("answered", desk.way.encrypted)
    assert_speech(heard, person, rep)
    assert_speech(desk.bob.heard(), rep, person)


def test_a_call_that_each_side_holds(desk: Desk, pulse: Pulse, rep: Clip, person: Clip) -> None:
    """What bob hears after a hold is read from the wire, where it can be read."""
    with ExitStack() as open_, pulse.say(speech.path(speech.Sound.MENU)), pulse.listen() as speaker:
        wire = None if desk.way.encrypted or not wire_is_readable() else open_.enter_context(Wire(desk.bob.media_port))
        heard: list[Clip] = []
        sent: list[Clip] = []

        def listen() -> None:
            heard.append(_talk(desk, speaker))
            if wire is not None:
                sent.append(wire.next(4))

        call_id = desk.app.call(desk.bob.uri)
        desk.bob.wait("CALL_ESTABLISHED")
        _let_the_canceller_learn(speaker)
        assert desk.app.do("hold")["state"] == "held"
        until(lambda: speaker.next(0.5).level < SILENT, what="silence on hold")
        if wire is not None:
            assert wire.next(0.5).level < SILENT
        assert desk.app.do("resume")["state"] == "active"
        listen()
        desk.bob.hold()
        until(lambda: speaker.next(0.5).level < SILENT, what="silence on hold")
        assert desk.app.do("calls")[0]["state"] == "active"  # this hold is bob's
        desk.bob.resume()
        listen()
        desk.bob.renegotiate()
        listen()
        assert desk.app.hangup(call_id)["outcome"] == "answered"
    for clip in heard:
        assert_speech(clip, person, rep)
    for clip in sent:
        assert_speech(clip, rep, person)


@pytest.mark.parametrize("desk", ["wideband"], indirect=True)
def test_a_wideband_call_out(desk: Desk, pulse: Pulse, rep: Clip, person: Clip) -> None:
    if desk.way.transport == "tcp":
        pytest.skip("the way of signalling is nothing to the codec; SRTP may be")
    with pulse.say(speech.path(speech.Sound.MENU)), pulse.listen() as speaker:
        call_id = desk.app.call(desk.bob.uri)
        desk.bob.wait("CALL_ESTABLISHED")
        until(lambda: speaker.next(0.3).level > SILENT, 8, "bob")
        heard = speaker.next(4)
        assert desk.bob.codec() == "G722"
        desk.app.hangup(call_id)
        desk.bob.wait("CALL_CLOSED")
    assert_speech(heard, person, rep)
    assert_speech(desk.bob.heard(), rep, person)


def test_a_call_in_that_the_caller_holds(desk: Desk, pulse: Pulse, rep: Clip, person: Clip) -> None:
    with pulse.say(speech.path(speech.Sound.MENU)), pulse.listen() as speaker:
        desk.bob.dial(desk.alice)
        rings = desk.app.wait("call-incoming")
        assert rings["number"].startswith("sip:bob@127.0.0.1")
        desk.app.do("answer")
        desk.bob.wait("CALL_ESTABLISHED")
        before = _talk(desk, speaker)
        desk.bob.hold()
        until(lambda: speaker.next(0.5).level < SILENT, what="silence on hold")
        assert desk.app.do("calls")[0]["state"] == "active"  # the hold is the caller's
        desk.bob.resume()
        after = _talk(desk, speaker)
        desk.bob.hangup()
        log = desk.app.call_ended(rings["id"])
    assert (log["outcome"], log["encrypted"]) == ("answered", desk.way.encrypted)
    for heard in (before, after):
        assert_speech(heard, person, rep)
    assert_speech(desk.bob.heard(), rep, person)


def test_tones_arrive(desk: Desk) -> None:
    call_id = desk.app.call(desk.bob.uri)
    desk.bob.wait("CALL_ESTABLISHED")
    desk.app.do("dtmf", "159#")
    assert [desk.bob.wait("CALL_DTMF_START")["param"] for _ in range(4)] == list("159#")
    desk.app.hangup(call_id)


@pytest.mark.parametrize("body", TEXTS, ids=range(len(TEXTS)))
def test_texts_go_both_ways_as_they_are(desk: Desk, body: str) -> None:
    assert desk.app.do("text", desk.bob.uri, body)["delivery"] in {"sent", "delivered"}
    assert desk.bob.next_text("sip:alice@") == body
    desk.bob.text(body)
    came = desk.app.wait("message-received")
    assert came["body"] == body
    assert came["number"].startswith("sip:bob@127.0.0.1")
