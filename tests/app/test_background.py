"""Lanes: order, answers on the main thread, failures that reach somebody, an orderly end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from app.background import Background, Lane
from app.errors import AppError, ErrorCode
from tests.loop import TestLoop


class Heard:
    """A background with everything it reports."""

    def __init__(self) -> None:
        self.loop = TestLoop()
        self.troubles: list[AppError] = []
        self.bugs: list[BaseException] = []
        self.background = Background(self.loop, self.troubles.append, self.bugs.append)


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Closed at the end."""
    found = Heard()
    yield found
    found.background.close()


def fail(error: Exception) -> None:
    """Raise it."""
    raise error


@pytest.mark.parametrize("lane", Lane)
def test_work_runs_elsewhere_and_its_answer_here(heard: Heard, lane: Lane) -> None:
    threads: list[str] = []
    here = threading.current_thread().name

    def then(name: str) -> None:
        threads.extend((name, threading.current_thread().name))

    heard.background.run(lane, lambda: threading.current_thread().name, then)
    heard.loop.until(lambda: threads)
    assert threads == [lane.value, here]


@pytest.mark.parametrize("lane", [Lane.STORE, Lane.INTERACTIVE, Lane.UPLOAD])
def test_a_lane_keeps_its_order_whatever_fails_in_between(heard: Heard, lane: Lane) -> None:
    done: list[int] = []
    answered: list[int] = []
    for number in range(200):
        heard.background.run(lane, lambda n=number: done.append(n), lambda _, n=number: answered.append(n))  # type: ignore[misc]
        if number % 50 == 0:
            heard.background.run(lane, lambda: fail(AppError(ErrorCode.CRM_OFFLINE)))
            heard.background.run(lane, lambda: fail(KeyError("x")))
    heard.loop.until(lambda: len(answered) == 200)
    assert done == answered == list(range(200))
    assert [len(heard.troubles), len(heard.bugs)] == [4, 4]


def test_lanes_do_not_wait_for_each_other(heard: Heard) -> None:
    go, done = threading.Event(), list[str]()
    heard.background.run(Lane.UPLOAD, lambda: go.wait(10), lambda _: done.append("upload"))
    heard.background.run(Lane.INTERACTIVE, lambda: None, lambda _: done.append("interactive"))
    heard.background.run(Lane.WORKER, lambda: go.wait(10), lambda _: done.append("worker"))
    heard.background.run(Lane.WORKER, lambda: None, lambda _: done.append("second worker"))
    heard.loop.until(lambda: len(done) == 2)
    assert set(done) == {"interactive", "second worker"}
    go.set()
    heard.loop.until(lambda: len(done) == 4)


def test_an_expected_failure_goes_to_who_asked(heard: Heard) -> None:
    failed: list[AppError] = []
    error = AppError(ErrorCode.STORE_FULL)
    heard.background.run(Lane.STORE, lambda: fail(error), lambda _: pytest.fail("it failed"), failed.append)
    heard.loop.until(lambda: failed)
    assert failed == [error]
    assert not heard.troubles
    assert not heard.bugs


def test_an_expected_failure_nobody_asked_for_is_trouble(heard: Heard) -> None:
    error = AppError(ErrorCode.STORE_FULL)
    heard.background.run(Lane.STORE, lambda: fail(error))
    heard.loop.until(lambda: heard.troubles)
    assert heard.troubles == [error]


@pytest.mark.parametrize("lane", Lane)
def test_anything_else_is_a_bug_and_whoever_asked_waits_no_longer(heard: Heard, lane: Lane) -> None:
    error = ZeroDivisionError()
    failed: list[AppError] = []
    heard.background.run(lane, lambda: fail(error), lambda _: pytest.fail("it failed"), failed.append)
    heard.loop.until(lambda: failed)
    assert heard.bugs == [error]
    assert [(one.code, one.values) for one in failed] == [(ErrorCode.INTERNAL, {"unanswered": True})]
    assert not heard.troubles


def test_a_bug_in_work_nobody_waits_for_is_told_all_the_same(heard: Heard) -> None:
    heard.background.run(Lane.WORKER, lambda: fail(KeyError("x")))
    heard.loop.until(lambda: heard.bugs)
    assert not heard.troubles


def test_closing_finishes_what_is_queued_for_the_store(heard: Heard) -> None:
    go, done = threading.Event(), list[int]()
    heard.background.run(Lane.STORE, lambda: go.wait(10))
    for number in range(100):
        heard.background.run(Lane.STORE, lambda n=number: done.append(n))  # type: ignore[misc]
    go.set()
    heard.background.close()
    assert done == list(range(100))


def test_a_store_that_hangs_is_told_and_not_waited_for(heard: Heard) -> None:
    go_on = threading.Event()
    heard.background.run(Lane.STORE, lambda: go_on.wait(10))
    assert not heard.background.close(0.01)
    go_on.set()
    assert heard.background.close()


def test_closing_does_not_wait_for_the_network(heard: Heard) -> None:
    go, started = threading.Event(), threading.Event()

    def slow() -> None:
        started.set()
        go.wait(10)

    heard.background.run(Lane.UPLOAD, slow)
    assert started.wait(10)
    heard.background.close()
    assert not go.is_set()
    go.set()


def test_after_closing_no_work_is_taken(heard: Heard) -> None:
    heard.background.close()
    heard.background.close()
    for lane in Lane:
        heard.background.run(lane, lambda: pytest.fail("closed"), lambda _: pytest.fail("closed"))
    heard.loop.drain()
