"""What every `ports.CrmGateway` does, the fake of the tests and the real one at the stand-in alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.new_record import NewRecord
from app.domain.phone_number import parse
from app.errors import AppError, ErrorCode
from app.ports.crm import CallWrite, CrmGateway, CrmUser, DayRecord
from crm.gateway import SalesforceGateway
from tests.crm.samples import call_log
from tests.crm.standin_process import Standin
from tests.fakes import RILEY, FakeCrm

NUMBER = "+14155550142"
ZONE = "America/Los_Angeles"


@dataclass
class World:
    """A gateway, and how many Tasks and day records are at its other end."""

    crm: CrmGateway
    user: CrmUser
    ana: RecordRef
    tasks: Callable[[], list[str | None]]
    """WhoId of each call's Task."""
    days: Callable[[], list[str]]
    """The body of each day record."""
    delete_task: Callable[[str], None]


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    running = Standin()
    yield running
    running.stop()


@pytest.fixture(params=["fake", "salesforce"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "fake":
        ana = RecordRef("Contact", "003000000000001AAA")
        fake = FakeCrm(people=[CrmRecord(ana, "Ana Flores", company="Acme", phones=(("Phone", "(415) 555-0142"),))])
        yield World(
            fake,
            RILEY,
            ana,
            lambda: [str(task.get("WhoId")) if task.get("WhoId") else None for task in fake.tasks.values()],
            lambda: [day.body for day in fake.days.values()],
            lambda task_id: fake.bin.add(next(key for key in fake.tasks if fake.id_of(key) == task_id)),
        )
        return
    org: Standin = request.getfixturevalue("standin")
    org.reset(empty=True)
    (account,) = org.load("Account", {"Name": "Acme"})
    (id,) = org.load(
        "Contact", {"FirstName": "Ana", "LastName": "Flores", "AccountId": account, "Phone": "(415) 555-0142"}
    )
    gateway = SalesforceGateway(org.url, lambda: org.token)
    yield World(
        gateway,
        gateway.sign_in(),
        RecordRef("Contact", id),
        lambda: [row.get("WhoId") for row in org.rows("Task")],
        lambda: [row["Body__c"] for row in org.rows("Ringdown_Day__c")],
        lambda task_id: gateway.delete(RecordRef("Task", task_id)),
    )
    gateway.close()


def write(world: World, name: str, **more: object) -> CallWrite:
    log = call_log({"sip_call_id": f"{name}@host", "id": name}, who=world.ana, notes="as said", **more)
    return CallWrite(log, f"{world.user.id}|{name}@host", "+14155550100", {})


def send(world: World, *calls: CallWrite) -> list[object]:
    return list(world.crm.log_calls(calls, zone=ZONE))


def receipt(world: World, call: CallWrite) -> CallWrite:
    """The call as it is known after it was written."""
    (done,) = send(world, call)
    assert not isinstance(done, AppError)
    return replace(call, log=replace(call.log, task_id=done.task_id), sent=done.sent)  # type: ignore[attr-defined]


def test_it_says_who_is_signed_in(world: World) -> None:
    user = world.crm.sign_in()
    assert user == world.user
    assert user.id.startswith("005")
    assert user.zone


def test_a_number_finds_its_person_as_stored_in_any_form(world: World) -> None:
    (found,) = world.crm.find(parse(NUMBER, "US"), "US")
    assert (found.ref, found.name, found.company) == (world.ana, "Ana Flores", "Acme")
    assert found.phones == (("Phone", "(415) 555-0142"),)
    assert list(world.crm.find(parse("+14155550143", "US"), "US")) == []


def test_a_name_finds_its_person(world: World) -> None:
    assert [one.ref for one in world.crm.search("flor")] == [world.ana]
    assert list(world.crm.search("nobody at all")) == []


def test_the_card_of_a_record(world: World) -> None:
    assert world.crm.card(world.ana).record.name == "Ana Flores"


def test_a_record_that_is_not_there_has_no_card(world: World) -> None:
    with pytest.raises(AppError) as caught:
        world.crm.card(RecordRef("Contact", "003000000000999AAA"))
    assert caught.value.code is ErrorCode.CRM_NOT_FOUND


def test_calls_are_written_once_however_often_they_are_sent(world: World) -> None:
    calls = [write(world, "one"), write(world, "two")]
    first, again = send(world, *calls), send(world, *calls)
    assert [done.task_id for done in first] == [done.task_id for done in again]  # type: ignore[attr-defined]
    assert world.tasks() == [world.ana.id, world.ana.id]


def test_only_what_changed_is_sent_and_known_afterwards(world: World) -> None:
    known = receipt(world, write(world, "one"))
    (done,) = send(world, replace(known, log=replace(known.log, who=None)))
    assert done.task_id == known.log.task_id  # type: ignore[attr-defined]
    assert done.sent == {**known.sent, "WhoId": None} or done.sent["WhoId"] is None  # type: ignore[attr-defined]
    assert world.tasks() == [None]


def test_a_call_deleted_there_is_said_and_holds_up_no_other(world: World) -> None:
    known = receipt(world, write(world, "one"))
    world.delete_task(known.log.task_id)
    gone, well = send(world, replace(known, log=replace(known.log, notes="later")), write(world, "two"))
    assert isinstance(gone, AppError)
    assert (gone.code, gone.values["reason"]) == (ErrorCode.CRM_NOT_FOUND, "gone")
    assert not isinstance(well, AppError)


def test_a_task_can_be_read_back(world: World) -> None:
    known = receipt(world, write(world, "one"))
    (row,) = world.crm.read_tasks([known.log.task_id])
    assert (row.task_id, row.deleted) == (known.log.task_id, False)
    assert row.stamp
    news = world.crm.news(known, row, zone=ZONE)
    assert (news.notes, news.subject, news.disposition, news.who, news.what) == (None, None, None, None, None)


def test_a_deleted_task_reads_as_deleted(world: World) -> None:
    known = receipt(world, write(world, "one"))
    world.delete_task(known.log.task_id)
    (row,) = world.crm.read_tasks([known.log.task_id])
    assert row.deleted


def test_a_day_is_one_record_however_often_it_is_sent(world: World) -> None:
    day = DayRecord(f"{world.user.id}|{NUMBER}|2026-11-20|1", "2026-11-20", NUMBER, ZONE, 1, 1, "10:00 Ana:\nhi")
    (first,) = world.crm.upsert_days([day])
    (again,) = world.crm.upsert_days([replace(day, messages=2, body="10:00 Ana:\nhi\n\n10:01 Riley:\nhello")])
    assert first == again
    assert world.days() == ["10:00 Ana:\nhi\n\n10:01 Riley:\nhello"]


def test_somebody_new_is_made_read_and_taken_back(world: World) -> None:
    ref = world.crm.create(NewRecord("Contact", {"FirstName": "Bo", "LastName": "Berg", "Phone": "+14155550171"}))
    (made,) = world.crm.read_people([ref])
    assert made.name == "Bo Berg"
    assert [slot.value for slot in world.crm.phone_slots(ref) if slot.field == "Phone"] == ["+14155550171"]
    world.crm.set_phone(ref, "Phone", "+14155550172", expected="+14155550171")
    assert [slot.value for slot in world.crm.phone_slots(ref) if slot.field == "Phone"] == ["+14155550172"]
    with pytest.raises(AppError) as caught:
        world.crm.set_phone(ref, "Phone", "+14155550173", expected="+14155550171")
    assert caught.value.code is ErrorCode.CRM_CHANGED
    world.crm.delete(ref)
    world.crm.delete(ref)
    assert list(world.crm.read_people([ref])) == []


def test_addresses_need_no_network(world: World) -> None:
    assert world.ana.id in world.crm.record_url(world.ana)
    assert world.crm.new_contact_url(NUMBER).startswith("http")
