"""A mistake of our own on a lane: it is told, nobody waits for ever, what waited goes out later, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.domain.call import CallState
from app.domain.counterpart import Card, CrmRecord, RecordRef
from app.domain.phone_number import PhoneNumber
from app.errors import AppError, ErrorCode
from app.usecases.login import CrmState
from tests.fakes import FakeCrm
from tests.journeys.conftest import ANA, World

NUMBER = "+14155550142"


class MistakenError(Exception):
    """No AppError: nobody expects it."""


def _once(crm: FakeCrm, name: str) -> list[bool]:
    """Let the next call of this method end in a mistake; the list tells when it has."""
    real: Callable[..., object] = getattr(crm, name)
    made: list[bool] = []

    def first(*args: object, **values: object) -> object:
        setattr(crm, name, real)
        made.append(True)
        raise MistakenError

    setattr(crm, name, first)
    return made


def _forgive(world: World) -> None:
    """The mistake was told as one; no other happened."""
    world.loop.until(lambda: world.bugs)
    assert [type(bug) for bug in world.bugs] == [MistakenError]
    world.bugs.clear()


def _rests(world: World) -> bool:
    return world.desk.sync.state.resting_until is not None


def _called(world: World) -> str:
    call_id = world.desk.calls.dial(NUMBER)
    world.until(lambda: world.desk.calls.only().state is CallState.RINGING)
    world.phone.far_answers(call_id)
    world.until(lambda: world.desk.calls.only().state is CallState.ACTIVE)
    world.desk.calls.hangup(call_id)
    world.until(lambda: (log := world.desk.reads.call_log(call_id)) and log.call.state is CallState.ENDED)
    return call_id


def test_a_mistake_while_sending_ends_the_round_and_the_next_one_sends(world: World) -> None:
    world.signed_in()
    _called(world)
    made, done = _once(world.crm, "log_calls"), list[bool]()
    world.desk.sync.push(lambda: done.append(True))
    world.loop.until(lambda: made and done)
    _forgive(world)
    waits = world.desk.reads.outbox_rows()
    assert [(row.code, row.failed) for row in waits] == [(ErrorCode.INTERNAL.value, False)]
    assert world.desk.sync.state.why is ErrorCode.INTERNAL
    world.pushed()
    assert len(world.crm.tasks) == 1


def test_a_fact_that_cannot_be_made_ready_does_not_hold_up_the_others(world: World) -> None:
    world.signed_in()
    bad = _called(world)
    world.clock.move(1)
    _called(world)
    shown = world.crm.shown_values

    def mistaken(call: Any, **values: Any) -> Any:
        if call.log.id == bad:
            raise MistakenError
        return shown(call, **values)

    world.crm.shown_values = mistaken  # type: ignore[method-assign]
    done: list[bool] = []
    world.desk.sync.push(lambda: done.append(True))
    world.loop.until(lambda: done)
    assert not world.crm.tasks
    while not world.crm.tasks:
        told = len(world.bugs)
        assert told < 4
        world.clock.move(16 * 60)  # the rest is over
        world.desk.sync.start()
        world.loop.until(lambda told=told: world.crm.tasks or (len(world.bugs) > told and _rests(world)))  # type: ignore[misc]
    assert [row.ref for row in world.desk.reads.outbox_rows() if row.code == ErrorCode.INTERNAL.value] == [bad]
    assert {type(bug) for bug in world.bugs} == {MistakenError}
    world.bugs.clear()
    world.crm.shown_values = shown  # type: ignore[method-assign]
    world.pushed()
    assert len(world.crm.tasks) == 2


def test_a_store_that_fails_is_not_asked_again_at_once(world: World) -> None:
    world.signed_in()
    _called(world)
    claims: list[bool] = []
    write = world.desk.sync._writer.write

    def full(work: object, then: object = None, failed: Callable[[AppError], None] | None = None) -> None:
        if getattr(failed, "__name__", "") == "_broken":
            claims.append(True)
            world.loop.post(lambda: failed(AppError(ErrorCode.STORE_FULL)) if failed else None)
        else:
            write(work, then, failed)  # type: ignore[arg-type]

    world.desk.sync._writer.write = full  # type: ignore[method-assign]
    done: list[bool] = []
    world.desk.sync.push(lambda: done.append(True))
    world.until(lambda: done)
    assert world.desk.sync.state.resting_until is not None
    assert claims == [True]


def test_a_mistake_while_reading_back_is_not_the_last_reading(world: World) -> None:
    world.signed_in()
    _called(world)
    world.pushed()
    made, done = _once(world.crm, "changed_tasks"), list[bool]()
    world.desk.sync.read_back.look(lambda: done.append(True))
    world.loop.until(lambda: made and done)
    _forgive(world)
    key = next(iter(world.crm.tasks))
    world.crm.edit(key, Subject="Theirs")
    world.desk.sync.read_back.look(lambda: done.append(True))
    world.until(lambda: len(done) == 2)
    assert world.desk.reads.call_logs()[0].subject == "Theirs"


def test_a_mistake_in_a_look_up_lets_the_next_one_ask(world: World) -> None:
    world.signed_in()
    made = _once(world.crm, "find")
    world.desk.matching.look_up(NUMBER)
    assert world.desk.matching.is_asking(NUMBER)
    world.loop.until(lambda: made and not world.desk.matching.is_asking(NUMBER))
    _forgive(world)
    world.desk.matching.look_up(NUMBER)
    world.until(lambda: world.desk.matching.known(NUMBER).chosen)


def test_a_mistake_in_a_card_lets_the_next_one_load(world: World) -> None:
    world.signed_in()
    made = _once(world.crm, "card")
    world.desk.cards.load(ANA.ref)
    world.loop.until(lambda: made and not world.desk.cards.is_loading(ANA.ref))
    _forgive(world)
    problem = world.desk.cards.problem(ANA.ref)
    assert problem is not None
    assert problem.code is ErrorCode.INTERNAL
    world.desk.cards.load(ANA.ref)
    world.until(lambda: world.desk.cards.known(ANA.ref))


def test_a_mistake_while_the_index_is_read_ends_the_reading(world: World) -> None:
    world.signed_in()
    world.until(lambda: not world.desk.index.is_reading)
    made = _once(world.crm, "index_page")
    world.desk.index.refresh()
    world.loop.until(lambda: made and not world.desk.index.is_reading)
    _forgive(world)
    before = len(world.crm.index_asked)
    world.desk.index.refresh()
    world.until(lambda: len(world.crm.index_asked) > before)


def test_a_mistake_in_the_sign_in_is_tried_again(world: World) -> None:
    world.signed_in()
    made = _once(world.crm, "sign_in")
    world.desk.login.noticed(AppError(ErrorCode.CRM_SIGNED_OUT))
    world.loop.until(lambda: made and world.desk.login.status.state is CrmState.OFFLINE)
    _forgive(world)
    world.desk.login.noticed(None)
    world.signed_in()


def test_an_answer_of_an_earlier_sign_in_keeps_nobody_waiting(world: World) -> None:
    world.signed_in()
    asked: list[str] = []
    find, card = world.crm.find, world.crm.card

    def slow_find(number: PhoneNumber, region: str) -> Sequence[CrmRecord]:
        asked.append("find")
        return find(number, region)

    def slow_card(ref: RecordRef) -> Card:
        asked.append("card")
        return card(ref)

    world.crm.find, world.crm.card = slow_find, slow_card  # type: ignore[method-assign]
    world.desk.matching.look_up(NUMBER)
    world.desk.cards.load(ANA.ref)
    # The same rep signs in again before the answers are there: other gateway, nobody signed out.
    world.desk.login._gateway = FakeCrm()
    world.loop.until(lambda: not world.desk.matching.is_asking(NUMBER) and not world.desk.cards.is_loading(ANA.ref))
    assert sorted(asked) == ["card", "find"]
    assert world.desk.cards.known(ANA.ref) is None


def test_a_used_up_allowance_is_not_knocked_at_every_twenty_seconds(world: World) -> None:
    world.signed_in()
    waits: list[float] = []
    later = world.loop.later

    def spy(seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        waits.append(seconds)
        return later(seconds, work)

    world.loop.later = spy  # type: ignore[method-assign]
    for error, least in ((AppError(ErrorCode.CRM_LIMIT), 15 * 60.0), (AppError(ErrorCode.CRM_OFFLINE), 15.0)):
        world.crm.fail = [error]
        waits.clear()
        world.desk.login.noticed(AppError(ErrorCode.CRM_SIGNED_OUT))
        world.until(lambda error=error: world.desk.login.status.problem is error)  # type: ignore[misc]
        assert least <= waits[-1] <= 4 * least
