"""The engine process: sets itself up, reads commands, runs the loop, leaves in order.

The app starts it with a socket it inherits. When that socket closes the app is gone: calls get their BYE and the
process ends.
"""

from __future__ import annotations

import functools
import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sip.engine import log
from sip.wire import COMMANDS, Command, Decoder, Quit, Report, StartEngine, WireError, encode

if TYPE_CHECKING:
    from sip.engine.engine import Engine

POLL = 0.05
FAREWELL = 1.6  # seconds for BYE, CANCEL and un-REGISTER to be answered
GIVE_UP = 5.0


def main(fd: int) -> None:
    """Serve the app on socket ``fd`` until it says Quit or goes away. Never returns."""
    _no_core_dumps()
    log.hush()
    # A ^C, a closed terminal and the end of a session reach every process there: the app hears of it and tells us.
    for name in ("SIGINT", "SIGHUP", "SIGTERM"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    code = 1
    try:
        _Process(socket.socket(fileno=fd)).run()
        code = 0
    except Exception as error:  # noqa: BLE001 - logged; leaving Python with live library objects would abort
        log.note_error("engine", error)
    finally:
        os._exit(code)


class _Process:
    """The pipe's two threads around the engine's one."""

    def __init__(self, pipe: socket.socket) -> None:
        self._pipe = pipe
        self._inbox: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._wake: Callable[[], None] = lambda: None
        self._leaving = threading.Event()
        self._writer = threading.Thread(target=self._write, name="pipe-out", daemon=True)

    def run(self) -> None:
        """The engine thread's whole life."""
        threading.Thread(target=self._read, name="pipe-in", daemon=True).start()
        self._writer.start()
        first = self._inbox.get()
        if not isinstance(first, StartEngine):
            return
        log.open_log(Path(first.log_folder))
        # Imported only now: the library prints while it loads, and the log is open.
        from sip.engine.engine import Engine
        from sip.engine.loop import Loop

        loop = Loop()
        engine = Engine(loop, self._send, first)
        self._wake = loop.wake
        while not self._leaving.is_set():
            self._carry_out(engine)
            loop.run_due(_run)
            if self._inbox.empty():
                engine.poll(POLL)
        self._carry_out(engine)  # what was asked before Quit is done before we go
        engine.leave()
        end = time.monotonic() + FAREWELL
        while not engine.has_left and time.monotonic() < end:
            engine.poll(POLL)
            loop.run_due(_run)
        engine.close()
        self._outbox.put(None)
        self._writer.join(1.0)

    def _carry_out(self, engine: Engine) -> None:
        while not self._inbox.empty():
            command = self._inbox.get()
            if not isinstance(command, Quit):
                _run(functools.partial(engine.handle, command))

    def _send(self, report: Report) -> None:
        """Queue a report: a stalled app must not stall the calls."""
        self._outbox.put(encode(report))

    def _read(self) -> None:
        decoder = Decoder()
        try:
            while data := self._pipe.recv(65_536):
                for frame in decoder.feed(data):
                    if isinstance(frame, Quit):
                        return
                    if isinstance(frame, COMMANDS):
                        self._inbox.put(frame)
                        self._wake()
        except (OSError, WireError) as error:
            log.note_error("pipe", error)
        finally:
            self._leave()

    def _leave(self) -> None:
        self._leaving.set()
        self._inbox.put(Quit())  # for an engine that still waits for its first command
        self._wake()
        watchdog = threading.Timer(GIVE_UP, os._exit, (3,))
        watchdog.daemon = True
        watchdog.start()

    def _write(self) -> None:
        while (frame := self._outbox.get()) is not None:
            try:
                self._pipe.sendall(frame)
            except OSError:
                return  # the app is gone; the reader sees it too


def _run(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - one bad command must not end the calls
        log.note_error("work", error)


def _no_core_dumps() -> None:
    """A dump would hold passwords and sound."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
