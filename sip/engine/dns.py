"""Just enough DNS to find a SIP server: SRV (RFC 2782) and NAPTR (RFC 3403) records, which the system does not look up.

Blocking, on worker threads only. Whatever comes back is checked before it is believed; nothing here raises on bad
input, a broken answer is no answer.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import struct
import sys
import time
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

PORT = 53
PATIENCE = 1.5  # seconds for one server to answer
ATTEMPTS = 3
RESOLV_CONF = Path("/etc/resolv.conf")
_WINDOWS_KEY = r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces"
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_IN = 1
_TRUNCATED = 0x0200
_MOST_JUMPS = 32


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


def nameservers() -> tuple[str, ...]:
    """The system's own name servers, by address."""
    found: list[str] = []
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _WINDOWS_KEY) as interfaces:
            for number in range(winreg.QueryInfoKey(interfaces)[0]):
                with winreg.OpenKey(interfaces, winreg.EnumKey(interfaces, number)) as interface:
                    for name in ("NameServer", "DhcpNameServer"):
                        with contextlib.suppress(OSError):  # this network card has none
                            found += str(winreg.QueryValueEx(interface, name)[0]).replace(",", " ").split()
    else:
        try:
            lines = RESOLV_CONF.read_text("ascii", "replace").splitlines()
        except OSError:
            return ()
        words = [line.split() for line in lines]
        found = [each[1] for each in words if len(each) > 1 and each[0] == "nameserver"]
    return tuple(dict.fromkeys(found))[:3]


def ask(questions: list[Question], servers: tuple[str, ...], port: int = PORT) -> dict[Question, list[Record]] | None:
    """All questions at once. None when no server answered; a name without such records has an empty list."""
    for attempt in range(ATTEMPTS):
        if not servers:
            return None
        found = _ask_one(questions, servers[attempt % len(servers)], port)
        if found is not None:
            return found
    return None


def query(name: str, kind: Kind, serial: int) -> bytes | None:
    """A question as a packet, None for a name that is none."""
    labels = name.rstrip(".").split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or len(name) > 250:
        return None
    packed = b"".join(bytes([len(label)]) + label.encode() for label in labels)
    return struct.pack(">6H", serial, 0x0100, 1, 0, 0, 0) + packed + b"\0" + struct.pack(">2H", kind, _IN)


def answers(packet: bytes, asked: bytes) -> list[Record] | None:
    """The records in an answer to the packet ``asked``. None when it is not one, or broken."""
    try:
        _, flags, questions, count = struct.unpack_from(">4H", packet)
        if packet[:2] != asked[:2] or not flags & 0x8000 or questions != 1 or flags & 0xF not in {0, 3}:
            return None
        end = len(asked)
        if packet[12:end].lower() != asked[12:].lower():
            return None
        found: list[Record] = []
        place = end
        for _ in range(count):
            _, place = _name(packet, place)
            kind, group, _, length = struct.unpack_from(">2HIH", packet, place)
            place += 10
            if group == _IN and place + length <= len(packet):
                record = _record(packet, place, kind)
                if record is not None:
                    found.append(record)
            place += length
    except (struct.error, IndexError, ValueError):
        return None
    return found


def _ask_one(questions: list[Question], server: str, port: int) -> dict[Question, list[Record]] | None:
    packets = {each: query(*each, secrets.randbelow(65_536)) for each in questions}
    found: dict[Question, list[Record]] = {each: [] for each, packet in packets.items() if packet is None}
    waiting = {each: packet for each, packet in packets.items() if packet is not None}
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    end = time.monotonic() + PATIENCE
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as link:
            link.connect((server, port))
            for packet in waiting.values():
                link.send(packet)
            while waiting and (left := end - time.monotonic()) > 0:
                link.settimeout(left)
                _take(link.recv(4096), waiting, found, server, port)
    except (OSError, ValueError):  # nobody there, no network, too late
        pass
    return None if waiting else found


def _take(
    packet: bytes, waiting: dict[Question, bytes], found: dict[Question, list[Record]], server: str, port: int
) -> None:
    for question, asked in list(waiting.items()):
        records = answers(packet, asked)
        if records is None:
            continue
        if len(packet) > 3 and int.from_bytes(packet[2:4], "big") & _TRUNCATED:
            records = _ask_whole(asked, server, port) or records
        found[question] = records
        del waiting[question]


def _ask_whole(asked: bytes, server: str, port: int) -> list[Record] | None:
    """The answer was too long for a datagram: again by TCP."""
    try:
        with socket.create_connection((server, port), PATIENCE) as link:
            link.sendall(struct.pack(">H", len(asked)) + asked)
            data = b""
            while len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2], "big"):
                more = link.recv(65_536)
                if not more:
                    return None
                data += more
    except OSError:
        return None
    return answers(data[2:], asked)


def _record(packet: bytes, place: int, kind: int) -> Record | None:
    if kind == Kind.SRV:
        priority, weight, port = struct.unpack_from(">3H", packet, place)
        return Srv(priority, weight, port, _name(packet, place + 6)[0])
    if kind == Kind.NAPTR:
        order, preference = struct.unpack_from(">2H", packet, place)
        texts, place = [], place + 4
        for _ in range(3):
            length = packet[place]
            texts.append(packet[place + 1 : place + 1 + length].decode("ascii", "replace").lower())
            place += 1 + length
        return Naptr(order, preference, texts[0], texts[1], _name(packet, place)[0])
    return None


def _name(packet: bytes, place: int) -> tuple[str, int]:
    """The name at ``place`` and what follows it. Raises ValueError or IndexError on a broken one."""
    labels: list[str] = []
    after = -1
    for _ in range(_MOST_JUMPS + 128):
        length = packet[place]
        if length == 0:
            return ".".join(labels), place + 1 if after < 0 else after
        if length & 0xC0 == 0xC0:
            after = place + 2 if after < 0 else after
            place = (length & 0x3F) << 8 | packet[place + 1]
            continue
        if length > 63:
            raise ValueError("label")
        labels.append(packet[place + 1 : place + 1 + length].decode("ascii", "replace"))
        place += 1 + length
    raise ValueError("name without end")
