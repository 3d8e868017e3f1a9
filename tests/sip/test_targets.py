"""From a name to a server: NAPTR, SRV and addresses in RFC 3263's order, and whatever a name server may answer."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter

import pytest

from app.domain.counterpart import LineReason, Transport
from sip.engine import dns, targets
from sip.engine.dns_records import Kind, Naptr, Srv
from sip.engine.loop import Loop
from sip.engine.targets import Aim, Place, find, first_alive, ordered
from sip.ip import IPV4, IPV6
from tests.network.dns_server import DnsServer, Table
from tests.sip.harness import needs_ipv6
from tests.sip.raw_sip import RawPeer

SERVERS = ("127.0.0.1",)
UDP, TCP, TLS = Transport.UDP, Transport.TCP, Transport.TLS
TABLE: Table = {
    "_sip._udp.pbx.test": [["SRV", 20, 0, 5070, "127.0.0.3"], ["SRV", 10, 0, 5060, "127.0.0.2"]],
    "_sip._tcp.pbx.test": [["SRV", 10, 0, 5080, "127.0.0.4"]],
    "pbx.test": [
        ["NAPTR", 50, 50, "s", "SIP+D2T", "_sip._tcp.pbx.test"],
        ["NAPTR", 90, 50, "s", "SIP+D2U", "_other._udp.pbx.test"],
    ],
    "_other._udp.pbx.test": [["SRV", 1, 0, 5090, "127.0.0.5"]],
    "_sip._udp.plain.test": [["SRV", 1, 0, 5061, "127.0.0.6"]],
    "plain.test": [],
    "_sip._udp.closed.test": [["SRV", 0, 0, 0, "."]],
    "_sips._tcp.pbx.test": [["SRV", 1, 0, 5061, "evil.example"], ["SRV", 2, 0, 5061, "localhost"]],
}


SIX = "2001:db8::1"


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name ``both.test`` has addresses of both families, ``six.test`` an IPv6 address only."""
    ask = socket.getaddrinfo

    def answer(host: str, port: int, family: int = 0, kind: int = 0) -> object:
        if host == "both.test" and family == IPV4:
            return ask("192.0.2.1", port, family, kind)
        if host in {"both.test", "six.test"} and family == IPV6:
            return ask(SIX, port, family, kind)
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "PATIENCE", 0.3)
    monkeypatch.setattr(targets, "ALIVE", 0.3)


def looked_up(place: Place, server: DnsServer) -> list[Aim]:
    """`find` by the test's own name server."""
    return find(place, servers=SERVERS, dns_port=server.port)


def test_naptr_leads_to_the_srv_of_the_lines_transport() -> None:
    with DnsServer(TABLE) as server:
        assert looked_up(Place("pbx.test", 0, UDP), server) == [Aim("127.0.0.5", "127.0.0.5", 5090)]
        assert looked_up(Place("pbx.test", 0, TCP), server) == [Aim("127.0.0.4", "127.0.0.4", 5080)]


def test_without_naptr_the_usual_srv_in_order_of_priority() -> None:
    table = {name: rows for name, rows in TABLE.items() if name != "pbx.test"}
    with DnsServer(table) as server:
        found = looked_up(Place("pbx.test", 0, UDP), server)
    assert [(aim.address, aim.port) for aim in found] == [("127.0.0.2", 5060), ("127.0.0.3", 5070)]


def test_an_answer_too_long_for_a_datagram_is_fetched_by_tcp() -> None:
    with DnsServer(TABLE, truncates=True) as server:
        assert looked_up(Place("plain.test", 0, UDP), server) == [Aim("127.0.0.6", "127.0.0.6", 5061)]


def test_a_port_or_an_address_asks_nobody() -> None:
    with DnsServer(TABLE) as server:
        assert looked_up(Place("127.0.0.9", 0, TLS), server) == [Aim("127.0.0.9", "127.0.0.9", 5061)]
        assert looked_up(Place("localhost", 5070, UDP), server)[0].address == "127.0.0.1"
        assert server.asked == []


def test_with_tls_a_name_server_cannot_lead_out_of_the_domain() -> None:
    with DnsServer(TABLE) as server:
        assert looked_up(Place("pbx.test", 0, TLS), server) == []


def test_a_dead_name_server_costs_seconds_not_minutes_and_the_hosts_file_still_works() -> None:
    with DnsServer(TABLE, silent=True) as server:
        started = time.monotonic()
        found = find(Place("pbx.localhost", 0, UDP), servers=SERVERS, dns_port=server.port)
        assert time.monotonic() - started < dns.PATIENCE * dns.ATTEMPTS + 8
    assert found in ([], [Aim("pbx.localhost", "127.0.0.1", 5060)])


@pytest.mark.usefixtures("both")
def test_addresses_of_the_families_a_line_may_use() -> None:
    place, four, six = Place("both.test", 5070, UDP), Aim("both.test", "192.0.2.1", 5070), Aim("both.test", SIX, 5070)
    assert find(place, (IPV4, IPV6)) == [four, six]
    assert find(place, (IPV4,)) == [four]
    assert find(place, (IPV6,)) == [six]
    assert find(Place("six.test", 5070, UDP), (IPV4, IPV6)) == [Aim("six.test", SIX, 5070)]
    assert find(Place("six.test", 5070, UDP), (IPV4,)) == []


@pytest.mark.usefixtures("both")
def test_each_service_by_both_families_before_the_next() -> None:
    table: Table = {"_sip._udp.pbx.test": [["SRV", 1, 0, 1, "both.test"], ["SRV", 2, 0, 2, "six.test"]], "pbx.test": []}
    with DnsServer(table) as server:
        found = find(Place("pbx.test", 0, UDP), (IPV4, IPV6), servers=SERVERS, dns_port=server.port)
    assert [(aim.address, aim.port) for aim in found] == [("192.0.2.1", 1), (SIX, 1), (SIX, 2)]


def test_an_ipv6_address_asks_nobody() -> None:
    with DnsServer(TABLE) as server:
        assert looked_up(Place("2001:DB8::1", 0, TLS), server) == [Aim("2001:DB8::1", SIX, 5061)]
        assert server.asked == []


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(("host", "reason"), [("six.test", LineReason.IPV6), ("nowhere.test", LineReason.UNREACHABLE)])
def test_why_there_is_no_server(host: str, reason: LineReason) -> None:
    loop, said, posted = Loop(), list[str](), threading.Event()
    loop.wake = posted.set
    targets.choose(Place(host, 5060, UDP), "", (IPV4,), loop, lambda aim: said.append(aim.address), said.append)
    assert posted.wait(5)
    loop.run_due(lambda work: work())
    assert said == [reason]


def test_where_the_library_says_a_connection_went() -> None:
    aim = Aim("h.test", SIX, 5061)
    assert aim.is_at(f"[{SIX}]:5061")
    assert aim.is_at(f"{SIX}:5061")
    assert not aim.is_at(f"[{SIX}]:5062")


def test_weights_are_drawn_by() -> None:
    services = [Srv(1, 90, 1, "a"), Srv(1, 10, 1, "b"), Srv(2, 0, 1, "c")]
    first = Counter(ordered(services, lambda n=n: (n + 0.5) / 100)[0].host for n in range(100))  # type: ignore[misc]
    assert first == {"a": 90, "b": 10}
    assert ordered(services, lambda: 0.99)[-1].host == "c"
    assert ordered([Srv(0, 0, 0, "")], lambda: 0.5) == []


def test_the_first_that_answers_is_taken() -> None:
    with RawPeer() as silent, RawPeer() as alive, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as refused:
        refused.bind(("127.0.0.1", 0))
        gone = refused.getsockname()[1]
        refused.close()
        aims = [Aim("x", "127.0.0.1", port) for port in (gone, silent.port, alive.port)]
        alive.socket.settimeout(5)

        def answer() -> None:
            data, sender = alive.socket.recvfrom(4096)
            alive.answer(data.decode(), "404 Not Found", sender[1])

        thread = threading.Thread(target=answer)
        thread.start()
        assert first_alive(aims, UDP, "127.0.0.1") == aims[2]
        thread.join()
        assert first_alive(aims[:2], UDP) == aims[0]


@needs_ipv6
def test_a_server_of_the_other_family_is_taken_when_the_first_is_silent() -> None:
    with RawPeer() as silent, RawPeer("::1") as alive:
        aims = [Aim("x", "127.0.0.1", silent.port), Aim("x", "::1", alive.port)]
        alive.socket.settimeout(5)

        def answer() -> None:
            data, sender = alive.socket.recvfrom(4096)
            assert data.startswith(f"OPTIONS sip:[::1]:{alive.port} SIP/2.0\r\nVia: SIP/2.0/UDP [::1]:".encode())
            alive.answer(data.decode(), "404 Not Found", sender[1])

        thread = threading.Thread(target=answer)
        thread.start()
        assert first_alive(aims, UDP) == aims[1]
        thread.join()


def test_the_first_that_takes_a_connection_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_server(("127.0.0.1", 0)) as other:
        gone = other.getsockname()[1]
        other.close()
        aims = [Aim("x", "127.0.0.1", port) for port in (gone, listener.getsockname()[1])]
        assert first_alive(aims, TCP) == aims[1]


@pytest.mark.parametrize(
    ("aim", "place", "route"),
    [
        (Aim("h.test", "192.0.2.1", 5060), Place("h.test", 0, UDP), "sip:192.0.2.1:5060;lr;hide"),
        (Aim("h.test", "192.0.2.1", 5070), Place("h.test", 0, TCP), "sip:192.0.2.1:5070;transport=tcp;lr;hide"),
        (Aim("192.0.2.1", "192.0.2.1", 5060), Place("192.0.2.1", 0, UDP), ""),
        (Aim("h.test", "192.0.2.1", 5061), Place("h.test", 0, TLS), ""),
        (Aim("s1.h.test", "192.0.2.1", 5061), Place("h.test", 0, TLS), "sip:s1.h.test:5061;transport=tls;lr;hide"),
        (Aim("h.test", SIX, 5060), Place("h.test", 0, UDP), f"sip:[{SIX}]:5060;lr;hide"),
        (Aim(SIX, SIX, 5061), Place(SIX, 0, TLS), ""),
        (Aim(SIX, SIX, 5070), Place("h.test", 0, TLS), f"sip:[{SIX}]:5070;transport=tls;lr;hide"),
    ],
)
def test_the_route_the_library_gets(aim: Aim, place: Place, route: str) -> None:
    assert aim.route(place) == route


@pytest.mark.parametrize("name", ["a..b", "a b.test", "x" * 64 + ".test", "a.\u00e9", "a\r\nb"])
def test_a_name_that_is_none_has_no_servers(name: str) -> None:
    with DnsServer(TABLE) as server:
        assert dns.ask([(name, Kind.SRV)], SERVERS, server.port) in ({(name, Kind.SRV): []}, None)


def test_no_name_server_is_no_answer() -> None:
    assert dns.ask([("pbx.test", Kind.SRV)], ()) is None


def test_naptr_is_read() -> None:
    with DnsServer(TABLE) as server:
        found = dns.ask([("pbx.test", Kind.NAPTR)], SERVERS, server.port)
    assert found is not None
    assert found[("pbx.test", Kind.NAPTR)][0] == Naptr(50, 50, "s", "sip+d2t", "_sip._tcp.pbx.test")
