"""A name server for the tests: answers SRV, NAPTR and A from a table, on 127.0.0.1.

Run as ``python -m tests.network.dns_server PORT TABLE`` it is a process of its own, for a network namespace; TABLE is
JSON: name → list of records ``["A", address]``, ``["SRV", priority, weight, port, host]`` or ``["NAPTR", order,
preference, flags, service, replacement]``.
"""

from __future__ import annotations

import errno
import json
import socket
import struct
import sys
import threading
from types import TracebackType

Row = list[str | int]
Table = dict[str, list[Row]]
_KINDS = {"A": 1, "SRV": 33, "NAPTR": 35}


def _pair(port: int) -> tuple[socket.socket, socket.socket]:
    """For datagrams and for connections, at the same port: this one, or any that is free for both."""
    while True:
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", port))
        try:
            return datagrams, socket.create_server(("127.0.0.1", datagrams.getsockname()[1]))
        except OSError as error:
            datagrams.close()
            if port or error.errno != errno.EADDRINUSE:
                raise


class DnsServer:
    """Answers on a thread until it is closed. ``silent``: takes questions and answers none."""

    def __init__(self, table: Table, *, port: int = 0, silent: bool = False, truncates: bool = False) -> None:
        self.asked: list[tuple[str, int]] = []
        self._table, self._silent, self._truncates = table, silent, truncates
        self._socket, self._stream = _pair(port)
        self.port = int(self._socket.getsockname()[1])
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._datagrams, self._streams)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> DnsServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for link in (self._socket, self._stream):
            link.shutdown(socket.SHUT_RDWR) if link is self._stream else link.sendto(b"", ("127.0.0.1", self.port))
            link.close()
        for thread in self._threads:
            thread.join(5)

    def join(self) -> None:
        """Serve for ever."""
        self._threads[0].join()

    def _datagrams(self) -> None:
        while True:
            try:
                packet, sender = self._socket.recvfrom(4096)
                if not packet:
                    return
                if not self._silent:
                    self._socket.sendto(self._answer(packet, whole=not self._truncates), sender)
            except OSError:
                return

    def _streams(self) -> None:
        while True:
            try:
                link, _ = self._stream.accept()
            except OSError:
                return
            with link:
                answer = self._answer(link.recv(4096)[2:], whole=True)
                link.sendall(struct.pack(">H", len(answer)) + answer)

    def _answer(self, packet: bytes, *, whole: bool) -> bytes:
        place, labels = 12, []
        while packet[place]:
            labels.append(packet[place + 1 : place + 1 + packet[place]].decode())
            place += 1 + packet[place]
        name = ".".join(labels)
        kind = int.from_bytes(packet[place + 1 : place + 3], "big")
        question = packet[12 : place + 5]
        self.asked.append((name, kind))
        rows = [row for row in self._table.get(name.lower(), []) if _KINDS[str(row[0])] == kind]
        shown = rows if whole else []
        flags = 0x8180 | (0 if name.lower() in self._table else 3) | (0 if whole else 0x0200)
        head = packet[:2] + struct.pack(">5H", flags, 1, len(shown), 0, 0)
        return head + question + b"".join(_record(kind, row) for row in shown)


def _record(kind: int, row: Row) -> bytes:
    match row:
        case ["A", address]:
            data = socket.inet_aton(str(address))
        case ["SRV", int(priority), int(weight), int(port), host]:
            data = struct.pack(">3H", priority, weight, port) + _name(str(host))
        case ["NAPTR", int(order), int(preference), flags, service, replacement]:
            texts = b"".join(bytes([len(str(t))]) + str(t).encode() for t in (flags, service, ""))
            data = struct.pack(">2H", order, preference) + texts + _name(str(replacement))
        case _:
            raise ValueError(row)
    return b"\xc0\x0c" + struct.pack(">2HIH", kind, 1, 60, len(data)) + data  # the name is the question's


def _name(name: str) -> bytes:
    return b"".join(bytes([len(each)]) + each.encode() for each in name.split(".") if each) + b"\0"


if __name__ == "__main__":
    server = DnsServer(json.loads(sys.argv[2]), port=int(sys.argv[1]))
    print("ready", flush=True)
    server.join()
