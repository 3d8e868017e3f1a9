"""A speaker that is kept waiting longer than it holds, again and again, is given more to live on."""

from __future__ import annotations

import pytest

from sip.engine import miniaudio_device
from sip.engine.miniaudio_device import LATE, PLAYBACK_MS, STALL, OpenDevice


class Time:
    """The clock of the module, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(miniaudio_device, "time", made)
    return made


def run(device: OpenDevice, clock: Time, gaps: list[float]) -> bool:
    for gap in gaps:
        clock.now += gap
        device._beaten()
    return device.runs_empty


def test_late_now_and_then_is_let_be(clock: Time) -> None:
    device = OpenDevice("s", None, PLAYBACK_MS)
    run(device, clock, [0.02] * int(STALL / 0.02 + 2))
    assert not run(device, clock, [0.039, 0.001] * 200)
    assert not run(device, clock, ([0.05] + [0.02] * 300) * 5)


def test_late_again_and_again_is_not(clock: Time) -> None:
    device = OpenDevice("s", None, PLAYBACK_MS)
    run(device, clock, [0.02] * int(STALL / 0.02 + 2))
    assert not run(device, clock, ([0.05] + [0.02] * 50) * (LATE - 1))
    assert run(device, clock, [0.05])
    assert not run(device, clock, [0.02] * 600)  # long ago by now


def test_a_slow_beginning_does_not_count(clock: Time) -> None:
    device = OpenDevice("s", None, PLAYBACK_MS)
    assert not run(device, clock, [0.3] * 8)
