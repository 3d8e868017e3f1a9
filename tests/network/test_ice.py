"""STUN, ICE and TURN by setting: the candidates are in the offer, and a call with them has sound both ways."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.call import CallEnded
from app.domain.counterpart import Line
from sip import wire
from tests.network import stun_server
from tests.network.net import INSIDE, OUTSIDE, PUBLIC, prefix
from tests.network.world import World, hear_again, talk
from tests.peers.child import Child
from tests.sip.harness import Harness

pytestmark = pytest.mark.peers
STUN_PORT, SIP_PORT = 3478, 5090


@pytest.fixture
def far_end(world: World, tmp_path: Path) -> Iterator[Child]:
    """STUN, TURN and a SIP far end outside."""
    words = [sys.executable, "-m", "tests.network.stun_server", OUTSIDE, str(STUN_PORT), str(SIP_PORT)]
    with Child([*prefix(world.net.outside), *words], log=tmp_path / "far_end.log", talks=True) as made:
        assert made.first_line() == "ready\n"
        yield made


def offer(world: World, far_end: Child, tmp_path: Path, **nat: object) -> str:
    """The session description of a call from inside."""
    engine = Harness(tmp_path / "engine", argv=world.net.engine(world.net.inside))
    try:
        line = Line("a", "sip:a@h.test", bind="auto", **nat)  # type: ignore[arg-type]
        setup = wire.LineSetup(line, "", turn_password=stun_server.PASSWORD if line.turn else "")
        engine.phone._put(wire.ApplyLines((setup,), "none", "none", "none"))
        engine.registered("a")
        engine.settle(0.5)  # the STUN server is asked in the background; until then calls go without it
        engine.phone.dial("c1", "a", f"sip:x@{OUTSIDE}:{SIP_PORT}")
        engine.wait(CallEnded, timeout=15)
        return str(json.loads(far_end.first_line())["sdp"])
    finally:
        engine.phone.close()


def candidates(sdp: str) -> set[tuple[str, str]]:
    """Type and address of each candidate (RFC 8839)."""
    rows = [line.split() for line in sdp.split("\r\n") if line.startswith("a=candidate:")]
    return {(row[row.index("typ") + 1], row[4]) for row in rows}


def test_without_any_of_it_there_are_none(world: World, far_end: Child, tmp_path: Path) -> None:
    sdp = offer(world, far_end, tmp_path)
    assert candidates(sdp) == set()
    assert f"c=IN IP4 {INSIDE}" in sdp


def test_stun_alone_shows_the_address_outside(world: World, far_end: Child, tmp_path: Path) -> None:
    sdp = offer(world, far_end, tmp_path, stun=OUTSIDE)
    assert candidates(sdp) == set()
    assert f"c=IN IP4 {PUBLIC}" in sdp


def test_ice_offers_both_addresses(world: World, far_end: Child, tmp_path: Path) -> None:
    sdp = offer(world, far_end, tmp_path, stun=f"{OUTSIDE}:{STUN_PORT}", ice=True)
    assert candidates(sdp) == {("host", INSIDE), ("srflx", PUBLIC)}
    assert "a=ice-ufrag:" in sdp


def test_turn_adds_a_relay(world: World, far_end: Child, tmp_path: Path) -> None:
    sdp = offer(world, far_end, tmp_path, ice=True, stun=OUTSIDE, turn=OUTSIDE, turn_username=stun_server.USER)
    assert ("relay", OUTSIDE) in candidates(sdp)


def test_a_dead_stun_server_does_not_stop_a_call(world: World, far_end: Child, tmp_path: Path) -> None:
    sdp = offer(world, far_end, tmp_path, stun=f"{OUTSIDE}:9")
    assert f"c=IN IP4 {INSIDE}" in sdp


@pytest.mark.parametrize("ice", [False, True])
def test_a_call_with_it_has_sound_both_ways(world: World, far_end: Child, ice: bool) -> None:
    """With ICE the sound moves over to the way found, with an UPDATE right after the answer."""
    alice = world.phone(world.net.inside, "alice", stun=OUTSIDE, ice=ice)
    bob = world.phone(world.net.outside, "bob", bind=OUTSIDE, stun=OUTSIDE, ice=ice)
    hear_again(alice, "c1", bob, talk(alice, "alice", bob, "bob", "c1"), "12", 3.0)
    alice.phone.hangup("c1")
    bob.wait(CallEnded)
    there = talk(bob, "bob", alice, "alice", "c2")
    hear_again(bob, "c2", alice, there, "34", 3.0)
