"""The two families of internet addresses: which one a host is of, and how one is written. Pure."""

from __future__ import annotations

import ipaddress
import socket

IPV4, IPV6 = socket.AF_INET, socket.AF_INET6
Families = tuple[socket.AddressFamily, ...]


def family(host: str) -> socket.AddressFamily | None:
    """The family of an address, in brackets or not; None for a name."""
    try:
        return IPV6 if ipaddress.ip_address(host.strip("[]")).version == 6 else IPV4
    except ValueError:
        return None


def is_ipv6(host: str) -> bool:
    """Is this an IPv6 address, in brackets or not?"""
    return family(host) is IPV6


def bracketed(host: str) -> str:
    """The host as it stands in a URI or before a port (RFC 3986 §3.2.2)."""
    return f"[{host.strip('[]')}]" if is_ipv6(host) else host


def common(hosts: tuple[str, ...], able: Families) -> Families:
    """The families by which all of ``hosts`` are to be had; a name, or "" for any address, does not decide.

    Those of ``able`` when none decides. Raises ValueError when one is of either family.
    """
    said = {found for host in hosts if (found := family(host)) is not None}
    if len(said) > 1:
        raise ValueError("addresses of two families")
    return tuple(said) or able
