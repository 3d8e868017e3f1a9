"""The running app's local socket: a second start, links and the command line come in here.

One JSON request a line, one JSON answer a line. The socket is the user's own (mode 0600 in a 0700 folder), and a
peer of another user is turned away as well (SO_PEERCRED).
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.errors import AppError, ErrorCode, system_detail
from app.log import logger
from app.ports.system import MainLoop
from app.words import sentence

log = logger("control")
_LONGEST = 1_000_000
_CONNECT = 5.0
_BREATH = 0.2


class Answer:
    """Ends one request when it is called: {"ok": true, "result": …} or {"ok": false, "code": …, "message": …}.

    Only the first call counts. Main thread.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._given = threading.Event()
        self._payload: dict[str, Any] = {}

    def __call__(self, payload: dict[str, Any]) -> None:
        """Give it."""
        if not self._given.is_set():
            self._payload = payload
            self._given.set()

    def is_awaited(self) -> bool:
        """Does anybody still wait for it? Not who was answered, and not who has gone."""
        return not self._given.is_set() and not _has_gone(self._connection)

    def wait(self) -> dict[str, Any]:
        """What was answered; blocks until then. The request's own thread."""
        self._given.wait()
        return self._payload


Handler = Callable[[dict[str, Any], Answer], None]


def good(result: object) -> dict[str, Any]:
    """The answer of a command that was done."""
    return {"ok": True, "result": result}


def bad(error: AppError, result: object = None) -> dict[str, Any]:
    """The answer of a command that was refused or failed, in one sentence."""
    return {"ok": False, "code": error.code.value, "message": sentence(error), "result": result}


class ControlServer:
    """Serves requests on threads of its own; each request is handled on the main thread."""

    def __init__(self, path: Path, loop: MainLoop, handler: Handler) -> None:
        self._path = path
        self._loop = loop
        self._handler = handler
        self._socket: socket.socket | None = None
        self._closed = threading.Event()

    def start(self) -> None:
        """Listen. The caller holds the profile's lock, so a socket file left behind by a crash may go.

        Raises AppError PROFILE_UNUSABLE when there is no room or no right to listen there.
        """
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._path.unlink(missing_ok=True)
            old = os.umask(0o177)
            try:
                listener.bind(str(self._path))
            finally:
                os.umask(old)
        except OSError as error:
            listener.close()
            raise AppError(ErrorCode.PROFILE_UNUSABLE, path=str(self._path), detail=system_detail(error)) from error
        listener.listen(128)
        self._socket = listener
        threading.Thread(target=self._accept, args=(listener,), name="control", daemon=True).start()

    def close(self) -> None:
        """Stop listening and remove the socket."""
        self._closed.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept(); closing alone does not
            self._socket.close()
            with contextlib.suppress(FileNotFoundError):
                self._path.unlink()

    def _accept(self, listener: socket.socket) -> None:
        while not self._closed.is_set():
            try:
                connection, _ = listener.accept()
            except OSError as error:
                if not self._closed.is_set():  # no handle is free: who asks waits in the queue until one is
                    log.warning("a connection could not be taken: %s", error.strerror)
                    self._closed.wait(_BREATH)
                continue
            threading.Thread(target=self._serve, args=(connection,), name="control", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            if not _same_user(connection):
                return
            request = _read_line(connection, _LONGEST)
            if request is None:
                return
            try:
                payload = json.loads(request)
                if not isinstance(payload, dict):
                    raise ValueError
            except (ValueError, RecursionError):
                _send(connection, bad(AppError(ErrorCode.USAGE, detail="The request is not readable.")))
                return
            answer = Answer(connection)
            self._loop.post(lambda: self._handle(payload, answer))
            _send(connection, answer.wait())

    def _handle(self, payload: dict[str, Any], answer: Answer) -> None:
        if not answer.is_awaited():
            # Who has given up was told that nothing happened: a call must not leave after that.
            log.info("a request came too late")
            answer(good(None))
            return
        try:
            self._handler(payload, answer)
        except AppError as error:
            answer(bad(error))
        except Exception:
            answer({"ok": False, "code": "bug", "message": "Ringdown has made a mistake; its log says more."})
            raise


def ask(path: Path, payload: dict[str, Any], timeout: float | None) -> dict[str, Any]:
    """Send one request to the running app. Raises AppError NO_RUNNING_APP."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with client:
        # Blocking, with the system's own send time-out: a socket with Python's would not wait for its turn in a full
        # queue but fail at once.
        patience = min(timeout or _CONNECT, _CONNECT)
        client.setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(patience), int(patience % 1 * 1e6))
        )
        try:
            client.connect(str(path))
        except BlockingIOError as error:
            raise AppError(ErrorCode.TIMED_OUT, seconds=f"{patience:g}") from error
        except OSError as error:
            raise AppError(ErrorCode.NO_RUNNING_APP) from error
        client.settimeout(timeout)
        try:
            client.sendall(json.dumps(payload).encode() + b"\n")
            reply = _read_line(client)
        except TimeoutError as error:
            raise AppError(ErrorCode.TIMED_OUT, seconds=f"{timeout:g}") from error
        except OSError as error:
            raise AppError(ErrorCode.NO_RUNNING_APP) from error
    if reply is None:
        raise AppError(ErrorCode.NO_RUNNING_APP)
    answer: dict[str, Any] = json.loads(reply)
    return answer


def _read_line(connection: socket.socket, most: int = sys.maxsize) -> bytes | None:
    """One line; None when the other side stops before its end, or when it is longer than ``most`` bytes."""
    data = bytearray()
    while not data.endswith(b"\n"):
        try:
            chunk = connection.recv(65536)
        except ConnectionError:
            return None
        if not chunk or len(data) > most:
            return None
        data += chunk
    return bytes(data)


def _has_gone(connection: socket.socket) -> bool:
    """Has the other side closed it altogether?"""
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(connection, 0)
    return any(events & (select.POLLHUP | select.POLLERR) for _, events in poll.poll(0))


def _send(connection: socket.socket, payload: dict[str, Any]) -> None:
    # Who asked may be gone by now; the command was carried out all the same.
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(payload).encode() + b"\n")


def _same_user(connection: socket.socket) -> bool:
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the folder's mode guards it
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.getuid())
