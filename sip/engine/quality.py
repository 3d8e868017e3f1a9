"""How good a call sounds: what the library counts, summed over its restarts, and the E-model's opinion of it.

ITU-T G.107 with everything at its default but codec, loss and delay; codec figures from G.113 appendix I.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

_NONE = 16_777_215  # -1 in the 24 bits of a report: baresip sends it before the first packet has come
_OUR_DELAY = 90  # ms from microphone to speaker without the network: devices, frames, jitter buffer
# Ie and Bpl: how bad the codec is by itself, and how well it takes loss.
_CODECS = {"PCMU": (0.0, 25.1), "PCMA": (0.0, 25.1), "G722": (4.0, 15.7)}


@dataclass(frozen=True, slots=True)
class Reading:
    """The library's counters now. ``sent_lost`` is what the far side says it misses. Times in milliseconds."""

    received: int
    lost: int
    sent: int
    sent_lost: int
    jitter_ms: float = 0.0
    rtt_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """One stretch of a call. ``loss`` is a share, 0 to 1, of the worse direction; so is ``total_loss``, of the call.

    ``received`` and ``sent`` are the packets of the stretch.
    """

    loss: float
    total_loss: float
    jitter_ms: float
    rtt_ms: float
    mos: float
    received_loss: float = 0.0
    sent_loss: float = 0.0
    received: int = 0
    sent: int = 0


class Gauge:
    """Adds a call's readings up. The library counts anew after each hold and re-INVITE."""

    def __init__(self) -> None:
        self._last = Reading(0, 0, 0, 0)
        self._told = self._sum = Reading(0, 0, 0, 0)

    def add(self, reading: Reading) -> None:
        """What the counters say now."""
        now = replace(
            reading, lost=_clamped(reading.lost, reading.received), sent_lost=_clamped(reading.sent_lost, reading.sent)
        )
        last = self._last
        if now.received < last.received or now.sent < last.sent:
            last = Reading(0, 0, 0, 0)
        # A late packet takes a loss back: a sum may fall a little, never below what was told before.
        self._sum = Reading(
            self._sum.received + now.received - last.received,
            max(0, self._sum.lost + now.lost - last.lost),
            self._sum.sent + now.sent - last.sent,
            max(0, self._sum.sent_lost + now.sent_lost - last.sent_lost),
            now.jitter_ms,
            now.rtt_ms,
        )
        self._last = now

    def restart(self) -> None:
        """The stream is over: the next reading begins at nothing, also when it is already the larger."""
        self._last = Reading(0, 0, 0, 0)

    @property
    def untold(self) -> tuple[int, int]:
        """Packets received and sent since the last time."""
        return self._sum.received - self._told.received, self._sum.sent - self._told.sent

    def tell(self, codec: str) -> Figures:
        """The figures since the last time, and the loss of the whole call."""
        now, before = self._sum, self._told
        self._told = now
        received, sent = now.received - before.received, now.sent - before.sent
        received_loss = _share(now.lost - before.lost, received)
        sent_loss = _share(now.sent_lost - before.sent_lost, sent, within=True)
        loss = max(received_loss, sent_loss)
        total = max(_share(now.lost, now.received), _share(now.sent_lost, now.sent, within=True))
        delay = now.rtt_ms / 2 + _OUR_DELAY + 2 * now.jitter_ms
        opinion = mos(rating(codec, loss, delay))
        return Figures(loss, total, now.jitter_ms, now.rtt_ms, opinion, received_loss, sent_loss, received, sent)


def rating(codec: str, loss: float, delay_ms: float) -> float:
    """The E-model's R, 0 to 93.2, for a share of lost packets and the delay from mouth to ear.

    An unknown codec counts as G.711.
    """
    own, robust = _CODECS.get(codec.partition("/")[0].upper(), _CODECS["PCMU"])
    percent = 100 * min(1.0, max(0.0, loss))
    impairment = own + (95 - own) * percent / (percent + robust)
    return max(0.0, 93.2 - _delay_impairment(delay_ms) - impairment)


def mos(r: float) -> float:
    """The opinion, 1 to 4.5, an R stands for (G.107 annex B)."""
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)


def _delay_impairment(delay_ms: float) -> float:
    """Idd: nothing up to 100 ms, then ever more."""
    if delay_ms <= 100:
        return 0.0
    x = math.log2(delay_ms / 100)
    return 25 * (float((1 + x**6) ** (1 / 6)) - 3 * float((1 + (x / 3) ** 6) ** (1 / 6)) + 2)


def _clamped(lost: int, of: int) -> int:
    return 0 if lost >= _NONE else max(0, min(lost, max(of, 0) * 20 + 1000))


def _share(lost: int, packets: int, *, within: bool = False) -> float:
    """``packets`` are those that came or, ``within``, those that were sent."""
    whole = packets if within else packets + max(0, lost)
    return min(1.0, max(0, lost) / whole) if whole > 0 else 0.0
