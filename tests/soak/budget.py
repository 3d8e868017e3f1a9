"""One rep's day against the stand-in, hours in seconds: how many requests it takes, by kind.

Everything but the telephone is real: use cases, store, gateway, the stand-in's own count. The clock is moved from one
timer to the next, so the app believes it has worked from nine to five.
"""

from __future__ import annotations

import heapq
import itertools
import queue
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from app.background import Background, Lane
from app.domain.call import CallState
from app.domain.counterpart import Line
from app.errors import AppError
from app.hub import Hub
from app.machine_policy import MachinePolicy
from app.paths import Profile
from app.secret_names import TOKEN_SECRET
from app.secret_store import MemorySecrets
from app.settings import SalesforceSettings, Settings
from app.store.database import Database
from app.usecases.login import CrmState
from app.wiring import start, wire
from crm.gateway import SalesforceGateway
from tests.fakes import FakePhone, FixedClock
from tests.peers.salesforce import Salesforce

MOST = 135
CALLS, TEXTS, CONVERSATIONS = 60, 100, 30
_HOURS = 8
_DAY = timedelta(hours=_HOURS)
_KINDS = (
    ("call logs and days together", r"POST .*/composite$"),
    ("call logs", r"(PATCH|POST) .*/composite/sobjects(/Task/\S*)?$"),
    ("days of texts", r"PATCH .*/composite/sobjects/Ringdown_Day__c"),
    ("Tasks read back", r"GET .*/queryAll"),
    ("caller-ID searches", r"GET .*/search"),
    ("people refreshed", r"/query\S*FROM (Contact|Lead|Account|User)|/jobs/|/(updated|deleted)"),
    ("describe and words of the org", r"describe|TaskStatus"),
)

Result = TypeVar("Result")


class DayLoop:
    """A MainLoop whose timers follow the clock that the run moves."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock
        self.posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._timers: list[tuple[datetime, int, Callable[[], None]]] = []
        self._cancelled: set[int] = set()
        self._ids = itertools.count()

    def post(self, work: Callable[[], None]) -> None:
        """As the port says."""
        self.posted.put(work)

    def later(self, seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        """As the port says, in the day's time."""
        number = next(self._ids)
        heapq.heappush(self._timers, (self._clock.at + timedelta(seconds=seconds), number, work))
        return lambda: self._cancelled.add(number)

    def next_timer(self, before: datetime) -> Callable[[], None] | None:
        """The next timer before then, with the clock moved to it."""
        while self._timers and self._timers[0][0] <= before:
            at, number, work = heapq.heappop(self._timers)
            if number not in self._cancelled:
                self._clock.at = max(self._clock.at, at)
                return work
        return None


class Counted(Background):
    """The app's threads, with a count of what is still under way."""

    def __init__(self, loop: DayLoop, bugs: list[BaseException]) -> None:
        super().__init__(loop, lambda error: None, bugs.append)
        self.open = 0

    def run(
        self,
        lane: Lane,
        work: Callable[[], Result],
        then: Callable[[Result], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """As `Background.run`."""
        self.open += 1

        def done(result: Result) -> None:
            self.open -= 1
            if then is not None:
                then(result)

        def lost(error: AppError) -> None:
            self.open -= 1
            if failed is not None:
                failed(error)

        super().run(lane, work, done, lost)


class Day:
    """The rep's desk."""

    def __init__(self, folder: Path, crm: Salesforce) -> None:
        profile = Profile(folder / "profile")
        profile.prepare()
        self.clock = FixedClock(datetime.now(UTC).replace(microsecond=0))
        self.loop = DayLoop(self.clock)
        self.bugs: list[BaseException] = []
        self.background = Counted(self.loop, self.bugs)
        self.database = Database.open(profile.database, "ab" * 32)
        self.phone = FakePhone(self.clock, self.loop.post)
        secrets = MemorySecrets()
        secrets.set(TOKEN_SECRET, crm.token)
        self.desk = wire(
            profile=profile,
            settings=Settings(
                line=(Line(id="main", uri="sip:riley@carrier.example", number="+14155550100"),),
                salesforce=SalesforceSettings(instance_url=crm.url),
            ),
            machine=MachinePolicy(),
            database=self.database,
            secrets=secrets,
            phone=self.phone,
            make_gateway=lambda url, token: SalesforceGateway(url, lambda: token),
            background=self.background,
            loop=self.loop,
            hub=Hub(),
            clock=self.clock,
            demo_numbers=(),
            quit_app=lambda: None,
        )
        start(self.desk, self.phone)
        self.settle()
        assert self.desk.login.status.state is CrmState.SIGNED_IN

    def settle(self) -> None:
        """Run until nothing is under way any more."""
        while self.background.open or not self.loop.posted.empty():
            try:
                work = self.loop.posted.get(timeout=30)
            except queue.Empty:
                raise AssertionError("something never ended") from None
            work()
            assert not self.bugs, self.bugs

    def until(self, at: datetime) -> None:
        """Let the day go on to ``at``."""
        while (work := self.loop.next_timer(at)) is not None:
            work()
            self.settle()
        self.clock.at = max(self.clock.at, at)

    def call(self, number: str, seconds: float, notes: str) -> str:
        """A call with notes while talking and a word after it."""
        call_id = self.phone.call_in(number)
        self.settle()
        self.desk.calls.answer(call_id)
        self.settle()
        self.desk.wrapup.set_notes(call_id, notes)
        self.until(self.clock.at + timedelta(seconds=seconds))
        live = self.desk.calls.get(call_id)
        assert live is not None
        assert live.state is CallState.ACTIVE
        self.phone.far_ends(call_id)
        self.settle()
        self.until(self.clock.at + timedelta(seconds=15))
        self.desk.wrapup.set_notes(call_id, f"{notes}\nand a word after it")
        self.settle()
        return call_id

    def close(self) -> None:
        """End it."""
        self.background.close()
        self.database.close()


def run(folder: Path, seed: int) -> int:
    """Exit code 0 when the day stayed within its budget and everything arrived."""
    chance = random.Random(seed)
    began = time.monotonic()
    with Salesforce(folder) as crm:
        crm.reset(empty=True)
        numbers = [f"+1415555{place:04}" for place in range(200, 200 + CONVERSATIONS)]
        # Four fifths of the callers are known there.
        known = [number for n, number in enumerate(numbers) if n % 5]
        crm.load("Contact", *({"LastName": f"Caller {n}", "Phone": number} for n, number in enumerate(known)))
        crm.control("POST", "index")
        crm.control("DELETE", "log")
        day = Day(folder, crm)
        try:
            _work(day, crm, numbers, chance)
            requests = crm.requests()
            wrong = _wrong(day, crm, numbers)
        finally:
            day.close()
    kinds = Counter(_kind(one) for one in requests)
    for kind, count in kinds.most_common():
        print(f"{count:6}  {kind}")
    hours = f"{_HOURS} hours in {time.monotonic() - began:.0f} s"
    print(f"{len(requests):6}  requests for {CALLS} calls and {TEXTS} texts, {MOST} allowed ({hours})")
    if kinds["other"]:
        for one in sorted({one[:150] for one in requests if _kind(one) == "other"}):
            print("        ", one)
    for sentence in wrong:
        print("WRONG:", sentence)
    return 1 if wrong or len(requests) > MOST else 0


def _work(day: Day, crm: Salesforce, numbers: list[str], chance: random.Random) -> None:
    """Calls spread over the day, each conversation a few texts within some minutes, and colleagues at work."""
    first = day.clock.at
    events: list[tuple[datetime, str, str]] = []
    for _ in range(CALLS):
        events.append((first + _DAY * chance.random(), "call", chance.choice(numbers)))
    starts = {number: first + _DAY * 0.95 * chance.random() for number in numbers}
    for n in range(TEXTS):
        number = numbers[n % CONVERSATIONS]
        events.append((starts[number] + timedelta(minutes=6 * chance.random()), "text", number))
    for _ in range(10):
        events.append((first + _DAY * chance.random(), "colleague", ""))
    for _ in range(10):
        events.append((first + _DAY * chance.random(), "open", ""))
    calls: list[str] = []
    for at, what, number in sorted(events):
        day.until(at)
        if what == "call":
            calls.append(day.call(number, 20 + 160 * chance.random(), f"notes {len(calls)}"))
        elif what == "text" and chance.random() < 0.5:
            day.phone.text_in(f"in {at.isoformat()}", number)
        elif what == "text":
            day.desk.messages.send(number, f"out {at.isoformat()}")
        elif what == "colleague" and (tasks := crm.rows("Task")):
            crm.load("Task", {"Id": chance.choice(tasks)["Id"], "CallDisposition": f"theirs {at.isoformat()}"})
        elif what == "open" and calls:
            day.desk.sync.opened(chance.choice(calls))
        day.settle()
    day.until(first + _DAY + timedelta(minutes=15))


def _wrong(day: Day, crm: Salesforce, numbers: list[str]) -> list[str]:
    wrong = []
    tasks, logs = crm.rows("Task"), day.desk.reads.call_logs(1000)
    if len(tasks) != CALLS:
        wrong.append(f"{len(tasks)} Tasks for {CALLS} calls")
    texts = sum(int(row["Messages__c"]) for number in numbers for row in crm.days(number))
    if texts != TEXTS:
        wrong.append(f"{texts} texts in the day records")
    by_id = {str(row["Id"]): row for row in tasks}
    for log in logs:
        task = by_id.get(log.task_id)
        if task is None or not str(task["Description"]).startswith(log.notes + "\n"):
            wrong.append("a Task without its notes")
    theirs = {str(row["CallDisposition"]) for row in tasks if str(row["CallDisposition"]).startswith("theirs")}
    here = {log.disposition for log in logs if log.disposition.startswith("theirs")}
    # What changed in the last half an hour may still come.
    if len(theirs - here) > 1:
        wrong.append(f"{len(theirs - here)} changes in Salesforce did not come back")
    if day.desk.reads.outbox_count().waiting:
        wrong.append("something still waits")
    return wrong


def _kind(request: str) -> str:
    plain = request.replace("+", " ")
    return next((name for name, pattern in _KINDS if re.search(pattern, plain)), "other")
