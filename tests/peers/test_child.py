"""What a child process says is read line by line."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.peers.child import Child


def test_lines_that_come_together_are_told_one_by_one(tmp_path: Path) -> None:
    program = "import sys; print('one\\ntwo', flush=True); sys.stdin.read()"
    with Child([sys.executable, "-c", program], log=tmp_path / "log", talks=True) as child:
        assert child.first_line() == "one\n"
        assert child.first_line(2) == "two\n"
