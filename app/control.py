"""The running app's local socket: a second start, links and the command line come in here.

One JSON request a line, one JSON answer a line. The socket is the user's own (mode 0600 in a 0700 folder), and a
peer of another user is turned away as well (SO_PEERCRED).
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.errors import AppError, ErrorCode
from app.log import logger
from app.ports.system import MainLoop
from app.words import sentence

log = logger("control")
_LONGEST = 1_000_000
_CONNECT = 5.0

# answer(payload) ends a request: {"ok": true, "result": …} or {"ok": false, "code": …, "message": …}
Answer = Callable[[dict[str, Any]], None]
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
        self._closed = False

    def start(self) -> None:
        """Listen. The caller holds the profile's lock, so a socket file left behind by a crash may go."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        old = os.umask(0o177)
        try:
            listener.bind(str(self._path))
        finally:
            os.umask(old)
        listener.listen(128)
        self._socket = listener
        threading.Thread(target=self._accept, args=(listener,), name="control", daemon=True).start()

    def close(self) -> None:
        """Stop listening and remove the socket."""
        self._closed = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept(); closing alone does not
            self._socket.close()
            with contextlib.suppress(FileNotFoundError):
                self._path.unlink()

    def _accept(self, listener: socket.socket) -> None:
        while not self._closed:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), name="control", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            if not _same_user(connection):
                return
            request = _read_line(connection)
            if request is None:
                return
            try:
                payload = json.loads(request)
                if not isinstance(payload, dict):
                    raise ValueError
            except (ValueError, RecursionError):
                _send(connection, bad(AppError(ErrorCode.USAGE, detail="The request is not readable.")))
                return
            done = threading.Event()
            answers: list[dict[str, Any]] = []

            def answer(payload: dict[str, Any]) -> None:
                if not done.is_set():
                    answers.append(payload)
                    done.set()

            self._loop.post(lambda: self._handle(payload, answer))
            done.wait()
            _send(connection, answers[0])

    def _handle(self, payload: dict[str, Any], answer: Answer) -> None:
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


def _read_line(connection: socket.socket) -> bytes | None:
    data = b""
    while not data.endswith(b"\n"):
        try:
            chunk = connection.recv(65536)
        except ConnectionError:
            return None
        if not chunk or len(data) > _LONGEST:
            return None
        data += chunk
    return data


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
