"""What the window reads, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.call_log import CallLog
from app.domain.call_quality import CallSound
from app.domain.counterpart import (
    NO_MATCH,
    CrmRecord,
    Match,
)
from app.domain.follow_up import FollowUp
from app.domain.message import Message
from app.errors import AppError
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
from tests.ui_shell.samples import NOON


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
    stored: dict[str, Message] = field(default_factory=dict)
    outbox: list[OutboxRow] = field(default_factory=list)
    others: list[tuple[str, int]] = field(default_factory=list)
    sounds: dict[str, CallSound] = field(default_factory=dict)
    wishes: dict[str, tuple[FollowUp, ...]] = field(default_factory=dict)
    missed: int = 0
    unread: int = 0
    broken: AppError | None = None
    searchable: bool = False  # as in the store: also by title and e-mail, word by word

    def _check(self) -> None:
        if self.broken is not None:
            raise self.broken

    def recents(
        self,
        *,
        before: str = "",
        limit: int = 50,
        filter: RecentFilter = RecentFilter.ALL,
        text: str = "",
        number: str = "",
    ) -> Page[RecentRow]:
        return Page(tuple(row for row in self.rows if number in {"", row.number}))

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
        return self.stored.get(id)

    def draft(self, line: str, number: str) -> str:
        return ""

    def people(self, text: str = "", *, after: str = "", limit: int = 50, kinds: Sequence[str] = ()) -> Page[PersonRow]:
        self._check()
        wanted = text.lower()
        found = [
            PersonRow(person.ref, person.name, person.title, person.company, person.phones)
            for person in self.persons
            if not kinds or person.ref.kind in kinds
            if wanted in f"{person.name} {person.company} {person.phones}".lower()
            or (self.searchable and all(word in str(person).lower() for word in wanted.split()))
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

    def call_sound(self, id: str) -> CallSound | None:
        return self.sounds.get(id)

    def call_log(self, id: str) -> CallLog | None:
        self._check()
        return self.logs.get(id)

    def follow_ups(self, call_id: str) -> tuple[FollowUp, ...]:
        return tuple(one for one in self.wishes.get(call_id, ()) if not one.removed)

    def outbox_count(self) -> OutboxCount:
        failed = sum(row.failed for row in self.outbox)
        return OutboxCount(len(self.outbox) - failed, failed)

    def waiting_for_others(self) -> tuple[tuple[str, int], ...]:
        return tuple(self.others)

    def outbox_rows(self, limit: int = 200) -> tuple[OutboxRow, ...]:
        return tuple(self.outbox[:limit])

    def counts(self) -> Counts:
        return Counts(self.missed, self.unread)
