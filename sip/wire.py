"""What crosses the pipe between the app and the engine: commands, events, one encode and one decode.

A frame is four bytes of length (big-endian) and a JSON object ``{"t": class name, "v": fields}``. Decoding is strict:
an unknown class, a missing or extra field or a wrong type raises `WireError`; both ends are the same release.
"""

from __future__ import annotations

import functools
import json
import struct
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, get_args, get_origin

from app.domain.counterpart import Line
from app.domain.phone_events import PhoneEvent, SoundTest

# A text is at most 4,000 bytes and a list of lines a few kilobytes: more than this is a broken stream.
LIMIT = 1 << 20
_HEAD = struct.Struct(">I")


class WireError(ValueError):
    """The other side sent something that is not ours. The message names classes and fields, never values."""


# Commands: the app tells the engine.


@dataclass(frozen=True, slots=True)
class StartEngine:
    """First of all: where unread texts lie (``spool_key``: 32 bytes in hex) and where the log goes."""

    spool_folder: str
    spool_key: str = field(repr=False)
    log_folder: str


@dataclass(frozen=True, slots=True)
class LineSetup:
    """A line with its passwords."""

    line: Line
    password: str = field(repr=False)
    turn_password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ApplyLines:
    """Make the lines and the sound devices these.

    ``processing`` cleans the microphone, from the next call on; ``quality`` asks for `CallQuality`.
    """

    lines: tuple[LineSetup, ...]
    input: str
    output: str
    ringer: str
    processing: bool = True
    quality: bool = False


@dataclass(frozen=True, slots=True)
class Dial:
    """`Phone.dial`."""

    call_id: str
    line_id: str
    target: str
    caller_id: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`Phone.answer`."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Reject:
    """`Phone.reject`."""

    call_id: str
    status: int


@dataclass(frozen=True, slots=True)
class Hangup:
    """`Phone.hangup`."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Hold:
    """`Phone.hold`."""

    call_id: str
    on: bool


@dataclass(frozen=True, slots=True)
class Mute:
    """`Phone.mute`."""

    call_id: str
    on: bool


@dataclass(frozen=True, slots=True)
class SendDigits:
    """`Phone.send_digits`."""

    call_id: str
    digits: str


@dataclass(frozen=True, slots=True)
class Ring:
    """`Phone.ring`."""

    on: bool


@dataclass(frozen=True, slots=True)
class SendText:
    """`Phone.send_text`."""

    message_id: str
    line_id: str
    target: str
    body: str


@dataclass(frozen=True, slots=True)
class TextStored:
    """`Phone.text_stored`."""

    spool_id: str


@dataclass(frozen=True, slots=True)
class CallStored:
    """`Phone.call_stored`."""

    call_id: str


@dataclass(frozen=True, slots=True)
class ListDevices:
    """`Phone.list_devices`."""


@dataclass(frozen=True, slots=True)
class NetworkChanged:
    """`EnginePhone.network_changed`."""


@dataclass(frozen=True, slots=True)
class WatchPresence:
    """`Phone.watch_presence`."""

    line_id: str
    uris: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WatchLevels:
    """`Phone.watch_levels`."""

    on: bool


@dataclass(frozen=True, slots=True)
class TestSound:
    """`Phone.test_sound`."""

    __test__ = False  # no test case, whatever its name says to pytest

    test: SoundTest


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there? Answered by `Pong` from the engine's own thread."""

    serial: int


@dataclass(frozen=True, slots=True)
class Pong:
    """The engine's thread is alive."""

    serial: int


@dataclass(frozen=True, slots=True)
class Quit:
    """End calls, leave the lines, exit."""


Command = (
    StartEngine
    | ApplyLines
    | Dial
    | Answer
    | Reject
    | Hangup
    | Hold
    | Mute
    | SendDigits
    | Ring
    | SendText
    | TextStored
    | CallStored
    | ListDevices
    | WatchPresence
    | WatchLevels
    | TestSound
    | NetworkChanged
    | Ping
    | Quit
)
Report = PhoneEvent | Pong
Frame = Command | Report


def _classes(union: Any) -> Iterator[type[Any]]:
    for part in get_args(union):
        yield from _classes(part) if isinstance(part, types.UnionType) else (part,)


COMMANDS: tuple[type[Any], ...] = tuple(_classes(Command))
REPORTS: tuple[type[Any], ...] = tuple(dict.fromkeys(_classes(Report)))
_BY_NAME: dict[str, type[Any]] = {kind.__name__: kind for kind in (*COMMANDS, *REPORTS)}


def repaired(text: str) -> str:
    """Text that UTF-8 can carry: smuggled bytes (PEP 383) are read as UTF-8, what is none becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        except UnicodeEncodeError:  # surrogates of UTF-16, in pairs or alone
            return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def encode(frame: Frame) -> bytes:
    """One frame ready for the stream. Raises WireError when it is not a known class or too large."""
    kind = type(frame)
    if _BY_NAME.get(kind.__name__) is not kind:
        raise WireError(f"{kind.__name__} does not cross the pipe")
    body = json.dumps({"t": kind.__name__, "v": _plain(frame)}, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > LIMIT:
        raise WireError(f"{kind.__name__} is too large")
    return _HEAD.pack(len(body)) + body


def decode(body: bytes) -> Frame:
    """The frame of one JSON body (without its length). Raises WireError."""
    try:
        table = json.loads(body)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise WireError("not JSON") from error
    if not isinstance(table, dict) or set(table) != {"t", "v"} or not isinstance(table["t"], str):
        raise WireError("not a frame")
    kind = _BY_NAME.get(table["t"])
    if kind is None:
        raise WireError("unknown class")
    frame: Frame = _build(kind, table["v"], kind.__name__)
    return frame


class Decoder:
    """Cuts a byte stream into frames; keeps what is incomplete for the next bytes."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are complete now, in order. Raises WireError; the stream is unusable then."""
        self._rest += data
        while len(self._rest) >= _HEAD.size:
            (length,) = _HEAD.unpack_from(self._rest)
            if length > LIMIT:
                raise WireError("frame too large")
            if len(self._rest) < _HEAD.size + length:
                return
            body = bytes(self._rest[_HEAD.size : _HEAD.size + length])
            del self._rest[: _HEAD.size + length]
            yield decode(body)


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case str():
            return repaired(value)
        case bool() | int() | float() | None:
            return value
        case datetime():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
        case _ if is_dataclass(value):
            return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        case _:
            raise WireError(f"{type(value).__name__} does not cross the pipe")


@functools.cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(wanted: Any, value: Any, where: str) -> Any:
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = _hints(wanted)
        if not isinstance(value, dict) or set(value) != set(hints):
            raise WireError(f"{where}: wrong fields")
        return wanted(**{name: _build(hint, value[name], f"{where}.{name}") for name, hint in hints.items()})
    if get_origin(wanted) is tuple:
        if not isinstance(value, list):
            raise WireError(f"{where}: no list")
        (item, _) = get_args(wanted)
        return tuple(_build(item, each, where) for each in value)
    if wanted is datetime:
        return _moment(value, where)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        try:
            return wanted(value)
        except ValueError as error:
            raise WireError(f"{where}: unknown {wanted.__name__}") from error
    if type(value) is not wanted:
        raise WireError(f"{where}: not {wanted}")
    return value


def _moment(value: Any, where: str) -> datetime:
    if not isinstance(value, str):
        raise WireError(f"{where}: no time")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise WireError(f"{where}: no time") from error
