"""Pages are found through indexes: no list is sorted or walked whole, however long it grows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domain.call import Direction
from app.reads.reads import Reads
from app.reads.rows import RecentFilter
from app.store import records
from app.store.database import Database
from tests.store.build import ANN, BOB, NUMBER, at, log, person, text

LOOKS: dict[str, Callable[[Reads], object]] = {
    "recents": lambda r: r.recents(before=r.recents(limit=1).after),
    "missed": lambda r: r.recents(filter=RecentFilter.MISSED),
    "with one": lambda r: r.recents(number=NUMBER),
    "incoming": lambda r: r.recents(filter=RecentFilter.IN),
    "conversations": lambda r: r.conversations(before=r.conversations(limit=1).after),
    "conversation": lambda r: r.conversation("main", NUMBER),
    "thread": lambda r: r.thread("main", NUMBER, before=r.thread("main", NUMBER, limit=1).after),
    "messages": lambda r: r.messages(None),
    "messages of one": lambda r: r.messages(NUMBER),
    "people": lambda r: r.people(after=r.people(limit=1).after),
    "customers": lambda r: r.people(kinds=("Contact", "Lead", "Account")),
    "colleagues": lambda r: r.people(kinds=("User", "Colleague")),
    "a number": lambda r: r.match(NUMBER),
    "undecided": lambda r: r.recents(filter=RecentFilter.UNDECIDED, before=r.recents(limit=1).after),
    "last contact": lambda r: r.last_contact(NUMBER),
    "counts": lambda r: r.counts(),
    "logs": lambda r: r.call_logs(),
}


@pytest.mark.parametrize("look", LOOKS)
def test_no_list_is_walked_or_sorted(database: Database, reads: Reads, look: str) -> None:
    for sql, plan in plans(database, lambda: LOOKS[look](reads)):
        bare = [step for step in plan if step.startswith("SCAN ") and " USING " not in step]
        assert not bare, (bare, sql)
        assert not [step for step in plan if "TEMP B-TREE FOR ORDER BY" in step], (plan, sql)


@pytest.mark.parametrize("look", [Reads.recents, Reads.conversations])
def test_a_search_asks_for_each_number_once_not_with_each_person_found(
    database: Database, reads: Reads, look: Callable[..., object]
) -> None:
    found = plans(database, lambda: look(reads, text="ann"))
    ((_, plan),) = [one for one in found if "counterpart JOIN person_phone" in one[0]]
    assert "SEARCH person_phone USING COVERING INDEX person_phone_number (number=?)" in plan, plan


def plans(database: Database, look: Callable[[], object]) -> list[tuple[str, list[str]]]:
    """How the statements of a look at a small store are carried out."""
    with database.unit_of_work() as s:
        for i in range(3):
            records.save_call_log(s, log(f"c{i}", started=at(i)))
            records.save_message(s, text(f"m{i}", time=at(i), direction=Direction.OUT))
            records.save_message(s, text(f"n{i}", time=at(i), number=f"+1415555020{i}"))
        records.save_people(s, [person(ANN, "Ann", NUMBER), person(BOB, "Ann", "+14155550202")], "US")
    with database.reader() as s:
        driver = s.connection().connection.driver_connection
    assert driver is not None
    statements: list[str] = []
    driver.set_trace_callback(statements.append)
    look()
    driver.set_trace_callback(None)
    asked = [sql for sql in statements if sql.lstrip().upper().startswith("SELECT")]
    assert asked
    return [(sql, [row[3] for row in driver.execute("EXPLAIN QUERY PLAN " + sql)]) for sql in asked]
