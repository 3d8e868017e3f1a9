"""A local stand-in for what Lightning is to a softphone: it serves our adapter's own files, and numbers to click."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from tests.package.metadata import SOURCE

PAGES = Path(__file__).with_name("lightning")
SCRIPT = "/resource/Ringdown_CTI"
_APEX = re.compile(r"</?apex:page[^>]*>")


def rendered() -> str:
    """The Visualforce page as the browser gets it."""
    source = (SOURCE / "pages" / "Ringdown_CTI.page").read_text(encoding="utf-8")
    html = _APEX.sub("", source).replace("{!URLFOR($Resource.Ringdown_CTI)}", SCRIPT).strip()
    assert "{!" not in html
    assert "apex:" not in html
    return f"<!DOCTYPE html>\n{html}"


class Lightning:
    """The server, on a port of 127.0.0.1 the system picks; a context manager."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="lightning", daemon=True)

    def __enter__(self) -> Lightning:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The page with the numbers; another site than the adapter's, as in Salesforce."""
        return f"http://localhost:{self._server.server_port}/"

    @property
    def adapter_origin(self) -> str:
        """Where the adapter comes from."""
        return f"http://127.0.0.1:{self._server.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        files = {
            "/": ("text/html", PAGES / "page.html"),
            SCRIPT: ("text/javascript", SOURCE / "staticresources" / "Ringdown_CTI.js"),
            "/support/api/66.0/lightning/opencti_min.js": ("text/javascript", PAGES / "opencti_min.js"),
        }
        path = self.path.partition("?")[0]
        if path == "/apex/Ringdown_CTI":
            self._send("text/html", rendered().encode())
        elif path in files:
            kind, file = files[path]
            self._send(kind, file.read_bytes())
        else:
            self.send_response(204)
            self.end_headers()

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
