"""Behind NAT: calls in and out, sound both ways, and the way in stays open while nothing happens."""

from __future__ import annotations

import pytest

from app.domain.call import CallEnded, EndReason
from app.domain.counterpart import Transport
from app.domain.message import TextArrived
from app.domain.phone_events import CallArrived
from tests.network.net import OUTSIDE
from tests.network.world import World, hear_each_other, talk

pytestmark = pytest.mark.peers
# No other traffic than keep-alives must hold the way open: no REGISTER within the time of a test.
QUIET = "from sip.engine import registration; registration.PROBE = 600"
FORGETS = 20


@pytest.mark.parametrize("transport", list(Transport))
def test_calls_both_ways_with_sound_both_ways(world: World, transport: Transport) -> None:
    alice = world.phone(world.net.inside, "alice", transport=transport)
    bob = world.phone(world.net.outside, "bob", bind=OUTSIDE)
    hear_each_other(alice, "out", bob, talk(alice, "alice", bob, "bob", "out"))
    alice.phone.hangup("out")
    bob.wait(CallEnded)
    there = talk(bob, "bob", alice, "alice", "in")
    hear_each_other(alice, there, bob, "in", "34")
    bob.phone.hangup("in")
    assert alice.wait(CallEnded, lambda e: e.call_id == there).reason is EndReason.NONE
    bob.phone.send_text("m", "bob", f"sip:alice@{OUTSIDE}", "through the wall")
    assert alice.wait(TextArrived).body == "through the wall"


@pytest.mark.parametrize("world", [{"forgets": FORGETS}], indirect=True, ids=["forgets-FORGETS"])
def test_an_inbound_call_after_forty_silent_seconds(world: World) -> None:
    alice = world.phone(world.net.inside, "alice", before=QUIET, transport=Transport.UDP)
    carol = world.phone(world.net.inside, "carol", before=QUIET, transport=Transport.TCP)
    bob = world.phone(world.net.outside, "bob", bind=OUTSIDE)
    alice.settle(2.0 * FORGETS)
    for inside, user in ((alice, "alice"), (carol, "carol")):
        hear_each_other(bob, user, inside, talk(bob, "bob", inside, user, user))
        bob.phone.hangup(user)
        bob.wait(CallEnded)


@pytest.mark.parametrize("world", [{"forgets": 3}], indirect=True, ids=["forgets-3"])
def test_without_keep_alives_the_router_forgets_us(world: World) -> None:
    """The control of the test above: it is the keep-alive that does it."""
    alice = world.phone(world.net.inside, "alice", before=QUIET, keep_alive=0)
    bob = world.phone(world.net.outside, "bob", bind=OUTSIDE)
    alice.settle(6.0)
    bob.phone.dial("in", "bob", f"sip:alice@{OUTSIDE}")
    bob.wait(CallEnded, timeout=15)
    assert not [event for event in alice.events if isinstance(event, CallArrived)]
