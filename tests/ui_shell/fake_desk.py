"""A desk by hand: calls that move by the real fold, rows in memory, wishes written down, the real hub."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from app.desk import Desk
from app.domain.call import (
    Call,
    CallAnswered,
    CallEnded,
    CallEvent,
    CallHangupAsked,
    CallHoldChanged,
    CallMuteChanged,
    CallRinging,
    CallSent,
    CallState,
    Direction,
    EndReason,
    advance,
)
from app.domain.call_log import CallLog
from app.domain.counterpart import (
    NO_MATCH,
    Card,
    CrmCase,
    CrmRecord,
    Deal,
    Line,
    LineReason,
    LineState,
    Match,
    RecordRef,
    TimelineEntry,
)
from app.domain.events import (
    CallChanged,
    CallFinished,
    CallLogChanged,
    CallRang,
    LinesChanged,
    LineStateChanged,
    MatchChanged,
)
from app.domain.message import Delivery, Message
from app.domain.phone_events import DevicesChanged
from app.domain.phone_number import parse
from app.errors import AppError, ErrorCode
from app.hub import Hub
from app.paths import Profile
from app.ports import CrmUser
from app.reads.rows import (
    ConversationRow,
    Counts,
    LastContact,
    MessageRow,
    OutboxCount,
    OutboxRow,
    Page,
    PersonRow,
    RecentFilter,
    RecentRow,
)
from app.settings import AudioSettings, Settings, Theme
from app.usecases.lines import LineStatus
from app.usecases.login import CrmState, CrmStatus

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LINE = Line("main", "sip:riley@pbx.example", number="+14155550100", registrar="sip:pbx.example")
SECOND = Line("support", "sip:support@pbx.example", number="+16285550177")
ANA = "+14155550142"
BO = "+15035550199"
HOSTILE = "<b>Ana</b> \u202egnp.exe\x00\x07\n<img src=x onerror=alert(1)> " + "名前 & " * 700

ANA_RECORD = CrmRecord(
    RecordRef("Contact", "003000000000001AAA"),
    "Ana Flores",
    title="VP Operations",
    company="Acme",
    account_id="001000000000001AAA",
    email="ana@acme.example",
    owner="Riley Park",
    phones=(("Phone", ANA), ("Mobile", "+16285550143")),
)
BO_RECORD = CrmRecord(
    RecordRef("Lead", "00Q000000000001AAA"), "Bo Lindqvist", company="Nord Logistics", phones=(("Phone", BO),)
)
ANA_CARD = Card(
    ANA_RECORD,
    deals=(Deal("006000000000001AAA", "Renewal 2026", "Negotiation", 42_000.0, "2026-12-15"),),
    cases=(CrmCase("500000000000001AAA", "00001042", "Login fails after update", "Open", "High"),),
    timeline=(
        TimelineEntry("00T000000000001AAA", "call", "Call to Ana Flores", "2026-11-19T15:00:00Z", "Riley", "12 min"),
        TimelineEntry("00T000000000002AAA", "task", "Send the renewal quote", "2026-11-18", "Riley Park"),
    ),
)  # fmt: skip

_ids = itertools.count(1)


@dataclass
class FakeReads:
    """Lists in memory."""

    logs: dict[str, CallLog] = field(default_factory=dict)
    rows: list[RecentRow] = field(default_factory=list)
    threads: list[ConversationRow] = field(default_factory=list)
    texts: list[MessageRow] = field(default_factory=list)
    persons: list[CrmRecord] = field(default_factory=list)
    matches: dict[str, Match] = field(default_factory=dict)
    last: LastContact | None = None
    outbox: list[OutboxRow] = field(default_factory=list)
    missed: int = 0
    unread: int = 0
    broken: AppError | None = None

    def _check(self) -> None:
        if self.broken is not None:
            raise self.broken

    def recents(
        self, *, before: str = "", limit: int = 50, filter: RecentFilter = RecentFilter.ALL, text: str = ""
    ) -> Page[RecentRow]:
        return Page(tuple(self.rows))

    def conversations(self, *, before: str = "", limit: int = 50, text: str = "") -> Page[ConversationRow]:
        self._check()
        return Page(tuple(row for row in self.threads if text.lower() in f"{row.name} {row.number}".lower())[:limit])

    def conversation(self, line: str, number: str) -> ConversationRow | None:
        return next((row for row in self.threads if (row.line, row.number) == (line, number)), None)

    def thread(self, line: str, number: str, *, before: str = "", limit: int = 60) -> Page[MessageRow]:
        return Page(tuple(row for row in self.texts if (row.line, row.number) == (line, number)))

    def messages(self, number: str | None = None, limit: int = 50) -> tuple[MessageRow, ...]:
        return tuple(self.texts)

    def message(self, id: str) -> Message | None:
        return None

    def draft(self, line: str, number: str) -> str:
        return ""

    def people(self, text: str = "", *, after: str = "", limit: int = 50) -> Page[PersonRow]:
        self._check()
        wanted = text.lower()
        found = [
            PersonRow(person.ref, person.name, person.title, person.company, person.phones)
            for person in self.persons
            if wanted in f"{person.name} {person.company} {person.phones}".lower()
        ]
        return Page(tuple(found[:limit]))

    def person(self, id: str) -> CrmRecord | None:
        return next((person for person in self.persons if person.ref.id == id), None)

    def match(self, number: str) -> Match:
        return self.matches.get(number, NO_MATCH)

    def looked_up(self, number: str) -> datetime | None:
        return NOON

    def last_contact(self, number: str, before_call_id: str = "") -> LastContact | None:
        return self.last

    def call_log(self, id: str) -> CallLog | None:
        self._check()
        return self.logs.get(id)

    def outbox_count(self) -> OutboxCount:
        failed = sum(row.failed for row in self.outbox)
        return OutboxCount(len(self.outbox) - failed, failed)

    def outbox_rows(self, limit: int = 200) -> tuple[OutboxRow, ...]:
        return tuple(self.outbox[:limit])

    def counts(self) -> Counts:
        return Counts(self.missed, self.unread)


class FakeLines:
    """Lines that are ready, until a test says otherwise."""

    def __init__(self, hub: Hub, *lines: Line) -> None:
        self.settings = Settings(line=lines)
        self.devices = DevicesChanged(("Headset", "Webcam"), ("Headset", "Monitor"), NOON)
        self.phone_is_up = True
        self.provisioned: list[object] = []
        self.listed = 0
        self._hub = hub
        self._states = {line.id: LineStatus(line, LineState.REGISTERED) for line in lines}

    def all(self) -> tuple[LineStatus, ...]:
        return tuple(self._states[line.id] for line in self.settings.line)

    def add(self, line: Line) -> None:
        self._states[line.id] = LineStatus(line, LineState.REGISTERED)
        self.settings = replace(self.settings, line=(*self.settings.line, line))
        self._hub.publish(LinesChanged())

    def become(self, line_id: str, state: LineState, reason: LineReason = LineReason.NONE) -> None:
        self._states[line_id] = replace(self._states[line_id], state=state, reason=reason)
        self._hub.publish(LineStateChanged(line_id, state))

    def choose(self, line_id: str = "") -> Line:
        if not self.settings.line:
            raise AppError(ErrorCode.NO_LINE)
        found = self.get(line_id) if line_id else self.settings.line[0]
        if found is None:
            raise AppError(ErrorCode.LINE_UNKNOWN, line=line_id)
        return found

    def get(self, line_id: str) -> Line | None:
        return self.settings.line_by_id(line_id)

    def status(self, line_id: str) -> LineStatus | None:
        return next((status for status in self.all() if status.line.id == line_id), None)

    def region(self, line_id: str = "") -> str:
        return "US"

    def list_devices(self) -> None:
        self.listed += 1

    def set_audio(self, audio: AudioSettings) -> None:
        self.settings = replace(self.settings, audio=audio)

    def set_theme(self, theme: Theme) -> None:
        self.settings = replace(self.settings, theme=theme)

    def provision(self, provisioned: object, then: Callable[[], None], failed: Callable[[AppError], None]) -> None:
        self.provisioned.append(provisioned)
        then()


class FakeCalls:
    """Calls that move as the real ones do; a test plays the engine with `fold`."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self._calls: dict[str, Call] = {}
        self._ended: dict[str, Call] = {}
        self.digits_sent: list[tuple[str, str]] = []
        self.dialled: list[tuple[str, str, str]] = []
        self.seen = 0
        self.refuse: AppError | None = None

    def live(self) -> tuple[Call, ...]:
        return tuple(self._calls.values())

    def get(self, call_id: str) -> Call | None:
        return self._calls.get(call_id) or self._ended.get(call_id)

    def dial(self, typed: str, *, line_id: str = "", caller_id: str = "", about: str = "") -> str:
        if self.refuse is not None:
            raise self.refuse
        line = self._desk.lines.choose(line_id)
        number = parse(typed, line.region)
        self.dialled.append((number.value, line.id, about))
        return self._new(
            Call(f"c{next(_ids)}", line.id, Direction.OUT, number.value, "", CallState.DIALING, self._now())
        )

    def ring(self, number: str, name: str = "", line: str = "main") -> str:
        """Somebody calls."""
        call = Call(f"c{next(_ids)}", line, Direction.IN, number, name, CallState.RINGING, self._now(), "sip-call-id")
        self._calls[call.id] = call
        self._desk.hub.publish(CallRang(call.id))
        return self._new(call)

    def answer(self, call_id: str) -> None:
        for other in self.live():
            if other.state is CallState.ACTIVE:
                self.fold(CallHoldChanged(other.id, self._now(), True))
        self.fold(CallAnswered(call_id, self._now()))

    def connect(self, call_id: str) -> None:
        """The far end rings and answers."""
        self.fold(CallSent(call_id, self._now(), "sip-call-id"))
        self.fold(CallRinging(call_id, self._now()))
        self.fold(CallAnswered(call_id, self._now()))

    def reject(self, call_id: str) -> None:
        self.fold(CallHangupAsked(call_id, self._now(), declined=True))
        self.end(call_id, 486)

    def hangup(self, call_id: str) -> None:
        self.fold(CallHangupAsked(call_id, self._now()))
        self.end(call_id)

    def end(self, call_id: str, status: int = 200, reason: EndReason = EndReason.NONE) -> None:
        """The leg is over."""
        self.fold(CallEnded(call_id, self._now(), status, reason))
        self._desk.hub.publish(CallFinished(call_id))

    def hold(self, call_id: str) -> None:
        self.fold(CallHoldChanged(call_id, self._now(), True))

    def resume(self, call_id: str) -> None:
        self.fold(CallHoldChanged(call_id, self._now(), False))

    def mute(self, call_id: str, on: bool) -> None:
        self.fold(CallMuteChanged(call_id, self._now(), on))

    def digits(self, call_id: str, digits: str) -> None:
        self.digits_sent.append((call_id, digits))

    def mark_seen(self, then: Callable[[], None] | None = None) -> None:
        self.seen += 1
        self._desk.reads.missed = 0
        if then is not None:
            then()

    def fold(self, event: CallEvent) -> None:
        """The engine reports."""
        call = advance(self._calls[event.call_id], event)
        if call.is_live:
            self._calls[call.id] = call
        else:
            del self._calls[call.id]
            self._ended[call.id] = call
        self._keep(call)
        self._desk.hub.publish(CallChanged(call.id))

    def _new(self, call: Call) -> str:
        self._calls[call.id] = call
        self._keep(call)
        self._desk.hub.publish(CallChanged(call.id))
        return call.id

    def _keep(self, call: Call) -> None:
        log = self._desk.reads.logs.get(call.id) or CallLog(call)
        self._desk.reads.logs[call.id] = replace(log, call=call)

    def _now(self) -> datetime:
        return self._desk.clock.now()


class FakeWrapup:
    """Stores notes when the test says so, or at once."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self.at_once = True
        self.asked: list[tuple[str, str]] = []
        self._waiting: list[tuple[str, str, Callable[[], None] | None, Callable[[AppError], None] | None]] = []

    def set_notes(
        self,
        call_id: str,
        text: str,
        then: Callable[[], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        self.asked.append((call_id, text))
        self._waiting.append((call_id, text, then, failed))
        if self.at_once:
            self.store()

    def store(self) -> None:
        """The store writes what it was asked to."""
        waiting, self._waiting = self._waiting, []
        for call_id, text, then, _ in waiting:
            self._desk.reads.logs[call_id] = replace(self._desk.reads.logs[call_id], notes=text)
            self._desk.hub.publish(CallLogChanged(call_id))
            if then is not None:
                then()

    def fail(self, error: AppError) -> None:
        """The store cannot."""
        waiting, self._waiting = self._waiting, []
        for _, _, _, failed in waiting:
            if failed is not None:
                failed(error)


class FakeCards:
    """Cards given by the test."""

    def __init__(self) -> None:
        self.cards: dict[RecordRef, Card] = {}
        self.loads: list[RecordRef] = []
        self.found: list[CrmRecord] = []
        self.online = True

    def known(self, ref: RecordRef) -> Card | None:
        return self.cards.get(ref)

    def problem(self, ref: RecordRef) -> AppError | None:
        return None

    def is_loading(self, ref: RecordRef) -> bool:
        return False

    def load(self, ref: RecordRef, *, fresh: bool = False) -> Card | None:
        self.loads.append(ref)
        return self.cards.get(ref)

    def forget(self, ref: RecordRef) -> None:
        self.cards.pop(ref, None)

    def url(self, ref: RecordRef) -> str:
        return f"https://acme.my.example/{ref.id}" if self.online else ""

    def new_contact_url(self, number: str) -> str:
        return f"https://acme.my.example/new?phone={number}" if self.online else ""

    def search(self, text: str, then: Callable[[Sequence[CrmRecord]], None]) -> None:
        then([record for record in self.found if text.lower() in record.name.lower()])


class FakeMatching:
    """What the cache knows."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk

    def known(self, number: str) -> Match:
        return self._desk.reads.match(number)

    def look_up(self, number: str, *, fresh: bool = False) -> Match:
        return self.known(number)

    def choose(self, number: str, ref: RecordRef) -> None:
        match = self.known(number)
        self._desk.reads.matches[number] = replace(match, chosen=next(r for r in match.records if r.ref == ref))
        self._desk.hub.publish(MatchChanged(number))

    def learn(self, people: Sequence[CrmRecord], then: Callable[[], None] | None = None) -> None:
        if then is not None:
            then()


class FakeSync:
    """Writes down what was asked."""

    def __init__(self) -> None:
        self.retried: list[tuple[str, str]] = []

    def retry(self, kind: str, ref: str) -> None:
        self.retried.append((kind, ref))


class FakeMessages:
    """Writes down what was asked."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, typed: str, body: str, **_: object) -> str:
        self.sent.append((typed, body))
        return "m1"

    def retry(self, message_id: str) -> None:
        self.sent.append((message_id, ""))

    def save_draft(self, line_id: str, number: str, text: str) -> None:
        return

    def mark_read(self, line_id: str, number: str) -> None:
        return


class FakeClock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class FakeDesk:
    """Everything the window asks of a desk."""

    def __init__(self, folder: Path, *lines: Line) -> None:
        self.hub = Hub()
        self.profile = Profile(folder)
        self.clock = FakeClock()
        self.reads = FakeReads()
        self.lines = FakeLines(self.hub, *lines)
        user = CrmUser("005000000000001AAA", "Riley Park", "riley@acme.example", "00D000000000001AAA", "UTC")
        self.login = SimpleNamespace(
            status=CrmStatus(CrmState.SIGNED_IN, user, "https://acme.my.example"), zone=lambda: "UTC", user=lambda: user
        )
        self.matching = FakeMatching(self)
        self.calls = FakeCalls(self)
        self.messages = FakeMessages()
        self.wrapup = FakeWrapup(self)
        self.cards = FakeCards()
        self.sync = FakeSync()
        self.is_demo = False
        self.demo_numbers: tuple[tuple[str, str], ...] = ()

    @property
    def desk(self) -> Desk:
        """Itself, as the window knows it."""
        return cast(Desk, self)

    def know(self, *people: CrmRecord, number: str = "") -> None:
        """Put people into the cache, by their first number or by ``number``."""
        for person in people:
            self.reads.persons.append(person)
            key = number or person.phones[0][1]
            before = self.reads.matches.get(key, NO_MATCH).records
            records = (*before, person)
            self.reads.matches[key] = Match(records, records[0] if len(records) == 1 else None)

    def set_crm(self, state: CrmState, problem: AppError | None = None) -> None:
        """Sign in or out, or lose the network; the test publishes the event."""
        self.login.status = replace(self.login.status, state=state, problem=problem)

    def text(self, body: str, minutes: float = 0, *, out: bool = False, number: str = ANA) -> None:
        """One text that came or went before noon."""
        at = NOON - timedelta(minutes=minutes)
        way = Direction.OUT if out else Direction.IN
        self.reads.texts.append(
            MessageRow(
                f"m{next(_ids)}", "main", number, way, body, at, at.date().isoformat(), Delivery.DELIVERED, "", False
            )
        )
