"""The engine's log: what went wrong and where, never who, what number, which words or which secret."""

from __future__ import annotations

import ctypes
import faulthandler
import functools
import logging
import logging.handlers
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import ParamSpec

P = ParamSpec("P")
logger = logging.getLogger("ringdown.engine")

_MASKS = (
    (re.compile(r"(?i)\b(sips?|tel):[^\s>;,\"']+"), r"\1:…"),
    (re.compile(r"\"[^\"]*\""), '"…"'),
    (re.compile(r"<[^>]*>"), "<…>"),
    (re.compile(r"[\w.+%-]+@[\w.\[\]:-]+"), "…@…"),
    (re.compile(r"\+?\d[\d().\- ]{4,}\d"), "#"),
)


def masked(text: str) -> str:
    """Without addresses, quoted names and long numbers."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


def open_log(folder: Path) -> None:
    """Log to ``engine.log`` in ``folder``; stdout and stderr of the libraries go beside it. Raises OSError."""
    old_mask = os.umask(0o077)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "engine.log", maxBytes=512 * 1024, backupCount=2, encoding="utf-8"
        )
        crash = os.open(folder / "engine-crash.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    finally:
        os.umask(old_mask)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    os.dup2(crash, 2)
    os.close(crash)
    trim()
    faulthandler.enable(2, all_threads=True)


def trim() -> None:
    """Keep what sound libraries print on stderr from growing for ever."""
    if os.fstat(2).st_size > 256 * 1024:
        os.ftruncate(2, 0)


def give_back_memory() -> None:
    """Return what ended calls have left behind to the system: glibc keeps it otherwise."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if hasattr(libc, "malloc_trim"):  # not in musl
            libc.malloc_trim(0)


def hush() -> None:
    """Send stdout and stderr nowhere and route every uncaught error to the log. Before anything else."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    sys.excepthook = lambda kind, error, trace: note_error("uncaught", error, trace)
    threading.excepthook = lambda args: note_error("thread", args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: note_error("unraisable", args.exc_value, args.exc_traceback)


def note_error(where: str, error: BaseException | None, trace: TracebackType | None = None) -> None:
    """Log an unexpected error by class and place. Its message could hold private data and stays out."""
    frames = traceback.extract_tb(trace or (error.__traceback__ if error else None))
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames[-6:]))
    code = getattr(error, "status", "")
    logger.error("%s: %s %s at %s", where, type(error).__name__, code, places)


def guarded(callback: Callable[P, None]) -> Callable[P, None]:
    """For the library's callbacks: an exception would be printed and forgotten, so it goes to the log."""

    @functools.wraps(callback)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - nothing may pass into the library
            note_error(callback.__qualname__, error)

    return wrapper
