"""More than a rep could ever use, faster than anybody could: the engine must not end over it."""

from __future__ import annotations

import contextlib
import selectors
import socket
import tempfile
from collections.abc import Iterator

import pytest

from app.domain.call import CallAnswered, CallEnded
from app.domain.counterpart import Line, Transport
from app.domain.message import TextArrived
from app.domain.phone_events import CallArrived
from sip.engine.door import close_door
from sip.engine.inflow import Inflow
from sip.engine.loop import Loop
from sip.engine.pace import GAP, MOST, WINDOW, Pace
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import RawPeer


@contextlib.contextmanager
def connections(port: int, count: int, patience: float) -> Iterator[None]:
    """So many connections in one go, open until the end; those that are not made once nothing moves any more for
    ``patience`` seconds are still on their way."""
    with contextlib.ExitStack() as held, selectors.DefaultSelector() as waiting:
        for _ in range(count):
            link = held.enter_context(socket.socket())
            link.setblocking(False)
            link.connect_ex(("127.0.0.1", port))
            waiting.register(link, selectors.EVENT_WRITE)
        while waiting.get_map() and (ready := waiting.select(patience)):
            for key, _ in ready:
                waiting.unregister(key.fileobj)
        yield


def test_callers_who_hang_up_at_once(harness: Harness) -> None:
    harness.apply(local_line("a", "alice"))
    port = harness.port("a")
    with RawPeer() as peer:
        for number in range(120):
            call_id = peer.invite(port, branch=f"b{number}")
            peer.expect("SIP/2.0 180", 10)
            peer.request("CANCEL", port, call_id=call_id, branch=f"b{number}")
            peer.expect("SIP/2.0 487", 10)
        peer.invite(port, sender="<sip:last@example.org>")
        harness.wait(CallArrived, lambda e: e.user == "last", 20)
    assert harness.never_lost


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
    assert harness.never_lost


def test_connections_opened_and_closed(harness: Harness) -> None:
    """A port scan."""
    harness.apply(local_line("a", "alice", transport=Transport.TCP), local_line("b", "bob"))
    port = harness.port("a")
    other = harness.port("b")
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as link:
            link.sendall(b"\r\n\r\n")
    with RawPeer() as peer:
        peer.request("MESSAGE", other, body=b"still there?", content_type="text/plain")
        harness.wait(TextArrived)
    assert harness.never_lost


def test_connections_held_open(harness: Harness) -> None:
    harness.apply(local_line("a", "alice", transport=Transport.TCP), local_line("b", "bob"))
    port = harness.port("a")
    other = harness.port("b")
    with connections(port, 100, 0.3), RawPeer() as peer:
        peer.request("MESSAGE", other, body=b"still there?", content_type="text/plain")
        harness.wait(TextArrived)
    assert harness.never_lost


@pytest.mark.parametrize(("at_once", "times"), [(60, 3), (300, 1)])
def test_connections_by_the_hundred(harness: Harness, at_once: int, times: int) -> None:
    """To a line that has to be reachable: it takes in only so many, and the rest a moment later."""
    harness.apply(local_line("a", "alice", transport=Transport.TCP))
    port = harness.port("a")
    for _ in range(times):
        with connections(port, at_once, 1.2):
            pass
    with socket.create_connection(("127.0.0.1", port), 10) as link:
        link.sendall(
            f"MESSAGE sip:alice@127.0.0.1:{port};transport=tcp SIP/2.0\r\n"
            f"Via: SIP/2.0/TCP 127.0.0.1:{link.getsockname()[1]};branch=z9hG4bKm\r\nMax-Forwards: 70\r\n"
            "From: <sip:p@h.test>;tag=p\r\nTo: <sip:alice@127.0.0.1>\r\nCall-ID: m\r\nCSeq: 1 MESSAGE\r\n"
            "Content-Type: text/plain\r\nContent-Length: 12\r\n\r\nstill there?".encode()
        )
        harness.wait(TextArrived)
    assert harness.never_lost
    assert "too many connections at once" in harness.engine_log()


def test_a_registered_line_has_no_open_door(harness: Harness) -> None:
    """It is called over the connection it has opened; from outside its listener cannot be reached."""
    with socket.create_server(("127.0.0.1", 0)) as registrar:
        registrar.settimeout(5)
        address = f"sip:127.0.0.1:{registrar.getsockname()[1]}"
        line = Line("a", "sip:a@h.test", address, bind="127.0.0.1", transport=Transport.TCP, username="a")
        harness.apply(line, password="p")
        link, _ = registrar.accept()
        with link:
            link.settimeout(5)
            register = link.recv(65_536).decode()
            fields = dict(row.split(": ", 1) for row in register.split("\r\n")[1:] if ": " in row)
            link.sendall(
                (
                    f"SIP/2.0 200 OK\r\nVia: {fields['Via']}\r\nFrom: {fields['From']}\r\nTo: {fields['To']};tag=t\r\n"
                    f"Call-ID: {fields['Call-ID']}\r\nCSeq: {fields['CSeq']}\r\n"
                    f"Contact: {fields['Contact']};expires=300\r\nContent-Length: 0\r\n\r\n"
                ).encode()
            )
            contact = harness.registered("a").contact
            listener = int(contact.split(";")[0].rpartition(":")[2])
            assert listener != link.getpeername()[1]
            for _ in range(300):
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", listener), 2)
            link.sendall(
                b"OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:1;branch=z9hG4bKo;rport\r\n"
                b"From: <sip:o@h.test>;tag=o\r\nTo: <sip:a@h.test>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\n"
                b"Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
            )
            assert link.recv(65_536).startswith(b"SIP/2.0 200")
    assert harness.never_lost


def test_without_a_temporary_folder_the_doors_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert not close_door(port)
        inflow = Inflow(Loop())
        inflow.limit(port)
        for connection in range(20):
            inflow.connected(connection)
        socket.create_connection(("127.0.0.1", port)).close()
        inflow.forget(port)


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
