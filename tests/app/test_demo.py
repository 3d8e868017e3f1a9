"""The demo's two helpers: where one cannot be started or ends at once, the rep is told and nothing is left behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.demo import Demo
from app.errors import AppError, ErrorCode


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[str]]:
    """Every process that was."""
    found: list[subprocess.Popen[str]] = []
    real = subprocess.Popen

    def spy(*arguments: object, **options: object) -> subprocess.Popen[str]:
        process: subprocess.Popen[str] = real(*arguments, **options)  # type: ignore[call-overload]
        found.append(process)
        return process

    monkeypatch.setattr(subprocess, "Popen", spy)
    return found


def _broken(folder: Path) -> AppError:
    with pytest.raises(AppError, match=ErrorCode.DEMO_BROKEN) as caught:
        Demo.start(folder)
    return caught.value


@pytest.mark.parametrize("program", ["true", "cat", "not-there"])
def test_a_helper_that_is_none(
    program: str, tmp_path: Path, started: list[subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One ends without a word, one has nothing to say to its arguments, one is not there."""
    (tmp_path / "log").mkdir()
    monkeypatch.setattr(sys, "executable", shutil.which(program) or f"/{program}")
    assert _broken(tmp_path).values["path"] == str(tmp_path / "log")
    assert all(process.returncode is not None for process in started)


def test_no_room_for_its_log(tmp_path: Path, started: list[subprocess.Popen[str]]) -> None:
    _broken(tmp_path / "missing")
    assert started == []


def test_the_second_one_that_fails_ends_the_first(tmp_path: Path, started: list[subprocess.Popen[str]]) -> None:
    (tmp_path / "log" / "crm.standin.log").mkdir(parents=True)
    _broken(tmp_path)
    assert len(started) == 1
    assert started[0].returncode is not None
