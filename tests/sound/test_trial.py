"""Trying the sound without a call: meters, notes on speaker and ringer, the microphone recorded and played back."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.call import CallAnswered, CallEnded
from app.domain.phone_events import CallArrived, SoundLevels, SoundStep, SoundTest, SoundTested
from app.ports.phone import AudioChoice
from sip.engine.sound_check import verdict
from sip.standin import speech
from tests.peers.child import until
from tests.peers.pulse_server import is_installed
from tests.sip.harness import Harness, local_line
from tests.sound.rig import RATE, SoundServer

SPEECH = speech.path(speech.Sound.GREETING)
OWN = AudioChoice("MicrophoneA", "SpeakerA", "SpeakerB", processing=True)
needs_pulse = [pytest.mark.peers, pytest.mark.skipif(not is_installed(), reason="no PulseAudio here")]


def noise(level: int, seconds: float = 5.0) -> bytes:
    return array("h", [level, -level] * int(8000 * seconds)).tobytes()


@pytest.mark.parametrize(
    ("recorded", "step"),
    [
        (noise(3000), SoundStep.HEARD),
        (noise(60), SoundStep.FAINT),
        (noise(5), SoundStep.SILENT),
        (b"", SoundStep.SILENT),
        (noise(3000, 0.2) + noise(3, 4.8), SoundStep.SILENT),  # a door that slams
        (noise(3000, 1.0) + noise(3, 4.0), SoundStep.HEARD),
    ],
)
def test_the_verdict(recorded: bytes, step: SoundStep) -> None:
    assert verdict(recorded) is step


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    with SoundServer(tmp_path / "p") as made:
        for name, value in made.env.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def phone(server: SoundServer, tmp_path: Path) -> Iterator[Harness]:
    """Microphone and speaker A, ringer B."""
    made = Harness(tmp_path / "a")
    made.apply(local_line("l", "a"), audio=OWN)
    made.registered("l")
    yield made
    made.phone.close()


def loudness(heard: bytes, begin: float = 0.0) -> float:
    samples = array("h", heard[int(begin * RATE) * 2 : len(heard) // 2 * 2])
    return math.sqrt(sum(s * s for s in samples) / max(1, len(samples)))


class TestDevices:
    pytestmark = needs_pulse

    def listeners(self, server: SoundServer) -> int:
        """Who has a microphone open; the two virtual ones listen to their feeds."""
        return len(server.control("list", "short", "source-outputs").splitlines()) - 2

    def test_meters_work_without_a_call_and_the_devices_close_with_them(
        self, server: SoundServer, phone: Harness
    ) -> None:
        phone.phone.watch_levels(True)
        assert phone.wait(SoundLevels).microphone <= -80
        player = server.play("mic-a", SPEECH)
        phone.wait(SoundLevels, lambda e: e.microphone > -40)
        assert self.listeners(server) == 1
        player.terminate()
        player.wait()
        phone.phone.watch_levels(False)
        until(lambda: self.listeners(server) == 0, 5, "the microphone is let go")

    @pytest.mark.parametrize(("test", "sink", "other"), [("speaker", "spk-a", "spk-b"), ("ringer", "spk-b", "spk-a")])
    def test_notes_play_where_they_should(
        self, server: SoundServer, phone: Harness, test: str, sink: str, other: str
    ) -> None:
        ear, elsewhere = server.record(sink), server.record(other)
        phone.phone.test_sound(SoundTest(test))
        assert phone.wait(SoundTested).step is SoundStep.PLAYING
        assert phone.wait(SoundTested).step is SoundStep.DONE
        assert loudness(ear.stop()[0]) > 300
        assert loudness(elsewhere.stop()[0]) == 0

    def test_who_speaks_is_heard_and_hears_it_again(self, server: SoundServer, phone: Harness) -> None:
        phone.phone.test_sound(SoundTest.LOOP)
        assert phone.wait(SoundTested).step is SoundStep.LISTENING
        for _ in range(2):
            server.play("mic-a", SPEECH).wait(10)
        assert phone.wait(SoundTested).step is SoundStep.PLAYING
        ear = server.record("spk-a")
        assert phone.wait(SoundTested, timeout=15).step is SoundStep.HEARD
        assert loudness(ear.stop()[0]) > 300
        until(lambda: self.listeners(server) == 0, 5, "the microphone is let go")

    def test_a_silent_microphone_is_told(self, server: SoundServer, phone: Harness) -> None:
        phone.phone.test_sound(SoundTest.LOOP)
        steps = [phone.wait(SoundTested, timeout=15).step for _ in range(3)]
        assert steps == [SoundStep.LISTENING, SoundStep.PLAYING, SoundStep.SILENT]

    def test_no_microphone_is_told(self, server: SoundServer, phone: Harness) -> None:
        phone.apply(local_line("l", "a"), audio=AudioChoice("none", "SpeakerA", "none"))
        phone.phone.test_sound(SoundTest.LOOP)
        steps = [phone.wait(SoundTested).step for _ in range(2)]
        assert steps == [SoundStep.LISTENING, SoundStep.NO_DEVICE]

    def test_a_call_ends_the_test_and_has_sound(self, server: SoundServer, phone: Harness, tmp_path: Path) -> None:
        other = Harness(tmp_path / "b")
        try:
            other.apply(local_line("l", "b"))
            target = other.registered("l").contact
            phone.phone.watch_levels(True)
            phone.phone.test_sound(SoundTest.LOOP)
            assert phone.wait(SoundTested).step is SoundStep.LISTENING
            phone.phone.dial("c", "l", target)
            assert phone.wait(SoundTested).step is SoundStep.STOPPED
            other.phone.answer(other.wait(CallArrived).call_id)
            phone.wait(CallAnswered)
            phone.phone.test_sound(SoundTest.SPEAKER)  # refused: the call has the devices
            player = server.play("mic-a", SPEECH)
            phone.wait(SoundLevels, lambda e: e.microphone > -40)
            player.terminate()
            player.wait()
            phone.phone.hangup("c")
            phone.wait(CallEnded)
            tested = [e.step for e in phone.events if isinstance(e, SoundTested)]
            assert tested == [SoundStep.LISTENING, SoundStep.STOPPED]
            phone.wait(SoundLevels)  # the meter goes on
        finally:
            other.phone.close()
