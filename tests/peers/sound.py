"""Short mono clips: read, written and compared in plain Python.

Speech is compared by its loudness over time, which codecs, gains and delays leave alone; tones by how much of the
sound they are.
"""

from __future__ import annotations

import math
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FRAME = 0.02  # seconds of one step of the loudness curve


@dataclass(frozen=True, slots=True)
class Clip:
    """16-bit mono samples at ``rate`` Hz."""

    samples: array[int]
    rate: int

    @classmethod
    def of(cls, data: bytes, rate: int) -> Clip:
        """From raw little-endian samples."""
        samples = array("h")
        samples.frombytes(data[: len(data) // 2 * 2])
        return cls(samples, rate)

    @classmethod
    def read(cls, file: Path) -> Clip:
        """A 16-bit mono WAV file; one whose header was not finished yet is read as far as it goes."""
        with wave.open(str(file), "rb") as wav:
            assert (wav.getsampwidth(), wav.getnchannels()) == (2, 1), file
            return cls.of(wav.readframes(wav.getnframes()), wav.getframerate())

    def write(self, file: Path) -> Path:
        """As a WAV file."""
        with wave.open(str(file), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(self.rate)
            wav.writeframes(self.samples.tobytes())
        return file

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate

    @property
    def level(self) -> float:
        """Root mean square, 0 to 32768."""
        return math.sqrt(_power(self.samples))

    def part(self, begin: float, end: float) -> Clip:
        """From one second to another."""
        return Clip(self.samples[int(begin * self.rate) : int(end * self.rate)], self.rate)

    def times(self, count: int) -> Clip:
        """Again and again."""
        return Clip(self.samples * count, self.rate)

    def at_rate(self, rate: int) -> Clip:
        """At a lower rate that divides this one; good enough for a telephone."""
        step, rest = divmod(self.rate, rate)
        assert rest == 0, (self.rate, rate)
        found = array("h")
        for at in range(0, len(self.samples) - step + 1, step):
            found.append(sum(self.samples[at : at + step]) // step)
        return Clip(found, rate)

    def loudness(self) -> list[float]:
        """Root mean square around each 20 ms, over 60 ms: where the steps begin must not matter."""
        size = int(self.rate * FRAME)
        powers = [_power(self.samples[at : at + size]) for at in range(0, len(self.samples) - size + 1, size)]
        return [math.sqrt(sum(three) / 3) for three in zip(powers, powers[1:], powers[2:], strict=False)]

    def share(self, frequency: float) -> float:
        """How much of the sound's power a tone makes, 0 to 1 (Goertzel, over pieces of 0.1 s)."""
        size = self.rate // 10
        pieces = [self.samples[at : at + size] for at in range(0, len(self.samples) - size + 1, size)]
        whole = sum(sum(s * s for s in piece) for piece in pieces)
        return sum(_goertzel(piece, frequency, self.rate) for piece in pieces) / whole if whole else 0.0


def tone(frequency: float, seconds: float, rate: int = 16_000, level: int = 8_000) -> Clip:
    """A sine."""
    step = 2 * math.pi * frequency / rate
    return Clip(array("h", (round(level * math.sin(step * n)) for n in range(int(seconds * rate)))), rate)


def likeness(heard: Clip, spoken: Clip) -> float:
    """How well the loudness of what was heard follows what was spoken: 1 the same, another speech about 0.7.

    The speech may begin anywhere and be played again and again. Each second is looked for by itself, and the one at
    the upper quarter counts: a busy machine that loses a tenth of a second now and then still plays this speech.
    """
    there = heard.loudness()
    said = spoken.times(2).loudness()
    size, shifts = int(1 / FRAME), int(spoken.seconds / FRAME) + 1
    loud = max(there) / 10
    windows = [there[at : at + size] for at in range(0, len(there) - size + 1, size // 4)]
    found = sorted(
        max(_correlation(window, said[shift : shift + size]) for shift in range(min(shifts, len(said) - size + 1)))
        for window in windows
        if max(window) > loud
    )
    return found[len(found) * 3 // 4] if found else 0.0


def _power(samples: Sequence[int]) -> float:
    return sum(s * s for s in samples) / len(samples) if samples else 0.0


def _goertzel(samples: Sequence[int], frequency: float, rate: int) -> float:
    """The power of one frequency, scaled so that a pure tone gives the sum of squares."""
    k = 2 * math.cos(2 * math.pi * frequency / rate)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + k * last - before
    power = last * last + before * before - k * last * before
    return power * 2 / len(samples)


def _correlation(a: Sequence[float], b: Sequence[float]) -> float:
    size = min(len(a), len(b))
    mean_a, mean_b = sum(a[:size]) / size, sum(b[:size]) / size
    da, db = [x - mean_a for x in a[:size]], [x - mean_b for x in b[:size]]
    norm = math.sqrt(sum(x * x for x in da) * sum(x * x for x in db))
    return sum(x * y for x, y in zip(da, db, strict=True)) / norm if norm else 0.0
