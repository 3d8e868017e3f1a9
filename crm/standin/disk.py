"""The org's rows in one SQLite file, so that a stand-in started again goes on where it ended."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from .schema import Row

_TABLES = """
CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, sobject TEXT NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blobs (id TEXT PRIMARY KEY, data BLOB NOT NULL);
"""


class FolderInUseError(Exception):
    """Another stand-in holds this data folder."""


class Disk:
    """One open file. Not thread-safe by itself: the store calls it under its lock."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "org.sqlite3", check_same_thread=False, timeout=1)
        try:
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_TABLES)
        except sqlite3.OperationalError as error:
            self._db.close()
            raise FolderInUseError(str(folder)) from error

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Every (object name, row), in id order."""
        for sobject, data in self._db.execute("SELECT sobject, data FROM records ORDER BY sobject, id"):
            yield sobject, json.loads(data)

    def save(self, changed: Iterable[tuple[str, str, Row | None]]) -> None:
        """Writes (object name, id, row or None for gone) in one transaction."""
        with self._db:
            kept: list[tuple[str, str, str]] = []
            for sobject, record_id, row in changed:
                if row is None:
                    self._db.execute("DELETE FROM records WHERE id = ?", (record_id,))
                else:
                    kept.append((record_id, sobject, json.dumps(row)))
            self._db.executemany("INSERT OR REPLACE INTO records (id, sobject, data) VALUES (?, ?, ?)", kept)

    def meta(self, name: str) -> str | None:
        """A remembered value."""
        found = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def set_meta(self, name: str, value: str) -> None:
        """Remembers a value."""
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))

    def blob(self, record_id: str) -> bytes | None:
        """The bytes kept for a record."""
        found = self._db.execute("SELECT data FROM blobs WHERE id = ?", (record_id,)).fetchone()
        return None if found is None else bytes(found[0])

    def save_blob(self, record_id: str, data: bytes) -> None:
        """Keeps the bytes of a record."""
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO blobs (id, data) VALUES (?, ?)", (record_id, data))

    def clear_blobs(self) -> None:
        """Forgets all bytes."""
        with self._db:
            self._db.execute("DELETE FROM blobs")

    def clear(self) -> None:
        """Forgets every record; remembered values stay."""
        with self._db:
            self._db.execute("DELETE FROM records")

    def close(self) -> None:
        """Closes the file."""
        self._db.close()
