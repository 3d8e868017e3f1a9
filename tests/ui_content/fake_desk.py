"""A desk by hand: rows in memory, wishes written down, the real hub."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

from app.desk import Desk
from app.domain.call import Call, Direction, Outcome
from app.domain.call_log import Synced
from app.domain.counterpart import Card, CrmRecord, Line, LineState, Match, RecordRef
from app.domain.events import ConversationChanged, MatchChanged, MessageStored
from app.domain.message import Delivery, Message
from app.domain.phone_number import parse
from app.domain.policies import may_text
from app.errors import AppError, ErrorCode
from app.hub import Hub
from app.reads.rows import ConversationRow, MessageRow, RecentRow
from app.usecases.lines import LineStatus
from app.usecases.login import CrmState, CrmStatus
from tests.fake_presence import FakePresence
from tests.ui_content.fake_reads import FakeReads, message_of
from tests.ui_shell.fake_wrapup import FakeNewPeople, FakeTypedForms

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ANA = "+14155550100"
BO = "+46812345678"
LINE = Line("main", "sip:ana@pbx.example", number="+14155550111")


class FakeLines:
    """One registered line, until a test says otherwise."""

    def __init__(self, *lines: Line) -> None:
        self.lines = list(lines or (LINE,))
        self.state = LineState.REGISTERED

    def all(self) -> tuple[LineStatus, ...]:
        return tuple(LineStatus(line, self.state) for line in self.lines)

    def choose(self, line_id: str = "") -> Line:
        if not self.lines:
            raise AppError(ErrorCode.NO_LINE)
        found = self.get(line_id) if line_id else self.lines[0]
        if found is None:
            raise AppError(ErrorCode.LINE_UNKNOWN, line=line_id)
        return found

    def get(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def status(self, line_id: str) -> LineStatus | None:
        return next((status for status in self.all() if status.line.id == line_id), None)

    def region(self, line_id: str = "") -> str:
        found = self.get(line_id)
        return found.region if found else "US"


class FakeMessages:
    """Stores what is sent, like the real one a moment later: when the test says `stored`."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self.sent: list[tuple[str, str, str]] = []
        self.retried: list[str] = []
        self.read: list[tuple[str, str]] = []
        self.drafts: list[tuple[str, str, str]] = []
        self.refuse: AppError | None = None
        self.waiting: list[tuple[Callable[[Message], None] | None, Callable[[AppError], None] | None, Message]] = []

    def send(
        self,
        typed: str,
        body: str,
        *,
        line_id: str = "",
        then: Callable[[Message], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> str:
        if self.refuse is not None:
            raise self.refuse
        line = self._desk.lines.choose(line_id)
        number = parse(typed, line.region)
        may_text(number, body)
        self.sent.append((line.id, number.value, body))
        row = text(body, Direction.OUT, number=number.value, line=line.id, delivery=Delivery.QUEUED, at=NOON)
        self.waiting.append((then, failed, message_of(row)))
        return row.id

    def stored(self) -> None:
        """The store has written what was sent."""
        for then, _, message in self.waiting:
            self._desk.reads.texts.append(
                MessageRow(
                    message.id,
                    message.line,
                    message.number,
                    message.direction,
                    message.body,
                    message.time,
                    message.day,
                    message.delivery,
                    "",
                    cut=False,
                )
            )
            self._desk.hub.publish(ConversationChanged(message.line, message.number))
            self._desk.hub.publish(MessageStored(message.id, message.line, message.number))
            if then is not None:
                then(message)
        self.waiting.clear()

    def not_stored(self, error: AppError) -> None:
        """The store could not write it."""
        for _, failed, _message in self.waiting:
            if failed is not None:
                failed(error)
        self.waiting.clear()

    def retry(self, message_id: str) -> None:
        self.retried.append(message_id)

    def save_draft(self, line_id: str, number: str, typed: str) -> None:
        self.drafts.append((line_id, number, typed))
        self._desk.reads.drafts[line_id, number] = typed
        self._desk.hub.publish(ConversationChanged(line_id, number))

    def mark_read(self, line_id: str, number: str) -> None:
        self.read.append((line_id, number))
        self._desk.reads.threads = [
            replace(row, unread=0) if (row.line, row.number) == (line_id, number) else row
            for row in self._desk.reads.threads
        ]
        self._desk.hub.publish(ConversationChanged(line_id, number))


class FakeMatching:
    """Knows what the reads know; remembers what was asked."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self.looked: list[tuple[str, bool]] = []
        self.chosen: list[tuple[str, RecordRef]] = []
        self.learned: list[CrmRecord] = []
        self.asking: set[str] = set()

    def known(self, number: str) -> Match:
        return self._desk.reads.match(number)

    def look_up(self, number: str, *, fresh: bool = False) -> Match:
        self.looked.append((number, fresh))
        return self.known(number)

    def is_asking(self, number: str) -> bool:
        return number in self.asking

    def answered(self, number: str) -> None:
        """Salesforce has answered, or never will."""
        self.asking.discard(number)
        self._desk.hub.publish(MatchChanged(number))

    def choose(self, number: str, ref: RecordRef) -> None:
        self.chosen.append((number, ref))
        match = self.known(number)
        known = match.records or tuple(self.learned)
        self._desk.reads.matches[number] = Match(known, next(r for r in known if r.ref == ref))
        self._desk.hub.publish(MatchChanged(number))

    def learn(self, people: Sequence[CrmRecord], then: Callable[[], None] | None = None) -> None:
        self.learned += people
        for person in people:
            self._desk.reads.records[person.ref.id] = person
        if then is not None:
            then()


class FakeCards:
    """Cards given by the test."""

    def __init__(self) -> None:
        self.cards: dict[RecordRef, Card] = {}
        self.problems: dict[RecordRef, AppError] = {}
        self.loading: set[RecordRef] = set()
        self.loads: list[tuple[RecordRef, bool]] = []
        self.found: list[CrmRecord] = []

    def known(self, ref: RecordRef) -> Card | None:
        return self.cards.get(ref)

    def problem(self, ref: RecordRef) -> AppError | None:
        return self.problems.get(ref)

    def is_loading(self, ref: RecordRef) -> bool:
        return ref in self.loading

    def load(self, ref: RecordRef, *, fresh: bool = False) -> Card | None:
        self.loads.append((ref, fresh))
        return self.cards.get(ref)

    def url(self, ref: RecordRef) -> str:
        return f"https://acme.example/{ref.id}"

    def new_contact_url(self, number: str) -> str:
        return f"https://acme.example/new?phone={number}"

    def search(self, typed: str, then: Callable[[Sequence[CrmRecord]], None]) -> None:
        then([record for record in self.found if typed.lower() in record.name.lower()])


class FakeDesk:
    """Everything a pane asks of a desk."""

    def __init__(self, *lines: Line) -> None:
        self.hub = Hub()
        self.clock = SimpleNamespace(now=lambda: NOON)
        self.reads = FakeReads()
        self.lines = FakeLines(*lines)
        self.login = SimpleNamespace(status=CrmStatus(CrmState.SIGNED_IN, None, ""), zone=lambda: "UTC")
        self.live: list[Call] = []
        self.calls = SimpleNamespace(
            live=lambda: tuple(self.live), get=lambda id: next((call for call in self.live if call.id == id), None)
        )
        self.matching = FakeMatching(self)
        self.messages = FakeMessages(self)
        self.presence = FakePresence()
        self.cards = FakeCards()
        self.new_people = FakeNewPeople(self._matched, self.clock.now)
        self.typed_forms = FakeTypedForms()

    def _matched(self, number: str, match: Match) -> None:
        self.reads.matches[number] = match
        self.hub.publish(MatchChanged(number))

    @property
    def desk(self) -> Desk:
        """Itself, as the panes know it."""
        return cast(Desk, self)

    def set_crm(self, state: CrmState) -> None:
        """Sign in, out, or lose the network. The test publishes the event."""
        self.login.status = CrmStatus(state, None, "")


_made = iter(range(1, 1_000_000))


def call(
    id: str,
    *,
    minutes: float = 0,
    number: str = ANA,
    name: str = "",
    company: str = "",
    direction: Direction = Direction.IN,
    outcome: Outcome = Outcome.ANSWERED,
    duration: int = 0,
    notes: bool = False,
    synced: Synced = Synced.DONE,
    record: RecordRef | None = None,
) -> RecentRow:
    """A past call, some minutes before noon."""
    return RecentRow(
        id=id,
        line="main",
        number=number,
        name=name,
        company=company,
        record=record,
        direction=direction,
        outcome=outcome,
        started=NOON - timedelta(minutes=minutes),
        duration=duration,
        has_notes=notes,
        synced=synced,
        live=False,
    )


def conversation(
    number: str = ANA,
    *,
    minutes: float = 0,
    name: str = "",
    snippet: str = "hello",
    unread: int = 0,
    line: str = "main",
    direction: Direction = Direction.IN,
    delivery: Delivery = Delivery.DELIVERED,
    draft: bool = False,
    record: RecordRef | None = None,
) -> ConversationRow:
    """A conversation whose last text came some minutes before noon."""
    return ConversationRow(
        line=line,
        number=number,
        name=name,
        company="",
        record=record,
        time=NOON - timedelta(minutes=minutes),
        snippet=snippet,
        direction=direction,
        delivery=delivery,
        unread=unread,
        is_draft=draft,
    )


def text(
    body: str,
    direction: Direction = Direction.IN,
    *,
    id: str = "",
    at: datetime = NOON,
    number: str = ANA,
    line: str = "main",
    delivery: Delivery = Delivery.DELIVERED,
    reason: str = "",
    cut: bool = False,
) -> MessageRow:
    """One text."""
    return MessageRow(
        id=id or f"m{next(_made)}",
        line=line,
        number=number,
        direction=direction,
        body=body,
        time=at,
        day=at.date().isoformat(),
        delivery=delivery,
        reason=reason,
        cut=cut,
    )
