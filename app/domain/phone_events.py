"""What the phone engine reports besides calls and texts: itself, its lines and the sound devices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.call import CallEvent, CallQuality
from app.domain.counterpart import LineState
from app.domain.message import TextArrived, TextProgressed
from app.domain.presence import Presence


@dataclass(frozen=True, slots=True)
class EngineStarted:
    """The engine process is up and takes commands."""

    at: datetime


@dataclass(frozen=True, slots=True)
class EngineLost:
    """The engine process is gone. Its calls are over; it is started again unless ``final``."""

    at: datetime
    final: bool = False


@dataclass(frozen=True, slots=True)
class LineChanged:
    """A line's registration changed. ``reason`` is a `LineReason`; ``contact`` is the address it can be reached at."""

    line: str
    state: LineState
    reason: str
    status: int
    at: datetime
    contact: str = ""


@dataclass(frozen=True, slots=True)
class CallArrived:
    """An INVITE rings at this line. ``user``/``host``/``name`` are its From; ``diverted_from`` RFC 5806's number."""

    call_id: str
    line: str
    user: str
    host: str
    name: str
    sip_call_id: str
    at: datetime
    diverted_from: str = ""


@dataclass(frozen=True, slots=True)
class CallLeftOver:
    """A caller rang in an earlier run, which was killed before it had told that the call is stored."""

    arrived: CallArrived

    @property
    def at(self) -> datetime:
        """When it rang."""
        return self.arrived.at


@dataclass(frozen=True, slots=True)
class CallRefused:
    """The engine turned a caller away by itself (no room for a fifth call, an offer it cannot take)."""

    line: str
    user: str
    host: str
    name: str
    sip_call_id: str
    status: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DevicesChanged:
    """The sound devices there are, by the names settings use. ``problem`` is set when none could be opened."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    at: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SoundLevels:
    """How loud microphone and speaker are, in dB below full scale: 0 the loudest, -90 silence. While asked for."""

    microphone: int
    speaker: int
    at: datetime


class SoundTest(StrEnum):
    """What the rep tries outside a call; ``NONE`` ends what is being tried."""

    NONE = ""
    SPEAKER = "speaker"  # a few notes where calls are heard
    RINGER = "ringer"  # the ring tone where it rings
    LOOP = "loop"  # the microphone for five seconds, cleaned as in a call, then played back


class SoundStep(StrEnum):
    """How far a test has come; all but the first two end it."""

    PLAYING = "playing"
    LISTENING = "listening"
    DONE = "done"
    HEARD = "heard"  # the microphone had sound in it
    FAINT = "faint"
    SILENT = "silent"
    NO_DEVICE = "no-device"
    STOPPED = "stopped"  # by the rep, or a call needed the devices


@dataclass(frozen=True, slots=True)
class SoundTested:
    """A test of the sound moved on."""

    test: SoundTest
    step: SoundStep
    at: datetime


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """What the phone service says of an address that is watched."""

    uri: str
    presence: Presence
    at: datetime


PhoneEvent = (
    EngineStarted
    | EngineLost
    | LineChanged
    | CallArrived
    | CallLeftOver
    | CallRefused
    | CallEvent
    | CallQuality
    | TextArrived
    | TextProgressed
    | DevicesChanged
    | SoundLevels
    | PresenceChanged
    | SoundTested
)
