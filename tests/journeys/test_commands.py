"""The command line's requests on a whole desk: each ends in one answer, whatever the rest of the app does."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.commands import Commands
from app.control import Answer
from app.domain.events import DevicesListed, RaiseAsked, Troubled
from app.domain.phone_events import EngineLost
from app.errors import AppError, ErrorCode
from tests.journeys.conftest import World

Ask = Callable[..., Answer]


@pytest.fixture
def ask(world: World) -> Iterator[Ask]:
    """Ask as the control socket does."""
    commands, (here, there) = Commands(world.desk), socket.socketpair()

    def one(command: str, **more: Any) -> Answer:
        answer = Answer(here)
        commands.handle({"command": command, **more}, answer)
        return answer

    with here, there:
        yield one


def _given(world: World, answer: Answer) -> dict[str, Any]:
    world.until(lambda: not answer.is_awaited())
    return answer.wait()


def test_a_link_that_is_none_is_told_in_the_window_too(world: World, ask: Ask) -> None:
    told: list[Troubled] = []
    raised: list[RaiseAsked] = []
    world.hub.subscribe(Troubled, told.append)
    world.hub.subscribe(RaiseAsked, raised.append)
    with pytest.raises(AppError, match=ErrorCode.LINK_UNREADABLE):
        ask("open-link", link="javascript:alert(1)")
    assert told == [Troubled("link-unreadable", (("link", "javascript:alert(1)"),))]
    assert len(raised) == 1


@pytest.mark.parametrize(("command", "more"), [("wait", {"event": "call-incoming"}), ("sync", {})])
def test_no_patience_at_all_is_a_wish_too(world: World, ask: Ask, command: str, more: dict[str, str]) -> None:
    world.desk.messages.send("+14155550142", "waits for a sign-in")
    world.until(lambda: world.desk.reads.outbox_count().waiting)
    answer = _given(world, ask(command, timeout=0.0, **more))
    assert answer["code"] in {ErrorCode.TIMED_OUT, ErrorCode.OUTBOX_FAILED}


def test_devices_end_when_the_engine_does(world: World, ask: Ask) -> None:
    world.phone.list_devices = lambda: None  # type: ignore[method-assign]  # it is asked, and dies
    answer = ask("devices")
    assert answer.is_awaited()
    world.phone.emit(EngineLost(world.clock.now()))
    assert _given(world, answer)["code"] == ErrorCode.PHONE_DOWN
    world.hub.publish(DevicesListed())  # nobody listens any more
    assert answer.wait()["code"] == ErrorCode.PHONE_DOWN
