"""The encrypted file: open, units of work on the store thread, a read-only connection for the main thread."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from app.errors import AppError, ErrorCode
from app.store import upgrade
from app.store.faults import file_errors, store_errors

__all__ = ["Database", "Session"]

_KEY = re.compile(r"[0-9a-fA-F]{64}")
_BUSY_MILLISECONDS = 5_000


class Database:
    """One open profile database.

    Two connections: the writer belongs to the store thread, the reader to the main thread. WAL lets the reader see
    the last committed state while a write goes on. Each refuses any other thread with RuntimeError.
    """

    def __init__(self, path: Path, writer: Engine, reader: Engine) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._store_thread: int | None = None
        self._read_thread: int | None = None
        self._working = False
        self._writes = 0  # only the store thread changes it

    @staticmethod
    def exists(path: Path) -> bool:
        """Is there a database at ``path``, readable or not?"""
        return path.exists()

    @classmethod
    def open(cls, path: Path, key_hex: str) -> Database:
        """Open the database, or create it when there is no file. From any thread; takes some milliseconds.

        ``key_hex`` is the raw 256-bit key, 64 hexadecimal digits. An existing file is never replaced or deleted.
        Raises AppError STORE_UNREADABLE (wrong key, damaged), STORE_NEWER (made by a later version), STORE_FULL,
        STORE_READ_ONLY.
        """
        if not _KEY.fullmatch(key_hex):
            raise ValueError("the key must be 64 hexadecimal digits")
        with store_errors(path), file_errors(path):
            if path.exists():
                _check_file(path)
            else:
                _create(path, key_hex)
            writer = _engine(path, key_hex)
            try:
                with writer.connect() as connection:
                    upgrade.to_current(connection, path)
            except BaseException:
                writer.dispose()
                raise
            return cls(path, writer, _engine(path, key_hex, read_only=True))

    @contextmanager
    def unit_of_work(self, *, durable: bool = False) -> Iterator[Session]:
        """One transaction on the store thread, whichever writes first; rolled back when anything is raised.

        A crash of the app loses nothing that is committed; a power cut may take the last ones away, unless one was
        ``durable``: then it and all before it are on the disk at the end, for the price of waiting for the disk.
        Raises AppError STORE_FULL, STORE_READ_ONLY or STORE_UNREADABLE; nothing of the work is kept then.
        """
        me = threading.get_ident()
        if self._store_thread is None:
            self._store_thread = me
        if me != self._store_thread:
            raise RuntimeError("a write outside the store thread")
        if self._working:
            raise RuntimeError("a unit of work inside another")
        self._working = True
        try:
            with store_errors(self.path), self._synced(durable), Session(self._writer, expire_on_commit=False) as s:
                yield s
                s.commit()
        finally:
            self._working = False
            self._writes += 1  # not before: who looks now may still see what was

    @contextmanager
    def _synced(self, durable: bool) -> Iterator[None]:
        """With ``durable`` a commit meanwhile waits for the disk. SQLite takes the wish between transactions only."""
        if not durable:
            yield
            return
        with self._writer.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA synchronous = FULL")
            try:
                yield
            finally:
                driver.execute("PRAGMA synchronous = NORMAL")

    @contextmanager
    def reader(self) -> Iterator[Session]:
        """One consistent look at the last committed state, for the thread that reads first (the main thread).

        Writing through it fails. Keep it short: an open look keeps the write-ahead log from being folded in.
        """
        self._check_reader()
        with store_errors(self.path), Session(self._reader, autoflush=False, expire_on_commit=False) as session:
            yield session

    def version(self) -> int:
        """A number that is another one when anything may have been committed since it was asked for last. Any thread.

        Nobody else writes into the file: the profile's lock sees to it.
        """
        return self._writes

    def _check_reader(self) -> None:
        me = threading.get_ident()
        if self._read_thread is None:
            self._read_thread = me
        if me != self._read_thread:
            raise RuntimeError("a read outside the main thread")

    def close(self) -> None:
        """Fold the write-ahead log into the file and close both connections. Nobody may be using them any more."""
        self._reader.dispose()
        # Only a help to the next start: a full or failing disk must not keep the app from closing.
        with suppress(AppError), store_errors(self.path), self._writer.connect() as connection:
            connection.exec_driver_sql("PRAGMA optimize")
        self._writer.dispose()


def _create(path: Path, key_hex: str) -> None:
    """Build the schema under another name first: the real name never holds a half-made database."""
    fresh = path.with_name(path.name + ".new")
    for leftover in (fresh, _beside(fresh, "-wal"), _beside(fresh, "-shm"), _beside(fresh, "-journal")):
        leftover.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    engine = _engine(fresh, key_hex)
    try:
        with engine.begin() as connection:
            upgrade.build(connection)
    finally:
        engine.dispose()
    # A write-ahead log whose database is gone would be replayed into the new one and spoil it. It is put aside.
    for suffix in ("-wal", "-journal"):
        if _beside(path, suffix).exists():
            _beside(path, suffix).replace(_beside(path, suffix + ".orphan"))
    _beside(path, "-shm").unlink(missing_ok=True)
    fresh.rename(path)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _check_file(path: Path) -> None:
    if path.stat().st_size == 0:
        # SQLite would take it for a new database; but ours never begin empty, so something has been lost.
        raise AppError(ErrorCode.STORE_UNREADABLE, path=str(path))
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise AppError(ErrorCode.STORE_READ_ONLY, path=str(path))


def _engine(path: Path, key_hex: str, *, read_only: bool = False) -> Engine:
    def connect() -> dbapi2.Connection:
        # Transactions are begun by hand below, and the threads are watched by Database.
        connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, key_hex, read_only=read_only)
        except BaseException:
            connection.close()
            raise
        return connection

    # hide_parameters: an unexpected error must not carry a text or a name into the log.
    engine = create_engine(
        "sqlite+pysqlite://", module=dbapi2, creator=connect, poolclass=StaticPool, hide_parameters=True
    )
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _prepare(connection: dbapi2.Connection, key_hex: str, *, read_only: bool) -> None:
    run = connection.execute
    run("PRAGMA cipher_log_level = NONE")  # SQLCipher would write of a wrong key to the rep's terminal
    run(f"PRAGMA key = \"x'{key_hex}'\"")
    run("PRAGMA cipher_compatibility = 4")
    run(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    run("SELECT count(*) FROM sqlite_master").fetchone()  # a wrong key shows here
    run("PRAGMA temp_store = MEMORY")
    run("PRAGMA cache_size = -8000")
    run("PRAGMA foreign_keys = ON")
    if read_only:
        run("PRAGMA query_only = ON")
    else:
        run("PRAGMA journal_mode = WAL").fetchone()
        run("PRAGMA synchronous = NORMAL")
        run("PRAGMA secure_delete = ON").fetchone()
        run("PRAGMA journal_size_limit = 8000000").fetchone()  # a bulk load must not leave a huge log behind
