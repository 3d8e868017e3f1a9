"""The microphone is cleaned: an echo goes, what is said stays, and calls go on where the library is missing."""

from __future__ import annotations

import importlib.util
import math
import random
import sys
import wave
from array import array

import pytest

from sip.engine import processing, webrtc
from sip.engine.processing import KeptProcessor, Untouched, WebRtcProcessor, make_processor
from sip.standin import speech

needs_library = pytest.mark.skipif(importlib.util.find_spec("livekit") is None, reason="livekit is not installed")
RATE = processing.RATE
FRAME = RATE // 100


def spoken(sound: speech.Sound) -> array[int]:
    """One of the far end's speeches, at `RATE`."""
    with wave.open(str(speech.path(sound)), "rb") as source:
        found = array("h")
        found.frombytes(source.readframes(source.getnframes()))
        if source.getframerate() == RATE:
            return found
        assert source.getframerate() * 2 == RATE
    return array("h", (sample for sample in found for _ in range(2)))


def echoed(samples: array[int], delay_ms: int, share: float) -> array[int]:
    """What a microphone hears of a speaker: later, softer, twice."""
    first, second = delay_ms * RATE // 1000, (delay_ms + 13) * RATE // 1000
    return array(
        "h",
        (
            int(
                share * (samples[n - first] if n >= first else 0)
                + share / 3 * (samples[n - second] if n >= second else 0)
            )
            for n in range(len(samples))
        ),
    )


def power(samples: array[int]) -> float:
    """Mean square."""
    return sum(sample * sample for sample in samples) / max(1, len(samples))


def through(processor: processing.Processor, played: array[int], heard: array[int]) -> array[int]:
    """All of it, 10 ms at a time."""
    made = array("h")
    for at in range(0, min(len(played), len(heard)) - FRAME + 1, FRAME):
        processor.played(played[at : at + FRAME].tobytes())
        made.frombytes(processor.process(heard[at : at + FRAME].tobytes()))
    return made


def _shares(made: array[int], said: array[int]) -> list[float]:
    """How much of what was said is left, second by second, as amplitudes."""
    seconds = range(0, len(made) - RATE + 1, RATE)
    return [math.sqrt(power(made[at : at + RATE]) / power(said[at : at + RATE])) for at in seconds]


@needs_library
class TestWebRtc:
    def test_an_echo_is_cancelled(self) -> None:
        said = spoken(speech.Sound.GREETING) * 4
        said = said[: 12 * RATE]
        heard = echoed(said, 60, 0.4)
        processor = WebRtcProcessor()
        made = through(processor, said, heard)
        processor.close()
        settled = 5 * RATE
        loss = 10 * math.log10(power(heard[settled:]) / max(power(made[settled:]), 0.1))
        print(f"echo return loss {loss:.1f} dB")
        assert loss > 25

    def test_what_is_said_gets_through(self) -> None:
        said = (spoken(speech.Sound.MENU) * 3)[: 8 * RATE]
        processor = WebRtcProcessor()
        made = through(processor, array("h", bytes(2 * len(said))), said)
        processor.close()
        assert 0.2 < power(made[2 * RATE :]) / power(said[2 * RATE :]) < 20

    def test_the_next_call_begins_with_what_was_learnt(self) -> None:
        """With a headset both can talk at once: a canceller that is new takes the rep's voice for echo."""
        there, here = (spoken(speech.Sound.GREETING) * 4)[: 14 * RATE], (spoken(speech.Sound.MENU) * 5)[: 14 * RATE]
        kept = KeptProcessor()
        first = through(kept.get(True, ("microphone", "headset")), there, here)
        second = through(kept.get(True, ("microphone", "headset")), there, here)
        kept.close()
        worst, begins = (min(_shares(made, here)) for made in (first, second))
        assert worst < 0.2, "nothing had to be learnt: this test tells nothing"
        assert begins > 0.4

    def test_noise_is_less(self) -> None:
        dice = random.Random(1)
        noise = array("h", (int(dice.gauss(0, 300)) for _ in range(6 * RATE)))
        processor = WebRtcProcessor()
        made = through(processor, array("h", bytes(2 * len(noise))), noise)
        processor.close()
        assert power(made[3 * RATE :]) < power(noise[3 * RATE :]) / 4

    def test_any_sizes_come_out_complete(self) -> None:
        processor = WebRtcProcessor()
        total = 0
        for size in (2, 318, 640, 1000, 4, 1276):
            processor.played(bytes(size))
            total += len(processor.process(bytes(size)))
        assert total == 3240 // 320 * 320
        processor.close()
        assert processor.process(b"ab") == b"ab", "closed: untouched"
        processor.played(bytes(640))
        processor.close()

    def test_requests_are_those_of_the_package(self) -> None:
        proto = pytest.importorskip("livekit.rtc._proto.ffi_pb2")
        wanted = proto.FfiRequest()
        wanted.new_apm.echo_canceller_enabled = wanted.new_apm.noise_suppression_enabled = True
        wanted.new_apm.high_pass_filter_enabled = wanted.new_apm.gain_controller_enabled = True
        ours = proto.FfiRequest()
        ours.ParseFromString(webrtc.new_request())
        assert ours == wanted
        wanted = proto.FfiRequest()
        for name, kind in (("apm_process_stream", webrtc.PROCESS), ("apm_process_reverse_stream", webrtc.REVERSE)):
            part = getattr(wanted, name)
            part.apm_handle, part.data_ptr, part.size, part.sample_rate, part.num_channels = 7, 1 << 46, 320, RATE, 1
            ours.ParseFromString(webrtc.frame_request(kind, 7, 1 << 46, 320, RATE))
            assert ours == wanted
            wanted = proto.FfiRequest()
        wanted.apm_set_stream_delay.apm_handle, wanted.apm_set_stream_delay.delay_ms = 300, 60
        ours.ParseFromString(webrtc.delay_request(300, 60))
        assert ours == wanted
        answers = proto.FfiResponse.DESCRIPTOR.fields_by_name
        for name, number in (
            ("new_apm", webrtc.ANSWER_NEW),
            ("apm_process_stream", webrtc.ANSWER_PROCESS),
            ("apm_process_reverse_stream", webrtc.ANSWER_REVERSE),
            ("apm_set_stream_delay", webrtc.ANSWER_DELAY),
        ):
            assert answers[name].number == number


def test_not_wanted_or_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(make_processor(False), Untouched)
    assert make_processor(False).process(b"ab") == b"ab"
    monkeypatch.setattr(webrtc, "_loaded", None)
    monkeypatch.setattr(sys, "platform", "plan9")
    found = make_processor(True)
    assert isinstance(found, Untouched)
    assert found.process(b"ab") == b"ab"


class Named:
    """A processor that only knows whether it is open."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted
        self.is_open = True
        self.has_failed = False

    def played(self, data: bytes) -> None:
        """Nothing."""

    def process(self, capture: bytes) -> bytes:
        """The same."""
        return capture

    def close(self) -> None:
        """Over."""
        self.is_open = False


def test_a_processor_is_kept_as_long_as_it_fits() -> None:
    made: list[Named] = []

    def make(wanted: bool) -> Named:
        made.append(Named(wanted))
        return made[-1]

    kept = KeptProcessor(make)
    assert kept.get(True, ("a", "b")) is kept.get(True, ("a", "b"))
    assert kept.get(True, ("a", "c")) is made[1], "another speaker"
    assert kept.get(False, ("a", "c")) is made[2], "no longer wanted"
    made[2].has_failed = True
    assert kept.get(False, ("a", "c")) is made[3]
    assert [each.is_open for each in made] == [False, False, False, True]
    kept.close()
    assert not made[3].is_open
    assert kept.get(False, ("a", "c")) is made[4]


@pytest.mark.parametrize("answer", [b"", b"\x00", b"\x8a", b"\x8a\x03\xff", b"\x0d1234", b"\x8a\x03\x02\x0a\x00"])
def test_a_strange_answer_is_an_error(answer: bytes) -> None:
    with pytest.raises(webrtc.ProcessingError):
        webrtc.handle_of(answer)
