"""How a call sounds, for people: the figures that stay with it, how many bars they are worth, and what is wrong.

A reading is one `CallQuality`, every few seconds of talk. What is told moves slowly: it takes two readings that agree
to complain or to take a complaint back, and where it begins and where it ends lie apart, so that nothing flickers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.call import CallQuality

AGREE = 2  # readings
AWFUL = 0.25  # share of packets lost that needs no second reading
_BARS = (2.6, 3.4, 3.9)  # the least opinion for one, two, three bars (ITU-T G.107 annex B: 3.6 some dissatisfied)
# For each: where it begins and where it ends, so that figures between the two change nothing.
_LOSS = (0.05, 0.02)
_RTT = (600.0, 400.0)
_JITTER = (80.0, 40.0)


class Complaint(StrEnum):
    """What is wrong with the sound, the worst first."""

    NONE = ""
    SILENT = "silent"  # nothing comes from the other side
    RECEIVING = "receiving"  # what they say is lost on its way here
    SENDING = "sending"  # what we say is lost on its way there
    UNEVEN = "uneven"  # it comes in fits and starts
    LATE = "late"


@dataclass(frozen=True, slots=True)
class CallSound:
    """A call's figures so far: means over its readings, the loss of the whole call, the lowest opinion.

    ``bars`` (0 to 3) and ``complaint`` are of now; ``hint`` and ``agreed`` say what the last readings would change.
    """

    mos: float
    lowest_mos: float
    loss: float
    jitter_ms: float
    rtt_ms: float
    codec: str
    encrypted: bool
    readings: int = 1
    bars: int = 3
    complaint: Complaint = Complaint.NONE
    hint: tuple[int, Complaint] | None = None
    agreed: int = 0


def hear(before: CallSound | None, reading: CallQuality) -> CallSound:
    """The figures after one more reading."""
    old = before.complaint if before is not None else Complaint.NONE
    seen = (bars_of(reading.mos), _complaint(reading, old))
    if before is None:
        now = CallSound(
            reading.mos, reading.mos, reading.total_loss, reading.jitter_ms, reading.rtt_ms, reading.codec,
            reading.encrypted, bars=seen[0],
        )  # fmt: skip
        shown = (seen[0], Complaint.NONE)
    else:
        count = before.readings + 1
        now = replace(
            before,
            mos=round(_mean(before.mos, reading.mos, count), 2),
            lowest_mos=min(before.lowest_mos, reading.mos),
            loss=reading.total_loss,
            jitter_ms=round(_mean(before.jitter_ms, reading.jitter_ms, count), 1),
            rtt_ms=round(_mean(before.rtt_ms, reading.rtt_ms, count), 1),
            codec=reading.codec,
            encrypted=reading.encrypted,
            readings=count,
        )
        shown = (before.bars, before.complaint)
    if seen == shown:
        return replace(now, hint=None, agreed=0)
    agreed = before.agreed + 1 if before is not None and before.hint == seen else 1
    if agreed >= AGREE or max(reading.received_loss, reading.sent_loss) >= AWFUL:
        return replace(now, bars=seen[0], complaint=seen[1], hint=None, agreed=0)
    return replace(now, hint=seen, agreed=agreed)


def bars_of(mos: float) -> int:
    """How many of three bars an opinion is worth."""
    return sum(mos >= least for least in _BARS)


def _complaint(reading: CallQuality, old: Complaint) -> Complaint:
    """The worst that is wrong; what is complained of already needs to be better to be taken back."""

    def over(kind: Complaint, value: float, limits: tuple[float, float]) -> bool:
        return value >= limits[old is kind]

    if reading.silent:
        return Complaint.SILENT
    found = {
        Complaint.RECEIVING: over(Complaint.RECEIVING, reading.received_loss, _LOSS),
        Complaint.SENDING: over(Complaint.SENDING, reading.sent_loss, _LOSS),
        Complaint.UNEVEN: over(Complaint.UNEVEN, reading.jitter_ms, _JITTER),
        Complaint.LATE: over(Complaint.LATE, reading.rtt_ms, _RTT),
    }
    return next((kind for kind, wrong in found.items() if wrong), Complaint.NONE)


def _mean(before: float, now: float, count: int) -> float:
    return before + (now - before) / count
