"""One app per profile, across processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import AppError, ErrorCode
from app.lock import ProfileLock
from app.paths import Profile

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from pathlib import Path
from app.lock import ProfileLock
from app.paths import Profile
lock = ProfileLock(Profile(Path(sys.argv[1])))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    """Another process that tries for the lock and says whether it has it; it ends with its standard input."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    """Its first line."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_process_does_not_get_the_lock_until_the_first_lets_go(tmp_path: Path) -> None:
    mine = ProfileLock(Profile(tmp_path))
    assert mine.take()
    with holder(tmp_path) as other:
        assert said(other) == "False"
        other.communicate("")
    mine.release()
    with holder(tmp_path) as other:
        assert said(other) == "True"
        assert not mine.take()
        other.communicate("")
    assert mine.take()
    mine.release()


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        assert said(other) == "True"
        other.kill()
    mine = ProfileLock(Profile(tmp_path))
    assert mine.take()
    mine.release()


def test_two_locks_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    one, two = ProfileLock(Profile(tmp_path)), ProfileLock(Profile(tmp_path))
    assert one.take()
    assert not two.take()
    one.release()
    one.release()
    assert two.take()
    assert (tmp_path / "lock").exists(), "deleting it would let two processes hold two locks"
    two.release()


def test_a_child_does_not_inherit_the_lock(tmp_path: Path) -> None:
    mine = ProfileLock(Profile(tmp_path))
    assert mine.take()
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    with child:
        mine.release()
        again = ProfileLock(Profile(tmp_path))
        assert again.take()
        again.release()
        child.communicate(b"")


def test_without_a_folder_there_is_no_lock(tmp_path: Path) -> None:
    with pytest.raises(AppError, match=ErrorCode.PROFILE_UNUSABLE):
        ProfileLock(Profile(tmp_path / "missing")).take()
