"""The ports to telephony: the engine with its lines, calls, texts and sound, and the ways to text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.counterpart import Line
from app.domain.message import Message
from app.domain.phone_events import PhoneEvent, SoundTest


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

    def watch_presence(self, line_id: str, uris: Sequence[str]) -> None:
        """Report `PresenceChanged` of these SIP URIs, asked for over this line; of no others any longer."""
        ...

    def watch_levels(self, on: bool) -> None:
        """Report `SoundLevels`, or no longer: a meter is in sight. Without a call the devices are opened for it."""
        ...

    def test_sound(self, test: SoundTest) -> None:
        """Try speaker, ringer or microphone; `SoundTested` follows. A call that begins ends it."""
        ...

    def send_text(self, message_id: str, line_id: str, target: str, body: str) -> None:
        """Send a SIP MESSAGE (RFC 3428). Ends in `TextProgressed`."""
        ...

    def text_stored(self, spool_id: str) -> None:
        """The app has committed the text that came as ``spool_id``: the engine may forget it."""
        ...

    def call_stored(self, call_id: str) -> None:
        """The app has committed a call that came in: the engine need not tell of it again."""
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


class Carrier(Protocol):
    """A way to text. Reports through `TextProgressed`."""

    def send(self, message: Message, line: Line) -> None:
        """Hand one text over. Main thread, returns at once."""
        ...
