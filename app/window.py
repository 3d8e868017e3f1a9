"""Opens the window, or hands over to the Ringdown already running on the profile."""

from __future__ import annotations

import argparse
import contextlib
import functools
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from app import log as logs
from app.control import ask
from app.errors import AppError, ErrorCode
from app.lock import ProfileLock
from app.paths import Profile, profile
from app.words import sentence

_STARTING = 10.0


def run(arguments: Sequence[str]) -> int:
    """Exit code: 0 when the window was closed or another Ringdown took the link, 1 with one sentence otherwise."""
    parser = argparse.ArgumentParser(prog="ringdown")
    parser.add_argument("--data-dir")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--hidden", action="store_true", help="start in the tray, as at login; a link still opens it")
    parser.add_argument("--screenshot", metavar="PNG", help="take a picture of the screen, for machines without one")
    parser.add_argument("--close-after", metavar="S", type=float, default=0.0, help="close after so many seconds")
    parser.add_argument("link", nargs="?")
    options = parser.parse_args(list(arguments))
    try:
        with open_profile(options.data_dir, options.demo) as (where, lock):
            if lock is None:
                if options.link or not options.hidden:  # at login the one that runs already stays where it is
                    _hand_over(where, options.link)
                return 0
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
    except AppError as error:
        print(sentence(error), file=sys.stderr)
        return 1


@contextlib.contextmanager
def open_profile(data_dir: str | None, demo: bool) -> Iterator[tuple[Profile, ProfileLock | None]]:
    """The profile's folder, ready, and its lock; None when another Ringdown has it.

    The demo's profile is thrown away before and after: its key lives only as long as its process.
    """
    where = profile(data_dir, demo=demo)
    if demo and not _may_be_thrown_away(where):
        detail = "it holds other files, and a demo throws its folder away"
        raise AppError(ErrorCode.PROFILE_UNUSABLE, path=str(where.folder), detail=detail)
    where.prepare()
    lock = ProfileLock(where)
    if not lock.take():
        yield where, None
        return
    if demo:
        _throw_away(where)
        where.demo_mark.touch()
    try:
        yield where, lock
    finally:
        if demo:
            _throw_away(where)
        lock.release()


def _may_be_thrown_away(where: Profile) -> bool:
    """A demo's folder, or one with nothing in it that a demo would delete."""
    try:
        return where.demo_mark.exists() or not _deletable(where)
    except OSError:
        return True  # it is not there, or cannot be used: making it ready says why


def _throw_away(where: Profile) -> None:
    for file in _deletable(where):
        file.unlink(missing_ok=True)


def _deletable(where: Profile) -> list[Path]:
    """What a demo leaves; its logs stay, and so do folders that are none of its own."""
    found = [item for item in where.folder.iterdir() if item.name != "lock" and (item.is_symlink() or item.is_file())]
    return found + (list(where.spool.iterdir()) if where.spool.is_dir() else [])


def _hand_over(where: Profile, link: str | None) -> None:
    """A second start: the first one shows itself, and takes the link. It may still be starting."""
    request = {"command": "open-link", "link": link} if link else {"command": "show"}
    end = time.monotonic() + _STARTING
    while True:
        try:
            answer = ask(where.socket, request, 10.0)
        except AppError as error:
            if error.code is not ErrorCode.NO_RUNNING_APP:
                raise
            if time.monotonic() > end:  # it runs, but for a password store that waits to be unlocked
                detail = "Ringdown is just starting or ending"
                raise AppError(ErrorCode.PROFILE_UNUSABLE, path=str(where.folder), detail=detail) from error
            time.sleep(0.1)  # the first one has the lock but does not listen yet: another process, no event
            continue
        if not answer["ok"]:
            raise AppError(ErrorCode.USAGE, detail=answer["message"])
        return
