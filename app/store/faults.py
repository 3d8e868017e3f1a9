"""Translate the database's errors into AppError; what is our own mistake passes through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from app.errors import AppError, ErrorCode, disk_code

# Result codes of SQLite (sqlite.org/rescode.html): the low byte is the kind, the rest says more.
_FULL = 13
_READ_ONLY = 8
_UNREADABLE = frozenset({10, 11, 14, 26})  # input/output error, corrupt, cannot open, not a database
_IOERR_SHMSIZE = 4874  # no room to grow the index of the write-ahead log


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Raise AppError STORE_FULL, STORE_READ_ONLY or STORE_UNREADABLE for what the disk or the key did.

    Anything else is a bug and is raised as it came.
    """
    try:
        yield
    except DBAPIError as error:
        raise _translated(path, error.orig, error) from error
    except dbapi2.Error as error:
        raise _translated(path, error, error) from error


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """The same for what the file system says while the file is made or opened."""
    try:
        yield
    except OSError as error:
        code = disk_code(error, ErrorCode.STORE_UNREADABLE)
        raise AppError(code, path=str(path)) from error


def _translated(path: Path, cause: BaseException | None, error: Exception) -> Exception:
    code = getattr(cause, "sqlite_errorcode", 0)
    if code & 0xFF == _FULL or code == _IOERR_SHMSIZE:
        kind = ErrorCode.STORE_FULL
    elif code & 0xFF == _READ_ONLY:
        kind = ErrorCode.STORE_READ_ONLY
    elif code & 0xFF in _UNREADABLE:
        kind = ErrorCode.STORE_UNREADABLE
    else:
        return error
    return AppError(kind, path=str(path))
