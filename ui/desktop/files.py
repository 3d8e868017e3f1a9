"""Reading and replacing the small files other programs read too."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.errors import AppError, ErrorCode, system_detail


@contextlib.contextmanager
def refusals(path: Path) -> Iterator[None]:
    """An OSError becomes AppError FILE_UNREADABLE."""
    try:
        yield
    except OSError as error:
        raise AppError(ErrorCode.FILE_UNREADABLE, path=str(path), detail=system_detail(error)) from error


def read_text(path: Path) -> str:
    """The file, empty when there is none. Bytes that are no UTF-8 survive `replace_text`. Raises AppError."""
    with refusals(path):
        try:
            return path.read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return ""


def replace_text(path: Path, text: str) -> None:
    """Write atomically: a crash leaves the old file or the new one. A symbolic link stays one. Raises AppError."""
    with refusals(path):
        # People keep such files in a folder under version control and link to them.
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        handle, fresh = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with open(handle, "wb") as out:
                out.write(text.encode("utf-8", "surrogateescape"))
                out.flush()
                os.fsync(out.fileno())
            os.chmod(fresh, mode)
            os.replace(fresh, target)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(fresh)
            raise


def remove(path: Path) -> None:
    """Delete; a missing file is fine. Raises AppError."""
    with refusals(path):
        path.unlink(missing_ok=True)
