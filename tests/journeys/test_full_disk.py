"""What others have done while the disk was full is kept as soon as there is room: nobody will do it again."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest

from app.domain.call import CallState, Outcome
from app.domain.counterpart import CrmRecord
from app.domain.new_record import NewRecord
from app.errors import AppError, ErrorCode
from app.store import writer
from app.store.database import Session
from tests.journeys.conftest import World


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "AGAIN", 0.01)


class _Disk:
    """The disk under the world's store."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._write = world.database.unit_of_work

    def fill(self) -> None:
        """No room any more."""

        def full(*, durable: bool = False) -> AbstractContextManager[Session]:
            raise AppError(ErrorCode.STORE_FULL)

        self._world.database.unit_of_work = full  # type: ignore[assignment,method-assign]

    def clear(self) -> None:
        """There is room again."""
        self._world.database.unit_of_work = self._write  # type: ignore[method-assign]

    def refuses(self, times: int) -> None:
        """Run until the rep has been told so often."""
        before = len(self._world.troubles)
        self._world.until(lambda: len(self._world.troubles) >= before + times)


def test_texts_that_come_meanwhile(world: World) -> None:
    disk = _Disk(world)
    disk.fill()
    for body in ("one", "two"):
        world.phone.text_in(body, carrier_id=body)
    disk.refuses(6)
    assert {error.code for error in world.troubles} == {ErrorCode.STORE_FULL}
    assert not world.phone.stored
    disk.clear()
    world.until(lambda: len(world.desk.reads.messages("+14155550142")) == 2)
    assert sorted(row.body for row in world.desk.reads.messages()) == ["one", "two"]


def test_a_call_that_comes_and_ends_meanwhile(world: World) -> None:
    disk = _Disk(world)
    disk.fill()
    call_id = world.phone.call_in("+14155550142")
    world.until(world.desk.calls.live)
    world.desk.calls.answer(call_id)
    world.until(lambda: world.desk.calls.only().state is CallState.ACTIVE)
    world.phone.far_ends(call_id)
    world.until(lambda: not world.desk.calls.live())
    disk.refuses(6)
    disk.clear()
    world.until(lambda: world.desk.reads.call_log(call_id))
    world.until(lambda: (log := world.desk.reads.call_log(call_id)) and log.call.state is CallState.ENDED)
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert log.call.outcome is Outcome.ANSWERED
    world.until(lambda: world.desk.reads.outbox_count().waiting == 1)


def test_what_comes_late_does_not_wake_an_ended_call(world: World) -> None:
    """The ring is stored after the end: there was room in between."""
    call_id = world.phone.call_in("+14155550142")
    world.until(world.desk.calls.live)
    ringing = world.desk.calls.only()
    world.phone.far_ends(call_id)
    world.until(lambda: (log := world.desk.reads.call_log(call_id)) and log.call.state is CallState.ENDED)
    world.desk.wrapup.keep(ringing, world.desk.matching.known(ringing.number))
    done: list[bool] = []
    world.desk.wrapup.settled(lambda: done.append(True))
    world.until(lambda: done)
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert log.call.state is CallState.ENDED


def test_a_contact_that_was_made_in_salesforce_meanwhile(world: World) -> None:
    """It is there, and cannot be made again: here its number is its own as soon as there is room."""
    world.signed_in()
    world.pushed()
    disk = _Disk(world)
    disk.fill()
    made: list[CrmRecord] = []
    refused: list[AppError] = []
    wanted = NewRecord("Contact", {"LastName": "Okafor", "Phone": "+15035550188"})
    world.desk.new_people.create("+15035550188", wanted, made.append, lambda error, _: refused.append(error))
    disk.refuses(3)
    disk.clear()
    world.until(lambda: made)
    assert world.desk.matching.known("+15035550188").chosen == made[0]
    assert (len(world.crm.made), refused) == (1, [])
