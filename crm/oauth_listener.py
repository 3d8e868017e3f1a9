"""Waits on this machine for the browser to come back from the sign-in page.

1. The callback is ``http://localhost:<port>/OauthRedirect``. Salesforce compares it letter by letter, so the port is
   one of a few that the admin registered; the first free one is taken.
2. ``localhost`` may be 127.0.0.1 or ::1, by the browser's choice. Both are listened on, and a port that somebody
   else holds on either of them is not used: the browser might bring the code there.
3. Nothing but loopback is listened on, only this path is answered, and only the answer with our state counts. Others
   get a page that says so and change nothing.
4. The browser's request stays open until it is known how the sign-in ended: the page tells the truth.
"""

from __future__ import annotations

import errno
import hmac
import os
import queue
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from app.errors import AppError, ErrorCode
from crm.oauth import PATH, PORTS
from crm.oauth_page import HEADERS, Told, page

__all__ = ["PATH", "PORTS", "Listener"]

_MOST_TARGET = 16_384  # characters of an address
_READ = 10.0  # seconds a request may take to arrive
_HELD = 90.0  # seconds the browser waits for the end of the sign-in at most
_GOODBYE = 3.0  # seconds for the last page to go out
_NO_IPV6 = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, errno.ENOENT}


class Listener:
    """One sign-in's callback. Listens from the start; `close` ends it. Any thread."""

    def __init__(self, state: str, language: str, strange: Callable[[], None], ports: Sequence[int] = PORTS) -> None:
        """``strange`` hears, on another thread, of an answer with somebody else's state. Raises SIGN_IN_PORTS."""
        self._state = state
        self._language = language
        self._strange = strange
        self._came: queue.SimpleQueue[Mapping[str, str] | None] = queue.SimpleQueue()
        self._taken = threading.Lock()
        self._ended = threading.Event()
        self._shown = threading.Event()
        self._shown.set()
        self._told = Told.FAILED
        self._servers = self._listen(ports)
        self.port: int = self._servers[0].server_address[1]
        for server in self._servers:
            # A short poll: it is how long `close` waits.
            serve = threading.Thread(target=server.serve_forever, args=(0.05,), name="sign-in", daemon=True)
            serve.start()

    @property
    def redirect_uri(self) -> str:
        """The callback, as Salesforce must know it."""
        return f"http://localhost:{self.port}{PATH}"

    def wait(self, seconds: float) -> Mapping[str, str] | None:
        """The browser's answer: its query; None when `cancel` came first. Raises TimeoutError."""
        try:
            return self._came.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None

    def cancel(self) -> None:
        """End `wait` with None."""
        self._came.put(None)

    def close(self, *, done: bool) -> None:
        """Show in the browser how it went and listen no more. Idempotent."""
        if self._ended.is_set():
            return
        self._told = Told.DONE if done else Told.FAILED
        self._ended.set()
        self._shown.wait(_GOODBYE)
        for server in self._servers:
            server.shutdown()
            server.server_close()

    # the browser's side, on threads of the servers

    def visit(self, method: str, target: str, host: str) -> tuple[int, bytes]:
        """Answer one request: status and page. Blocks on the right one until the sign-in has ended."""
        try:
            parts = urlsplit(target)
            found = parse_qs(parts.query, keep_blank_values=True, max_num_fields=20)
        except ValueError:  # a host that is none, or more than anybody asks
            return 404, page(Told.NOTHING, self._language)
        if method != "GET" or parts.path != PATH or not self._is_ours(host):
            return 404, page(Told.NOTHING, self._language)
        asked = {name: values[0] for name, values in found.items() if len(values) == 1}
        if not self._is_answer(asked):
            self._strange()
            return 400, page(Told.STRANGE, self._language)
        if self._taken.acquire(blocking=False):  # once; the same page loaded again waits for the same end
            self._shown.clear()
            self._came.put(asked)
        self._ended.wait(_HELD)
        return 200, page(self._told, self._language)

    def left(self) -> None:
        """A page has gone out, or its browser has gone."""
        if self._ended.is_set():
            self._shown.set()

    def _is_answer(self, asked: Mapping[str, str]) -> bool:
        if "state" not in asked:
            # Some refusals come without it; to believe a false one costs only another try.
            return "error" in asked and "code" not in asked
        same = hmac.compare_digest(asked["state"].encode(), self._state.encode())
        return same and ("code" in asked) != ("error" in asked)

    def _is_ours(self, host: str) -> bool:
        """A page of somebody else's whose name was bent to this machine is not answered."""
        return host.lower() in {f"{name}:{self.port}" for name in ("localhost", "127.0.0.1", "[::1]")}

    def _listen(self, ports: Sequence[int]) -> list[_Server]:
        for port in ports:
            found = _servers_on(port, self)
            if found:
                return found
        raise AppError(ErrorCode.SIGN_IN_PORTS, ports=", ".join(str(port) for port in ports))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128  # a browser must get in through a crowd
    # On Windows this would let two programs share the port; there `server_bind` asks for the opposite.
    allow_reuse_address = os.name != "nt"

    def __init__(self, family: socket.AddressFamily, address: str, port: int, listener: Listener) -> None:
        self.address_family = family
        self.listener = listener
        super().__init__((address, port), _Visit)

    def server_bind(self) -> None:
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if os.name == "nt":
            exclusive: int = socket.SO_EXCLUSIVEADDRUSE  # type: ignore[attr-defined,unused-ignore]
            self.socket.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        super().server_bind()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is no news."""


def _servers_on(port: int, listener: Listener) -> list[_Server]:
    """Servers on both loopback addresses; none when somebody else has the port on either. 0 is any port."""
    try:
        first = _Server(socket.AF_INET, "127.0.0.1", port, listener)
    except OSError:
        return []
    try:
        return [first, _Server(socket.AF_INET6, "::1", first.server_address[1], listener)]
    except OSError as error:
        if error.errno in _NO_IPV6 or not socket.has_ipv6:
            return [first]
        first.server_close()
        return []


class _Visit(BaseHTTPRequestHandler):
    """One connection, one answer."""

    server: _Server
    timeout = _READ

    def do_GET(self) -> None:
        """The browser comes back."""
        self._answer()

    def do_HEAD(self) -> None:
        """Nothing to see."""
        self._answer()

    def do_POST(self) -> None:
        """Nothing to send."""
        self._answer()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What cannot be read, or no other method: our page, and nothing of what was asked in it."""
        self._send(code, page(Told.NOTHING, "en"))

    def version_string(self) -> str:
        """The Server header."""
        return "Ringdown"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the address holds the code."""

    def _answer(self) -> None:
        listener = self.server.listener
        try:
            target = self.path if len(self.path) <= _MOST_TARGET else ""
            status, content = listener.visit(self.command, target, self.headers.get("Host", ""))
            self._send(status, content)
        finally:
            listener.left()

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
            self.wfile.flush()
