"""Linux tells of new and lost addresses the moment they happen."""

from __future__ import annotations

import contextlib
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal

# rtnetlink(7): links, IPv4 and IPv6 addresses and routes.
_GROUPS = 0x1 | 0x10 | 0x40 | 0x100 | 0x400


class AddressNews(QObject):
    """Emits `news` when an interface, address or route changes. What changed is not read: the watch looks itself."""

    news = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Linux only. Raises OSError where a sandbox allows no such socket."""
        super().__init__(parent)
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE)
        try:
            self._socket.setblocking(False)
            self._socket.bind((0, _GROUPS))
        except OSError:
            self._socket.close()
            raise
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)

    def close(self) -> None:
        """Listen no longer."""
        self._notifier.setEnabled(False)
        self._socket.close()

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            try:
                while self._socket.recv(65536):
                    pass
            except BlockingIOError:
                raise
            except OSError:  # more news than the kernel would keep: still news
                pass
        self.news.emit()
