"""What is said into the microphone is heard at the far side, and what is said there comes out of the speaker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sip.standin import speech
from tests.e2e.ringdown import Ringdown, provisioning
from tests.peers import far_end as numbers
from tests.peers.baresip import Baresip
from tests.peers.child import until
from tests.peers.far_end import FarEnd
from tests.peers.pulse import Pulse
from tests.peers.sound import Clip, likeness

pytestmark = pytest.mark.peers

SAME = 0.7  # see `likeness`; a quiet machine gives 0.98, a busy one 0.8. How good it sounds is measured elsewhere.
SILENT = 40.0  # of 32,768


def assert_speech(heard: Clip, said: Clip, other: Clip) -> None:
    """It is this speech and not that one."""
    alike, unlike = likeness(heard, said), likeness(heard, other)
    print(f"likeness {alike:.2f}, of the other speech {unlike:.2f}")
    assert alike > SAME
    assert unlike < alike + 0.1  # on a busy machine the pieces lost blur the difference


@pytest.fixture(scope="module")
def module_talker(
    tmp_path_factory: pytest.TempPathFactory, env: Mapping[str, str], far_end: FarEnd, pulse: Pulse
) -> Iterator[Ringdown]:
    """The app with a microphone and a speaker."""
    folder = tmp_path_factory.mktemp("talker")
    with Ringdown(folder / "profile", {**env, **pulse.env}) as app:
        app.provision(provisioning(folder / "p.toml", line={"uri": f"sip:riley@{far_end.sip}"}, audio={}))
        yield app.start(registered=True)


@pytest.fixture
def talker(module_talker: Ringdown) -> Iterator[Ringdown]:
    """The file's app, without live calls."""
    yield module_talker
    module_talker.hang_up_all()


def test_the_devices_have_the_names_people_know(talker: Ringdown) -> None:
    devices = talker.do("devices")
    assert "BenchMicrophone" in devices["inputs"]
    assert {"BenchSpeaker", "BenchRinger"} <= set(devices["outputs"])


def test_both_sides_are_heard_also_after_hold_and_never_while_muted(
    talker: Ringdown, far_end: FarEnd, pulse: Pulse, rep: Clip, person: Clip, tmp_path: Path
) -> None:
    with pulse.say(speech.path(speech.Sound.MENU)), pulse.listen() as speaker:
        there = far_end.call(talker.contact(), "+15035550199", say="greeting")
        call_id = talker.wait("call-incoming")["id"]
        talker.do("answer", call_id)
        until(lambda: speaker.next(0.3).level > SILENT, what="something is heard")
        far_end.until_call(there, lambda c: c["rx_level"] > 20, 8)  # and over there

        def record(name: str) -> Path:
            """What the app sends from here on, in a file of its own."""
            return far_end.record(there, tmp_path / f"{name}.wav")

        files = [record("talking")]
        heard = [speaker.next(3)]
        record("muting")
        talker.do("mute")
        files.append(record("muted"))
        while_muted = speaker.next(1.5)
        record("holding")
        talker.do("unmute")
        talker.do("hold")
        files.append(record("held"))
        while_held = speaker.next(2).part(0.8, 2)
        record("resuming")
        talker.do("resume")
        until(lambda: speaker.next(0.3).level > SILENT, what="heard again")
        files.append(record("resumed"))
        heard.append(speaker.next(3))
        far_end.hangup(there)
        talker.call_ended(call_id)
        far_end.until_call(there, lambda c: c["recorded"])
    talking, muted, held, resumed = (Clip.read(file) for file in files)

    for clip in heard:
        assert_speech(clip, person, rep)
    assert while_muted.level > SILENT  # muting is one way
    assert while_held.level < SILENT
    for clip in (talking, resumed):
        assert_speech(clip.part(0.3, 2.8), rep, person)
    assert muted.part(0.2, 1.4).level < SILENT
    assert held.level < SILENT


def test_an_echo_comes_back_to_the_speaker(talker: Ringdown, pulse: Pulse, rep: Clip, person: Clip) -> None:
    with pulse.say(speech.path(speech.Sound.MENU)), pulse.listen() as speaker:
        call_id = talker.call(numbers.ECHO)
        until(lambda: speaker.next(0.3).level > SILENT, what="the echo")
        heard = speaker.next(2.5)
        talker.hangup(call_id)
    assert_speech(heard, rep, person)


def test_a_tone_stays_a_tone(talker: Ringdown, far_end: FarEnd, pulse: Pulse) -> None:
    with pulse.listen() as speaker:
        far_end.call(talker.contact(), "+15035550199", say="tone")
        call_id = talker.wait("call-incoming")["id"]
        talker.do("answer", call_id)
        until(lambda: speaker.next(0.3).level > SILENT, what="the tone")
        heard = speaker.next(2)
        talker.hangup(call_id)
    assert heard.share(440) > 0.7
    assert heard.share(1000) < 0.03


def test_it_rings_on_the_ringer_until_answered(talker: Ringdown, far_end: FarEnd, pulse: Pulse) -> None:
    with pulse.listen() as speaker:
        there = far_end.call(talker.contact(), "+15035550199", say="silence")
        call_id = talker.wait("call-incoming")["id"]
        until(lambda: speaker.next(0.5).level > SILENT, 8, "the ringing")
        talker.do("answer", call_id)
        until(lambda: speaker.next(0.5).level < SILENT, 5, "the ringing stops")
        far_end.hangup(there)
        talker.call_ended(call_id)


def test_baresip_calls_us_without_a_registrar(
    talker: Ringdown, pulse: Pulse, rep: Clip, person: Clip, tmp_path: Path
) -> None:
    with pulse.say(speech.path(speech.Sound.MENU)), pulse.listen() as speaker:
        with Baresip(tmp_path / "bob", "bob", person) as bob:
            bob.dial(talker.contact())
            rings = talker.wait("call-incoming")
            assert rings["number"] == "sip:bob@127.0.0.1"
            talker.do("answer")
            bob.wait("CALL_ESTABLISHED")
            until(lambda: speaker.next(0.3).level > SILENT, what="bob")
            heard = speaker.next(4)  # a device takes up to two seconds to start
            bob.hangup()
            assert talker.call_ended(rings["id"])["outcome"] == "answered"
    assert_speech(heard, person, rep)
    assert_speech(bob.heard(), rep, person)


def test_we_call_baresip_by_its_address(
    talker: Ringdown, pulse: Pulse, rep: Clip, person: Clip, tmp_path: Path
) -> None:
    with pulse.say(speech.path(speech.Sound.MENU)), pulse.listen() as speaker:
        with Baresip(tmp_path / "bob", "bob", person) as bob:
            call_id = talker.call(bob.uri)
            until(lambda: speaker.next(0.3).level > SILENT, what="bob")
            heard = speaker.next(4)  # a device takes up to two seconds to start
            talker.hangup(call_id)
            bob.wait("CALL_CLOSED")
    assert_speech(heard, person, rep)
    assert_speech(bob.heard(), rep, person)
