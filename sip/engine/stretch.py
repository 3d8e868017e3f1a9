"""Shorter and longer without a click: a piece of sound about one pitch period long is left out or said twice.

Samples are 16-bit mono at `RATE`, in arrays. Pure functions, a fraction of a millisecond each.
"""

from __future__ import annotations

from array import array
from operator import sub

RATE = 16_000
FADE = RATE * 5 // 1000  # samples over which one piece passes into the other
SHORTEST, LONGEST = RATE * 5 // 2000, RATE * 25 // 2000  # 2.5 to 12.5 ms: the periods of voices
NEEDED = LONGEST + FADE  # samples that a search looks at
QUIET = 100  # mean of the samples below which nobody hears a join
_COARSE = 4


def cut(samples: array[int], lag: int) -> array[int]:
    """``samples`` with ``lag`` of them left out at the beginning. Needs ``lag + FADE`` of them."""
    return blend(samples[:FADE], samples[lag : lag + FADE]) + samples[lag + FADE :]


def insert(samples: array[int], lag: int) -> array[int]:
    """``samples`` with the first ``lag`` said twice. Needs ``lag + FADE`` of them."""
    return samples[:lag] + blend(samples[lag : lag + FADE], samples[:FADE]) + samples[FADE:]


def unlikeness(samples: array[int], lag: int) -> float:
    """How much a join of the beginning and what is ``lag`` later would be heard: 0 not at all, 1 very much.

    What is quiet joins anywhere.
    """
    old, new = samples[:FADE], samples[lag : lag + FADE]
    loud = sum(map(abs, old)) + sum(map(abs, new))
    return sum(map(abs, map(sub, old, new))) / loud if loud > 2 * FADE * QUIET else 0.0


def extend(past: array[int], count: int) -> array[int]:
    """What may follow ``past`` (at least `NEEDED` samples) when nothing has come: its last period, fading away."""
    backwards = past[: -NEEDED - 1 : -1]
    period = like_start(backwards, SHORTEST, LONGEST)
    last = past[-period:]
    made = array("h", bytes(2 * count))
    for place in range(count):
        made[place] = last[place % period] * (count - place) // count
    return made


def blend(old: array[int], new: array[int]) -> array[int]:
    """From ``old``, which may be empty (silence), to ``new`` in the time of both."""
    count = len(new)
    if not old:
        return array("h", (after * place // count for place, after in enumerate(new)))
    return array(
        "h",
        (
            (before * (count - place) + after * place) // count
            for place, (before, after) in enumerate(zip(old, new, strict=True))
        ),
    )


def like_start(samples: array[int], least: int, most: int) -> int:
    """The lag between ``least`` and ``most`` at which the sound is most like its beginning."""
    coarse = samples[:FADE:_COARSE]

    def unlike(lag: int) -> int:
        return sum(map(abs, map(sub, coarse, samples[lag : lag + FADE : _COARSE])))

    best = min(range(least, most + 1, 3), key=unlike)
    start = samples[:FADE]
    return min(
        range(max(least, best - 2), min(most, best + 2) + 1),
        key=lambda lag: sum(map(abs, map(sub, start, samples[lag : lag + FADE]))),
    )
