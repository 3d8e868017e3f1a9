"""Child processes of the tests: started with a log file, ended by their handle, never by name."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[2]
Found = TypeVar("Found")


class Child:
    """One process with its output in ``log``. Ends with `end`, or by the context manager."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
        talks: bool = False,
    ) -> None:
        """``stdin`` is written and closed at once; with ``talks`` both pipes stay open for the caller."""
        self.name = Path(arguments[0]).name
        self.log = log
        with log.open("ab") as sink:
            self.process = subprocess.Popen(
                arguments,
                cwd=ROOT,
                env=dict(env) if env is not None else None,
                stdin=subprocess.PIPE if talks or stdin is not None else subprocess.DEVNULL,
                stdout=subprocess.PIPE if talks else sink,
                stderr=sink,
                bufsize=0,  # select does not see a line that waits in a buffer
                start_new_session=True,  # a ^C at the tests must not reach it before its own end does
            )
        if stdin is not None:
            assert self.process.stdin is not None
            self.process.stdin.write(stdin)
            self.process.stdin.close()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        """It has not ended yet."""
        return self.process.poll() is None

    def first_line(self, seconds: float = 20.0) -> str:
        """Its first line of output, or the next one; only with ``talks``."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline().decode() if ready else ""
        assert line, f"{self.name} did not start: {self.said()}"
        return line

    def first_json(self) -> dict[str, Any]:
        """Its first line of output as an object."""
        found: dict[str, Any] = json.loads(self.first_line())
        return found

    def said(self) -> str:
        """The end of its log, for messages."""
        return self.log_text()[-3000:]

    def log_text(self) -> str:
        """All of its log."""
        return self.log.read_text("utf-8", "replace")

    def end(self, seconds: float = 6.0) -> int:
        """SIGTERM (and a closed standard input), then SIGKILL when that does not help; its exit code."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()
        if self.is_alive:
            self.process.terminate()
        return self.wait(seconds)

    def kill(self) -> None:
        """SIGKILL, and wait."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._close()

    def wait(self, seconds: float) -> int:
        """Its exit code; it is killed when it has not ended in time, and the code tells."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self._close()

    def _close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def until(look: Callable[[], Found | None], seconds: float = 5.0, what: str = "", every: float = 0.05) -> Found:
    """Ask until the answer is true and give it; AssertionError when the time is over.

    Only for the edges of processes, where nothing tells when something is so.
    """
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end, f"not within {seconds:g} s: {what or look}"
        time.sleep(every)


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    """A port of 127.0.0.1 nobody uses right now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    """The processes ``pid`` has started, by /proc."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    except FileNotFoundError:
        return []
    return found


def command_line(pid: int) -> list[str]:
    """The arguments of a process, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return []


def is_running(pid: int) -> bool:
    """Is there such a process, and not only its remains?"""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


def plain_env(home: Path, **more: str) -> dict[str, str]:
    """An environment without anything of the desktop the tests are run from."""
    names = ("PATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "TMPDIR")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "HOME": str(home), "LANG": "C.UTF-8", **more}
