"""The company's list of colleagues becomes people here, and stays in step with the list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.domain.counterpart import RecordKind
from app.domain.events import DirectoryChanged
from app.errors import ErrorCode
from app.settings import DirectorySettings
from tests.journeys.conftest import World

COLLEAGUES = (RecordKind.COLLEAGUE.value,)


def use(world: World, place: Path) -> None:
    world.desk.lines.settings = replace(world.desk.lines.settings, directory=DirectorySettings(csv=str(place)))


def read(world: World) -> list[str]:
    told: list[DirectoryChanged] = []
    world.hub.subscribe(DirectoryChanged, told.append)
    world.desk.directory.refresh()
    world.until(lambda: told)
    return [row.name for row in world.desk.reads.people(kinds=COLLEAGUES).rows]


def test_colleagues_come_change_and_go_with_the_list(world: World, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    use(world, file)
    file.write_text("name,email,phone\nBo Lindqvist,bo@x.example,+14155550171\nCleo,cleo@x.example,+14155550172\n")
    assert read(world) == ["Bo Lindqvist", "Cleo"]
    assert world.desk.directory.read_at() == world.clock.now()
    file.write_text("name,email,phone\nBo Berg,bo@x.example,+14155550171\n")
    assert read(world) == ["Bo Berg"]


def test_a_colleague_who_calls_is_named_and_is_no_customer(world: World, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    use(world, file)
    file.write_text("name,phone\nBo Lindqvist,+14155550171\n")
    read(world)
    call_id = world.phone.call_in("+14155550171")
    world.until(lambda: world.desk.calls.get(call_id))
    match = world.desk.matching.known("+14155550171")
    assert match.chosen is not None
    assert match.chosen.name == "Bo Lindqvist"
    world.phone.far_ends(call_id, 487)
    world.until(lambda: (log := world.desk.reads.call_log(call_id)) and not log.call.is_live)
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert log.who is None
    assert log.person == "Bo Lindqvist"


def test_a_list_that_cannot_be_read_leaves_colleagues_as_they_were(world: World, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    use(world, file)
    file.write_text("name,phone\nBo,+14155550171\n")
    read(world)
    file.write_text("nonsense")
    assert read(world) == ["Bo"]
    assert world.desk.directory.problem is not None
    assert world.desk.directory.problem.code is ErrorCode.DIRECTORY_UNREADABLE


def test_without_a_directory_its_colleagues_are_forgotten(world: World, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    use(world, file)
    file.write_text("name,phone\nBo,+14155550171\n")
    assert read(world) == ["Bo"]
    world.desk.lines.settings = replace(world.desk.lines.settings, directory=DirectorySettings())
    assert read(world) == []
