"""What the name system says of SIP servers, apart from the library that asks it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """Record types."""

    SRV = 33
    NAPTR = 35


@dataclass(frozen=True, slots=True)
class Srv:
    """Where a service is; a ``host`` of "" says that there is none."""

    priority: int
    weight: int
    port: int
    host: str


@dataclass(frozen=True, slots=True)
class Naptr:
    """Which transports a domain speaks, and the name of the SRV records of each."""

    order: int
    preference: int
    flags: str
    service: str
    replacement: str


Record = Srv | Naptr
Question = tuple[str, Kind]
