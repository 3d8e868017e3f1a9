"""What every `ports.Phone` does, the fake of the tests and the real engine alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.call import (
    Call,
    CallAnswered,
    CallEnded,
    CallEvent,
    CallHoldChanged,
    CallMuteChanged,
    CallQuality,
    CallRinging,
    CallSent,
    CallState,
    Direction,
    Outcome,
    advance,
)
from app.domain.message import Delivery, TextProgressed
from app.domain.phone_events import CallArrived, DevicesChanged, EngineStarted, LineChanged
from tests.contract.phone_worlds import PlayedWorld, RealWorld, World


@pytest.fixture(params=["fake", "engine"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The same tests on both."""
    made: World = PlayedWorld() if request.param == "fake" else RealWorld(tmp_path)
    yield made
    made.phone.close()


def folded(world: World, call_id: str, direction: Direction = Direction.OUT) -> Call:
    """The call after all its events; `advance` refuses one that does not belong there."""
    begun = world.events[0].at
    state = CallState.DIALING if direction is Direction.OUT else CallState.RINGING
    call = Call(call_id, "main", direction, "bob", "", state, begun)
    for event in world.of(call_id):
        if not isinstance(event, CallArrived | CallQuality):
            call = advance(call, event)  # type: ignore[arg-type]
    return call


def has(world: World, call_id: str, kind: type[CallEvent]) -> bool:
    return any(isinstance(event, kind) for event in world.of(call_id))


def talk(world: World, call_id: str = "c1") -> None:
    world.phone.dial(call_id, "main", world.other)
    world.until(lambda: has(world, call_id, CallRinging))
    world.far_answers(call_id)
    world.until(lambda: has(world, call_id, CallAnswered))


def ends(world: World, call_id: str) -> list[CallEnded]:
    return [event for event in world.of(call_id) if isinstance(event, CallEnded)]


def test_it_starts_and_its_lines_say_how_they_are(world: World) -> None:
    assert isinstance(world.events[0], EngineStarted)
    assert any(isinstance(event, LineChanged) and event.line == "main" and event.contact for event in world.events)


def test_nothing_is_told_before_the_command_has_returned(world: World) -> None:
    before = len(world.events)
    world.phone.dial("c1", "main", world.other)
    assert len(world.events) == before
    world.until(lambda: has(world, "c1", CallSent))


def test_a_call_out_is_sent_rings_is_answered_and_ends_once(world: World) -> None:
    talk(world)
    world.phone.hangup("c1")
    world.until(lambda: ends(world, "c1"))
    world.settle()
    assert len(ends(world, "c1")) == 1
    call = folded(world, "c1")
    assert (call.state, call.outcome) == (CallState.ENDED, Outcome.ANSWERED)
    assert call.sip_call_id


def test_the_other_side_may_end_it(world: World) -> None:
    talk(world)
    world.far_hangs_up("c1")
    world.until(lambda: ends(world, "c1"))
    assert folded(world, "c1").outcome is Outcome.ANSWERED


def test_busy(world: World) -> None:
    world.phone.dial("c1", "main", world.other)
    world.until(lambda: has(world, "c1", CallRinging))
    world.far_rejects("c1")
    world.until(lambda: ends(world, "c1"))
    assert folded(world, "c1").outcome is Outcome.BUSY
    assert ends(world, "c1")[0].status == 486


def test_a_call_in_is_answered(world: World) -> None:
    call_id = world.far_calls()
    world.phone.answer(call_id)
    world.until(lambda: has(world, call_id, CallAnswered))
    assert folded(world, call_id, Direction.IN).state is CallState.ACTIVE


def test_a_call_in_is_turned_away(world: World) -> None:
    call_id = world.far_calls()
    world.phone.reject(call_id)
    world.until(lambda: ends(world, call_id))
    world.settle()
    assert len(ends(world, call_id)) == 1


def test_hold_and_resume(world: World) -> None:
    talk(world)
    for on in (True, False):
        world.phone.hold("c1", on)
        world.until(lambda on=on: CallHoldChanged in map(type, world.of("c1")) and is_held(world) is on)  # type: ignore[misc]
        assert (folded(world, "c1").state is CallState.HELD) is on


def is_held(world: World) -> bool:
    return [event for event in world.of("c1") if isinstance(event, CallHoldChanged)][-1].held


def test_mute(world: World) -> None:
    talk(world)
    world.phone.mute("c1", True)
    world.until(lambda: has(world, "c1", CallMuteChanged))
    assert folded(world, "c1").muted


def test_a_call_that_is_not_there_is_ignored(world: World) -> None:
    talk(world)
    world.phone.hangup("c1")
    world.until(lambda: ends(world, "c1"))
    told = len(world.events)
    for call_id in ("c1", "never"):
        world.phone.answer(call_id)
        world.phone.reject(call_id)
        world.phone.hangup(call_id)
        world.phone.hold(call_id, True)
        world.phone.mute(call_id, True)
        world.phone.send_digits(call_id, "1")
    world.settle()
    ours = [e for e in world.events[told:] if getattr(e, "call_id", "") in {"c1", "never"}]
    assert [e for e in ours if not isinstance(e, CallQuality)] == []


def test_a_text_out_is_confirmed(world: World) -> None:
    world.phone.send_text("m1", "main", world.other, "Grüße 日本 😀")
    world.far_takes_text("m1")
    world.until(lambda: any(isinstance(e, TextProgressed) and e.message_id == "m1" for e in world.events))
    told = [e for e in world.events if isinstance(e, TextProgressed) and e.message_id == "m1"]
    assert [e.delivery for e in told] == [Delivery.SENT]


def test_a_text_in_comes_with_who_sent_it_and_an_id_of_the_carrier(world: World) -> None:
    came = world.far_texts("Können Sie morgen? 明日 😀")
    assert came.user == "bob"
    assert came.spool_id
    assert came.carrier_id
    world.phone.text_stored(came.spool_id)


def test_devices_are_listed_when_asked(world: World) -> None:
    told = len(world.events)
    world.phone.list_devices()
    world.until(lambda: any(isinstance(event, DevicesChanged) for event in world.events[told:]))
