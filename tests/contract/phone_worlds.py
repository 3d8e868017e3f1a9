"""A phone and its far side, once played by the test and once real: what the contract of `ports.Phone` is run on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from pathlib import Path

from app.domain.call import CallSent
from app.domain.message import Delivery, TextArrived
from app.domain.phone_events import CallArrived, LineChanged, PhoneEvent
from app.ports.phone import LineAccess, Phone
from tests.fakes import FakePhone, FixedClock
from tests.sip.harness import SILENT, Harness, local_line


class World(ABC):
    """A phone with one line, ``main``, and somebody at the other end."""

    phone: Phone
    events: list[PhoneEvent]
    other: str
    """The SIP URI of who is at the other end."""

    @abstractmethod
    def until(self, is_so: Callable[[], object]) -> None:
        """Take events until ``is_so()``."""

    @abstractmethod
    def settle(self) -> None:
        """Take all that comes of what was asked so far."""

    @abstractmethod
    def far_answers(self, call_id: str) -> None:
        """The other side picks up a call we made."""

    @abstractmethod
    def far_rejects(self, call_id: str) -> None:
        """The other side is busy for a call we made."""

    @abstractmethod
    def far_calls(self) -> str:
        """The other side calls; the call's id, as soon as it rings here."""

    @abstractmethod
    def far_hangs_up(self, call_id: str) -> None:
        """The other side ends an answered call."""

    @abstractmethod
    def far_texts(self, body: str) -> TextArrived:
        """The other side texts; the text as it came in."""

    @abstractmethod
    def far_takes_text(self, message_id: str) -> None:
        """The other side confirms a text of ours."""

    def of(self, call_id: str) -> list[PhoneEvent]:
        """The events of one call, in order."""
        return [e for e in self.events if getattr(e, "call_id", "") == call_id]


class PlayedWorld(World):
    """`FakePhone`, and the test as its far side."""

    def __init__(self) -> None:
        self._queue: deque[Callable[[], None]] = deque()
        self.events = []
        self.other = "sip:bob@carrier.example"
        self._fake = FakePhone(FixedClock(), self._queue.append)
        self.phone = self._fake
        self.phone.start(self.events.append)
        self.phone.apply([LineAccess(local_line("main", "alice"), "")], SILENT)
        self.settle()

    def until(self, is_so: Callable[[], object]) -> None:
        while not is_so():
            assert self._queue, f"nothing more comes: {self.events}"
            self._queue.popleft()()

    def settle(self) -> None:
        while self._queue:
            self._queue.popleft()()

    def far_answers(self, call_id: str) -> None:
        self._fake.far_answers(call_id)

    def far_rejects(self, call_id: str) -> None:
        self._fake.far_ends(call_id, 486)

    def far_calls(self) -> str:
        call_id = self._fake.call_in("bob")
        self.settle()
        return call_id

    def far_hangs_up(self, call_id: str) -> None:
        self._fake.far_ends(call_id)

    def far_texts(self, body: str) -> TextArrived:
        spool_id = self._fake.text_in(body, "bob")
        self.settle()
        return next(e for e in self.events if isinstance(e, TextArrived) and e.spool_id == spool_id)

    def far_takes_text(self, message_id: str) -> None:
        self._fake.text_result(message_id, Delivery.SENT)


class RealWorld(World):
    """A real engine; the far side is a second line of the same engine, as the library allows one endpoint only."""

    def __init__(self, folder: Path) -> None:
        self.harness = Harness(folder)
        self.events = self.harness.events
        self.phone = self.harness.phone
        self.harness.apply(local_line("main", "alice"), local_line("far", "bob"))
        self._alice = self._contact("main")
        self.other = self._contact("far")
        self._far: dict[str, str] = {}
        self._count = 0

    def _contact(self, line: str) -> str:
        changed: LineChanged = self.harness.find_line(line)
        return changed.contact

    def until(self, is_so: Callable[[], object]) -> None:
        while not is_so():
            self.harness.loop.work.get(timeout=10)()

    def settle(self) -> None:
        self.harness.settle(0.5)

    def far_answers(self, call_id: str) -> None:
        self.phone.answer(self._leg(call_id))

    def far_rejects(self, call_id: str) -> None:
        self.phone.reject(self._leg(call_id))

    def far_calls(self) -> str:
        self._count += 1
        theirs = f"far-{self._count}"
        self.phone.dial(theirs, "far", self._alice)
        sent = self.harness.find(CallSent, lambda e: e.call_id == theirs)
        came = self.harness.find(CallArrived, lambda e: e.line == "main" and e.sip_call_id == sent.sip_call_id)
        self._far[came.call_id] = theirs
        return came.call_id

    def far_hangs_up(self, call_id: str) -> None:
        self.phone.hangup(self._leg(call_id))

    def far_texts(self, body: str) -> TextArrived:
        self.phone.send_text(f"far-text-{len(self.events)}", "far", self._alice, body)
        return self.harness.find(TextArrived, lambda e: e.line == "main" and e.body == body)

    def far_takes_text(self, message_id: str) -> None:
        """The library at the other end confirms by itself."""

    def _leg(self, call_id: str) -> str:
        """The other side's leg of our call."""
        if call_id not in self._far:
            sent = self.harness.find(CallSent, lambda e: e.call_id == call_id)
            came = self.harness.find(CallArrived, lambda e: e.line == "far" and e.sip_call_id == sent.sip_call_id)
            self._far[call_id] = came.call_id
        return self._far[call_id]
