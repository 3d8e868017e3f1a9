"""The store with a rep's years in it: looking a number up, and turning the pages of the lists."""

from __future__ import annotations

import secrets as random_source
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from app.reads.reads import Reads
from app.store.database import Database
from tests.bench.figures import Figure, figure
from tests.bench.profile import Known, history


def measure(work: Path, people: Sequence[Known], calls: int, runs: int) -> list[Figure]:
    """One encrypted file with ``calls`` calls and a fifth as many texts."""
    database = Database.open(work / "big.db", random_source.token_hex(32))
    try:
        began = time.monotonic()
        with database.unit_of_work() as session:
            history(people, calls=calls, texts=calls // 5)(session)
        filled = time.monotonic() - began
        reads = Reads(database)
        number = people[0].number
        deep = reads.recents(limit=calls // 2).after
        size = f"store, {calls:,} calls"
        return [
            figure(f"{size}: filled", "s", [filled]),
            figure(f"{size}: number lookup", "ms", _times(lambda: Reads(database).match(number), runs)),
            figure(f"{size}: first page of calls", "ms", _times(reads.recents, runs)),
            figure(f"{size}: page in the middle", "ms", _times(lambda: reads.recents(before=deep), runs)),
            figure(f"{size}: calls by name", "ms", _times(lambda: reads.recents(text="flores"), runs)),
            figure(f"{size}: conversations", "ms", _times(reads.conversations, runs)),
            figure(f"{size}: thread", "ms", _times(lambda: reads.thread("main", number), runs)),
            figure(f"{size}: badges", "ms", _times(lambda: Reads(database).counts(), runs)),
        ]
    finally:
        database.close()


def _times(look: Callable[[], object], runs: int) -> list[float]:
    found: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        look()
        found.append((time.perf_counter() - began) * 1000)
    return found
