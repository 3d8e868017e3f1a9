"""How late and how good what was heard is, compared with what was said. Needs numpy; PESQ needs `pesq` and scipy."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.sound.rig import RATE

Samples = Any


def samples(data: bytes) -> Samples:
    """As numbers between -1 and 1."""
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float64) / 32768


def lag(part: Samples, whole: Samples) -> tuple[int, float]:
    """Where ``part`` is in ``whole`` (samples), and how alike the two are there (0 to 1)."""
    size = 1 << (len(part) + len(whole)).bit_length()
    product = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
    at = int(np.argmax(product[: max(1, len(whole) - len(part) + 1)]))
    there = whole[at : at + len(part)]
    norm = float(np.linalg.norm(part) * np.linalg.norm(there)) or 1.0
    return at, float(np.dot(part, there)) / norm


def delays(
    mouth: tuple[bytes, float], ear: tuple[bytes, float], begin: float, step: float = 1.0, most: float = 0.6
) -> list[float]:
    """Milliseconds from mouth to ear for each ``step`` seconds of speech after ``begin`` (s into the mouth's sound)."""
    said, heard = samples(mouth[0]), samples(ear[0])
    found: list[float] = []
    size = int(step * RATE)
    for at in range(int(begin * RATE), len(said) - size, size):
        part = said[at : at + size]
        if np.sqrt(np.mean(part**2)) < 0.01:
            continue
        # Where the ear's clock has the same moment.
        there = at + round((mouth[1] - ear[1]) * RATE)
        first, last = max(0, there), there + size + int(most * RATE)
        if last > len(heard):
            break
        place, alike = lag(part, heard[first:last])
        if alike > 0.5:
            found.append((place + first - there) / RATE * 1000)
    return found
