"""Killed without warning, the file opens again and holds whole units of work only."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from app.reads.reads import Reads
from app.store import records
from app.store.database import Database
from tests.store.build import KEY, NOON

_HALF = """
from app.store import outbox
with database.unit_of_work() as s:
    records.save_call_log(s, log("whole"))
    outbox.put(s, "call", "whole", NOON)
with database.unit_of_work() as s:
    records.save_call_log(s, log("half"))
    for i in range(20_000):  # more than the page cache holds: part of it is on disk already
        records.save_message(s, text(f"m{i}", body="x" * 600, time=at(i)))
    print("half", flush=True)
    sys.stdin.read()
"""

_MANY = """
from app.store import outbox
for i in range(1_000_000):
    with database.unit_of_work() as s:
        records.save_call_log(s, log(f"c{i}", started=at(i)))
        outbox.put(s, "call", f"c{i}", NOON)
    print(i, flush=True)
"""


def child(path: Path, code: str) -> subprocess.Popen[str]:
    head = (
        "import sys\nfrom pathlib import Path\nfrom app.store import records\nfrom app.store.database import Database\n"
        "from tests.store.build import *\n"
        f"database = Database.open(Path({str(path)!r}), KEY)\n"
    )
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", head + code], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_killed_in_the_middle_of_a_unit_of_work(path: Path) -> None:
    with child(path, _HALF) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.send_signal(signal.SIGKILL)
    database = Database.open(path, KEY)
    reads = Reads(database)
    assert [row.id for row in reads.recents().rows] == ["whole"]
    assert reads.messages(None, 10) == ()
    assert reads.outbox_count().waiting == 1
    with database.unit_of_work() as s:
        assert s.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        records.set_meta(s, "still", "writes")
    database.close()


def test_killed_at_any_moment_keeps_all_that_was_promised(path: Path) -> None:
    with child(path, _MANY) as process:
        assert process.stdout is not None
        promised = -1
        for line in process.stdout:
            promised = int(line)
            if promised == 40:
                process.send_signal(signal.SIGKILL)
                break
    database = Database.open(path, KEY)
    reads = Reads(database)
    logged = {row.id for row in reads.recents(limit=1_000_000).rows}
    waiting = {row.ref for row in reads.outbox_rows(1_000_000)}
    assert logged == waiting
    assert len(logged) > promised
    assert all(row.due == NOON for row in reads.outbox_rows())
    database.close()
