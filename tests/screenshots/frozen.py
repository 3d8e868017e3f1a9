"""Runs a program of ours at a moment that stands still: `python -m tests.screenshots.frozen MODULE [arguments]`.

The file that CLOCK_FILE names holds the moment, in seconds since 1970. Only `datetime.now` tells it, never the
clocks that timers run by. The app's engine is started in the same way.
"""

from __future__ import annotations

import datetime as module
import os
import runpy
import sys
from datetime import tzinfo
from typing import Any

_CLOCK = "CLOCK_FILE"
_real = module.datetime


class _Kind(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _real)


class _Frozen(_real, metaclass=_Kind):
    """Makes ordinary datetimes only, so that libraries written in C get what they expect."""

    def __new__(cls, *arguments: Any, **more: Any) -> Any:
        return _real(*arguments, **more)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        with open(os.environ[_CLOCK], encoding="ascii") as file:
            return _real.fromtimestamp(float(file.read()), tz)


def _engine_argv(fd: int) -> list[str]:
    return [sys.executable, "-m", "tests.screenshots.frozen", "app", "--engine", str(fd)]


def main() -> None:
    """Ends as the program ends."""
    name = sys.argv[1]
    module.datetime = _Frozen  # type: ignore[misc]
    if name == "app" and "--engine" not in sys.argv:
        from PySide6.QtWidgets import QApplication

        from app import bootstrap

        assert "engine_argv" in vars(bootstrap), "the engine would run at another time of day than the app"
        vars(bootstrap)["engine_argv"] = _engine_argv
        plain = QApplication.exec

        def calm(*_: object) -> int:
            QApplication.setCursorFlashTime(0)  # a cursor that blinks would be in every other picture
            return plain()

        QApplication.exec = calm  # type: ignore[method-assign]
    sys.argv = [name, *sys.argv[2:]]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
