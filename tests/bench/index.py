"""A million numbers: how long they take to come in, whether anything waits meanwhile, how quickly one is found.

The app's own desk on its own main loop and an encrypted file, without a window; pages come as a bulk job gives them.
While they go into the store the main loop is watched by a timer that should fire every 2 ms, and every 50 ms a small
write and a look-up are made, as a call does.
"""

from __future__ import annotations

import gc
import itertools
import random
import secrets as random_source
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

from app.background import Background
from app.clock import SystemClock
from app.desk import Desk
from app.domain.counterpart import CrmRecord, Line
from app.domain.people_index import IndexPage, IndexScope
from app.hub import Hub
from app.machine_policy import MachinePolicy
from app.paths import Profile
from app.secret_names import TOKEN_SECRET
from app.secret_store import MemorySecrets
from app.settings import SalesforceSettings, Settings
from app.store import records
from app.store.database import Database
from app.store.people import INDEX_STATE
from app.store.people_index import IndexState, read_state
from app.store.writer import Writer
from app.wiring import start, wire
from crm.people_index import BULK_PAGE
from tests.bench.crowd import NUMBERS_EACH, crowd, e164
from tests.bench.figures import Figure, figure
from tests.fakes import FakeCrm, FakePhone, FixedClock
from ui.main_loop import QtMainLoop

_BEAT = 2  # milliseconds
_SMALL = 50


class _Crowded(FakeCrm):
    """A Salesforce with so many people in it, handed over in the pages of a bulk job."""

    def __init__(self, people: int) -> None:
        super().__init__()
        self._coming: Iterator[CrmRecord] = crowd(people)

    def index_page(self, scope: IndexScope, mark: str = "") -> IndexPage:
        """As the port says."""
        some = tuple(itertools.islice(self._coming, BULK_PAGE))
        is_last = len(some) < BULK_PAGE
        return IndexPage(some, next="" if is_last else "on", cursor="2026-11-20T18:00:00Z" if is_last else "")


class _Watch:
    """What the main loop and the store let wait."""

    def __init__(self, writer: Writer, desk: Desk, most: int) -> None:
        self.gaps: list[float] = []
        self.own: list[float] = []
        """The same without the time in which other programs had the processors."""
        self.writes: list[float] = []
        self.looks: list[float] = []
        self._writer, self._desk, self._most = writer, desk, most
        self._chance = random.Random(2)
        self._last, self._queued = time.perf_counter(), _queued()
        self._timers = [self._timer(_BEAT, self._beat), self._timer(_SMALL, self._small)]

    def stop(self) -> None:
        """Watch no longer."""
        for timer in self._timers:
            timer.stop()

    def _timer(self, milliseconds: int, work: Callable[[], None]) -> QTimer:
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(work)
        timer.start(milliseconds)
        return timer

    def _beat(self) -> None:
        now, queued = time.perf_counter(), _queued()
        gap = (now - self._last) * 1000
        self.gaps.append(gap)
        self.own.append(gap - (queued - self._queued))
        self._last, self._queued = now, queued

    def _small(self) -> None:
        number = e164(self._chance.randrange(self._most))
        began = time.perf_counter()
        self._desk.reads.match(number)
        self.looks.append((time.perf_counter() - began) * 1000)
        asked = time.perf_counter()
        self._writer.write(
            lambda s: records.save_draft(s, "main", number, "a few words"),
            lambda _: self.writes.append((time.perf_counter() - asked) * 1000),
        )


def measure(work: Path, people: int, runs: int) -> list[Figure]:
    """Load ``people``, then look ``runs`` of their numbers up."""
    app = QCoreApplication.instance() or QCoreApplication(["bench"])
    profile = Profile(work / "crowd")
    profile.prepare()
    key = random_source.token_hex(32)
    database = Database.open(profile.database, key)
    loop = QtMainLoop()
    troubles: list[BaseException] = []
    background = Background(loop, troubles.append, troubles.append)
    try:
        desk = _desk(profile, database, loop, background, _Crowded(people))
        numbers = int(people * NUMBERS_EACH)
        writer = Writer(database, background)
        # What the machine itself lets wait, before anything is read: the first reading begins a second after sign-in.
        idle = _Watch(writer, desk, numbers)
        _until(app, lambda: desk.index.is_reading)
        idle.stop()
        gc.freeze()  # as the app does when it is built
        began = time.perf_counter()
        watch = _Watch(writer, desk, numbers)
        _until(app, lambda: bool(troubles or (_state(desk).cursor and not desk.index.is_reading)))
        assert not troubles, troubles
        took = time.perf_counter() - began
        watch.stop()
        size = sum(path.stat().st_size for path in profile.folder.glob(profile.database.name + "*")) / 1e6
        return [*_while_loading(numbers, took, idle, watch, size), *_afterwards(desk, numbers, runs)]
    finally:
        background.close()
        database.close()


def _until(app: QCoreApplication, is_so: Callable[[], bool]) -> None:
    while not is_so():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _while_loading(numbers: int, took: float, idle: _Watch, watch: _Watch, size: float) -> list[Figure]:
    name = f"index, {numbers:,} numbers"
    return [
        figure(f"{name}: loaded", "s", [took]),
        figure(f"{name}: file with its log", "MB", [size], target=300),
        figure("  before, the longest gap of the main loop", "ms", [max(idle.gaps)]),
        figure("  while loading, gap of the main loop", "ms", [statistics.median(watch.gaps)]),
        figure("    99 of 100 are below", "ms", [_share(watch.gaps, 0.99)]),
        figure("    the longest", "ms", [max(watch.gaps)], target=100),
        figure("    the longest, but for other programs", "ms", [max(watch.own)], target=100),
        figure("  while loading, a small write", "ms", watch.writes),
        figure("    99 of 100 are below", "ms", [_share(watch.writes, 0.99)], target=100),
        figure("  while loading, number lookup", "ms", watch.looks),
    ]


def _afterwards(desk: Desk, numbers: int, runs: int) -> list[Figure]:
    chance = random.Random(3)
    looks = [_timed(lambda: desk.reads.match(e164(chance.randrange(numbers)))) for _ in range(max(runs, 2000))]
    missed = [_timed(lambda: desk.reads.match(f"+1999{chance.randrange(10**7):07}")) for _ in range(runs)]
    searches = {"a name": "garcia 777", "the last of the names": "美咲", "part of a number": "5559"}
    return [
        figure("  number lookup", "ms", looks, target=1.0),
        figure("    99 of 100 are below", "ms", [_share(looks, 0.99)]),
        figure("  number lookup, nobody", "ms", missed, target=1.0),
        figure("  first page of people", "ms", [_timed(desk.reads.people) for _ in range(runs)]),
        *(_searched(desk, what, text, runs) for what, text in searches.items()),
    ]


def _searched(desk: Desk, what: str, text: str, runs: int) -> Figure:
    return figure(f"  people by {what}", "ms", [_timed(lambda: desk.reads.people(text)) for _ in range(runs)])


def _desk(profile: Profile, database: Database, loop: QtMainLoop, background: Background, crm: FakeCrm) -> Desk:
    secrets = MemorySecrets()
    secrets.set(TOKEN_SECRET, "token")
    phone = FakePhone(FixedClock(), loop.post)
    desk = wire(
        profile=profile,
        settings=Settings(
            line=(Line(id="main", uri="sip:riley@carrier.example", number="+14155550100"),),
            salesforce=SalesforceSettings(instance_url="https://example.my.salesforce.com"),
        ),
        machine=MachinePolicy(index_all=True),
        database=database,
        secrets=secrets,
        phone=phone,
        make_gateway=lambda url, token: crm,
        background=background,
        loop=loop,
        hub=Hub(),
        clock=SystemClock(),
        demo_numbers=(),
        quit_app=lambda: None,
    )
    start(desk, phone)
    return desk


def _state(desk: Desk) -> IndexState:
    return read_state(desk.reads.meta(INDEX_STATE))


def _timed(look: Callable[[], object]) -> float:
    began = time.perf_counter()
    look()
    return (time.perf_counter() - began) * 1000


def _queued() -> float:
    """Milliseconds this thread has waited for a processor so far."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e6


def _share(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]
