"""The rows that screens and the command line show. Plain values; words and colours are made in `ui.present`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from app.domain.call import Direction, Outcome
from app.domain.call_log import Synced
from app.domain.counterpart import RecordRef
from app.domain.message import Delivery, Message

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows and the key to go on from; ``after`` is empty at the end."""

    rows: tuple[Row, ...]
    after: str = ""


class RecentFilter(StrEnum):
    """Which calls the list shows."""

    ALL = "all"
    MISSED = "missed"
    IN = "in"
    OUT = "out"
    UNDECIDED = "undecided"  # ended, several people have the number, and nobody has said who it was


@dataclass(frozen=True, slots=True)
class RecentRow:
    """One call in the list. ``name`` is the matched person's, else what the network said, else empty."""

    id: str
    line: str
    number: str
    name: str
    company: str
    record: RecordRef | None
    direction: Direction
    outcome: Outcome | None
    started: datetime
    duration: int
    has_notes: bool
    synced: Synced
    live: bool
    reason: str = ""  # an `EndReason`


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation, newest first. ``snippet`` is the last text or, with ``is_draft``, what was left unsent."""

    line: str
    number: str
    name: str
    company: str
    record: RecordRef | None
    time: datetime
    snippet: str
    direction: Direction
    delivery: Delivery
    unread: int
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One text in its thread, oldest first within a page."""

    id: str
    line: str
    number: str
    direction: Direction
    body: str
    time: datetime
    day: str
    delivery: Delivery
    reason: str
    cut: bool

    @classmethod
    def of(cls, message: Message) -> MessageRow:
        """A message as its row."""
        return cls(
            id=message.id,
            line=message.line,
            number=message.number,
            direction=message.direction,
            body=message.body,
            time=message.time,
            day=message.day,
            delivery=message.delivery,
            reason=message.reason,
            cut=message.cut,
        )


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person or company of the local cache."""

    ref: RecordRef
    name: str
    title: str
    company: str
    phones: tuple[tuple[str, str], ...]  # (label, E.164 or as stored)
    email: str = ""
    extension: str = ""  # a colleague's
    department: str = ""


@dataclass(frozen=True, slots=True)
class LastContact:
    """The last thing that happened with a number: a call or a text."""

    kind: str  # "call" or "text"
    direction: Direction
    time: datetime
    detail: str  # the text's beginning, or the call's outcome


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Something that waits for Salesforce or failed; ``message`` is Salesforce's own words, ``reason`` its code."""

    id: int
    kind: str  # "call", "day" or "follow-up"
    ref: str
    failed: bool
    code: str
    message: str
    tries: int
    due: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OutboxCount:
    """How much waits and how much failed."""

    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The badges of the rail."""

    missed: int
    unread: int
