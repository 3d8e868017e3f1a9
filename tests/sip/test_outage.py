"""The registrar goes away and comes back: noticed in time, back in seconds, and no storm when it takes long."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.counterpart import Line, LineReason, LineState, Transport
from app.domain.phone_events import LineChanged
from sip.engine import registration
from sip.engine.registration import YOUNG, BackOff
from tests.peers import kamailio
from tests.peers.kamailio import Kamailio
from tests.sip.harness import Harness

needs_kamailio = [pytest.mark.peers, pytest.mark.skipif(not kamailio.is_installed(), reason="no kamailio here")]
USERS = {Transport.UDP: "alice", Transport.TCP: "bob", Transport.TLS: "carol"}
BACK_WITHIN = 5.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Kamailio]:
    """A running registrar for all three transports."""
    made = Kamailio(tmp_path / "kamailio", tls=True)
    made.start()
    yield made
    made.stop()


def line_over(server: Kamailio, transport: Transport) -> Line:
    """A line of the transport's user."""
    user = USERS[transport]
    port = server.tls_port if transport is Transport.TLS else server.port
    return Line(
        id=user,
        uri=f"sip:{user}@127.0.0.1:{server.port}",
        registrar=f"sip:127.0.0.1:{port}",
        username=user,
        bind="127.0.0.1",
        transport=transport,
        ca_file=str(server.folder / "ca.crt"),
    )


def everyone(harness: Harness, server: Kamailio) -> None:
    """One line of each transport, registered."""
    lines = [line_over(server, transport) for transport in Transport]
    harness.apply(*lines, passwords={line.id: f"secret-{line.id}" for line in lines})
    for line in lines:
        harness.find(LineChanged, lambda e, n=line.id: e.line == n and e.state is LineState.REGISTERED)  # type: ignore[misc]


def registered_since(harness: Harness, start: int, seconds: float) -> None:
    """Every line has registered again among the events from number ``start`` on."""
    end = time.monotonic() + seconds
    missing = set(USERS.values())
    while missing:
        left = end - time.monotonic()
        assert left > 0, f"not back within {seconds} s: {missing}"
        harness.settle(min(left, 0.1))
        missing -= {
            e.line for e in harness.events[start:] if isinstance(e, LineChanged) and e.state is LineState.REGISTERED
        }


class TestKamailioGoesAway:
    pytestmark = needs_kamailio

    def test_ten_seconds_by_every_transport(self, server: Kamailio, tmp_path: Path) -> None:
        # A UDP line only notices at its next REGISTER: let that fall into the outage.
        harness = Harness(tmp_path / "engine", argv=probing(2.0))
        try:
            everyone(harness, server)
            server.stop()
            start = len(harness.events)
            harness.settle(10.0)
            down = {
                e.line for e in harness.events[start:] if isinstance(e, LineChanged) and e.state is LineState.FAILED
            }
            assert down == set(USERS.values())
            start = len(harness.events)
            server.start()
            registered_since(harness, start, BACK_WITHIN)
        finally:
            harness.phone.close()

    @pytest.mark.skipif(not os.environ.get("RINGDOWN_SLOW"), reason="takes four minutes: RINGDOWN_SLOW=1")
    def test_three_minutes(self, server: Kamailio, tmp_path: Path) -> None:
        harness = Harness(tmp_path / "engine", argv=probing(2.0))
        try:
            everyone(harness, server)
            server.stop()
            harness.settle(180.0)
            start = len(harness.events)
            server.start()
            back = time.monotonic()
            registered_since(harness, start, BACK_WITHIN)
            print(f"back after {time.monotonic() - back:.1f} s")
        finally:
            harness.phone.close()

    def test_a_udp_line_notices_by_itself(self, server: Kamailio, tmp_path: Path) -> None:
        harness = Harness(tmp_path / "engine", argv=probing(2.0))
        try:
            harness.apply(line_over(server, Transport.UDP), password="secret-alice")
            harness.registered("alice")
            server.stop()
            gone = time.monotonic()
            lost = harness.wait(LineChanged, lambda e: e.state is LineState.FAILED, 12)
            assert lost.reason in {LineReason.TIMEOUT, LineReason.UNREACHABLE}
            assert time.monotonic() - gone < 2.0 * 1.15 + registration.SILENCE + 1
        finally:
            harness.phone.close()

    def test_a_burst_of_network_changes_leaves_it_registered(self, harness: Harness, server: Kamailio) -> None:
        everyone(harness, server)
        for _ in range(20):
            harness.phone.network_changed()
        harness.settle(2.0)
        last = {e.line: e.state for e in harness.events if isinstance(e, LineChanged)}
        assert set(last.values()) == {LineState.REGISTERED}


def probing(seconds: float) -> Callable[[int], list[str]]:
    """An engine whose healthy UDP lines register that often."""

    def argv(fd: int) -> list[str]:
        code = f"from sip.engine import main, registration; registration.PROBE = {seconds}; main.main({fd})"
        return [sys.executable, "-c", code]

    return argv


def test_a_dead_registrar_is_noticed_within_35_seconds() -> None:
    assert registration.PROBE * 1.15 + registration.SILENCE <= 35


def _waits(seconds: float, chance: float) -> list[float]:
    """The pauses of a phone whose every attempt fails at once, for so long."""
    back_off, now, found = BackOff(), 1_000.0, []
    while now < 1_000.0 + seconds:
        found.append(back_off.failed(now, chance))
        now += found[-1]
    return found


def test_retries_are_quick_while_an_outage_is_young_then_grow_to_a_minute_and_never_march_in_step() -> None:
    early = [wait for chance in (0.0, 0.5, 1.0) for wait in _waits(YOUNG, chance)]
    assert min(early) >= 0.5
    assert max(early) <= BACK_WITHIN - 0.5
    hour = _waits(3_600, 1.0)
    late = hour[len(_waits(YOUNG, 1.0)) :]
    assert late == sorted(late)
    assert late[-1] == registration.LONGEST_WAIT == 60
    lowest, middle, highest = (_waits(600, chance) for chance in (0.0, 0.5, 1.0))
    assert all(a < b < c for a, b, c in zip(lowest, middle, highest, strict=False))
    # In an hour without its registrar a phone knocks about once a minute, not once a second.
    assert len(_waits(3_600, 0.5)) - len(_waits(YOUNG, 0.5)) < 100


def test_an_outage_that_is_over_is_forgotten() -> None:
    back_off = BackOff()
    back_off.begin(0.0)
    assert back_off.failed(YOUNG + 1, 0.0) > 3
    back_off.forget()
    assert not back_off.has_begun
    assert back_off.failed(YOUNG + 2, 0.0) == 0.5
