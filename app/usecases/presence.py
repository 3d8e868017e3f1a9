"""Presence: which colleagues are on the phone, asked only of those a list shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.counterpart import Line
from app.domain.events import PresenceMoved
from app.domain.phone_events import PresenceChanged
from app.domain.phone_number import PhoneNumber, parse
from app.domain.presence import Presence
from app.errors import AppError
from app.hub import Hub
from app.ports.phone import Phone
from app.usecases.lines import Lines


class PresenceWatch:
    """Main thread. Off unless the settings say that the phone service tells (``[directory] presence``)."""

    def __init__(self, *, phone: Phone, lines: Lines, hub: Hub, address: Callable[[PhoneNumber, Line], str]) -> None:
        """``address`` makes the SIP URI of a number over a line."""
        self._phone = phone
        self._lines = lines
        self._hub = hub
        self._address = address
        self._numbers: dict[str, str] = {}  # SIP URI → number as watched
        self._line = ""  # that asks
        self._states: dict[str, Presence] = {}

    def watch(self, numbers: Sequence[str]) -> None:
        """Watch these numbers (as they would be dialled), and no others any longer. `PresenceMoved` tells changes."""
        wanted, line_id = self._addresses(numbers)
        if (wanted, line_id) == (self._numbers, self._line):
            return
        self._numbers, self._line = wanted, line_id
        self._states = {number: state for number, state in self._states.items() if number in wanted.values()}
        self._phone.watch_presence(line_id, tuple(wanted))

    def of(self, number: str) -> Presence:
        """What is known of a number."""
        return self._states.get(number, Presence.UNKNOWN)

    def on_changed(self, event: PresenceChanged) -> None:
        """The engine tells."""
        number = self._numbers.get(event.uri)
        if number is not None and self.of(number) is not event.presence:
            self._states[number] = event.presence
            self._hub.publish(PresenceMoved(number))

    def on_engine_lost(self) -> None:
        """Nobody tells now."""
        known, self._states = self._states, {}
        for number in known:
            self._hub.publish(PresenceMoved(number))

    def _addresses(self, numbers: Sequence[str]) -> tuple[dict[str, str], str]:
        if not numbers or not self._lines.settings.directory.presence:
            return {}, ""
        found: dict[str, str] = {}
        try:
            line = self._lines.choose()
        except AppError:  # no line, nobody to ask
            return found, ""
        for number in numbers:
            try:
                found[self._address(parse(number, line.region), line)] = number
            except AppError:
                continue  # a directory may hold anything as a number: it cannot be called either
        return found, line.id
