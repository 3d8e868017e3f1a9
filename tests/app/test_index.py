"""The index of people as a use case: when it reads, how it goes on, what it does with who is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.people_index import Gone, IndexPage, IndexScope
from app.errors import AppError, ErrorCode
from app.machine_policy import MachinePolicy
from app.store import people_index
from app.store.people import INDEX_STATE
from app.store.people_index import IndexState, read_state
from app.store.writer import Writer
from tests.journeys.conftest import ANA, World

NUMBER = "+14155550142"
CURSOR = "2026-11-20T18:00:00Z"
BO = CrmRecord(RecordRef("Contact", "003000000000002AAA"), "Bo", phones=(("Phone", "+1 415 555 0143"),))
LEAD = CrmRecord(RecordRef("Lead", "00Q000000000001AAA"), "Lea", phones=(("Phone", "+1 415 555 0144"),))


def pages_of(world: World) -> list[tuple[IndexScope, str]]:
    return world.crm.index_asked


def state(world: World) -> IndexState:
    return read_state(world.desk.reads.meta(INDEX_STATE))


def waits_of(world: World) -> list[float]:
    """The waits asked for from now on, in seconds."""
    waits: list[float] = []
    later = world.loop.later

    def noted(seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        waits.append(seconds)
        return later(seconds, work)

    world.loop.later = noted  # type: ignore[method-assign]
    return waits


class Made(World):
    """A desk whose Salesforce has these pages."""

    def __init__(self, folder: Path, *pages: IndexPage) -> None:
        self.pages = list(pages)
        super().__init__(folder)

    def open(self) -> None:
        self.crm.pages = [*self.pages]
        super().open()

    def read(self) -> None:
        """Run until a reading is done."""
        before = state(self).at
        self.signed_in()
        self.clock.move(1)
        self.desk.index.refresh()
        self.until(lambda: state(self).at not in {"", before} and not self.desk.index.is_reading)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[list[Made]]:
    worlds: list[Made] = []
    yield worlds
    for world in worlds:
        world.background.close()
        world.database.close()
        assert not world.bugs


def start(made: list[Made], tmp_path: Path, *pages: IndexPage) -> Made:
    world = Made(tmp_path / "profile", *pages)
    made.append(world)
    return world


def test_the_first_reading_is_whole_and_goes_page_by_page(made: list[Made], tmp_path: Path) -> None:
    world = start(made, tmp_path, IndexPage((ANA,), next="on"), IndexPage((BO,), cursor=CURSOR))
    world.signed_in()
    world.until(lambda: state(world).cursor == CURSOR)
    assert [(scope.since, mark) for scope, mark in pages_of(world)] == [("", ""), ("", "on")]
    chosen = world.desk.matching.known(NUMBER).chosen
    assert chosen is not None
    assert chosen.name == ANA.name
    done = state(world)
    assert (done.mark, done.round, done.is_full, done.region, done.everything) == ("", 1, False, "US", False)


def test_later_ones_ask_for_changes_since_the_cursor(made: list[Made], tmp_path: Path) -> None:
    later = "2026-11-20T20:30:00Z"
    world = start(made, tmp_path, IndexPage((ANA,), cursor=CURSOR), IndexPage((BO,), cursor=later))
    world.read()
    world.clock.move(9000)
    world.read()
    assert [scope.since for scope, _ in pages_of(world)] == ["", CURSOR]
    assert state(world).cursor == later
    assert state(world).round == 1
    # Who is not among the changes is still there.
    assert world.desk.matching.known(NUMBER).chosen is not None


def test_once_a_week_it_is_whole_again_and_drops_whom_nobody_sees(made: list[Made], tmp_path: Path) -> None:
    world = start(made, tmp_path, IndexPage((ANA, BO), cursor=CURSOR), IndexPage((BO,), cursor=CURSOR))
    world.read()
    world.clock.move(timedelta(days=8).total_seconds())
    world.read()
    assert [scope.since for scope, _ in pages_of(world)] == ["", ""]
    world.until(lambda: not world.desk.matching.known(NUMBER).records)
    assert [row.name for row in world.desk.reads.people().rows] == ["Bo"]


def test_after_a_restart_it_goes_on_where_it_was(made: list[Made], tmp_path: Path) -> None:
    world = start(made, tmp_path, IndexPage((ANA,), next="on", wait=3600.0))
    world.signed_in()
    world.until(lambda: state(world).mark == "on")
    world.crash()
    world.pages = [IndexPage((BO,), cursor=CURSOR)]
    world.crm.index_asked.clear()
    world.open()
    world.read()
    assert [(scope.since, mark) for scope, mark in pages_of(world)] == [("", "on")]
    assert [row.name for row in world.desk.reads.people().rows] == ["Ana Flores", "Bo"]
    assert state(world).cursor == CURSOR


def test_a_start_soon_after_the_last_reading_waits(made: list[Made], tmp_path: Path) -> None:
    world = start(made, tmp_path, IndexPage((ANA,), cursor=CURSOR))
    world.read()
    world.crash()
    world.clock.move(3600)
    world.crm.index_asked.clear()
    world.open()
    waits = waits_of(world)
    world.signed_in()
    assert [round(wait) for wait in waits if wait > 1000] == [5400]
    assert not pages_of(world)


@pytest.mark.parametrize(
    ("error", "least", "most"),
    [
        (AppError(ErrorCode.CRM_OFFLINE), 300, 900),
        (AppError(ErrorCode.CRM_LIMIT, retry_after=900.0), 1800, 3600),
        (AppError(ErrorCode.CRM_LIMIT, retry_after=7200.0), 7200, 14400),
        (AppError(ErrorCode.CRM_REFUSED), 1800, 5400),
    ],
)
def test_when_it_cannot_go_on_it_waits(
    made: list[Made], tmp_path: Path, error: AppError, least: float, most: float
) -> None:
    world = start(made, tmp_path, IndexPage((ANA,), cursor=CURSOR))
    world.read()
    waits = waits_of(world)
    world.crm.index_fail = [error]
    world.desk.index.refresh()
    world.until(lambda: [wait for wait in waits if wait > 100])
    assert least <= max(waits) <= most
    assert not world.desk.index.is_reading
    assert state(world).cursor == CURSOR


def test_an_expired_mark_is_dropped_and_the_cursor_stays(made: list[Made], tmp_path: Path) -> None:
    world = start(made, tmp_path, IndexPage((ANA,), cursor=CURSOR))
    world.read()
    kept: list[None] = []
    Writer(world.database, world.background).write(
        lambda s: people_index.set_state(s, replace(people_index.get_state(s), mark="old", since=CURSOR)), kept.append
    )
    world.until(lambda: kept)
    world.crm.index_fail = [AppError(ErrorCode.CRM_REFUSED)]
    world.desk.index.refresh()
    world.until(lambda: not state(world).mark)
    assert state(world).cursor == CURSOR


def test_when_the_day_is_nearly_used_up_nothing_is_read(made: list[Made], tmp_path: Path) -> None:
    world = start(made, tmp_path, IndexPage((ANA,), next="on"), IndexPage((BO,), cursor=CURSOR))
    world.crm.usage = (80, 100)
    world.signed_in()
    world.desk.index.refresh()
    assert not world.desk.index.is_reading
    assert not pages_of(world)
    world.crm.usage = (79, 100)
    world.read()
    assert len(pages_of(world)) == 2


def test_everybody_only_where_the_settings_say_so(made: list[Made], tmp_path: Path) -> None:
    world = start(made, tmp_path, IndexPage((ANA,), cursor=CURSOR), IndexPage((ANA, BO), cursor=CURSOR))
    world.read()
    world.desk.lines.machine = MachinePolicy(index_all=True)
    world.read()
    assert [(scope.since, scope.everything) for scope, _ in pages_of(world)] == [("", False), ("", True)]


def test_the_merged_hands_over_what_it_had(made: list[Made], tmp_path: Path) -> None:
    gone = IndexPage(gone=(Gone(ANA.ref, BO.ref),), cursor=CURSOR)
    world = start(made, tmp_path, IndexPage((ANA,), cursor=CURSOR), gone)
    world.crm.people = [BO]
    world.read()
    call_id = world.phone.call_in(NUMBER)
    world.until(lambda: world.desk.calls.get(call_id))
    world.phone.far_ends(call_id)
    world.until(lambda: (log := world.desk.reads.call_log(call_id)) and not log.call.is_live)
    world.pushed()
    (before,) = world.crm.tasks.values()
    assert before["WhoId"] == ANA.ref.id
    world.read()
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert log.who == BO.ref
    # The heir was not here yet: it is asked for by its id.
    world.until(lambda: world.desk.reads.person(BO.ref.id))
    assert not world.desk.reads.outbox_count().waiting


def test_another_rep_begins_anew(made: list[Made], tmp_path: Path) -> None:
    world = start(made, tmp_path, IndexPage((ANA,), cursor=CURSOR))
    world.read()
    world.desk.login.sign_out()
    world.until(lambda: not world.desk.reads.people().rows)
    assert state(world) == IndexState()
    assert not world.desk.index.is_reading


def test_the_store_is_not_kept_busy(made: list[Made], tmp_path: Path) -> None:
    """A small write while thousands come in waits for one slice at most, not for the whole page."""
    crowd = tuple(
        replace(
            ANA, ref=RecordRef("Contact", f"003{n:012}AAA"), name=f"Ana {n}", phones=(("Phone", f"+1415555{n:04}"),)
        )
        for n in range(3000)
    )
    world = start(made, tmp_path, IndexPage(crowd, cursor=CURSOR))
    world.signed_in()
    world.desk.index.refresh()
    world.until(lambda: world.desk.reads.people(limit=1).rows)
    order: list[str] = []
    world.desk.matching.learn([LEAD], lambda: order.append("small"))
    world.until(lambda: "small" in order)
    assert world.desk.index.is_reading
    world.until(lambda: state(world).cursor == CURSOR)
    assert len(world.desk.reads.people(limit=5000).rows) == 3001
