"""DayRollup: one local day of texts with one counterpart, as Salesforce will hold it.

1. All messages of the day with the number, on any line, in the order they were sent or received.
2. Each becomes one entry: local time, who, text; nothing of the text is changed. The day of a text is the one it had
   where the rep then was, for ever; after a journey its time names the zone.
3. Entries fill a part until the next one would pass the field's limit; then the next part begins.
4. A single text longer than a part is split over parts, never cut.
5. Failed texts are shown as failed: the record says what the person really got.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.call import Direction
from app.domain.local_time import local
from app.domain.message import Delivery, Message

BODY_LIMIT = 131_072 - 1_024  # Long Text Area, with room for characters Salesforce counts twice (CR LF)


@dataclass(frozen=True, slots=True)
class DayPart:
    """One record of the day: part numbers start at 1; ``messages`` counts the texts that begin in it."""

    part: int
    messages: int
    body: str


def render(messages: Sequence[Message], *, rep: str, person: str, limit: int = BODY_LIMIT) -> tuple[DayPart, ...]:
    """The day's record or records. ``rep`` and ``person`` are the names shown before each text."""
    parts: list[DayPart] = []
    body, count = "", 0
    in_order = sorted(messages, key=lambda m: (m.time, m.id))
    for message in in_order:
        entry = _entry(message, rep, person, in_order[0].zone)
        counted = False
        while entry:
            gap = "\n\n" if body else ""
            room = limit - _size(body) - len(gap) * 2
            if _size(entry) <= room:
                body, entry = body + gap + entry, ""
                count += not counted
                counted = True
            elif body:
                parts.append(DayPart(len(parts) + 1, count, body))
                body, count = "", 0
            else:
                head = _head(entry, limit)
                body, entry = head, entry[len(head) :]
                count += not counted
                counted = True
    if body:
        parts.append(DayPart(len(parts) + 1, count, body))
    return tuple(parts)


def _entry(message: Message, rep: str, person: str, zone: str) -> str:
    at = local(message.time, message.zone).strftime("%H:%M")
    if message.zone != zone:
        at += f" ({message.zone})"
    who = rep if message.direction is Direction.OUT else person
    state = ""
    if message.direction is Direction.OUT:
        match message.delivery:
            case Delivery.FAILED:
                state = " (not delivered)"
            case Delivery.UNKNOWN:
                state = " (may not have been delivered)"
            case Delivery.HELD | Delivery.QUEUED | Delivery.SENDING:
                state = " (waiting)"
            case _:
                state = ""
    cut = " (cut by the network)" if message.cut else ""
    return f"{at} {who}{state}{cut}:\n{message.body}"


def _size(text: str) -> int:
    return len(text) + text.count("\n") + sum(ord(c) > 0xFFFF for c in text)


def _head(text: str, limit: int) -> str:
    """As much as fits of a text longer than ``limit``; one character at least."""
    at, size = 0, _size(text[0])
    while size <= limit:
        at += 1
        size += _size(text[at])
    return text[: max(1, at)]
