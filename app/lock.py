"""Locks between processes, which the system itself gives up when a process dies: one app per profile, and others."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

from app.errors import AppError, ErrorCode, system_detail
from app.paths import Profile

# Windows locks the first byte against reading too: what a file says stands behind it.
_BEHIND = 1


class ProfileLock:
    """An advisory lock on the profile's ``lock`` file. Kept open until released or the process ends."""

    def __init__(self, profile: Profile) -> None:
        self._path = profile.folder / "lock"
        self._file: int | None = None

    def take(self) -> bool:
        """True when the profile is ours now; False when another process has it.

        Raises AppError PROFILE_UNUSABLE when there is no telling: the folder is missing, the file is somebody else's,
        the file system knows no locks.
        """
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
            try:
                mine = _lock(file)
            except OSError:
                os.close(file)
                raise
        except OSError as error:
            raise AppError(ErrorCode.PROFILE_UNUSABLE, path=str(self._path), detail=system_detail(error)) from error
        if mine:
            self._file = file
        else:
            os.close(file)
        return mine

    def release(self) -> None:
        """Give it up. The file stays: deleting it would let two processes hold two locks."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _lock(file: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EAGAIN, errno.EACCES, errno.EDEADLK}:  # the last two are Windows' words for it
            raise
        return False
    return True


class FileLock:
    """A lock that several processes wait for in turn. Not reentrant; threads of one process need another one as well.

    The file can hold a short text, read and written under the lock.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextlib.contextmanager
    def hold(self, seconds: float) -> Iterator[LockedFile]:
        """Wait for it ``seconds`` at most. Raises TimeoutError, and OSError when the folder is missing or read-only."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            end = time.monotonic() + seconds
            while not _lock(file):
                if time.monotonic() > end:
                    raise TimeoutError
                time.sleep(0.05)  # another process's lock has no event to wait for
            yield LockedFile(file)
        finally:
            os.close(file)  # which gives the lock up


class LockedFile:
    """The file of a held lock."""

    def __init__(self, file: int) -> None:
        self._file = file

    def read(self) -> str:
        """What stands in it."""
        os.lseek(self._file, _BEHIND, os.SEEK_SET)
        return os.read(self._file, 4096).decode("ascii", "replace")

    def write(self, text: str) -> None:
        """Replace what stands in it, on the disk when this returns."""
        os.ftruncate(self._file, _BEHIND)
        os.lseek(self._file, _BEHIND, os.SEEK_SET)
        os.write(self._file, text.encode("ascii"))
        os.fsync(self._file)
