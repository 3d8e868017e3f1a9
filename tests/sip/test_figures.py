"""What the engine costs, without sound devices. Slow, and only true on a quiet machine: RINGDOWN_SLOW=1."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.domain.call import CallAnswered, CallEnded
from app.domain.phone_events import CallArrived
from tests.sip.harness import Harness

pytestmark = [
    pytest.mark.skipif(not os.environ.get("RINGDOWN_SLOW"), reason="takes minutes: RINGDOWN_SLOW=1"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
MOST_GROWTH = 5.0  # MB over 500 calls
MOST_IDLE, MOST_ONE, MOST_FOUR = 3.0, 15.0, 25.0  # per cent of one core


def memory(harness: Harness) -> float:
    """Its private and shared memory, in MB."""
    text = Path(f"/proc/{harness.phone.engine_pid}/smaps_rollup").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1]) / 1024


def cpu(harness: Harness, seconds: float) -> float:
    """Per cent of one core over ``seconds``."""

    def used() -> float:
        fields = Path(f"/proc/{harness.phone.engine_pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    before = used()
    harness.settle(seconds)
    return 100 * (used() - before) / seconds


def call(one: Harness, other: Harness, target: str, call_id: str) -> None:
    """A call that is answered."""
    one.phone.dial(call_id, "a", target)
    other.phone.answer(other.wait(CallArrived).call_id)
    one.wait(CallAnswered, lambda e: e.call_id == call_id)


def test_processor_time(pair: tuple[Harness, Harness, str]) -> None:
    one, other, target = pair
    one.settle(2.0)
    figures = {"idle": cpu(one, 10.0)}
    call(one, other, target, "c1")
    figures["one call"] = cpu(one, 10.0)
    for number in range(2, 5):
        call(one, other, target, f"c{number}")
    figures["four calls"] = cpu(one, 10.0)
    print({name: f"{value:.1f} %" for name, value in figures.items()}, f"{memory(one):.1f} MB")
    assert figures["idle"] <= MOST_IDLE
    assert figures["one call"] <= MOST_ONE
    assert figures["four calls"] <= MOST_FOUR


def test_memory_after_five_hundred_calls(pair: tuple[Harness, Harness, str]) -> None:
    one, other, target = pair
    marks: list[tuple[int, float, float]] = []
    for number in range(1, 551):
        call(one, other, target, f"c{number}")
        one.phone.hangup(f"c{number}")
        one.wait(CallEnded, lambda e, n=number: e.call_id == f"c{n}")  # type: ignore[misc]
        other.wait(CallEnded)
        for each in (one, other):
            each.events.clear()
            each.rewind()
        if number in {50, 550}:
            # The transactions of a call live on for 32 seconds (RFC 3261 §17): let them end.
            one.settle(35.0)
            other.settle(0.1)
            marks.append((number, memory(one), memory(other)))
    print(marks)
    for place in (1, 2):
        assert float(marks[-1][place]) - float(marks[0][place]) <= MOST_GROWTH
