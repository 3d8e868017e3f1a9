"""Which server a line talks to: RFC 3263's way from a name to addresses, and the first of them that is alive.

The library can look names up by itself, but then it blocks the engine (`getaddrinfo`) or passes by the system's own
resolver (hosts file, VPN, local names), and it never tries the second server of a UDP service. So it is done here, on
a thread of its own, and the library is told the outcome as a route (`Aim.route`).
"""

from __future__ import annotations

import ipaddress
import random
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.domain.counterpart import LineReason, Transport
from sip.engine.dns_records import Kind, Naptr, Question, Srv
from sip.engine.loop import Loop
from sip.ip import IPV4, IPV6, Families, bracketed, family

ALIVE = 1.5  # seconds a server has to show that it is there, when there is another one to turn to
MOST_TARGETS = 8
_PORTS = {Transport.UDP: 5060, Transport.TCP: 5060, Transport.TLS: 5061}
_SRV = {Transport.UDP: "_sip._udp", Transport.TCP: "_sip._tcp", Transport.TLS: "_sips._tcp"}
_NAPTR = {Transport.UDP: "sip+d2u", Transport.TCP: "sip+d2t", Transport.TLS: "sips+d2t"}


@dataclass(frozen=True, slots=True)
class Place:
    """What a URI names. Port 0: not said."""

    host: str
    port: int
    transport: Transport


@dataclass(frozen=True, slots=True)
class Aim:
    """A server to talk to. ``host`` is the name its certificate must carry, ``address`` where it is."""

    host: str
    address: str
    port: int

    @property
    def family(self) -> socket.AddressFamily:
        """Of its address."""
        return family(self.address) or IPV4

    def is_at(self, remote: str) -> bool:
        """Is this its address and port, as the library writes them?"""
        return remote in {f"{bracketed(self.address)}:{self.port}", f"{self.address}:{self.port}"}

    def route(self, place: Place) -> str:
        """The hidden route that leads the library here; empty when the URI itself does.

        The library checks a certificate against the host of the route, so with TLS that stays a name.
        """
        host = self.host if place.transport is Transport.TLS else self.address
        if host == place.host and self.port == (place.port or _PORTS[place.transport]):
            return ""
        kind = "" if place.transport is Transport.UDP else f";transport={place.transport.value}"
        return f"sip:{bracketed(host)}:{self.port}{kind};lr;hide"


def literal(place: Place) -> Aim | None:
    """The aim of a URI that holds an address, None for a name."""
    try:
        address = ipaddress.ip_address(place.host.strip("[]"))
    except ValueError:
        return None
    return Aim(place.host, str(address), place.port or _PORTS[place.transport])


def find(
    place: Place, families: Families = (IPV4,), servers: tuple[str, ...] | None = None, dns_port: int = 0
) -> list[Aim]:
    """Every server of the place with an address of these families, best first; of one server in their order. Blocks.

    Empty when the name is unknown.
    """
    if (known := literal(place)) is not None:
        return [known]
    services: list[Srv] = []
    if not place.port and "." in place.host and not place.host.lower().endswith(".local"):
        services = _services(place, servers, dns_port)
    if any(service.host for service in services):
        wanted = [(each.host, each.port) for each in ordered(services, random.random) if _may_lead(place, each.host)]
    else:
        wanted = []
    wanted = wanted or [(place.host, place.port or _PORTS[place.transport])]
    found = [aim for host, port in wanted for aim in _addresses(host, port, families)]
    return list(dict.fromkeys(found))[:MOST_TARGETS]


def ordered(services: list[Srv], chance: Callable[[], float]) -> list[Srv]:
    """By priority; within one, drawn by weight (RFC 2782)."""
    left = sorted((each for each in services if each.host), key=lambda each: (each.priority, each.weight))
    found: list[Srv] = []
    while left:
        group = [each for each in left if each.priority == left[0].priority]
        mark = chance() * sum(each.weight for each in group)
        for each in group:
            mark -= each.weight
            if mark <= 0:
                break
        found.append(each)
        left.remove(each)
    return found


def first_alive(aims: list[Aim], transport: Transport, source: str = "") -> Aim:
    """The first that answers; the first of all when none does, or when there is no choice. Blocks."""
    if len(aims) > 1:
        for aim in aims:
            if _is_alive(aim, transport, source):
                return aim
    return aims[0]


def choose(
    place: Place,
    source: str,
    families: Families,
    loop: Loop,
    found: Callable[[Aim], None],
    missing: Callable[[LineReason], None],
) -> None:
    """Call back on the engine thread with the server to use, or why there is none. An address answers at once."""
    if (known := literal(place)) is not None:
        found(known)
        return

    def look() -> None:
        aims = find(place, families)
        if not aims:
            only_six = IPV6 not in families and find(place, (IPV6,))
            loop.post(lambda: missing(LineReason.IPV6 if only_six else LineReason.UNREACHABLE))
            return
        best = first_alive(aims, place.transport, source)
        loop.post(lambda: found(best))

    threading.Thread(target=look, name="resolve", daemon=True).start()


def own_address(aim: Aim | None, wanted: socket.AddressFamily) -> str:
    """This computer's address towards the server, or towards the world; empty without a network. Sends nothing."""
    world = "2001:db8::1" if wanted is IPV6 else "192.0.2.1"
    there = (aim.address, aim.port) if aim is not None else (world, _PORTS[Transport.UDP])
    try:
        with socket.socket(wanted, socket.SOCK_DGRAM) as probe:
            probe.connect(there)
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def check(
    host: str, wanted: socket.AddressFamily, loop: Loop, found: Callable[[], None], missing: Callable[[], None]
) -> None:
    """Call back on the engine thread once ``host`` is known to resolve, or not: the library would block with it."""

    def look() -> None:
        try:
            socket.getaddrinfo(host, None, wanted)
        except (OSError, UnicodeError):
            loop.post(missing)
        else:
            loop.post(found)

    if literal(Place(host, 0, Transport.UDP)) is not None:
        found()
    else:
        threading.Thread(target=look, name="resolve", daemon=True).start()


def _services(place: Place, servers: tuple[str, ...] | None, port: int) -> list[Srv]:
    from sip.engine import dns  # heavy, and a line that names an address never needs it

    servers = dns.nameservers() if servers is None else servers
    port = port or dns.PORT
    usual: Question = (f"{_SRV[place.transport]}.{place.host}", Kind.SRV)
    pointers: Question = (place.host, Kind.NAPTR)
    first = dns.ask([usual, pointers], servers, port)
    if first is None:
        return []
    named = [
        each
        for each in first[pointers]
        if isinstance(each, Naptr) and each.flags == "s" and each.service == _NAPTR[place.transport]
    ]
    found = first[usual]
    if named:
        best = min(named, key=lambda each: (each.order, each.preference))
        other: Question = (best.replacement, Kind.SRV)
        if other[0].lower() != usual[0].lower():
            more = dns.ask([other], servers, port)
            found = more[other] if more and more[other] else found
    return [each for each in found if isinstance(each, Srv)]


def _may_lead(place: Place, host: str) -> bool:
    """With TLS, DNS may point only to names inside the domain: it is not to be trusted with whom we talk to."""
    domain = place.host.lower().rstrip(".")
    name = host.lower().rstrip(".")
    return place.transport is not Transport.TLS or name == domain or name.endswith("." + domain)


def _addresses(host: str, port: int, families: Families) -> Iterator[Aim]:
    for wanted in families:
        try:
            entries = socket.getaddrinfo(host, port, wanted, socket.SOCK_DGRAM)
        except (OSError, UnicodeError):
            continue
        for _, _, _, _, address in entries:
            yield Aim(host, str(address[0]), port)


def _is_alive(aim: Aim, transport: Transport, source: str) -> bool:
    kind = socket.SOCK_DGRAM if transport is Transport.UDP else socket.SOCK_STREAM
    try:
        with socket.socket(aim.family, kind) as link:
            link.settimeout(ALIVE)
            if source:
                link.bind((source, 0))
            link.connect((aim.address, aim.port))
            if transport is not Transport.UDP:
                return True
            link.send(_options(aim, link.getsockname()))
            return link.recv(4096).startswith(b"SIP/2.0 ")
    except OSError:
        return False


def _options(aim: Aim, own: tuple[str, int]) -> bytes:
    """A question any SIP server answers, be it with an error."""
    here, there = f"{bracketed(own[0])}:{own[1]}", f"{bracketed(aim.address)}:{aim.port}"
    return (
        f"OPTIONS sip:{there} SIP/2.0\r\nVia: SIP/2.0/UDP {here};rport;branch=z9hG4bK{secrets.token_hex(8)}\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:{here}>;tag={secrets.token_hex(4)}\r\nTo: <sip:{there}>\r\n"
        f"Call-ID: {secrets.token_hex(12)}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    ).encode()
