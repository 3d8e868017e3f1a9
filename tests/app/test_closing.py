"""The app closes, whatever is wrong with its parts: who wanted it gone must not find it in the way later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.bootstrap import Bootstrap
from app.desk import Desk
from app.errors import AppError, ErrorCode
from app.paths import Profile
from tests.loop import TestLoop


class Closing:
    """A bootstrap on a desk of which only the parts matter that closing asks."""

    def __init__(self, folder: Path, **broken: Callable[..., None]) -> None:
        self.loop = TestLoop()
        self.closed: list[bool] = []
        self.bugs: list[BaseException] = []
        self.asked: list[str] = []
        self.boot = Bootstrap(
            Profile(folder),
            self.loop,
            demo=True,
            on_ready=lambda desk: None,
            on_refused=lambda error: None,
            on_bug=self.bugs.append,
            on_closing=broken.get("save", lambda: None),
            on_closed=lambda: self.closed.append(True),
        )
        parts: dict[str, Any] = {
            "calls": SimpleNamespace(end_all=broken.get("end_all", lambda: self.asked.append("end calls"))),
            "sign_in": SimpleNamespace(cancel=lambda: self.asked.append("end sign-in")),
            "sync": SimpleNamespace(flush=broken.get("flush", lambda seconds, then: then())),
            "login": SimpleNamespace(close=lambda: None),
        }
        self.boot._desk = cast(Desk, SimpleNamespace(**parts))

    def close(self) -> None:
        """Close it, and wait for its end."""
        self.boot.close()
        self.boot.close()  # a second wish changes nothing
        self.loop.until(lambda: self.closed)
        self.loop.drain()
        assert self.closed == [True]


def _fail(*_: object) -> None:
    raise AppError(ErrorCode.STORE_UNREADABLE)


@pytest.mark.parametrize("part", ["save", "end_all"])
def test_a_part_that_fails_is_told_and_left_behind(part: str, tmp_path: Path) -> None:
    closing = Closing(tmp_path, **{part: _fail})
    closing.close()
    assert [type(bug) for bug in closing.bugs] == [AppError]
    assert "end sign-in" in closing.asked


@pytest.mark.parametrize("flush", [_fail, lambda seconds, then: None], ids=["fails", "never answers"])
def test_a_store_that_hangs_keeps_nobody(
    flush: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.bootstrap._LAST_RESORT", 0.0)
    Closing(tmp_path, flush=flush).close()
