"""The network watch: differences told once they settle, sleep told once, and the system's own news for real."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from pytestqt.qtbot import QtBot

from ui.desktop.logind import Logind
from ui.desktop.network_watch import Network, NetworkWatch, read_network
from ui.desktop.sleep import SleepClock

OFFICE = Network(frozenset({"192.0.2.10"}), ("192.0.2.10", ""))
HOME = Network(frozenset({"198.51.100.7"}), ("198.51.100.7", ""))
DOCKED = Network(frozenset({"192.0.2.10", "198.51.100.7"}), ("192.0.2.10", ""))


class Net:
    """A network that is what the test says; counts the looks and who looked."""

    def __init__(self) -> None:
        self.now = OFFICE
        self.looks = 0
        self.threads: set[int] = set()

    def __call__(self) -> Network:
        self.looks += 1
        self.threads.add(threading.get_ident())
        return self.now


class Clocks:
    """Two clocks that stand still until moved."""

    def __init__(self) -> None:
        self.ran = self.wall = 1000.0

    def sleep_clock(self) -> SleepClock:
        return SleepClock(lambda: self.ran, lambda: self.wall)

    def go(self, ran: float, passed: float) -> None:
        self.ran += ran
        self.wall += passed


class Told:
    """Counts what the watch tells."""

    def __init__(self, watch: NetworkWatch) -> None:
        self.all: list[str] = []
        watch.changed.connect(lambda: self.all.append("changed"))
        watch.woke.connect(lambda: self.all.append("woke"))
        watch.sleeping.connect(lambda: self.all.append("sleeping"))


@pytest.fixture
def net() -> Net:
    return Net()


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def watch(net: Net, clocks: Clocks) -> Iterator[NetworkWatch]:
    """Settles in 50 ms; its poll never comes by itself."""
    made = NetworkWatch(read=net, clock=clocks.sleep_clock(), poll=3600, settle=0.05, in_worker=False)
    made.start()
    yield made
    made.stop()


def test_a_change_is_told_once_when_it_settled(watch: NetworkWatch, net: Net, qtbot: QtBot) -> None:
    told = Told(watch)
    with qtbot.waitSignal(watch.changed):
        for net.now in (Network(), DOCKED, HOME):
            watch.look()
        assert told.all == []
    assert told.all == ["changed"]
    watch.look()
    assert not watch._settle.isActive()


def test_what_is_back_by_then_is_not_told(watch: NetworkWatch, net: Net, qtbot: QtBot) -> None:
    told = Told(watch)
    net.now = Network()
    watch.look()
    was_online = watch.online
    net.now = OFFICE
    watch.look()
    assert (was_online, watch.online) == (False, True)
    with qtbot.waitSignal(watch._settle.timeout):
        pass
    assert told.all == []


def test_another_default_route_with_the_same_addresses(watch: NetworkWatch, net: Net, qtbot: QtBot) -> None:
    net.now = DOCKED
    with qtbot.waitSignal(watch.changed):
        watch.look()
    net.now = Network(DOCKED.addresses, ("198.51.100.7", ""))
    with qtbot.waitSignal(watch.changed):
        watch.look()


def test_another_medium_counts_even_with_the_same_address(watch: NetworkWatch, qtbot: QtBot) -> None:
    told = Told(watch)
    with qtbot.waitSignal(watch.changed):
        watch._hint()
        watch._hint()
    assert told.all == ["changed"]


def test_the_timer_looks_by_itself(net: Net, qtbot: QtBot) -> None:
    watch = NetworkWatch(read=net, poll=0.02, settle=0.02, in_worker=False)
    watch.start()
    net.now = HOME
    with qtbot.waitSignal(watch.changed):
        pass
    watch.stop()
    assert not watch._poll.isActive()


def test_a_slow_system_is_read_off_the_main_thread(net: Net, qtbot: QtBot) -> None:
    watch = NetworkWatch(read=net, poll=3600, settle=0.02, in_worker=True)
    watch.start()
    net.threads.clear()
    net.now = HOME
    with qtbot.waitSignal(watch.changed):
        for _ in range(20):
            watch.look()
    assert threading.get_ident() not in net.threads
    assert net.looks <= 3  # looks that were wanted meanwhile became one
    watch.look()
    watch.stop()
    assert watch.thread() is QThread.currentThread()


@pytest.mark.parametrize(
    ("ran", "passed", "slept"),
    [
        (5, 5, False),
        (5, 14, False),
        (5, 3605, True),  # the monotonic clock stood still
        (3605, 3605, True),  # both ran on: the tick came late
        (5, -3600, False),  # set back by hand
        (14, 14, False),
    ],
)
def test_sleep_by_the_clocks(ran: float, passed: float, slept: bool, clocks: Clocks) -> None:
    clock = clocks.sleep_clock()
    clocks.go(ran, passed)
    assert clock.slept(5) is slept
    clocks.go(5, 5)
    assert not clock.slept(5)


def test_waking_is_told_and_looked_at(clocks: Clocks, net: Net, qtbot: QtBot) -> None:
    watch = NetworkWatch(read=net, clock=clocks.sleep_clock(), poll=0.02, settle=0.02, in_worker=False)
    told = Told(watch)
    watch.start()
    net.now = HOME
    with qtbot.waitSignals([watch.woke, watch.changed]):
        clocks.go(5, 600)
    assert told.all == ["woke", "changed"]
    watch.stop()


def test_the_real_network_can_be_read() -> None:
    found = read_network()
    assert "127.0.0.1" not in found.addresses
    assert all(source == "" or "." in source or ":" in source for source in found.sources)


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[QDBusConnection]:
    """A D-Bus of the test's own."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:path={tmp_path}/bus"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    connection = QDBusConnection.connectToBus(address, "ringdown-test")
    assert connection.isConnected(), connection.lastError().message()
    yield connection
    QDBusConnection.disconnectFromBus("ringdown-test")
    daemon.terminate()
    daemon.wait(10)
    daemon.stdout.close()


def _logind_says(connection: QDBusConnection, going: bool) -> None:
    signal = QDBusMessage.createSignal("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep")
    signal.setArguments([going])
    assert connection.send(signal)


@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="no D-Bus here")
def test_logind_tells_of_sleep(bus: QDBusConnection, watch: NetworkWatch, clocks: Clocks, qtbot: QtBot) -> None:
    assert bus.registerService("org.freedesktop.login1")
    logind = Logind(bus)
    assert logind.heard
    watch.hear_logind(logind)
    told = Told(watch)
    with qtbot.waitSignal(watch.sleeping):
        _logind_says(bus, True)
    clocks.go(1, 600)
    with qtbot.waitSignal(watch.woke):
        _logind_says(bus, False)
    watch._tick()  # the clocks see the same gap
    assert told.all == ["sleeping", "woke"]
    # The other way round: the clocks are first.
    with qtbot.waitSignal(watch.sleeping):
        _logind_says(bus, True)
    clocks.go(1, 600)
    watch._tick()
    with qtbot.waitSignal(logind.woke):
        _logind_says(bus, False)
    assert told.all == ["sleeping", "woke"] * 2
    watch.stop()
    assert not logind.heard


def test_no_bus_is_no_trouble() -> None:
    logind = Logind(QDBusConnection("nobody"))
    assert not logind.heard
    logind.close()


SYSTEM = """
from PySide6.QtCore import QCoreApplication, QTimer
from ui.desktop.network_watch import NetworkWatch
app = QCoreApplication([])
watch = NetworkWatch(poll=0.05, settle=0.01)
watch.listen_to_system()
watch.start()
QTimer.singleShot(300, app.quit)
app.exec()
watch.stop()
"""


def test_the_system_as_it_is_gives_no_trouble() -> None:
    """In a process of its own: Qt's backend and the system's bus cannot be put away again."""
    done = subprocess.run([sys.executable, "-c", SYSTEM], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


KERNEL = """
import subprocess, sys
from PySide6.QtCore import QCoreApplication, QTimer
from ui.desktop.netlink import AddressNews
from ui.desktop.network_watch import NetworkWatch
app = QCoreApplication([])
watch = NetworkWatch(poll=3600, settle=0.05)
watch.hear_addresses(AddressNews())
watch.start()
assert not watch.online
watch.changed.connect(app.quit)
QTimer.singleShot(20000, lambda: app.exit(3))
QTimer.singleShot(0, lambda: subprocess.run(
    ["ip", "link", "set", "lo", "up"], check=True) and subprocess.run(
    ["ip", "link", "add", "x0", "type", "veth", "peer", "name", "x1"], check=True) and subprocess.run(
    ["ip", "link", "set", "x1", "up"], check=True) and subprocess.run(
    ["ip", "link", "set", "x0", "up"], check=True) and subprocess.run(
    ["ip", "address", "add", "192.0.2.77/24", "dev", "x0"], check=True))
code = app.exec()
watch.stop()
sys.exit(code or (0 if watch.online else 4))
"""


def _own_network() -> bool:
    """May this user make a network namespace with a pair of interfaces in it?"""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    make = ["unshare", "-n", "ip", "link", "add", "x0", "type", "veth", "peer", "name", "x1"]
    return subprocess.run(make, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _own_network(), reason="no network of its own can be made here")
def test_the_kernel_tells_at_once() -> None:
    done = subprocess.run(
        ["unshare", "-n", sys.executable, "-c", KERNEL], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
