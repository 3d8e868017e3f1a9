"""Shorter and longer without a click; a buffer that keeps its reserve; the quality arithmetic."""

from __future__ import annotations

import itertools
import math
import random
from array import array

import pytest

from sip.engine import stretch
from sip.engine.elastic import FRAME, HIGHEST_FLOOR, MOST, MS, ElasticBuffer
from sip.engine.quality import Gauge, Reading, mos, rating


def voice(count: int, start: int = 0, pitch: float = 187.0) -> array[int]:
    """A tone with an overtone."""
    step = 2 * math.pi * pitch / stretch.RATE
    return array(
        "h", (round(6000 * math.sin(step * n) + 2500 * math.sin(2 * step * n)) for n in range(start, start + count))
    )


def steepest(samples: array[int]) -> int:
    """The largest step between neighbours: a click shows here."""
    return max(abs(after - before) for before, after in itertools.pairwise(samples))


class TestStretch:
    def test_cut_leaves_out_whole_periods(self) -> None:
        whole = voice(stretch.NEEDED + 400)
        lag = stretch.like_start(whole, stretch.SHORTEST, stretch.LONGEST)
        period = stretch.RATE / 187
        assert lag / period == pytest.approx(round(lag / period), abs=0.03)
        assert stretch.unlikeness(whole, lag) < 0.05
        assert stretch.unlikeness(whole, lag + round(period / 2)) > 0.5
        made = stretch.cut(whole, lag)
        assert len(whole) - len(made) == lag
        assert steepest(made) < 1.1 * steepest(whole)
        assert made[0] == whole[0]
        assert made[-10:] == whole[-10:]

    def test_insert_adds_a_period(self) -> None:
        whole = voice(stretch.NEEDED + 400)
        lag = stretch.like_start(whole, stretch.SHORTEST, stretch.LONGEST)
        made = stretch.insert(whole, lag)
        assert len(made) - len(whole) == lag
        assert steepest(made) < 1.1 * steepest(whole)

    def test_extend_fades_out_from_where_it_was(self) -> None:
        whole = voice(stretch.NEEDED)
        made = stretch.extend(whole, 320)
        assert len(made) == 320
        assert abs(made[0] - whole[-1]) < 1.5 * steepest(whole)
        assert max(map(abs, made[-16:])) < 1000

    def test_silence_stays_silence(self) -> None:
        quiet = array("h", bytes(4 * stretch.NEEDED))
        assert stretch.unlikeness(quiet, 100) == 0
        assert not any(stretch.cut(quiet, 100))
        assert not any(stretch.insert(quiet, 100))
        assert not any(stretch.extend(quiet, 320))

    def test_full_scale_does_not_overflow(self) -> None:
        loud = array("h", [32767, -32768] * stretch.NEEDED)
        assert len(stretch.cut(loud, 100)) < len(loud)
        assert len(stretch.insert(loud, 101)) > len(loud)


class Tick:
    """A clock that `run` moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def run(buffer: ElasticBuffer, seconds: float, *, drift: float = 0.0) -> list[int]:
    """A giver of 20 ms and a taker of 10 ms; the giver's clock is ahead by ``drift``. The level after each take."""
    levels: list[int] = []
    given, place = 0.0, 0
    clock = buffer.clock
    assert isinstance(clock, Tick)
    begin = clock.now
    for taken in range(int(seconds * 100)):
        while given * 0.02 / (1 + drift) <= taken * 0.01:
            clock.now = begin + given * 0.02 / (1 + drift)
            buffer.put(voice(320, place).tobytes())
            place += 320
            given += 1
        clock.now = begin + taken * 0.01
        assert len(buffer.take(FRAME // 2)) == FRAME // 2
        levels.append(buffer.level)
    return levels


class TestElasticBuffer:
    def test_equal_clocks_are_left_alone(self) -> None:
        buffer = ElasticBuffer(Tick())
        run(buffer, 2)
        before = buffer.dropped, buffer.repeated
        levels = run(buffer, 20)
        assert (buffer.dropped, buffer.repeated) == before
        assert buffer.emptied == 0
        assert max(levels) <= 40 * MS

    @pytest.mark.parametrize("drift", [0.001, -0.001])
    def test_drift_is_followed(self, drift: float) -> None:
        buffer = ElasticBuffer(Tick())
        levels = run(buffer, 60, drift=drift)
        assert buffer.emptied <= 1, "at most before it has seen anything"
        assert max(levels[500:]) <= 60 * MS
        assert (buffer.dropped if drift > 0 else buffer.repeated) >= 4

    def test_speech_is_not_cut_where_it_would_be_heard(self) -> None:
        dice = random.Random(1)
        buffer = ElasticBuffer(Tick())
        noise = array("h", (int(dice.gauss(0, 4000)) for _ in range(320 * 200)))
        for at in range(0, len(noise), 320):
            buffer.put(noise[at : at + 320].tobytes())
            if at == 320 * 50:
                buffer.put(noise[:352].tobytes())  # 22 ms more than before: not worth a noise
            buffer.take(FRAME // 2)
            buffer.take(FRAME // 2)
        assert buffer.dropped == 0
        for _ in range(60):
            buffer.put(bytes(FRAME))
            buffer.take(FRAME)
        assert buffer.dropped > 0, "but in the next pause"

    def test_a_surplus_is_gone_within_a_second(self) -> None:
        buffer = ElasticBuffer(Tick())
        run(buffer, 2)
        for place in range(6):
            buffer.put(voice(320, place * 320).tobytes())
        assert buffer.level > 100 * MS
        levels = run(buffer, 2)
        assert max(levels[100:]) < 50 * MS

    def test_running_empty_fades_and_raises_the_floor(self) -> None:
        buffer = ElasticBuffer(Tick())
        run(buffer, 2)
        floor = buffer.floor
        while buffer.level >= FRAME // 2:
            buffer.take(FRAME // 2)
        ending = array("h", buffer.take(FRAME // 2))
        assert any(ending)
        assert max(map(abs, ending[-8:])) < 600
        assert buffer.take(FRAME // 2) == bytes(FRAME // 2), "then silence"
        assert buffer.floor > floor
        for _ in range(40):
            run(buffer, 0.3)
            while buffer.level >= FRAME // 2:
                buffer.take(FRAME // 2)
            buffer.take(FRAME // 2)
        assert buffer.floor <= HIGHEST_FLOOR

    @pytest.mark.parametrize("seed", range(5))
    def test_whatever_comes_every_take_is_whole(self, seed: int) -> None:
        dice = random.Random(seed)
        clock = Tick()
        buffer = ElasticBuffer(clock)
        for _ in range(4000):
            clock.now += dice.random() * 0.02
            size = dice.choice((2, 160, 320, 320, 320, 640, 640, 1280, 3000)) * dice.choice((0, 1, 1, 1, 3))
            if dice.random() < 0.5:
                buffer.put(voice(size // 2, dice.randrange(1000)).tobytes())
            else:
                assert len(buffer.take(size)) == size
            assert buffer.level % 2 == 0
            assert buffer.level <= MOST + 9000

    def test_without_a_taker_it_stays_small(self) -> None:
        buffer = ElasticBuffer(Tick())
        for _ in range(200):
            buffer.put(bytes(FRAME))
        assert buffer.level <= MOST
        assert len(buffer.take(FRAME)) == FRAME
        assert buffer.level < 40 * MS, "begins with what is newest"

    def test_loudness_in_decibels(self) -> None:
        buffer = ElasticBuffer(Tick())
        assert buffer.loudness == -90
        buffer.put(array("h", [16_384, -16_384] * 640).tobytes())
        buffer.take(FRAME)
        buffer.take(FRAME // 2)
        assert buffer.loudness in {-6, -7}


class TestQuality:
    @pytest.mark.parametrize(
        ("codec", "loss", "delay", "low", "high"),
        [
            ("PCMU", 0.0, 50, 93.2, 93.2),
            ("G722", 0.0, 50, 89.2, 89.2),
            ("PCMU", 0.01, 50, 89.5, 89.6),
            ("G722/16000", 0.05, 50, 67.0, 67.3),
            ("PCMU", 0.0, 400, 60, 70),
            ("opus", 1.0, 1000, 0, 0),
        ],
    )
    def test_rating(self, codec: str, loss: float, delay: float, low: float, high: float) -> None:
        assert low - 0.05 <= rating(codec, loss, delay) <= high + 0.05

    def test_opinion(self) -> None:
        assert mos(93.2) == pytest.approx(4.41, abs=0.01)
        assert mos(-5) == 1.0
        assert mos(100) == 4.5
        scores = [mos(r) for r in range(101)]
        assert scores == sorted(scores)

    def test_sums_go_on_over_a_restart(self) -> None:
        gauge = Gauge()
        gauge.add(Reading(100, 0, 100, 0))
        assert gauge.tell("PCMU").loss == 0
        gauge.add(Reading(180, 20, 200, 0))
        gauge.restart()
        gauge.add(Reading(250, 0, 250, 0))
        found = gauge.tell("PCMU")
        assert found.loss == pytest.approx(20 / 350)
        assert found.total_loss == pytest.approx(20 / 450)

    def test_a_restart_shows_by_itself(self) -> None:
        gauge = Gauge()
        gauge.add(Reading(500, 10, 500, 0))
        gauge.add(Reading(50, 0, 50, 0))
        assert gauge.tell("PCMU").total_loss == pytest.approx(10 / 560)

    def test_minus_one_is_no_loss(self) -> None:
        gauge = Gauge()
        gauge.add(Reading(250, 0, 250, 16_777_215))
        assert gauge.tell("PCMU").loss == 0

    def test_the_worse_direction_counts(self) -> None:
        gauge = Gauge()
        gauge.add(Reading(100, 0, 100, 10))
        assert gauge.tell("PCMU").loss == pytest.approx(0.1)

    def test_no_packets_no_figures(self) -> None:
        assert Gauge().tell("PCMU").loss == 0
