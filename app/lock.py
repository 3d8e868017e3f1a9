"""One app per profile: a lock the system itself gives up when the process dies."""

from __future__ import annotations

import os

from app.paths import Profile


class ProfileLock:
    """An advisory lock on the profile's ``lock`` file. Kept open until released or the process ends."""

    def __init__(self, profile: Profile) -> None:
        self._path = profile.folder / "lock"
        self._file: int | None = None

    def take(self) -> bool:
        """True when the profile is ours now; False when another process has it. OSError when the folder is missing."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        if not _lock(file):
            os.close(file)
            return False
        self._file = file
        return True

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
    except OSError:
        return False
    return True
