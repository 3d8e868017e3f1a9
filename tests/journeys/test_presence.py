"""Which colleagues are asked about, and what is known of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.events import PresenceMoved
from app.domain.phone_events import EngineLost, PresenceChanged
from app.domain.presence import Presence
from app.settings import DirectorySettings
from tests.journeys.conftest import World

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def on(world: World, presence: bool = True) -> None:
    world.desk.lines.settings = replace(world.desk.lines.settings, directory=DirectorySettings(presence=presence))


def asked(world: World) -> list[object]:
    return [command for command in world.phone.commands if command[0] == "presence"]


def tell(world: World, uri: str, presence: Presence) -> None:
    world.phone.emit(PresenceChanged(uri, presence, NOW))
    world.loop.drain()


def test_nobody_is_asked_about_unless_the_settings_say_so(world: World) -> None:
    world.desk.presence.watch(["214"])
    assert asked(world) == []


def test_numbers_are_asked_about_as_they_would_be_dialled(world: World) -> None:
    on(world)
    world.desk.presence.watch(["214", "(415) 555-0142", "no number"])
    assert asked(world) == [("presence", "main", ("sip:214@carrier.example", "sip:+14155550142@carrier.example"))]
    world.desk.presence.watch(["214", "(415) 555-0142"])
    assert len(asked(world)) == 1
    world.desk.presence.watch([])
    assert asked(world)[-1] == ("presence", "", ())


def test_what_is_told_is_known_until_nobody_asks_or_nobody_tells(world: World) -> None:
    on(world)
    moved: list[PresenceMoved] = []
    world.hub.subscribe(PresenceMoved, moved.append)
    presence = world.desk.presence
    presence.watch(["214", "215"])
    tell(world, "sip:214@carrier.example", Presence.ON_THE_PHONE)
    tell(world, "sip:214@carrier.example", Presence.ON_THE_PHONE)
    tell(world, "sip:999@carrier.example", Presence.ON_THE_PHONE)
    assert [event.number for event in moved] == ["214"]
    assert (presence.of("214"), presence.of("215")) == (Presence.ON_THE_PHONE, Presence.UNKNOWN)
    presence.watch(["215"])
    assert presence.of("214") is Presence.UNKNOWN
    tell(world, "sip:215@carrier.example", Presence.AWAY)
    world.phone.emit(EngineLost(NOW))
    world.loop.drain()
    assert presence.of("215") is Presence.UNKNOWN


def test_another_line_asks_in_its_place(world: World) -> None:
    on(world)
    settings = world.desk.lines.settings
    second = replace(settings.line[0], id="second")
    world.desk.presence.watch(["214"])
    world.desk.lines.settings = replace(settings, line=(*settings.line, second), default_line="second")
    world.desk.presence.watch(["214"])
    assert asked(world) == [("presence", line, ("sip:214@carrier.example",)) for line in ("main", "second")]
