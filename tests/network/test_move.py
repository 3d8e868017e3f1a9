"""The client changes its address: lines register from there, a call goes on with sound both ways."""

from __future__ import annotations

import os
import signal
import time

import pytest

from app.domain.call import CallEnded, CallHoldChanged
from app.domain.counterpart import LineState, Srtp, Transport
from app.domain.phone_events import LineChanged, PresenceChanged
from app.domain.presence import Presence
from tests.network.net import INSIDE, OUTSIDE
from tests.network.world import World, hear_again, hear_each_other, talk
from tests.sip.harness import Harness

pytestmark = pytest.mark.peers
ELSEWHERE = "10.77.1.50"


def moved(event: LineChanged) -> bool:
    """Registered from the new address?"""
    return event.state is LineState.REGISTERED and f"@{ELSEWHERE}:" in event.contact


@pytest.mark.parametrize("srtp", [Srtp.OFF, Srtp.OPTIONAL])
@pytest.mark.parametrize("transport", list(Transport))
@pytest.mark.parametrize("world", [{"translates": False}], indirect=True, ids=["translates-False"])
def test_a_call_outlives_the_move(world: World, transport: Transport, srtp: Srtp) -> None:
    alice = world.phone(world.net.inside, "alice", transport=transport, srtp=srtp)
    bob = world.phone(world.net.outside, "bob", bind=OUTSIDE, srtp=srtp)
    there = talk(alice, "alice", bob, "bob", "c1")
    hear_each_other(alice, "c1", bob, there)
    world.net.move(INSIDE, ELSEWHERE)
    alice.phone.network_changed()
    alice.wait(LineChanged, moved)
    hear_again(alice, "c1", bob, there, "34", 3.0)
    for held in (True, False):
        alice.phone.hold("c1", held)
        alice.wait(CallHoldChanged, lambda e, h=held: e.held is h)  # type: ignore[misc]
    hear_again(alice, "c1", bob, there, "56", 3.0)
    bob.phone.hangup(there)
    alice.wait(CallEnded)
    hear_each_other(bob, "c2", alice, talk(bob, "bob", alice, "alice", "c2"), "78")


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
@pytest.mark.parametrize("world", [{"translates": False}], indirect=True, ids=["translates-False"])
def test_the_new_network_may_take_three_seconds_to_come(world: World, transport: Transport) -> None:
    alice = world.phone(world.net.inside, "alice", transport=transport)
    bob = world.phone(world.net.outside, "bob", bind=OUTSIDE)
    there = talk(alice, "alice", bob, "bob", "c1")

    def nowhere() -> None:
        alice.phone.network_changed()
        alice.settle(3.0)

    world.net.move(INSIDE, ELSEWHERE, gap=nowhere)
    back = time.monotonic()
    alice.wait(LineChanged, moved)
    assert time.monotonic() - back < 3.0
    hear_again(alice, "c1", bob, there, "34", 3.0)


def test_a_call_outlives_a_move_behind_nat(world: World) -> None:
    alice = world.phone(world.net.inside, "alice")
    bob = world.phone(world.net.outside, "bob", bind=OUTSIDE)
    there = talk(alice, "alice", bob, "bob", "c1")
    world.net.move(INSIDE, ELSEWHERE)
    alice.phone.network_changed()
    alice.wait(LineChanged, moved)
    hear_again(alice, "c1", bob, there, "12", 3.0)
    hear_each_other(bob, "c2", alice, talk(bob, "bob", alice, "alice", "c2"), "34")


def listeners(world: World) -> str:
    """What can be connected to from outside, inside."""
    return world.net.run(world.net.inside, "ss", "-Hltn")


def seen(engine: Harness, uri: str) -> None:
    """The exchange says how somebody is: a subscription of this moment, not of before."""
    engine.events.clear()
    engine.rewind()
    engine.wait(PresenceChanged, lambda e: e.uri == uri and e.presence is not Presence.UNKNOWN)


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
@pytest.mark.parametrize("world", [{"translates": False}], indirect=True, ids=["translates-False"])
def test_who_is_watched_is_watched_from_the_new_address(world: World, transport: Transport) -> None:
    alice = world.phone(world.net.inside, "alice", transport=transport)
    bob = world.phone(world.net.outside, "bob", bind=OUTSIDE)
    uri = f"sip:bob@{OUTSIDE}"
    alice.phone.watch_presence("alice", [uri])
    seen(alice, uri)
    assert not listeners(world)
    world.net.move(INSIDE, ELSEWHERE)
    alice.phone.network_changed()
    seen(alice, uri)
    assert f"@{ELSEWHERE}:" in alice.find_line("alice").contact
    assert not listeners(world)
    hear_each_other(bob, "c", alice, talk(bob, "bob", alice, "alice", "c"))


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_all_is_there_again_after_sleep(world: World, transport: Transport) -> None:
    """The registrar has forgotten us meanwhile, and the connection is gone. Alice watches herself: that is answered
    only once she is registered again."""
    alice = world.phone(world.net.inside, "alice", transport=transport)
    uri = f"sip:alice@{OUTSIDE}"
    alice.phone.watch_presence("alice", [uri])
    seen(alice, uri)
    pid = alice.phone.engine_pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    world.registrar.stop()
    world.registrar.start()
    bob = world.phone(world.net.outside, "bob", bind=OUTSIDE)
    os.kill(pid, signal.SIGCONT)
    alice.phone.network_changed()
    seen(alice, uri)
    hear_each_other(bob, "c", alice, talk(bob, "bob", alice, "alice", "c"))
    assert alice.phone.engine_pid == pid
