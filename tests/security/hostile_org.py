"""A Salesforce that has gone bad: every request gets the answer the test names, byte for byte."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back. ``cut``: the connection ends that many bytes before what Content-Length promised."""

    body: bytes = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0


class HostileOrg:
    """One server on this machine; ``answer(method, path, body)`` decides."""

    def __init__(self, answer: Callable[[str, str, bytes], Reply]) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []
        org = self

        class Visit(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65_536

            def _do(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                org.asked.append((self.command, self.path))
                reply = org.answer(self.command, self.path, sent)
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                try:
                    self.wfile.write(reply.body[: len(reply.body) - reply.cut])
                except OSError:  # the app has had enough
                    self.close_connection = True
                if reply.cut:
                    self.close_connection = True

            do_GET = do_POST = do_PATCH = do_DELETE = do_REPORT = _do  # noqa: N815 - the server's names

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Visit)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> HostileOrg:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
