"""NetworkWatch: the network changed, or the computer woke: time to register the lines anew.

The addresses decide, not a backend's opinion: from one Wi-Fi to the next a backend may say "online" all the time.
They are read every five seconds, and at once on a hint (netlink, QNetworkInformation). A difference is told when it
has been quiet for a second; one that is gone by then is not told.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal, Slot
from PySide6.QtNetwork import QNetworkInformation, QNetworkInterface

from app.log import logger
from ui.desktop.netlink import AddressNews
from ui.desktop.sleep import SleepClock

if TYPE_CHECKING:
    from ui.desktop.logind import Logind

log = logger("network")

_POLL = 5.0
_SETTLE = 1.0


@dataclass(frozen=True, slots=True)
class Network:
    """The addresses others can reach this computer by, and those the default routes leave from."""

    addresses: frozenset[str] = frozenset()
    sources: tuple[str, str] = ("", "")

    @property
    def online(self) -> bool:
        """Is there any address at all?"""
        return bool(self.addresses)


def read_network() -> Network:
    """The network as it is now: 0.1 ms on Linux, some milliseconds elsewhere. Any thread; sends nothing."""
    found = set()
    for interface in QNetworkInterface.allInterfaces():
        flags = interface.flags()
        wanted = QNetworkInterface.InterfaceFlag.IsUp | QNetworkInterface.InterfaceFlag.IsRunning
        if flags & wanted != wanted or flags & QNetworkInterface.InterfaceFlag.IsLoopBack:
            continue
        for entry in interface.addressEntries():
            address = entry.ip()
            if not address.isLoopback() and not address.isLinkLocal():
                found.add(address.toString())
    return Network(frozenset(found), (_source(socket.AF_INET, "192.0.2.1"), _source(socket.AF_INET6, "2001:db8::1")))


def _source(family: socket.AddressFamily, far: str) -> str:
    """The address a packet to the world would leave from. Connecting a UDP socket only asks the routing table."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.setblocking(False)
            probe.connect((far, 9))
            return str(probe.getsockname()[0])
    except OSError:  # no route, or no such family
        return ""


class NetworkWatch(QObject):
    """Tells of network changes and of sleep. Main thread; `stop` before the application ends.

    `changed`: the addresses are others than before, or the computer is online again; settled for a second.
    `sleeping`: sleep begins now (only where logind tells). `woke`: the computer slept; once for each sleep.
    """

    changed = Signal()
    sleeping = Signal()
    woke = Signal()
    _read_done = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        read: Callable[[], Network] = read_network,
        clock: SleepClock | None = None,
        poll: float = _POLL,
        settle: float = _SETTLE,
        in_worker: bool = sys.platform != "linux",
    ) -> None:
        """``in_worker`` reads off the main thread, where the system takes its time."""
        super().__init__(parent)
        self._read = read
        self._clock = clock or SleepClock()
        self._poll_seconds = poll
        self._pool = QThreadPool(self) if in_worker else None
        self._reading = self._again = self._forced = False
        self._told = self._seen = Network()
        self._asleep = False
        self._close: list[Callable[[], object]] = []
        self._poll = _timer(self, poll, self._tick, single=False)
        self._settle = _timer(self, settle, self._settled, single=True)
        self._read_done.connect(self._seen_now, Qt.ConnectionType.QueuedConnection)

    @property
    def online(self) -> bool:
        """Has this computer an address, by the last look?"""
        return self._seen.online

    def start(self) -> None:
        """Take the network as it is for granted, and watch from here."""
        self._told = self._seen = self._read()
        self._poll.start()

    def listen_to_system(self) -> None:
        """Take the system's hints too, as far as it has any. Without them the timer alone watches."""
        self._listen_to_qt()
        if sys.platform == "linux":
            try:
                self.hear_addresses(AddressNews(self))
            except OSError as error:
                log.info("no news from the kernel: %s", type(error).__name__)
            from PySide6.QtDBus import QDBusConnection

            from ui.desktop.logind import Logind

            self.hear_logind(Logind(QDBusConnection.systemBus(), self))

    def hear_addresses(self, news: AddressNews) -> None:
        """Look at once when the kernel has news; it is closed with the watch."""
        news.news.connect(self.look)
        self._close.append(news.close)

    def hear_logind(self, logind: Logind) -> None:
        """Take logind's word on sleep; it is closed with the watch."""
        logind.sleeping.connect(self._falls_asleep)
        logind.woke.connect(self._told_awake)
        self._close.append(logind.close)

    @Slot()
    def look(self) -> None:
        """Read the network now, and tell when it is another one."""
        if self._pool is None:
            self._seen_now(self._read())
        elif self._reading:
            self._again = True
        else:
            self._reading = True
            self._pool.start(lambda: self._read_done.emit(self._read()))

    def stop(self) -> None:
        """Watch no longer; waits for a read that is under way."""
        self._poll.stop()
        self._settle.stop()
        for close in self._close:
            close()
        self._close.clear()
        if self._pool is not None:
            self._pool.waitForDone()

    def _listen_to_qt(self) -> None:
        if not QNetworkInformation.loadDefaultBackend():
            return
        information = QNetworkInformation.instance()
        if information is not None:
            information.reachabilityChanged.connect(self._hint)
            information.transportMediumChanged.connect(self._hint)
            self._close.append(lambda: information.reachabilityChanged.disconnect(self._hint))
            self._close.append(lambda: information.transportMediumChanged.disconnect(self._hint))

    @Slot()
    def _hint(self) -> None:
        """Another medium or reach with the same addresses is a change as well."""
        self._forced = True
        self._settle.start()
        self.look()

    @Slot()
    def _tick(self) -> None:
        if self._clock.slept(self._poll_seconds):
            self._wake()
        self.look()

    @Slot()
    def _falls_asleep(self) -> None:
        self._asleep = True
        self.sleeping.emit()

    @Slot()
    def _told_awake(self) -> None:
        self._clock.slept(self._poll_seconds)  # the clocks shall not notice the same sleep again
        if self._asleep:  # else the clocks were first
            self._wake()

    def _wake(self) -> None:
        self._asleep = False
        log.info("awake again")
        self.woke.emit()
        self.look()

    def _seen_now(self, network: Network) -> None:
        self._reading = False
        if network != self._seen:
            self._seen = network
            self._settle.start()
        if self._again:
            self._again = False
            self.look()

    @Slot()
    def _settled(self) -> None:
        if not self._poll.isActive() or (self._seen == self._told and not self._forced):
            return
        self._forced = False
        self._told = self._seen
        log.info("the network changed: %s", "online" if self._seen.online else "no address")
        self.changed.emit()


def _timer(parent: QObject, seconds: float, work: Callable[[], None], *, single: bool) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(single)
    timer.setInterval(round(seconds * 1000))
    timer.timeout.connect(work)
    return timer
