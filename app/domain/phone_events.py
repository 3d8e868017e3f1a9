"""What the phone engine reports besides calls and texts: itself, its lines and the sound devices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.call import CallEvent, CallQuality
from app.domain.counterpart import LineState
from app.domain.message import TextArrived, TextProgressed


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


PhoneEvent = (
    EngineStarted
    | EngineLost
    | LineChanged
    | CallArrived
    | CallRefused
    | CallEvent
    | CallQuality
    | TextArrived
    | TextProgressed
    | DevicesChanged
    | SoundLevels
)
