"""A real engine behind a real EnginePhone, its events waited for one by one. No sleeping."""

from __future__ import annotations

import queue
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from app.domain.counterpart import Line, LineState, Transport
from app.domain.phone_events import EngineLost, LineChanged, PhoneEvent
from app.ports.phone import AudioChoice, LineAccess
from sip.phone import EnginePhone

E = TypeVar("E")
SILENT = AudioChoice("none", "none", "none")


def engine_argv(fd: int) -> list[str]:
    """The engine without the app around it."""
    return [sys.executable, "-c", f"from sip.engine.main import main; main({fd})"]


class QueueLoop:
    """MainLoop whose work runs when the test waits."""

    def __init__(self) -> None:
        self.work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, work: Callable[[], None]) -> None:
        """See `ports.MainLoop.post`."""
        self.work.put(work)

    def later(self, seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        """Not needed here."""
        raise NotImplementedError


class Harness:
    """One phone and everything it has said."""

    def __init__(self, folder: Path, argv: Callable[[int], list[str]] = engine_argv) -> None:
        self.folder = folder
        self.loop = QueueLoop()
        self.events: list[PhoneEvent] = []
        self.phone = EnginePhone(
            self.loop, spool_folder=folder / "spool", spool_key=b"k" * 32, log_folder=folder / "log", engine_argv=argv
        )
        self._seen = 0
        self.phone.start(self.events.append)

    def wait(self, kind: type[E], test: Callable[[E], bool] = lambda event: True, timeout: float = 10.0) -> E:
        """The next event of a kind that has not been waited for yet; what comes before it is passed over."""
        end = time.monotonic() + timeout
        while True:
            while self._seen < len(self.events):
                event = self.events[self._seen]
                self._seen += 1
                if isinstance(event, kind) and test(event):
                    return event
            left = end - time.monotonic()
            try:
                self.loop.work.get(timeout=max(0.001, left))()
            except queue.Empty:
                if left <= 0:
                    kinds = [type(event).__name__ for event in self.events]
                    raise AssertionError(f"no {kind.__name__} in {timeout} s; came: {kinds}") from None

    def find(self, kind: type[E], test: Callable[[E], bool] = lambda event: True, timeout: float = 10.0) -> E:
        """As `wait`, but looks through everything from the start."""
        self._seen = 0
        return self.wait(kind, test, timeout)

    def rewind(self) -> None:
        """The events were cleared: begin again."""
        self._seen = 0

    def settle(self, seconds: float) -> None:
        """Take what comes within ``seconds``: only for proving that something does not come."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                self.loop.work.get(timeout=left)()
            except queue.Empty:
                return

    def apply(
        self, *lines: Line, password: str = "", passwords: Mapping[str, str] | None = None, audio: AudioChoice = SILENT
    ) -> None:
        """Use these lines, with one password or with one for each line's id."""
        own = passwords or {}
        self.phone.apply([LineAccess(line, own.get(line.id, password)) for line in lines], audio)

    def registered(self, line: str, timeout: float = 10.0) -> LineChanged:
        """Wait until a line is usable."""
        return self.wait(LineChanged, lambda e: e.line == line and e.state is LineState.REGISTERED, timeout)

    def find_line(self, line: str) -> LineChanged:
        """As `registered`, but looks through everything from the start."""
        return self.find(LineChanged, lambda e: e.line == line and e.state is LineState.REGISTERED)

    def port(self, line: str) -> int:
        """Where a line listens, once it is usable."""
        return int(self.find_line(line).contact.partition(";")[0].rpartition(":")[2])

    @property
    def never_lost(self) -> bool:
        """Is it the engine it began with?"""
        return not any(isinstance(event, EngineLost) for event in self.events)

    def engine_log(self) -> str:
        """What the engine logged."""
        path = self.folder / "log" / "engine.log"
        return path.read_text("utf-8") if path.exists() else ""


def has_ipv6() -> bool:
    """Has this computer IPv6, on loopback at least?"""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="no IPv6 on this computer")


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    """A port of 127.0.0.1 that nobody has now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def local_line(line_id: str, user: str, **more: object) -> Line:
    """A line without registrar on a port of its own."""
    kind = socket.SOCK_DGRAM if more.get("transport", Transport.UDP) is Transport.UDP else socket.SOCK_STREAM
    return Line(id=line_id, uri=f"sip:{user}@127.0.0.1", bind=f"127.0.0.1:{free_port(kind)}", **more)  # type: ignore[arg-type]
