"""What the panes read, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from app.domain.call import Outcome
from app.domain.call_log import CallLog
from app.domain.counterpart import NO_MATCH, CrmRecord, Match
from app.domain.message import Message
from app.errors import AppError
from app.reads.rows import ConversationRow, MessageRow, Page, PersonRow, RecentFilter, RecentRow


def _page(rows: Sequence[object], after: str, limit: int) -> tuple[list[object], str]:
    start = int(after) if after else 0
    end = start + limit
    return list(rows[start:end]), str(end) if end < len(rows) else ""


@dataclass
class FakeReads:
    """Lists in memory; the key of a page is its place. ``broken`` is raised by every look."""

    calls: list[RecentRow] = field(default_factory=list)
    threads: list[ConversationRow] = field(default_factory=list)
    texts: list[MessageRow] = field(default_factory=list)
    persons: list[PersonRow] = field(default_factory=list)
    records: dict[str, CrmRecord] = field(default_factory=dict)
    matches: dict[str, Match] = field(default_factory=dict)
    drafts: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: dict[str, datetime] = field(default_factory=dict)
    logs: dict[str, CallLog] = field(default_factory=dict)
    broken: AppError | None = None
    looks: int = 0

    def _check(self) -> None:
        self.looks += 1
        if self.broken is not None:
            raise self.broken

    def call_log(self, id: str) -> CallLog | None:
        self._check()
        return self.logs.get(id)

    def recents(
        self,
        *,
        before: str = "",
        limit: int = 50,
        filter: RecentFilter = RecentFilter.ALL,
        text: str = "",
        number: str = "",
    ) -> Page[RecentRow]:
        self._check()
        shown = [row for row in self.calls if number in {"", row.number}]
        rows = [row for row in shown if text.lower() in f"{row.name} {row.company} {row.number}".lower()]
        match filter:
            case RecentFilter.MISSED:
                rows = [row for row in rows if row.outcome is Outcome.MISSED]
            case RecentFilter.IN | RecentFilter.OUT:
                rows = [row for row in rows if row.direction.value == filter.value]
            case RecentFilter.ALL:
                pass
        found, then = _page(rows, before, limit)
        return Page(cast("tuple[RecentRow, ...]", tuple(found)), then)

    def conversations(self, *, before: str = "", limit: int = 50, text: str = "") -> Page[ConversationRow]:
        self._check()
        rows = [row for row in self.threads if text.lower() in f"{row.name} {row.company} {row.number}".lower()]
        found, then = _page(rows, before, limit)
        return Page(cast("tuple[ConversationRow, ...]", tuple(found)), then)

    def conversation(self, line: str, number: str) -> ConversationRow | None:
        self._check()
        return next((row for row in self.threads if (row.line, row.number) == (line, number)), None)

    def thread(self, line: str, number: str, *, before: str = "", limit: int = 60) -> Page[MessageRow]:
        self._check()
        rows = [row for row in self.texts if (row.line, row.number) == (line, number)]
        if before:
            rows = rows[: [row.id for row in rows].index(before)]
        shown = rows[-limit:]
        return Page(tuple(shown), shown[0].id if len(rows) > limit else "")

    def messages(self, number: str | None = None, limit: int = 50) -> tuple[MessageRow, ...]:
        rows = [row for row in self.texts if number is None or row.number == number]
        return tuple(rows[-limit:])

    def message(self, id: str) -> Message | None:
        return next((message_of(row) for row in self.texts if row.id == id), None)

    def people(self, text: str = "", *, after: str = "", limit: int = 50, kinds: Sequence[str] = ()) -> Page[PersonRow]:
        self._check()
        rows = [row for row in self.persons if text.lower() in f"{row.name} {row.company}".lower()]
        rows = [row for row in rows if not kinds or row.ref.kind in kinds]
        found, then = _page(rows, after, limit)
        return Page(cast("tuple[PersonRow, ...]", tuple(found)), then)

    def person(self, id: str) -> CrmRecord | None:
        return self.records.get(id)

    def match(self, number: str) -> Match:
        return self.matches.get(number, NO_MATCH)

    def draft(self, line: str, number: str) -> str:
        return self.drafts.get((line, number), "")

    def looked_up(self, number: str) -> datetime | None:
        return self.asked.get(number)


def message_of(row: MessageRow) -> Message:
    return Message(
        row.id, row.line, row.number, row.direction, row.body, row.time, row.day, "UTC", row.delivery, row.reason
    )
