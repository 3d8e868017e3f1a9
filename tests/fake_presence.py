"""Who is on the phone, as a list asks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.presence import Presence


@dataclass
class FakePresence:
    """`PresenceWatch` without a phone."""

    watched: tuple[str, ...] = ()
    states: dict[str, Presence] = field(default_factory=dict)

    def watch(self, numbers: Sequence[str]) -> None:
        self.watched = tuple(numbers)

    def of(self, number: str) -> Presence:
        return self.states.get(number, Presence.UNKNOWN)
