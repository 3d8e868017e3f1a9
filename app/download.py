"""A file over https: certificates verified, the system's proxy, no redirect, no more and no longer than it may be.

A time-out of a socket starts anew with every byte, so a server that drips would hold its caller for ever. A timer ends
the connection when all of it has taken too long. It holds a second handle of it: to end a TLS socket from another
thread would take its TLS away under the reader.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from typing import IO, Any

from app.errors import AppError, Detail, ErrorCode

_SECONDS = 15.0  # for one step: to connect, or until the next byte
_IN_ALL = 60.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect may lead to a host nobody allowed."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class _Https(urllib.request.HTTPSHandler):
    """Hands out the connections it makes, before anything is said over them."""

    def __init__(self, context: ssl.SSLContext, end: _End) -> None:
        super().__init__(context=context)
        self._tls = context
        self._end = end

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._connection, req)

    def _connection(self, host: str, **options: Any) -> HTTPSConnection:
        def connect(*where: Any) -> socket.socket:
            made = socket.create_connection(*where)
            self._end.of(made)
            return made

        connection = HTTPSConnection(host, context=self._tls, **options)
        connection._create_connection = connect  # type: ignore[attr-defined]  # before the proxy and TLS have a word
        return connection


class _End:
    """The time that all of a download may take."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self._lock = threading.Lock()
        self._line: socket.socket | None = None

    def of(self, line: socket.socket) -> None:
        """This is the connection to end."""
        with self._lock:
            self._line = line.dup()

    @contextlib.contextmanager
    def after(self, seconds: float) -> Iterator[None]:
        """End the connection when what is done inside takes longer."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                if self._line is not None:
                    self._line.close()
                    self._line = None

    def _cut(self) -> None:
        self.is_over.set()
        with self._lock:
            if self._line is not None:
                with contextlib.suppress(OSError):  # it has ended by itself
                    self._line.shutdown(socket.SHUT_RDWR)


def download(
    url: str, most: int = 64 * 1024, context: ssl.SSLContext | None = None, *, seconds: float = _IN_ALL
) -> bytes:
    """The content of an https address, ``most`` bytes and ``seconds`` in all. Blocks; raises AppError DOWNLOAD_FAILED.

    ``context`` is for another CA.
    """
    if not url.lower().startswith("https://"):
        raise _failed(Detail.ONLY_HTTPS)
    end = _End()
    try:
        with end.after(seconds):
            content = _read(url, most, _Https(context or ssl.create_default_context(), end))
    except AppError as error:
        if end.is_over.is_set():
            raise _failed(Detail.TOOK_TOO_LONG) from error
        raise
    if end.is_over.is_set():  # what was cut off looks like a whole answer where nobody has said how long it is
        raise _failed(Detail.TOOK_TOO_LONG)
    if len(content) > most:
        raise _failed(Detail.TOO_LARGE)
    return content


def _read(url: str, most: int, https: _Https) -> bytes:
    try:
        with urllib.request.build_opener(_NoRedirect, https).open(url, timeout=_SECONDS) as answer:
            content: bytes = answer.read(most + 1)
            if len(content) <= most and answer.length:  # reading up to a size does not tell that bytes are missing
                raise _failed(Detail.BROKE_OFF)
            return content
    except urllib.error.HTTPError as error:
        error.close()
        raise _failed(Detail.SERVER_ANSWERED, status=error.code) from error
    except urllib.error.URLError as error:
        is_untrusted = isinstance(error.reason, ssl.SSLCertVerificationError)
        raise _failed(Detail.CERTIFICATE if is_untrusted else Detail.UNREACHABLE) from error
    except (OSError, HTTPException) as error:
        raise _failed(Detail.UNREACHABLE) from error


def _failed(detail: Detail, **places: object) -> AppError:
    return AppError(ErrorCode.DOWNLOAD_FAILED, detail=detail, **places)
