"""What is told of a call's sound: figures that add up, bars and complaints that do not flicker."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.call import CallQuality
from app.domain.call_quality import CallSound, Complaint, bars_of, hear

AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def reading(
    *,
    mos: float = 4.3,
    received: float = 0.0,
    sent: float = 0.0,
    jitter: float = 1.0,
    rtt: float = 40.0,
    silent: bool = False,
    total: float = 0.0,
) -> CallQuality:
    return CallQuality(
        "c", AT, "G722", False, max(received, sent), total, jitter, rtt, mos, received, sent, silent
    )  # fmt: skip


def after(*readings: CallQuality) -> CallSound:
    sound: CallSound | None = None
    for each in readings:
        sound = hear(sound, each)
    assert sound is not None
    return sound


def test_figures_are_means_of_the_call_and_the_loss_is_of_all_of_it() -> None:
    sound = after(reading(mos=4.4, rtt=20, jitter=2), reading(mos=4.0, rtt=40, jitter=4, total=0.012))
    assert (sound.mos, sound.lowest_mos, sound.rtt_ms, sound.jitter_ms) == (4.2, 4.0, 30.0, 3.0)
    assert (sound.loss, sound.readings) == (0.012, 2)


@pytest.mark.parametrize(("mos", "bars"), [(4.4, 3), (3.9, 3), (3.5, 2), (3.0, 1), (2.0, 0)])
def test_bars(mos: float, bars: int) -> None:
    assert bars_of(mos) == bars
    assert after(reading(mos=mos)).bars == bars


@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        (reading(silent=True, mos=1.0), Complaint.SILENT),
        (reading(received=0.06), Complaint.RECEIVING),
        (reading(sent=0.06), Complaint.SENDING),
        (reading(received=0.06, sent=0.2), Complaint.RECEIVING),
        (reading(jitter=90), Complaint.UNEVEN),
        (reading(rtt=700), Complaint.LATE),
    ],
)
def test_a_complaint_needs_two_readings_to_come_and_two_to_go(bad: CallQuality, complaint: Complaint) -> None:
    assert after(bad).complaint is Complaint.NONE
    assert after(reading(), bad).complaint is Complaint.NONE
    assert after(reading(), bad, bad).complaint is complaint
    assert after(reading(), bad, bad, reading()).complaint is complaint
    assert after(reading(), bad, bad, reading(), reading()).complaint is Complaint.NONE


def test_very_bad_is_told_at_once() -> None:
    sound = after(reading(), reading(sent=0.4, mos=1.5))
    assert (sound.complaint, sound.bars) == (Complaint.SENDING, 0)


def test_figures_between_the_two_limits_change_nothing() -> None:
    between = reading(received=0.03)
    assert after(reading(), between, between, between).complaint is Complaint.NONE
    bad = reading(received=0.08)
    assert after(bad, bad, between, between, between).complaint is Complaint.RECEIVING


def test_bad_now_and_then_never_flickers() -> None:
    bad, shown = reading(received=0.08, mos=3.0), set()
    sound: CallSound | None = None
    for number in range(20):
        sound = hear(sound, bad if number % 2 else reading())
        shown.add((sound.complaint, sound.bars))
    assert shown == {(Complaint.NONE, 3)}
