"""The `ringdown` command: one start for the window, the sub-commands and the engine process."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from app.launch import ENGINE_FLAG

_WINDOW_OPTIONS = {
    "--data-dir": True,
    "--demo": False,
    "--hidden": False,
    "--screenshot": True,
    "--close-after": True,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [ENGINE_FLAG]:
        from sip.engine.main import main as engine

        engine(int(given[1]))
        return 0
    if _wants_window(given):
        from app.window import run as window

        return window(given)
    return _command(given)


def _command(given: list[str]) -> int:
    from app import cli

    cli.print_anything()
    code = 0
    try:
        try:
            code = cli.run(given)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # who reads has seen enough (`| head`): what is left must not be written at the end either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _wants_window(arguments: Sequence[str]) -> bool:
    """No sub-command: options of the window and at most one link."""
    at = 0
    while at < len(arguments):
        name = arguments[at].split("=", 1)[0]
        if name in _WINDOW_OPTIONS:
            at += 2 if _WINDOW_OPTIONS[name] and "=" not in arguments[at] else 1
        elif arguments[at] == "--" or (":" in arguments[at] and not arguments[at].startswith("-")):
            at += 1
        else:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
