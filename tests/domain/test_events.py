"""Events: frozen values, and every one has its place in a union that `match` can rely on."""

from __future__ import annotations

import dataclasses
import types
from typing import get_args

import pytest

from app.domain import call, events, message, phone_events


def _classes(module: types.ModuleType) -> set[type]:
    found = (item for item in vars(module).values() if isinstance(item, type))
    return {item for item in found if dataclasses.is_dataclass(item) and item.__module__ == module.__name__}


def test_every_event_of_the_hub_is_in_its_union() -> None:
    assert set(get_args(events.Event)) == _classes(events)


def test_every_event_of_the_engine_is_in_its_union() -> None:
    wanted = _classes(phone_events) | (_classes(call) - {call.Call}) | {message.TextArrived, message.TextProgressed}
    assert set(get_args(phone_events.PhoneEvent)) == wanted


@pytest.mark.parametrize("kind", [*get_args(events.Event), *get_args(phone_events.PhoneEvent)])
def test_events_are_frozen_slotted_values(kind: type) -> None:
    parameters = kind.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert hasattr(kind, "__slots__")
    fields = [field.name for field in dataclasses.fields(kind)]
    one = kind(**dict.fromkeys(fields, "x"))
    assert one == kind(**dict.fromkeys(fields, "x"))
    assert hash(one) == hash(kind(**dict.fromkeys(fields, "x")))
