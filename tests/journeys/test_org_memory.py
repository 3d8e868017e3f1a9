"""What was learnt of the org outlives the app, and ends with the rep's sign-in."""

from __future__ import annotations

import threading

from app.reads.reads import Reads
from app.store.writer import Writer
from app.usecases.org_memory import StoredMemory
from tests.journeys.conftest import World


def _memory(world: World) -> StoredMemory:
    return StoredMemory(Reads(world.database), Writer(world.database, world.background), world.loop)


def test_it_is_kept_from_any_thread_and_found_after_a_start(world: World) -> None:
    memory = _memory(world)
    assert memory.recall("acme|Task") == ""
    lane = threading.Thread(target=lambda: memory.keep("acme|Task", "fields"))
    lane.start()
    lane.join()
    assert memory.recall("acme|Task") == "fields"
    world.until(lambda: world.desk.reads.metas("org|") == {"org|acme|Task": "fields"})
    assert _memory(world).recall("acme|Task") == "fields"


def test_who_leaves_takes_it_along(world: World) -> None:
    world.signed_in()
    memory = _memory(world)
    world.desk.login.when_signed_out(memory.forget)
    memory.keep("acme|Task", "fields")
    world.until(lambda: world.desk.reads.metas("org|"))
    user = world.desk.reads.meta("user")
    world.desk.login.sign_out()
    world.until(lambda: not world.desk.reads.metas("org|"))
    assert memory.recall("acme|Task") == ""
    assert world.desk.reads.meta("user") == user
