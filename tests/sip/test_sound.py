"""Sound through a real PulseAudio with virtual devices, and the far end that ships with the app."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.call import CallAnswered, CallEnded, CallRinging, CallSoundMissing
from app.domain.phone_events import DevicesChanged
from app.ports.phone import AudioChoice
from sip.engine.ringer import RATE, RingTune, load_ring, ring_samples
from tests.peers.pulse import MICROPHONE, SPEAKER, Pulse
from tests.peers.sound import tone
from tests.sip.harness import Harness, local_line

QUIET = 200.0


def loudness(sound: Pulse, seconds: float, sink: str = "spk") -> float:
    """Of what is played there for so long from now on."""
    with sound.listen(sink) as listener:
        return listener.next(seconds).level


@pytest.fixture
def far_end() -> Iterator[str]:
    """Host and port of the far end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sip.standin", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    yield str(json.loads(process.stdout.readline())["sip"])
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


@pytest.mark.peers
class TestPulse:
    def test_ringer_tones_speech_and_mute(self, sound: Pulse, far_end: str, harness: Harness, tmp_path: Path) -> None:
        harness.apply(local_line("a", "alice"), audio=AudioChoice())
        harness.registered("a")
        harness.phone.ring(True)
        assert loudness(sound, 2.5) > QUIET
        harness.phone.ring(False)
        harness.phone.dial("tone", "a", f"sip:+14155550103@{far_end}")
        harness.wait(CallRinging)
        assert loudness(sound, 1.5) > QUIET, "no ringback tone"
        harness.phone.hangup("tone")
        harness.wait(CallEnded)
        harness.phone.dial("echo", "a", f"sip:+14155550105@{far_end}")
        harness.wait(CallAnswered)
        with sound.say(tone(500, 1).write(tmp_path / "speech.wav")):
            assert loudness(sound, 3) > 10 * QUIET, "no echo"
            harness.phone.mute("echo", True)
            loudness(sound, 1)
            assert loudness(sound, 1) < QUIET, "mute lets sound through"
        harness.phone.hangup("echo")
        harness.wait(CallEnded)

    def test_devices_vanish_and_come_back_in_a_call(self, sound: Pulse, far_end: str, harness: Harness) -> None:
        harness.apply(local_line("a", "alice"), audio=AudioChoice(input=MICROPHONE, output=SPEAKER))
        harness.registered("a")
        harness.phone.dial("c", "a", f"sip:+14155550101@{far_end}")
        harness.wait(CallAnswered)
        pid = harness.phone.engine_pid
        assert pid is not None
        for word in ("remap", "sink_name="):
            sound.unload(word)
        assert harness.wait(CallSoundMissing).missing
        assert harness.find(DevicesChanged, lambda e: bool(e.problem)).outputs == ()
        sound.control("load-module", "module-null-sink", "sink_name=new", "sink_properties=device.description=Headset")
        assert not harness.wait(CallSoundMissing, lambda e: not e.missing).missing
        assert loudness(sound, 2, "new") > QUIET
        harness.phone.hangup("c")
        harness.wait(CallEnded)
        assert harness.phone.engine_pid == pid

    def test_a_sound_server_that_starts_anew_is_found_again(self, sound: Pulse, far_end: str, harness: Harness) -> None:
        harness.apply(local_line("a", "alice"), audio=AudioChoice())
        harness.registered("a")
        harness.phone.dial("c", "a", f"sip:+14155550101@{far_end}")
        harness.wait(CallAnswered)
        assert loudness(sound, 1) > QUIET
        sound.stop()
        assert harness.wait(CallSoundMissing).missing
        sound.start()
        assert not harness.wait(CallSoundMissing, lambda e: not e.missing).missing
        assert loudness(sound, 2) > QUIET

    def test_named_devices_are_listed_and_used(self, sound: Pulse, far_end: str, harness: Harness) -> None:
        sound.control(
            "load-module", "module-null-sink", "sink_name=other", "sink_properties=device.description=Headset"
        )
        harness.apply(local_line("a", "alice"), audio=AudioChoice(output="Headset"))
        harness.phone.list_devices()
        listed = harness.wait(DevicesChanged)
        assert "Headset" in listed.outputs
        assert MICROPHONE in listed.inputs
        harness.phone.dial("c", "a", f"sip:+14155550101@{far_end}")
        harness.wait(CallAnswered)
        assert loudness(sound, 2, "other") > QUIET
        assert loudness(sound, 0.5) < QUIET


def test_no_device_at_all_still_connects(harness: Harness, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    second = Harness(tmp_path / "second")
    try:
        second.apply(local_line("a", "alice"), local_line("b", "bob"), audio=AudioChoice())
        second.registered("a")
        second.phone.dial("c", "a", second.registered("b").contact)
        second.find(CallRinging)
        assert second.find(CallSoundMissing).missing
        assert second.find(DevicesChanged, lambda e: bool(e.problem)).problem == "no-device"
    finally:
        second.phone.close()


def test_ring_tune_is_endless_and_the_shipped_one() -> None:
    assert load_ring() == ring_samples().tobytes()
    tune = RingTune()
    whole = load_ring()
    assert tune.take(len(whole) + 10) == whole + whole[:10]
    assert len(whole) == 2 * RATE * 4
