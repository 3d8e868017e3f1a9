"""A desk by hand: calls that move by the real fold, rows in memory, wishes written down, the real hub."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from app.desk import Desk
from app.domain.call import Direction
from app.domain.counterpart import NO_MATCH, Card, CrmRecord, Line, Match, RecordRef
from app.domain.events import CrmStateChanged, MatchChanged
from app.domain.message import Delivery
from app.domain.sign_in_address import login_url
from app.errors import AppError, ErrorCode
from app.hub import Hub
from app.paths import Profile
from app.ports.crm import CrmUser
from app.reads.rows import MessageRow
from app.usecases.login import CrmState, CrmStatus
from app.usecases.provisioning import Offer
from app.usecases.sign_in import Waiting
from app.usecases.sync_state import SyncState
from tests.fake_presence import FakePresence
from tests.ui_shell.fake_calls import FakeCalls
from tests.ui_shell.fake_lines import FakeLines
from tests.ui_shell.fake_reads import FakeReads
from tests.ui_shell.fake_wrapup import FakeNewPeople, FakeRelation, FakeTypedForms, FakeWrapup
from tests.ui_shell.samples import ANA, NOON

_ids = itertools.count(1)


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

    def is_asking(self, number: str) -> bool:
        return False

    def choose(self, number: str, ref: RecordRef) -> None:
        match = self.known(number)
        self._desk.reads.matches[number] = replace(match, chosen=next(r for r in match.records if r.ref == ref))
        self._desk.hub.publish(MatchChanged(number))

    def learn(self, people: Sequence[CrmRecord], then: Callable[[], None] | None = None) -> None:
        if then is not None:
            then()


class FakeSignIn:
    """A sign-in that goes as far as the test says."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self.waiting: Waiting | None = None
        self.problem: AppError | None = None
        self.is_set_up = False
        self.started = self.cancelled = self.signed_out = 0
        self.opens = True
        self.chosen: list[str] = []

    def start(self, open_address: Callable[[str], bool], language: str = "") -> None:
        if not self.is_set_up:
            raise AppError(ErrorCode.SIGN_IN_NOT_SET_UP)
        self.started += 1
        address = "https://login.example/services/oauth2/authorize?state=x"
        note = None if open_address(address) else AppError(ErrorCode.SIGN_IN_NO_BROWSER)
        self.become(Waiting(address, note), None)

    def become(self, waiting: Waiting | None, problem: AppError | None) -> None:
        self.waiting, self.problem = waiting, problem
        self._desk.hub.publish(CrmStateChanged())

    def cancel(self) -> None:
        self.cancelled += 1
        self.become(None, None)

    def dismiss(self) -> None:
        self.become(self.waiting, None)

    def sign_out(self, then: Callable[[], None] | None = None) -> None:
        self.signed_out += 1

    def choose(self, typed: str) -> None:
        found = login_url(typed)
        self.chosen.append(found)
        lines = self._desk.lines
        lines.settings = replace(lines.settings, salesforce=replace(lines.settings.salesforce, login_url=found))


class FakeSync:
    """Writes down what was asked."""

    def __init__(self) -> None:
        self.retried: list[tuple[str, str]] = []
        self.opened_calls: list[str] = []
        self.again: list[str] = []
        self.pushed = 0
        self.state = SyncState()

    def retry(self, kind: str, ref: str) -> None:
        self.retried.append((kind, ref))

    def push(self, then: Callable[[], None] | None = None) -> None:
        self.pushed += 1

    def opened(self, call_id: str) -> None:
        self.opened_calls.append(call_id)

    def log_again(self, call_id: str) -> None:
        self.again.append(call_id)


class FakeMessages:
    """Writes down what was asked."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.read: list[tuple[str, str]] = []

    def send(self, typed: str, body: str, **_: object) -> str:
        self.sent.append((typed, body))
        return "m1"

    def retry(self, message_id: str) -> None:
        self.sent.append((message_id, ""))

    def save_draft(self, line_id: str, number: str, text: str) -> None:
        return

    def mark_read(self, line_id: str, number: str) -> None:
        self.read.append((line_id, number))


class FakeProvisioning:
    """A link's offer as the test gives it; answers when it says so."""

    def __init__(self) -> None:
        self.refuse: AppError | None = None
        self.fetched: list[str] = []
        self.accepted: list[Offer] = []
        self.come: Callable[[Offer], None] = lambda _: None
        self.fail: Callable[[AppError], None] = lambda _: None

    def fetch(self, url: str, then: Callable[[Offer], None], failed: Callable[[AppError], None]) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.fetched.append(url)
        self.come, self.fail = then, failed

    def accept(self, offer: Offer, then: Callable[[], None], failed: Callable[[AppError], None]) -> None:
        if self.refuse is not None:
            failed(self.refuse)
            return
        self.accepted.append(offer)
        then()


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
        self.sign_in = FakeSignIn(self)
        self.matching = FakeMatching(self)
        self.calls = FakeCalls(self)
        self.presence = FakePresence()
        self.messages = FakeMessages()
        self.wrapup = FakeWrapup(self)
        self.reads.wishes = self.wrapup.follow_ups
        self.relation = FakeRelation(self.wrapup)
        self.new_people = FakeNewPeople(self._matched, self.clock.now)
        self.typed_forms = FakeTypedForms()
        self.cards = FakeCards()
        self.sync = FakeSync()
        self.provisioning = FakeProvisioning()
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

    def _matched(self, number: str, match: Match) -> None:
        self.reads.matches[number] = match
        self.hub.publish(MatchChanged(number))

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
