"""The client changes its address: lines register from there, a call goes on with sound both ways."""

from __future__ import annotations

import time

import pytest

from app.domain.call import CallEnded, CallHoldChanged
from app.domain.counterpart import LineState, Srtp, Transport
from app.domain.phone_events import LineChanged
from tests.network.net import INSIDE, OUTSIDE
from tests.network.world import World, hear_again, hear_each_other, talk

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
