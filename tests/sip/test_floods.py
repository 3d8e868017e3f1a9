"""More than a rep could ever use, faster than anybody could: the engine must not end over it."""

from __future__ import annotations

import socket

from app.domain.call import CallAnswered, CallEnded
from app.domain.counterpart import Transport
from app.domain.message import TextArrived
from app.domain.phone_events import CallArrived, EngineLost
from sip.engine.pace import GAP, MOST, WINDOW, Pace
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import RawPeer


def lives(harness: Harness) -> bool:
    """It has not been restarted."""
    return not [event for event in harness.events if isinstance(event, EngineLost)]


def test_callers_who_hang_up_at_once(harness: Harness) -> None:
    harness.apply(local_line("a", "alice"))
    port = int(harness.registered("a").contact.rpartition(":")[2])
    with RawPeer() as peer:
        for number in range(120):
            call_id = peer.invite(port, branch=f"b{number}")
            peer.expect("SIP/2.0 180", 10)
            peer.request("CANCEL", port, call_id=call_id, branch=f"b{number}")
            peer.expect("SIP/2.0 487", 10)
        peer.invite(port, sender="<sip:last@example.org>")
        harness.wait(CallArrived, lambda e: e.user == "last", 20)
    assert lives(harness)


def test_calls_of_ours_as_fast_as_they_end(harness: Harness) -> None:
    harness.apply(local_line("a", "alice"), local_line("b", "bob"))
    harness.registered("a")
    target = harness.registered("b").contact
    for number in range(60):
        harness.phone.dial(f"c{number}", "a", target)
        arrived = harness.wait(CallArrived)
        harness.phone.answer(arrived.call_id)
        harness.find(CallAnswered, lambda e, n=number: e.call_id == f"c{n}")  # type: ignore[misc]
        harness.phone.hangup(f"c{number}")
        harness.find(CallEnded, lambda e, a=arrived: e.call_id == a.call_id)  # type: ignore[misc]
        harness.events.clear()
        harness.rewind()
    assert lives(harness)


def test_connections_opened_and_closed(harness: Harness) -> None:
    """A port scan. Many more within half a second can end the library (it takes no part in accepting that we could
    slow down); the engine is restarted then, as after any end of it."""
    harness.apply(local_line("a", "alice", transport=Transport.TCP), local_line("b", "bob"))
    port = int(harness.find_line("a").contact.split(";")[0].rpartition(":")[2])
    other = int(harness.find_line("b").contact.rpartition(":")[2])
    for _ in range(40):
        with socket.create_connection(("127.0.0.1", port)) as link:
            link.sendall(b"\r\n\r\n")
    with RawPeer() as peer:
        peer.request("MESSAGE", other, body=b"still there?", content_type="text/plain")
        harness.wait(TextArrived)
    assert lives(harness)


def test_connections_held_open(harness: Harness) -> None:
    harness.apply(local_line("a", "alice", transport=Transport.TCP), local_line("b", "bob"))
    port = int(harness.find_line("a").contact.split(";")[0].rpartition(":")[2])
    other = int(harness.find_line("b").contact.rpartition(":")[2])
    links = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    try:
        with RawPeer() as peer:
            peer.request("MESSAGE", other, body=b"still there?", content_type="text/plain")
            harness.wait(TextArrived)
    finally:
        for link in links:
            link.close()
    assert lives(harness)


def test_pace() -> None:
    pace = Pace()
    assert [pace.begin(10.0) for _ in range(MOST)] == [0.0] * MOST
    waits = [pace.begin(10.0) for _ in range(5)]
    assert [round(wait, 3) for wait in waits] == [round(GAP * n, 3) for n in range(1, 6)]
    assert pace.begin(10.0 + 5 * GAP + WINDOW + 0.01) == 0.0
    # However long it goes on: never more places taken than the library has, four sockets a call.
    now, times = 20.0, []
    for _ in range(500):
        now += pace.begin(now)
        times.append(now)
    most = max(sum(1 for other in times if 0 <= other - time < 0.6) for time in times)
    assert most * 4 <= 64
