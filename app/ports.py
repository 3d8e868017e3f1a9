"""The ports: what the core needs from the world outside, with each method's contract.

A port exists where a second implementation really exists. Nothing here has code of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.call_log import CallLog
from app.domain.counterpart import Card, CrmRecord, Line, RecordRef
from app.domain.message import Message
from app.domain.phone_events import PhoneEvent
from app.domain.phone_number import PhoneNumber


class Clock(Protocol):
    """Time, so that tests can hold it still."""

    def now(self) -> datetime:
        """The instant, timezone-aware UTC."""
        ...


class MainLoop(Protocol):
    """The thread that owns the use cases."""

    def post(self, work: Callable[[], None]) -> None:
        """Run ``work`` on the main thread, soon and in order. From any thread; never blocks."""
        ...

    def later(self, seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        """Run ``work`` on the main thread after ``seconds``; the result cancels it. Main thread only."""
        ...


class SecretStore(Protocol):
    """Passwords, tokens and the database key. May block on a system prompt: never call on the main thread."""

    def get(self, name: str) -> str | None:
        """The secret, None when there is none. Raises AppError KEYRING_MISSING or KEYRING_LOCKED."""
        ...

    def set(self, name: str, value: str) -> None:
        """Store or replace. Raises as `get`."""
        ...

    def delete(self, name: str) -> None:
        """Forget; a missing name is fine. Raises as `get`."""
        ...


@dataclass(frozen=True, slots=True)
class LineAccess:
    """A line with its password, on its way to the engine. Never stored, never logged."""

    line: Line
    password: str
    turn_password: str = ""


@dataclass(frozen=True, slots=True)
class AudioChoice:
    """Device names as `DevicesChanged` lists them, ``default`` or ``none``."""

    input: str = "default"
    output: str = "default"
    ringer: str = "default"
    processing: bool = True  # echo cancellation, noise suppression and gain on the microphone


class Phone(Protocol):
    """The phone engine: lines, calls, texts and sound.

    Every method returns at once (main thread) and raises nothing; what happened comes back as a `PhoneEvent` on the
    main thread. A command for a call the engine no longer has is ignored.
    """

    def start(self, on_event: Callable[[PhoneEvent], None]) -> None:
        """Start the engine and watch it; begin to report."""
        ...

    def apply(self, lines: Sequence[LineAccess], audio: AudioChoice) -> None:
        """Make the engine's lines and devices these. Live calls stay."""
        ...

    def dial(self, call_id: str, line_id: str, target: str, *, caller_id: str = "") -> None:
        """Send an INVITE to the SIP URI ``target``. Ends in `CallEnded`, whatever happens."""
        ...

    def answer(self, call_id: str) -> None:
        """200 OK to a ringing caller."""
        ...

    def reject(self, call_id: str, status: int = 486) -> None:
        """Turn a ringing caller away with a final SIP status."""
        ...

    def hangup(self, call_id: str) -> None:
        """CANCEL or BYE, whichever fits."""
        ...

    def hold(self, call_id: str, on: bool) -> None:
        """Put the far side on hold, or take it back (re-INVITE)."""
        ...

    def mute(self, call_id: str, on: bool) -> None:
        """Cut the microphone off from this call, or connect it again."""
        ...

    def send_digits(self, call_id: str, digits: str) -> None:
        """Send ``0-9*#A-D`` as RFC 4733 events; a comma pauses two seconds."""
        ...

    def ring(self, on: bool) -> None:
        """Sound the ringer on its own device, or stop it."""
        ...

    def watch_levels(self, on: bool) -> None:
        """Report `SoundLevels` while there are calls, or no longer: a meter is in sight."""
        ...

    def send_text(self, message_id: str, line_id: str, target: str, body: str) -> None:
        """Send a SIP MESSAGE (RFC 3428). Ends in `TextProgressed`."""
        ...

    def text_stored(self, spool_id: str) -> None:
        """The app has committed the text that came as ``spool_id``: the engine may forget it."""
        ...

    def network_changed(self) -> None:
        """The computer has other addresses, or woke up: register anew and move live calls."""
        ...

    def list_devices(self) -> None:
        """Report `DevicesChanged` now."""
        ...

    def close(self) -> None:
        """End calls, leave the lines, stop the engine and wait for it (five seconds at most)."""
        ...


@dataclass(frozen=True, slots=True)
class CrmUser:
    """Who is signed in to Salesforce. ``zone`` is the user's IANA time zone."""

    id: str
    name: str
    username: str
    org_id: str
    zone: str


@dataclass(frozen=True, slots=True)
class TaskReceipt:
    """A call's Task after a write: its id, and every field value sent so far."""

    task_id: str
    sent: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One part of a day rollup as its Salesforce record."""

    key: str
    day: str
    number: str
    zone: str
    part: int
    messages: int
    body: str
    who: RecordRef | None = None
    account_id: str = ""


class CrmGateway(Protocol):
    """Salesforce. Every method blocks on the network (crm threads only) and raises AppError CRM_*.

    The error's ``values`` may carry ``message`` (Salesforce's own words) and ``retry_after`` (seconds).
    """

    def sign_in(self) -> CrmUser:
        """Check the token and learn who it belongs to."""
        ...

    def find(self, number: PhoneNumber, region: str) -> Sequence[CrmRecord]:
        """People and companies with this number (SOSL), each verified to really have it."""
        ...

    def search(self, text: str, limit: int = 20) -> Sequence[CrmRecord]:
        """People and companies by name (SOSL in name fields)."""
        ...

    def recent_people(self, limit: int = 200) -> Sequence[CrmRecord]:
        """Contacts and Leads the user owns or has touched last, to fill the local cache."""
        ...

    def card(self, ref: RecordRef) -> Card:
        """The record with open deals, open cases and timeline."""
        ...

    def log_call(
        self, log: CallLog, *, key: str, user: CrmUser, zone: str, line_number: str, sent: Mapping[str, object]
    ) -> TaskReceipt:
        """Create or update the Task with this key. ``sent`` is what Salesforce is known to hold from here (empty
        before the first confirmed write); only what differs is sent then. Safe to repeat."""
        ...

    def upsert_day(self, record: DayRecord) -> str:
        """Create or update one part of a day rollup; its 18-character id. Safe to repeat."""
        ...

    def record_url(self, ref: RecordRef) -> str:
        """Where the record opens in the browser. Needs no network."""
        ...

    def new_contact_url(self, number: str) -> str:
        """Where the browser makes a Contact with this number. Needs no network."""
        ...

    def close(self) -> None:
        """Drop the connections."""
        ...


class Carrier(Protocol):
    """A way to text. Reports through `TextProgressed`."""

    def send(self, message: Message, line: Line) -> None:
        """Hand one text over. Main thread, returns at once."""
        ...
