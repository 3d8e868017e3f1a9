"""Opening, refusing, threads, a full disk, and nothing readable on it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from app.errors import AppError, ErrorCode
from app.reads.reads import Reads
from app.store import outbox, records
from app.store.database import Database
from tests.store.build import ANN, KEY, NOON, NUMBER, OTHER_KEY, at, log, person, text


def in_thread(work: Callable[[], object]) -> BaseException | None:
    """Run on another thread; what it raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return raised[0] if raised else None


def write(database: Database) -> None:
    with database.unit_of_work() as s:
        records.set_meta(s, "key", "value")


def test_a_new_file_is_private_and_leaves_nothing_beside_it(path: Path) -> None:
    assert not Database.exists(path)
    database = Database.open(path, KEY)
    assert Database.exists(path)
    assert path.stat().st_mode & 0o777 == 0o600
    database.close()
    assert [file.name for file in path.parent.iterdir()] == ["ringdown.db"]


def test_what_was_stored_is_there_after_opening_again(path: Path) -> None:
    database = Database.open(path, KEY)
    write(database)
    database.close()
    database = Database.open(path, KEY)
    assert Reads(database).meta("key") == "value"
    database.close()


def test_a_wrong_key_is_refused_and_the_file_untouched(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Database.open(path, KEY).close()
    before = path.read_bytes()
    with pytest.raises(AppError) as refused:
        Database.open(path, OTHER_KEY)
    assert refused.value.code is ErrorCode.STORE_UNREADABLE
    assert path.read_bytes() == before
    assert capfd.readouterr() == ("", "")
    Database.open(path, KEY).close()


@pytest.mark.parametrize("content", [b"", b"hello", os.urandom(8192)])
def test_a_file_that_is_no_database_is_refused_and_untouched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(AppError) as refused:
        Database.open(path, KEY)
    assert refused.value.code is ErrorCode.STORE_UNREADABLE
    assert path.read_bytes() == content


def test_a_damaged_page_is_told_not_read(path: Path) -> None:
    database = Database.open(path, KEY)
    with database.unit_of_work() as s:
        for i in range(200):
            records.save_call_log(s, log(f"c{i}", started=at(i)))
    database.close()
    content = bytearray(path.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page + 100] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(AppError) as refused:
        Reads(Database.open(path, KEY)).recents()
    assert refused.value.code is ErrorCode.STORE_UNREADABLE


@pytest.mark.parametrize("key", ["", "ab", "x" * 64, KEY + "'", KEY + "00"])
def test_a_key_of_another_form_is_a_mistake(path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal"):
        Database.open(path, key)
    assert not path.exists()


def test_a_later_schema_is_refused_politely(path: Path) -> None:
    database = Database.open(path, KEY)
    with database.unit_of_work() as s:
        s.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    before = path.read_bytes()
    with pytest.raises(AppError) as refused:
        Database.open(path, KEY)
    assert refused.value.code is ErrorCode.STORE_NEWER
    assert path.read_bytes() == before


def test_a_log_left_by_a_lost_file_is_put_aside_not_replayed(path: Path) -> None:
    orphan = path.with_name("ringdown.db-wal")
    orphan.write_bytes(b"not of this file")
    database = Database.open(path, KEY)
    write(database)
    database.close()
    assert path.with_name("ringdown.db-wal.orphan").read_bytes() == b"not of this file"


def test_a_half_made_file_of_an_earlier_start_is_made_again(path: Path) -> None:
    path.with_name("ringdown.db.new").write_bytes(b"half")
    database = Database.open(path, KEY)
    write(database)
    database.close()


def test_nothing_private_is_readable_on_disk(path: Path) -> None:
    database = Database.open(path, KEY)
    with database.unit_of_work() as s:
        records.save_call_log(s, log("c1", name="Zebedee Quux"))
        records.set_notes(s, "c1", "PRIVATENOTE " * 50)
        records.save_message(s, text("m1", body="SECRETBODY " * 2000))
        records.save_people(s, [person(ANN, "Zebedee Quux", "+1 415 555 0101")], "US")
        records.save_draft(s, "main", "+14155550101", "DRAFTWORDS")
    Reads(database).recents(text="zebedee")

    def everything() -> bytes:
        return b"".join(file.read_bytes() for file in path.parent.iterdir())

    with_log = everything()
    database.close()
    for content in (with_log, everything()):
        for private in (b"Zebedee", b"zebedee", b"PRIVATENOTE", b"SECRETBODY", b"DRAFTWORDS", b"4155550101", b"SQLite"):
            assert private not in content


def test_an_error_inside_leaves_nothing_behind(database: Database, reads: Reads) -> None:
    def work() -> None:
        with database.unit_of_work() as s:
            records.save_call_log(s, log("c1"))
            outbox.put(s, "call", "c1", NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert reads.recents().rows == ()
    assert reads.outbox_count().waiting == 0
    write(database)


def test_a_full_disk_keeps_what_was_there(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_message(s, text("m1"))
        pages = s.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        s.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(AppError) as refused, database.unit_of_work() as s:
        records.save_message(s, text("m2", body="x" * 100_000, time=at(1)))
    assert refused.value.code is ErrorCode.STORE_FULL
    assert [row.id for row in reads.thread("main", "+14155550101").rows] == ["m1"]
    with database.unit_of_work() as s:
        s.connection().exec_driver_sql("PRAGMA max_page_count = 1000000")
        assert records.save_message(s, text("m2", body="x" * 100_000, time=at(1)))
    assert len(reads.thread("main", "+14155550101").rows) == 2


def test_a_file_that_cannot_be_written_is_told(path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    Database.open(path, KEY).close()
    path.chmod(0o400)
    with pytest.raises(AppError) as refused:
        Database.open(path, KEY)
    assert refused.value.code is ErrorCode.STORE_READ_ONLY


def test_the_reader_cannot_write(database: Database) -> None:
    with pytest.raises(AppError) as refused, database.reader() as s:
        records.set_meta(s, "key", "value")
    assert refused.value.code is ErrorCode.STORE_READ_ONLY


def test_only_the_store_thread_writes(database: Database) -> None:
    assert in_thread(lambda: write(database)) is None
    with pytest.raises(RuntimeError, match="store thread"):
        write(database)


def test_the_first_writer_becomes_the_store_thread(database: Database) -> None:
    write(database)
    assert isinstance(in_thread(lambda: write(database)), RuntimeError)


def test_only_one_thread_reads(database: Database, reads: Reads) -> None:
    reads.recents()
    assert isinstance(in_thread(reads.recents), RuntimeError)


def test_work_inside_work_is_a_mistake(database: Database) -> None:
    with database.unit_of_work(), pytest.raises(RuntimeError, match="inside another"):
        write(database)
    write(database)


def test_reading_goes_on_while_another_thread_writes(database: Database, reads: Reads) -> None:
    half, go_on = threading.Event(), threading.Event()

    def work() -> None:
        with database.unit_of_work() as s:
            records.save_message(s, text("m1"))
            half.set()
            assert go_on.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    assert half.wait(10)
    assert reads.message("m1") is None
    go_on.set()
    thread.join()
    assert reads.message("m1") is not None


def test_what_is_asked_again_is_read_once_until_something_is_written(database: Database) -> None:
    reads = Reads(database)
    statements: list[str] = []
    # The statements of the connection itself: what a look costs, however it is made.
    event.listen(database._reader, "before_cursor_execute", lambda *about: statements.append(about[2]))
    ann = person(ANN, "Ann Stone", NUMBER)
    with database.unit_of_work() as s:
        records.save_people(s, [ann], "US")
    assert reads.match(NUMBER).chosen == ann
    first = len(statements)
    assert first > 0
    assert reads.match(NUMBER).chosen == ann
    assert len(statements) == first
    other = replace(ann, title="CTO")
    with database.unit_of_work() as s:
        records.save_people(s, [other], "US")
    assert reads.match(NUMBER).chosen == other
    assert len(statements) > first


def test_answers_are_not_kept_without_end(database: Database) -> None:
    reads = Reads(database)
    for number in range(1000):
        reads.match(f"+1415555{number:04}")
    assert len(reads._kept) <= 100


def test_an_unexpected_error_names_nobody(database: Database) -> None:
    with pytest.raises(Exception, match="no such table") as raised, database.unit_of_work() as s:
        s.connection().exec_driver_sql("INSERT INTO nowhere VALUES (?)", ("Zebedee Quux",))
    assert "Zebedee" not in str(raised.value)


def test_half_a_character_is_stored_as_a_replacement(database: Database, reads: Reads) -> None:
    with database.unit_of_work() as s:
        records.save_draft(s, "main", "+14155550101", "\ud83d")
        records.save_message(s, text("m1", body="ok \ud83d\ude00 \udc00!\x00?"))
    assert reads.draft("main", "+14155550101") == "\ufffd"
    stored = reads.message("m1")
    assert stored is not None
    assert stored.body == "ok \U0001f600 \ufffd!\x00?"


def test_only_a_durable_unit_waits_for_the_disk(database: Database) -> None:
    """What a sudden loss of power may take: 1 is the last commits, 2 is nothing (SQLite's PRAGMA synchronous)."""

    def level(*, durable: bool) -> object:
        with database.unit_of_work(durable=durable) as s:
            records.set_meta(s, "key", str(durable))
            return s.connection().exec_driver_sql("PRAGMA synchronous").scalar_one()

    assert [level(durable=durable) for durable in (False, True, False)] == [1, 2, 1]
    with pytest.raises(ZeroDivisionError), database.unit_of_work(durable=True):
        raise ZeroDivisionError
    assert level(durable=False) == 1
