"""HTTP/1.1 on 127.0.0.1: reads and bounds requests, applies faults, keeps the log, sends answers."""

from __future__ import annotations

import io
import socket
import sys
import threading
import traceback
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from . import fault_answers, routing, sessions
from .bodies import BrokenBodyError, TooLargeError, read_body
from .errors import refuse
from .faults import FaultKind
from .org import Org
from .web import Request, Response, failed, read_target

MAX_HEAD = 16_384
MAX_BODY = 50 * 1024 * 1024
_IDLE_SECONDS = 120
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Server(ThreadingHTTPServer):
    """One org behind a port on the loopback interface."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, org: Org, port: int = 0) -> None:
        """Binds at once; port 0 lets the system choose. Raises OSError when the port is taken."""
        super().__init__(("127.0.0.1", port), Handler)
        self.org = org
        self.stopping = threading.Event()
        org.url = f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self) -> None:
        """Ends `serve_forever` and requests that are being slow. Not from the serving thread."""
        self.stopping.set()
        self.shutdown()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is printed."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server
    raw_requestline: bytes

    def do_GET(self) -> None:
        """Reads."""
        self._serve()

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self._serve()

    def do_POST(self) -> None:
        """Creates and control."""
        self._serve()

    def do_PATCH(self) -> None:
        """Updates and upserts."""
        self._serve()

    def do_PUT(self) -> None:
        """Answered 405 by the routes."""
        self._serve()

    def do_DELETE(self) -> None:
        """Deletes."""
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr: the request log is for that."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header, by the org's clock."""
        return super().date_time_string(self.server.org.moment().timestamp() if timestamp is None else timestamp)

    def version_string(self) -> str:
        """The Server header."""
        return "sfdcedge"

    def _serve(self) -> None:
        problem = self._unacceptable()
        if problem is not None:
            self.close_connection = True
            self._send(problem)
            return
        try:
            body = read_body(self.rfile, self.headers, MAX_BODY)
        except BrokenBodyError:
            # The client went away half-way: what it meant is not known, so nothing is done.
            self.close_connection = True
            return
        except TooLargeError:
            self.close_connection = True
            self._send(_plain(413, "Content Too Large"))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        method = "GET" if self.command == "HEAD" else self.command
        request = read_target(method, self.path, headers, body)
        if request.method == "POST" and "_HttpMethod" in request.query:
            request = replace(request, method=request.query["_HttpMethod"].upper())
        if request.segments[:1] == ("standin",):
            self._send(self._answer(request))
        else:
            self._serve_logged(request)

    def _serve_logged(self, request: Request) -> None:
        org = self.server.org
        user = sessions.user_name(org, request)
        entry = org.log.add(request.method, request.target, request.headers.get("user-agent", ""), user)
        fault = org.faults.take(request.method, request.target)
        kind = fault.kind.value if fault else None
        drips = fault.seconds if fault and fault.kind is FaultKind.DRIP else 0.0
        if fault and fault.seconds and not (fault.after or drips):
            self.server.stopping.wait(fault.seconds)
        if fault and fault.kind is FaultKind.DROP_BEFORE:
            org.log.finish(entry, None, kind)
            self._drop()
            return
        instead = fault_answers.answer(org, request, fault)
        response = instead or self._answer(fault_answers.locked(request, fault))
        if fault and fault.seconds and fault.after and not drips:
            self.server.stopping.wait(fault.seconds)
        if fault and fault.kind is FaultKind.DROP_AFTER_COMMIT:
            org.log.finish(entry, None, kind)
            self._drop()
            return
        org.log.finish(entry, response.status, kind)
        if drips:
            self._drip(response, drips)
        else:
            self._send(response)

    def _answer(self, request: Request) -> Response:
        try:
            return routing.answer(self.server.org, request)
        except Exception:  # noqa: BLE001 - a bug here must answer like a server, and be seen on stderr
            traceback.print_exc()
            return failed(refuse("UNKNOWN_EXCEPTION", "An unexpected error occurred", status=500))

    # -- socket

    def _unacceptable(self) -> Response | None:
        """Why the request is not even read, before its body is."""
        head = len(self.raw_requestline) + sum(len(name) + len(value) + 4 for name, value in self.headers.items())
        if len(self.raw_requestline) > MAX_HEAD:
            return _plain(414, "URI Too Long")
        if head > MAX_HEAD:
            return _plain(431, "Request Header Fields Too Large")
        if not is_loopback(self.headers.get("Host", "")):
            return _plain(403, "Only loopback host names are answered")
        origin = self.headers.get("Origin")
        if origin is not None and not is_loopback(urlsplit(origin).netloc):
            return _plain(403, "Pages of other sites are not answered")
        encoding = self.headers.get("Transfer-Encoding")
        if encoding and (encoding.strip().lower() != "chunked" or self.headers.get("Content-Length") is not None):
            return _plain(400, "Bad Transfer-Encoding")
        length = self.headers.get("Content-Length") or "0"
        if not length.isascii() or not length.isdigit():
            return _plain(400, "Bad Content-Length")
        return _plain(413, "Content Too Large") if int(length) > MAX_BODY else None

    def _send(self, response: Response) -> None:
        payload = response.payload()
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        bare = response.status in (204, 304)
        if payload or not bare:
            self.send_header("Content-Type", response.content_type)
        if not bare:
            self.send_header("Content-Length", str(len(payload)))
        self.send_header("Cache-Control", "no-cache,must-revalidate,max-age=0,no-store,private")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if not bare and self.command != "HEAD":
            self.wfile.write(payload)

    def _drip(self, response: Response, seconds: float) -> None:
        """Sends the answer a byte at a time, so far apart."""
        line, self.wfile = self.wfile, io.BytesIO()
        self._send(response)
        whole, self.wfile = self.wfile.getvalue(), line
        for at in range(len(whole)):
            if self.server.stopping.wait(seconds):
                return
            line.write(whole[at : at + 1])
            line.flush()

    def _drop(self) -> None:
        """Closes the connection without a byte of answer."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _plain(status: int, text: str) -> Response:
    return Response(status, text=text, content_type="text/plain;charset=UTF-8")


def is_loopback(host: str) -> bool:
    """Whether a Host value names this machine; guards against pages whose name was rebound to us."""
    name = host.strip().lower()
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    return name in _LOOPBACK
