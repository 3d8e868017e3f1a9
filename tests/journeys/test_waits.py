"""`ringdown wait`: what has just happened counts once, and what is long past never."""

from __future__ import annotations

import socket

import pytest

from app.commands import Commands
from app.control import Answer
from tests.journeys.conftest import World


@pytest.mark.parametrize(("seconds", "counts"), [(0, True), (4, True), (6, False), (-3600, False)])
def test_a_text_of_just_now_counts_and_a_clock_put_back_makes_no_old_one_new(
    world: World, seconds: int, counts: bool
) -> None:
    commands = Commands(world.desk)
    world.phone.text_in("hello")
    world.until(world.desk.reads.messages)
    world.until(lambda: world.phone.stored)
    world.clock.move(seconds)
    here, there = socket.socketpair()
    first, second = Answer(here), Answer(here)
    with here, there:
        for answer in (first, second):
            commands.handle({"command": "wait", "event": "message-received", "timeout": 60}, answer)
        assert first.is_awaited() is not counts
        assert second.is_awaited()
        if counts:
            assert first.wait()["result"]["body"] == "hello"
