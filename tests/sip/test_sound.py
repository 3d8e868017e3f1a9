"""Sound through a real PulseAudio with virtual devices, and the far end that ships with the app."""

from __future__ import annotations

import array
import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.call import CallAnswered, CallEnded, CallRinging, CallSoundMissing
from app.domain.phone_events import DevicesChanged
from app.ports.phone import AudioChoice
from sip.engine.ringer import RATE, RingTune, load_ring, ring_samples
from tests.peers.pulse_server import is_installed
from tests.sip.harness import Harness, local_line
from tests.sip.pulse import Pulse

QUIET = 200.0


@pytest.fixture
def pulse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    """A sound server that the engine will find."""
    if not is_installed():
        pytest.skip("no PulseAudio here")
    with Pulse(tmp_path / "pulse") as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        yield server


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
    def test_ringer_tones_speech_and_mute(self, pulse: Pulse, far_end: str, harness: Harness) -> None:
        harness.apply(local_line("a", "alice"), audio=AudioChoice())
        harness.registered("a")
        harness.phone.ring(True)
        assert pulse.loudness("spk.monitor", 2.5) > QUIET
        harness.phone.ring(False)
        harness.phone.dial("tone", "a", f"sip:+14155550103@{far_end}")
        harness.wait(CallRinging)
        assert pulse.loudness("spk.monitor", 1.5) > QUIET, "no ringback tone"
        harness.phone.hangup("tone")
        harness.wait(CallEnded)
        harness.phone.dial("echo", "a", f"sip:+14155550105@{far_end}")
        harness.wait(CallAnswered)
        samples = (int(8000 * math.sin(2 * math.pi * 500 * place / 16_000)) for place in range(16_000 * 10))
        speech = array.array("h", samples).tobytes()
        words = ["pacat", "-d", "mic", "--rate=16000", "--channels=1", "--format=s16le"]
        with subprocess.Popen(words, env=os.environ | pulse.env, stdin=subprocess.PIPE) as speaker:
            assert speaker.stdin is not None
            threading.Thread(target=_pour, args=(speaker.stdin, speech), daemon=True).start()
            assert pulse.loudness("spk.monitor", 3) > 10 * QUIET, "no echo"
            harness.phone.mute("echo", True)
            pulse.loudness("spk.monitor", 1)
            assert pulse.loudness("spk.monitor", 1) < QUIET, "mute lets sound through"
            speaker.terminate()
        harness.phone.hangup("echo")
        harness.wait(CallEnded)

    def test_devices_vanish_and_come_back_in_a_call(self, pulse: Pulse, far_end: str, harness: Harness) -> None:
        harness.apply(local_line("a", "alice"), audio=AudioChoice(input="Microphone", output="Speaker"))
        harness.registered("a")
        harness.phone.dial("c", "a", f"sip:+14155550101@{far_end}")
        harness.wait(CallAnswered)
        pid = harness.phone.engine_pid
        assert pid is not None
        for word in ("remap", "sink_name="):
            pulse.unload(word)
        assert harness.wait(CallSoundMissing).missing
        assert harness.find(DevicesChanged, lambda e: bool(e.problem)).outputs == ()
        pulse.control("load-module", "module-null-sink", "sink_name=new", "sink_properties=device.description=Headset")
        assert not harness.wait(CallSoundMissing, lambda e: not e.missing).missing
        assert pulse.loudness("new.monitor", 2) > QUIET
        harness.phone.hangup("c")
        harness.wait(CallEnded)
        assert harness.phone.engine_pid == pid

    def test_a_sound_server_that_starts_anew_is_found_again(self, pulse: Pulse, far_end: str, harness: Harness) -> None:
        harness.apply(local_line("a", "alice"), audio=AudioChoice())
        harness.registered("a")
        harness.phone.dial("c", "a", f"sip:+14155550101@{far_end}")
        harness.wait(CallAnswered)
        assert pulse.loudness("spk.monitor", 1) > QUIET
        pulse.stop()
        assert harness.wait(CallSoundMissing).missing
        pulse.start()
        assert not harness.wait(CallSoundMissing, lambda e: not e.missing).missing
        assert pulse.loudness("spk.monitor", 2) > QUIET

    def test_named_devices_are_listed_and_used(self, pulse: Pulse, far_end: str, harness: Harness) -> None:
        pulse.control(
            "load-module", "module-null-sink", "sink_name=other", "sink_properties=device.description=Headset"
        )
        harness.apply(local_line("a", "alice"), audio=AudioChoice(output="Headset"))
        harness.phone.list_devices()
        listed = harness.wait(DevicesChanged)
        assert "Headset" in listed.outputs
        assert "Microphone" in listed.inputs
        harness.phone.dial("c", "a", f"sip:+14155550101@{far_end}")
        harness.wait(CallAnswered)
        assert pulse.loudness("other.monitor", 2) > QUIET
        assert pulse.loudness("spk.monitor", 0.5) < QUIET


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


def _pour(pipe: object, data: bytes) -> None:
    try:
        pipe.write(data)  # type: ignore[attr-defined]
    except BrokenPipeError:
        return
