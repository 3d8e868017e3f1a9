"""An end to a request as a whole: a server that sends a byte now and then would keep a thread for ever.

A time-out of `requests` starts anew with every byte. So a timer cuts the connections of the session when a request
has taken too long in all; whoever waits for a byte then hears that the connection is lost. The timer holds a second
handle of each connection: to end a TLS socket from another thread would take its TLS away under the reader.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from collections.abc import Iterator
from typing import Any, Protocol, cast

import requests
from requests.adapters import HTTPAdapter


class TooSlowError(requests.exceptions.Timeout):
    """The answer was not complete when its time was over; what was asked may have been done."""


class _Open(Protocol):
    line: socket.socket | None


class Connections:
    """The open connections of one session, so that another thread can cut them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: weakref.WeakSet[Any] = weakref.WeakSet()
        self._leaving: list[socket.socket] = []  # closed by the library, while an answer may still be read from them
        self._is_within = False
        self._over = threading.Event()

    def check(self) -> None:
        """Raise TooSlowError when the time is over.

        A connection that was cut still gives what goes on arriving: whoever reads has to ask between two pieces.
        """
        if self._over.is_set():
            raise TooSlowError

    def opened(self, connection: _Open) -> None:
        """This one can be cut from now on; too late, it is of no use. Raises TooSlowError."""
        with self._lock:
            self._open.add(connection)
        self.check()

    def closed(self, line: socket.socket) -> None:
        """The library has closed one. Where no other answer follows, it does so before this one is read."""
        with self._lock:
            if self._is_within:
                self._leaving.append(line)
                return
        line.close()

    def cut(self) -> None:
        """End all of them, whatever they are doing. Any thread."""
        with self._lock:
            lines = [*(connection.line for connection in self._open), *self._leaving]
        for line in lines:
            if line is not None:
                with contextlib.suppress(OSError):  # it has ended by itself
                    line.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What the session does inside is over after so long; it raises TooSlowError then."""
        is_over = self._over = threading.Event()

        def end() -> None:
            is_over.set()
            self.cut()

        timer = threading.Timer(seconds, end)
        timer.name, timer.daemon = "crm-patience", True
        self._is_within = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self._let_go()
            if is_over.is_set():
                raise TooSlowError

    def _let_go(self) -> None:
        with self._lock:
            self._is_within = False
            left, self._leaving = self._leaving, []
        for line in left:
            line.close()


class CuttableAdapter(HTTPAdapter):
    """Makes connections that `Connections` can cut, with and without TLS, through a proxy or not."""

    def __init__(self, connections: Connections) -> None:
        self._cuttable: dict[type[Any], type[Any]] = {}
        self._connections = connections
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        plain = cast("type[Any]", pool.ConnectionCls)
        if plain not in self._cuttable.values():
            pool.ConnectionCls = self._cuttable.setdefault(plain, _cuttable(plain, self._connections))
        return pool


def _cuttable(plain: type[Any], connections: Connections) -> type[Any]:
    class Cuttable(plain):  # type: ignore[misc]
        line: socket.socket | None = None

        def _new_conn(self) -> socket.socket:
            made: socket.socket = super()._new_conn()
            self.line = made.dup()
            connections.opened(self)
            return made

        def close(self) -> None:
            super().close()
            line, self.line = self.line, None
            if line is not None:
                connections.closed(line)

    return Cuttable
