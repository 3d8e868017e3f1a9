"""Opens the window, or hands over to the Ringdown already running on the profile.

Who clicks on an icon or a link reads no terminal: whatever keeps the window away is said in a window too.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app import log as logs
from app.control import ask
from app.errors import AppError, Detail, ErrorCode, system_detail
from app.lock import ProfileLock
from app.paths import Profile, profile
from app.words import complain

_PATIENCE = 15.0  # seconds with one that is just starting or ending: an orderly end may take twelve
_LOOK = 0.1


def run(arguments: Sequence[str]) -> int:
    """Exit code: 0 when the window was closed or another Ringdown took the link, 1 with one sentence otherwise."""
    options = _parser().parse_args(list(arguments))
    try:
        return _open_or_hand_over(options)
    except AppError as error:
        return refuse(error, close_after=options.close_after)


def refuse(error: AppError, *, close_after: float = 0.0) -> int:
    """Say why there is no window, on stderr and in one of its own; the exit code 1 when that is closed."""
    complain(error)
    from ui.qt_app import refuse as show

    show(error, close_after=close_after)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ringdown")
    parser.add_argument("--data-dir")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--hidden", action="store_true", help="start in the tray, as at login; a link still opens it")
    parser.add_argument("--screenshot", metavar="PNG", help="take a picture of the screen, for machines without one")
    parser.add_argument("--close-after", metavar="S", type=float, default=0.0, help="close after so many seconds")
    parser.add_argument("link", nargs="?")
    return parser


def _open_or_hand_over(options: argparse.Namespace) -> int:
    """Be the Ringdown of the profile, or talk to the one that is; the exit code."""
    end = time.monotonic() + _PATIENCE
    while True:
        with open_profile(options.data_dir, options.demo) as (where, lock):
            if lock is not None:
                return _serve(options, where)
            if options.hidden and not options.link:  # at login the one that runs already stays where it is
                return 0
            answer = _hand_over(where, options.link)
        if answer is not None:
            if answer["ok"]:
                return 0
            complain(AppError(ErrorCode.USAGE, detail=answer["message"]))  # its window has said it
            return 1
        if time.monotonic() > end:  # it runs, but for a password store that waits to be unlocked
            raise AppError(ErrorCode.PROFILE_BUSY)
        time.sleep(_LOOK)  # it has the lock but does not listen yet, or no longer: another process, no event


def _serve(options: argparse.Namespace, where: Profile) -> int:
    logs.setup(where.log, "ringdown")
    from app.bootstrap import Bootstrap
    from ui.qt_app import run as qt

    return qt(
        functools.partial(Bootstrap, where, demo=options.demo),
        where.folder,
        link=options.link,
        hidden=options.hidden and not options.link,
        screenshot=options.screenshot,
        close_after=options.close_after,
    )


@contextlib.contextmanager
def open_profile(data_dir: str | None, demo: bool) -> Iterator[tuple[Profile, ProfileLock | None]]:
    """The profile's folder, ready, and its lock; None when another Ringdown has it.

    The demo's profile is thrown away before and after: its key lives only as long as its process.
    """
    where = profile(data_dir, demo=demo)
    if demo and not _may_be_thrown_away(where):
        raise AppError(ErrorCode.PROFILE_UNUSABLE, path=str(where.folder), detail=Detail.OTHER_FILES)
    where.prepare()
    lock = ProfileLock(where)
    if not lock.take():
        yield where, None
        return
    try:
        if demo:
            _begin_demo(where)
        yield where, lock
    finally:
        if demo:
            with contextlib.suppress(OSError):  # the next demo throws it away first, or says why it cannot
                _throw_away(where)
        lock.release()


def _may_be_thrown_away(where: Profile) -> bool:
    """A demo's folder, or one with nothing in it that a demo would delete."""
    try:
        return where.demo_mark.exists() or not _deletable(where)
    except OSError:
        return True  # it is not there, or cannot be used: making it ready says why


def _begin_demo(where: Profile) -> None:
    try:
        _throw_away(where)
        where.demo_mark.touch()
    except OSError as error:
        raise AppError(ErrorCode.PROFILE_UNUSABLE, path=str(where.folder), detail=system_detail(error)) from error


def _throw_away(where: Profile) -> None:
    for file in _deletable(where):
        file.unlink(missing_ok=True)


def _deletable(where: Profile) -> list[Path]:
    """What a demo leaves; its logs stay, and so do folders that are none of its own."""
    found = [item for item in where.folder.iterdir() if item.name != "lock" and (item.is_symlink() or item.is_file())]
    return found + (list(where.spool.iterdir()) if where.spool.is_dir() else [])


def _hand_over(where: Profile, link: str | None) -> dict[str, Any] | None:
    """Ask the one that runs to come forward, or to take the link: its answer, None when it does not listen."""
    request = {"command": "open-link", "link": link} if link else {"command": "show"}
    try:
        return ask(where.socket, request, _PATIENCE)
    except AppError as error:
        if error.code is ErrorCode.NO_RUNNING_APP:
            return None
        raise AppError(ErrorCode.PROFILE_BUSY) from error
