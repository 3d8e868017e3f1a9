"""One engine process and the app's end of its pipe."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Callable

from sip import wire


class EngineProcess:
    """Phone thread only."""

    def __init__(self, argv: Callable[[int], list[str]]) -> None:
        """Raises OSError when the process cannot be started."""
        self.pipe, theirs = socket.socketpair()
        try:
            theirs.set_inheritable(True)
            handle = theirs.fileno()
            inherit: dict[str, object] = {"close_fds": False} if os.name == "nt" else {"pass_fds": (handle,)}
            self._process = subprocess.Popen(  # type: ignore[call-overload]
                argv(handle), stdin=subprocess.DEVNULL, **inherit
            )
        except OSError:
            self.pipe.close()
            raise
        finally:
            theirs.close()
        self.pipe.setblocking(False)
        self._unsent = bytearray()
        self._decoder = wire.Decoder()

    @property
    def pid(self) -> int:
        """The process id."""
        return int(self._process.pid)

    @property
    def has_unsent(self) -> bool:
        """The engine has not taken everything yet."""
        return bool(self._unsent)

    def send(self, command: wire.Command) -> None:
        """Send now or as soon as there is room."""
        self._unsent += wire.encode(command)
        self.flush()

    def flush(self) -> None:
        """Write what fits. A closed pipe shows when it is read."""
        with contextlib.suppress(BlockingIOError, TimeoutError, ConnectionError):
            while self._unsent:
                del self._unsent[: self.pipe.send(self._unsent)]

    def receive(self) -> list[wire.Frame]:
        """The frames that have come. Raises EOFError, ConnectionError, TimeoutError or WireError."""
        try:
            data = self.pipe.recv(65_536)
        except BlockingIOError:  # it was said to be readable, and is not
            return []
        if not data:
            raise EOFError
        return list(self._decoder.feed(data))

    def end(self) -> None:
        """Close the pipe; an engine that does not leave by itself is killed."""
        self.pipe.close()
        try:
            self._process.wait(0.3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
