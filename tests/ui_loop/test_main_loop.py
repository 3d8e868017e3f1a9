"""QtMainLoop keeps the contract of the MainLoop port; so does the loop the other tests run on."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ports.system import MainLoop
from tests.loop import TestLoop
from ui.main_loop import QtMainLoop


class _Qt:
    def __init__(self, qtbot: QtBot) -> None:
        self.loop: MainLoop = QtMainLoop()
        self._qtbot = qtbot

    def until(self, is_so: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(is_so()), timeout=5000)


class _Plain:
    def __init__(self) -> None:
        self.loop = TestLoop()

    def until(self, is_so: Callable[[], object]) -> None:
        self.loop.until(is_so, 5)


@pytest.fixture(params=["qt", "plain"])
def world(request: pytest.FixtureRequest) -> _Qt | _Plain:
    """Both loops."""
    return _Qt(request.getfixturevalue("qtbot")) if request.param == "qt" else _Plain()


def test_posted_work_runs_in_order_on_the_main_thread(world: _Qt | _Plain) -> None:
    ran: list[tuple[int, int]] = []

    def post_all() -> None:
        for number in range(50):
            world.loop.post(functools.partial(note, number))

    def note(number: int) -> None:
        ran.append((number, threading.get_ident()))

    thread = threading.Thread(target=post_all)
    thread.start()
    thread.join()
    world.until(lambda: len(ran) == 50)
    assert ran == [(n, threading.get_ident()) for n in range(50)]


def test_cancelled_work_never_runs(world: _Qt | _Plain) -> None:
    ran: list[str] = []
    cancel = world.loop.later(0.0, lambda: ran.append("cancelled"))
    cancel()
    cancel()
    world.loop.later(0.02, lambda: ran.append("kept"))
    world.until(lambda: ran)
    assert ran == ["kept"]


def test_cancelling_what_has_run_does_nothing(world: _Qt | _Plain) -> None:
    ran: list[str] = []
    cancel = world.loop.later(0.0, lambda: ran.append("once"))
    world.until(lambda: ran)
    after: list[str] = []
    world.loop.later(0.02, lambda: after.append("a turn of the loop, so that Qt has deleted the timer"))
    world.until(lambda: after)
    cancel()
    assert ran == ["once"]


def test_a_flood_of_work_lets_the_window_paint_in_between(qtbot: QtBot) -> None:
    loop = QtMainLoop()
    ran: list[str] = []

    class Label(QLabel):
        def paintEvent(self, event: QPaintEvent) -> None:
            ran.append("paint")

    label = Label("before")
    qtbot.addWidget(label)
    with qtbot.waitExposed(label):
        label.show()

    def busy(number: int) -> None:
        end = time.monotonic() + 0.005
        while time.monotonic() < end:
            pass
        label.setText(str(number))
        ran.append("work")

    ran.clear()
    for number in range(100):
        loop.post(functools.partial(busy, number))
    qtbot.waitUntil(lambda: ran.count("work") == 100, timeout=10_000)
    assert "paint" in ran[:50]


def test_work_that_raises_or_opens_a_loop_holds_nothing_up(qtbot: QtBot) -> None:
    loop = QtMainLoop()
    ran: list[int] = []
    inner = QEventLoop()

    def fail() -> None:
        raise ZeroDivisionError

    def dialog() -> None:
        inner.exec()
        ran.append(3)

    with qtbot.captureExceptions() as errors:
        for work in (fail, lambda: ran.append(1), dialog, lambda: ran.append(2), inner.quit):
            loop.post(work)
        qtbot.waitUntil(lambda: len(ran) == 3, timeout=5000)
    assert ran == [1, 2, 3]
    assert [kind for kind, *_ in errors] == [ZeroDivisionError]
