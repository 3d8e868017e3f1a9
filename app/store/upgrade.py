"""Build the schema in a new file, or bring an older file's schema up to date.

1. A new file gets today's tables at once and is stamped with today's version.
2. An existing file of today's version is left alone; nothing of Alembic is even imported.
3. A version this build does not know was made by a later Ringdown: refused, nothing touched.
4. An older one is copied beside itself first (encrypted with the same key), then climbs in one transaction.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect

from app.errors import AppError, ErrorCode
from app.store.schema import VERSIONS, metadata

# As Alembic itself writes it, so that either may have made the file.
_STAMP_TABLE = (
    "CREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL, \n"
    "\tCONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)"
)


def build(connection: Connection) -> None:
    """Today's schema in an empty file, inside the caller's transaction."""
    metadata.create_all(connection, checkfirst=False)
    connection.exec_driver_sql(_STAMP_TABLE)
    connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (VERSIONS[-1],))


def to_current(connection: Connection, path: Path) -> None:
    """Check the file's version and climb to today's. Raises AppError STORE_NEWER or STORE_UNREADABLE."""
    found = version(connection, path)
    connection.rollback()
    if found == VERSIONS[-1]:
        return
    if found not in VERSIONS:
        raise AppError(ErrorCode.STORE_NEWER, path=str(path))
    back_up(connection, path, found)
    from app.store.migrations import climb  # Alembic costs a tenth of a second: only for an old file

    climb(connection)


def version(connection: Connection, path: Path) -> str:
    """The schema version written in the file. Raises AppError STORE_UNREADABLE when it is no database of ours."""
    if not inspect(connection).has_table("alembic_version"):
        raise AppError(ErrorCode.STORE_UNREADABLE, path=str(path))
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(found)


def back_up(connection: Connection, path: Path, found: str) -> Path:
    """Copy the database, encrypted with its own key, to ``<name>.before-<new>-from-<old>``; that path.

    A copy left by an earlier try is replaced only when the new one is complete.
    """
    target = path.with_name(f"{path.name}.before-{VERSIONS[-1]}-from-{found}")
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    driver = connection.connection.driver_connection
    assert driver is not None
    # Copying the bytes would drop SQLite's own file locks on POSIX (sqlite.org/howtocorrupt.html §2.2).
    try:
        driver.execute("VACUUM INTO ?", (str(unfinished),))
        unfinished.chmod(0o600)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return target
