"""Addresses of both families: which is which, how they are written, and what a line makes of them."""

from __future__ import annotations

import socket

import pytest

from app.domain.counterpart import Line, Transport
from sip.engine import config, door, network
from sip.engine.config import Bind
from sip.engine.invite import is_hold_offer
from sip.ip import IPV4, IPV6, Families, bracketed, common, family, is_ipv6
from tests.sip.harness import needs_ipv6

SIX = "2001:db8::1"


@pytest.mark.parametrize(
    ("host", "found"),
    [("::1", IPV6), (f"[{SIX}]", IPV6), ("127.0.0.1", IPV4), ("h.test", None), ("", None), ("1:2", None)],
)
def test_the_family_of_a_host(host: str, found: socket.AddressFamily | None) -> None:
    assert family(host) is found
    assert is_ipv6(host) is (found is IPV6)


@pytest.mark.parametrize(
    ("host", "shown"), [("::1", "[::1]"), ("[::1]", "[::1]"), ("127.0.0.1", "127.0.0.1"), ("h.test", "h.test")]
)
def test_brackets(host: str, shown: str) -> None:
    assert bracketed(host) == shown


@pytest.mark.parametrize(
    ("hosts", "found"),
    [
        (("", "h.test"), (IPV4, IPV6)),
        (("", "192.0.2.1"), (IPV4,)),
        (("", SIX), (IPV6,)),
        (("::1", "h.test"), (IPV6,)),
        (("127.0.0.1", "h.test"), (IPV4,)),
        (("::1", SIX), (IPV6,)),
    ],
)
def test_the_families_hosts_have_in_common(hosts: tuple[str, ...], found: Families) -> None:
    assert common(hosts, (IPV4, IPV6)) == found


def test_hosts_of_two_families_have_none_in_common() -> None:
    with pytest.raises(ValueError, match="two families"):
        common(("::1", "127.0.0.1"), (IPV4, IPV6))


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (Line("a", "sip:a@h.test", registrar=SIX), (SIX, 0)),
        (Line("a", "sip:a@h.test", registrar=f"[{SIX}]:5070"), (SIX, 5070)),
        (Line("a", "sip:a@h.test", registrar=f"sip:[{SIX}]:5070;transport=tcp"), (SIX, 5070)),
        (Line("a", "sip:a@h.test", registrar="sip:h.test", proxy=f"sip:[{SIX}];lr"), (SIX, 0)),
        (Line("a", f"sip:a@[{SIX}]:5062"), (SIX, 5062)),
    ],
)
def test_whom_a_line_talks_to(line: Line, place: tuple[str, int]) -> None:
    found = config.server(line)
    assert (found.host, found.port) == place
    assert SIX in config.hosts(line)
    assert config.families(line, Bind()) == (IPV6,)


@pytest.mark.parametrize(
    ("server", "whole"),
    [
        ("h.test", "h.test:3478"),
        ("stun:h.test:99", "h.test:99"),
        (SIX, f"[{SIX}]:3478"),
        (f"[{SIX}]", f"[{SIX}]:3478"),
        (f"turn:[{SIX}]:99", f"[{SIX}]:99"),
    ],
)
def test_a_stun_server_with_its_port(server: str, whole: str) -> None:
    assert config.with_port(server) == whole


def test_a_transport_for_each_family() -> None:
    kinds = {
        config.transport_kind(Line("a", "sip:a@h", transport=each), of) for each in Transport for of in (IPV4, IPV6)
    }
    assert len(kinds) == 6


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("c=IN IP6 ::", True),
        ("c=IN IP6 ::1", False),
        ("c=IN IP4 0.0.0.0", True),
        ("a=sendonly", True),
        ("a=sendrecv", False),
    ],
)
def test_a_hold_of_either_family(line: str, held: bool) -> None:
    assert is_hold_offer(f"v=0\r\n{line}\r\n") is held


@needs_ipv6
def test_a_listener_of_either_family_is_found() -> None:
    with (
        socket.create_server(("::1", 0), family=socket.AF_INET6) as six,
        socket.create_server(("127.0.0.1", 0)) as four,
    ):
        for each in (six, four):
            assert door.listeners(each.getsockname()[1]) == [each.fileno()]


@needs_ipv6
def test_there_is_a_way_to_ourselves_by_either_family() -> None:
    assert network.has_route("::1", 5060)
    assert network.has_route("127.0.0.1", 5060)
