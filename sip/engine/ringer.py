"""The ring tone: two soft bell notes, twice, then a pause. Shipped as a WAV file; this module makes it.

``python -m sip.engine.ringer FILE`` writes it anew.
"""

from __future__ import annotations

import array
import io
import math
import sys
import wave
from pathlib import Path

RATE = 16_000
_LENGTH = 4.0
# When a note starts (s) and its pitch (Hz): a rising fourth, then the same again.
_NOTES = ((0.0, 587.33), (0.22, 783.99), (0.75, 587.33), (0.97, 783.99))
# Loudness of each overtone of a struck bar, and how fast it fades.
_PARTIALS = ((1.0, 0.55, 3.2), (2.0, 0.22, 5.0), (3.0, 0.08, 8.0))


def ring_samples() -> array.array[int]:
    """One period of the cadence as 16-bit mono at `RATE`."""
    total = [0.0] * int(RATE * _LENGTH)
    for start, pitch in _NOTES:
        first = int(start * RATE)
        for place in range(int(1.6 * RATE)):
            moment = place / RATE
            attack = min(1.0, moment / 0.008)
            total[first + place] += attack * sum(
                loud * math.exp(-fade * moment) * math.sin(2 * math.pi * pitch * part * moment)
                for part, loud, fade in _PARTIALS
            )
    peak = max(abs(value) for value in total)
    return array.array("h", (int(value / peak * 16_000) for value in total))


def load_ring() -> bytes:
    """The samples of the shipped file; the library's own when it is missing."""
    from resources import path

    try:
        with wave.open(str(path("sounds/ring.wav")), "rb") as source:
            if (source.getframerate(), source.getnchannels(), source.getsampwidth()) == (RATE, 1, 2):
                return source.readframes(source.getnframes())
    except (OSError, EOFError, wave.Error):
        pass
    return ring_samples().tobytes()


class RingTune:
    """The ring tone from its beginning, for ever."""

    def __init__(self) -> None:
        self._samples = load_ring()
        self._place = 0

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        piece = self._samples[self._place : self._place + size]
        while len(piece) < size:
            piece += self._samples[: size - len(piece)]
        self._place = (self._place + size) % len(self._samples)
        return piece


def write_ring(file: Path) -> None:
    """Write the WAV file."""
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(ring_samples().tobytes())
    file.write_bytes(made.getvalue())


if __name__ == "__main__":
    write_ring(Path(sys.argv[1]))
