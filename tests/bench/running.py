"""The app as a child process under the stopwatch of `probe`, and what /proc says of it."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.control import ask
from app.errors import AppError
from app.paths import Profile
from tests.peers.child import Child, children, until

Stamp = dict[str, Any]
_TICK = os.sysconf("SC_CLK_TCK")


class App:
    """One running Ringdown; ends with `close`."""

    def __init__(self, where: Profile, env: Mapping[str, str], stamps: Path, *options: str) -> None:
        self.where = where
        self._stamps = stamps
        self._read = 0
        self._seen: list[Stamp] = []
        stamps.unlink(missing_ok=True)
        command = [sys.executable, "-m", "tests.bench.probe", str(stamps), "--data-dir", str(where.folder), *options]
        self.started = time.monotonic_ns()
        self.child = Child(command, log=stamps.with_suffix(".log"), env=env, talks=True)

    def stamps(self) -> list[Stamp]:
        """Everything written so far."""
        if self._stamps.exists():
            with self._stamps.open("rb") as file:
                file.seek(self._read)
                text = file.read()
            whole = text[: text.rfind(b"\n") + 1]
            self._read += len(whole)
            self._seen += [json.loads(line) for line in whole.splitlines()]
        return self._seen

    def stamp(self, name: str, is_it: Callable[[Stamp], bool] = lambda _: True, *, after: int = 0) -> Stamp:
        """Wait for the first fitting moment, leaving out the first ``after`` of all. AssertionError when none comes."""

        def find() -> Stamp | None:
            return next((one for one in self.stamps()[after:] if one["name"] == name and is_it(one)), None)

        def look() -> bool:
            assert self.child.is_alive, f"the app ended: {self.child.said()}"
            return find() is not None

        until(look, 20, f"stamp {name}", every=0.003)
        found = find()
        assert found is not None
        return found

    def tell(self, command: str) -> None:
        """A command for `probe`."""
        stdin = self.child.process.stdin
        assert stdin is not None
        stdin.write(command.encode() + b"\n")
        stdin.flush()

    def ask(self, command: str, **values: object) -> Any:
        """One command of the control socket; its result. Raises AppError when nobody listens."""
        answer = ask(self.where.socket, {"command": command, **values}, 10.0)
        assert answer["ok"], f"{command}: {answer.get('message')}"
        return answer.get("result")

    def until_answered(self) -> int:
        """Ask `status` until it answers with a line that is ready; the moment it did, in nanoseconds."""
        moments: list[int] = []

        def is_ready() -> bool:
            assert self.child.is_alive, f"the app ended: {self.child.said()}"
            try:
                status = self.ask("status")
            except AppError:
                return False
            moments.append(time.monotonic_ns())
            return any(line["state"] == "registered" for line in status["lines"])

        until(is_ready, 30, "a ready line", every=0.01)
        return moments[-1]

    def pids(self) -> list[int]:
        """The app and the processes it started."""
        return _family(self.child.pid)

    def close(self) -> None:
        """Quit as a rep would, insist when that takes too long."""
        try:
            self.ask("quit")
        except AppError:
            self.child.end()  # it does not listen (yet)
        else:
            self.child.wait(15)


def _family(pid: int) -> list[int]:
    return [pid, *(found for child in children(pid) for found in _family(child))]


def memory(pids: list[int], kind: str = "Pss") -> float:
    """Megabytes of these processes: PSS (shared pages split among who shares them) or Rss."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{kind}:"):
                total += int(line.split()[1])
    return total * 1024 / 1e6


def cpu_seconds(pids: list[int]) -> float:
    """Processor time these processes have used."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICK
