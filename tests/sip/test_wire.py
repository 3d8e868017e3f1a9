"""Every class crosses the pipe unchanged; anything else is refused."""

from __future__ import annotations

import json
import struct
import types
import typing
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest

from app.domain.counterpart import Line
from sip import wire


def sample(kind: Any) -> Any:
    """A value of any field type, with awkward text."""
    if is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        return kind(**{field.name: sample(hints[field.name]) for field in fields(kind)})
    if typing.get_origin(kind) is tuple:
        return (sample(typing.get_args(kind)[0]),) * 2
    if kind is datetime:
        return datetime(2026, 11, 21, 1, 2, 3, 456789, UTC)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[-1]
    return {str: 'a"b\\c\r\n\x00 日本 😀', bool: True, int: 487, float: 0.25}[kind]


@pytest.mark.parametrize("kind", [*wire.COMMANDS, *wire.REPORTS], ids=lambda kind: kind.__name__)
def test_round_trip(kind: type[Any]) -> None:
    frame = sample(kind)
    assert list(wire.Decoder().feed(wire.encode(frame))) == [frame]


def test_every_phone_event_is_known() -> None:
    def classes(union: Any) -> set[type]:
        return {
            c
            for part in typing.get_args(union)
            for c in (classes(part) if isinstance(part, types.UnionType) else {part})
        }

    from app.domain.phone_events import PhoneEvent

    assert classes(PhoneEvent) < set(wire.REPORTS)


def test_stream_in_single_bytes() -> None:
    frames: list[wire.Frame] = [wire.Hangup("1"), wire.Ping(2), wire.SendDigits("3", "12")]
    decoder = wire.Decoder()
    stream = b"".join(wire.encode(frame) for frame in frames)
    assert [frame for byte in stream for frame in decoder.feed(bytes([byte]))] == frames


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("plain", "plain"),
        ("caf\udcc3\udca9", "café"),
        ("\udcff", "\ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        ("\ud83d alone", "\ufffd alone"),
        ("\udcff and \ud800", None),
    ],
)
def test_surrogates_are_repaired(text: str, repaired: str | None) -> None:
    (frame,) = wire.Decoder().feed(wire.encode(wire.SendText("m", "l", "t", text)))
    assert isinstance(frame, wire.SendText)
    frame.body.encode()
    assert repaired is None or frame.body == repaired


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"\xff",
        b'{"t":"Ping"}',
        b'{"t":"Ping","v":{}}',
        b'{"t":"Ping","v":{"serial":"1"}}',
        b'{"t":"Ping","v":{"serial":true}}',
        b'{"t":"Ping","v":{"serial":1,"more":2}}',
        b'{"t":"Ping","v":[1]}',
        b'{"t":"os.system","v":{}}',
        b'{"t":["Ping"],"v":{"serial":1}}',
        b'{"t":"CallAnswered","v":{"call_id":"x","at":"yesterday"}}',
        b"[" * 100_000,
    ],
)
def test_bad_frames_are_refused(body: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(body)


def test_oversized_frames_are_refused() -> None:
    with pytest.raises(wire.WireError):
        wire.encode(wire.SendText("m", "l", "t", "x" * wire.LIMIT))
    with pytest.raises(wire.WireError):
        list(wire.Decoder().feed(struct.pack(">I", wire.LIMIT + 1)))


def test_other_classes_do_not_cross() -> None:
    with pytest.raises(wire.WireError):
        wire.encode(Line("a", "sip:a@b"))  # type: ignore[arg-type]


def test_secrets_are_not_shown() -> None:
    setup = wire.LineSetup(Line("a", "sip:a@b"), "hunter2")
    shown = repr(wire.ApplyLines((setup,), "", "", "")) + repr(wire.StartEngine("a", "c0ffee", "b"))
    assert "hunter2" not in shown
    assert "c0ffee" not in shown


def test_a_frame_is_readable_json() -> None:
    assert json.loads(wire.encode(wire.Mute("c", True))[4:]) == {"t": "Mute", "v": {"call_id": "c", "on": True}}
