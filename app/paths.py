"""Where a profile keeps its files: everything under one folder, `--data-dir` for a second one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.errors import AppError, Detail, ErrorCode, system_detail


@dataclass(frozen=True, slots=True)
class Profile:
    """The files of one profile. ``folder`` is absolute and resolved."""

    folder: Path

    @property
    def database(self) -> Path:
        """The encrypted cache."""
        return self.folder / "ringdown.db"

    @property
    def spool(self) -> Path:
        """Texts received but not yet in the cache, encrypted one by one."""
        return self.folder / "spool"

    @property
    def log(self) -> Path:
        """The log of the app and of the engine."""
        return self.folder / "log"

    @property
    def demo_mark(self) -> Path:
        """There when the folder is a demo's and may be thrown away."""
        return self.folder / "demo"

    @property
    def name(self) -> str:
        """A short stable name of this folder: keyring entries and the control socket carry it."""
        return hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]

    @property
    def socket(self) -> Path:
        """The control socket, in the user's runtime folder: a path over 107 bytes breaks AF_UNIX."""
        return runtime_folder() / f"{self.name}.sock"

    def prepare(self) -> None:
        """Create the folders, private to the user. Raises AppError PROFILE_UNUSABLE."""
        try:
            for folder in (self.folder, self.spool, self.log):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.folder / ".writable"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise AppError(ErrorCode.PROFILE_UNUSABLE, path=str(self.folder), detail=system_detail(error)) from error


def profile(data_dir: str | None, *, demo: bool = False) -> Profile:
    """The profile of ``--data-dir``, of ``RINGDOWN_DATA_DIR``, the demo's, or the user's own.

    Raises AppError PROFILE_UNUSABLE for a name that leads nowhere. Nothing is made yet.
    """
    if data_dir == "":  # a script's empty variable must not lead to the user's own profile
        raise AppError(ErrorCode.PROFILE_UNUSABLE, path="“”", detail=Detail.NO_FOLDER_NAMED)
    chosen = data_dir or os.environ.get("RINGDOWN_DATA_DIR")
    if chosen:
        try:
            return Profile(Path(chosen).expanduser().resolve())
        except RuntimeError as error:
            detail = Detail.NO_SUCH_USER if chosen.startswith("~") else Detail.LINKS_IN_A_CIRCLE
            raise AppError(ErrorCode.PROFILE_UNUSABLE, path=chosen, detail=detail) from error
        except OSError as error:  # the working folder is gone
            raise AppError(ErrorCode.PROFILE_UNUSABLE, path=chosen, detail=system_detail(error)) from error
    if demo:
        return Profile((runtime_folder() / "demo").resolve())
    from platformdirs import user_data_path  # not needed by the command line of a named profile

    try:
        return Profile(user_data_path("ringdown", appauthor=False).resolve())
    except RuntimeError as error:  # neither HOME nor the system's list of users knows one
        raise AppError(ErrorCode.PROFILE_UNUSABLE, path="~", detail=Detail.NO_HOME) from error


def private_opener(path: str, flags: int) -> int:
    """For `open`: a file that only this user can read, whatever the umask and whoever made the folder."""
    file = os.open(path, flags, 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(file, 0o600)  # one an earlier version made, too
    return file


def runtime_folder() -> Path:
    """A folder of this user only, for sockets. Raises AppError PROFILE_UNUSABLE when somebody else owns it."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    if base and len(base) < 70 and os.path.isdir(base) and os.access(base, os.W_OK):
        folder = Path(base) / "ringdown"
    else:
        folder = Path(tempfile.gettempdir()) / f"ringdown-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
        if len(str(folder)) > 80:
            folder = Path("/tmp") / folder.name  # noqa: S108 - owner and mode are checked below
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise AppError(ErrorCode.PROFILE_UNUSABLE, path=str(folder), detail=system_detail(error)) from error
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o077):
        raise AppError(ErrorCode.PROFILE_UNUSABLE, path=str(folder), detail=Detail.OF_ANOTHER_USER)
    return folder
