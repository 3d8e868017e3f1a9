"""Much is made ready for the store with pauses, and one who is given twice is stored once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.store.database import Database
from app.store.people import get_person
from app.store.people_write import prepare, save_prepared
from app.usecases.loading import prepare_gently
from tests.journeys.conftest import ANA
from tests.world import KEY


def test_one_given_twice_far_apart_is_stored_once_as_given_last(tmp_path: Path) -> None:
    others = [replace(ANA, ref=replace(ANA.ref, id=f"00300000000{at:04d}AAA"), name=f"Person {at}") for at in range(25)]
    people = [ANA, *others, replace(ANA, name="Ana Reyes")]
    made = prepare_gently(people, "US")
    assert made == prepare(people, "US")
    database = Database.open(tmp_path / "ringdown.db", KEY)
    with database.unit_of_work() as s:
        save_prepared(s, made)
        found = get_person(s, ANA.ref.id)
    database.close()
    assert found is not None
    assert found.name == "Ana Reyes"
