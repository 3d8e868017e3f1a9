"""What is really sent: RTP as it passes the loopback interface, for peers whose own player cannot be believed."""

from __future__ import annotations

import socket
import struct
import threading
from array import array
from types import TracebackType

from tests.peers.sound import Clip

RATE = 8_000
_ANY_PROTOCOL = 0x0003  # ETH_P_ALL
_IPV4, _UDP, _PCMU = b"\x08\x00", 17, 0
_ETHERNET, _RTP = 14, 12  # sizes of headers without options


def is_readable() -> bool:
    """This user may read what passes an interface."""
    try:
        _open().close()
    except PermissionError:
        return False
    return True


class Wire:
    """The PCMU that is sent to one port of 127.0.0.1, from anywhere. Silence is sent as well, so time can be told."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = _open()
        self._socket.settimeout(0.2)
        self._heard = bytearray()
        self._more = threading.Condition()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join(5)
        self._socket.close()

    def next(self, seconds: float) -> Clip:
        """The next so many seconds; what came before is dropped."""
        wanted = int(seconds * RATE)
        with self._more:
            self._heard.clear()
            heard = self._more.wait_for(lambda: len(self._heard) >= wanted, seconds + 8)
            assert heard, "no RTP comes"
            return Clip(array("h", (_LINEAR[byte] for byte in self._heard[:wanted])), RATE)

    def _read(self) -> None:
        while not self._ended.is_set():
            try:
                packet, address = self._socket.recvfrom(65_536)
            except TimeoutError:
                continue
            if address[2] != socket.PACKET_OUTGOING:  # each packet passes the loopback twice
                self._take(packet)

    def _take(self, packet: bytes) -> None:
        udp = _ETHERNET + (packet[_ETHERNET] & 0xF) * 4
        if packet[12:14] != _IPV4 or packet[_ETHERNET + 9] != _UDP:
            return
        (port,) = struct.unpack_from("!H", packet, udp + 2)
        rtp = packet[udp + 8 :]
        if port == self._port and len(rtp) > _RTP and rtp[0] >> 6 == 2 and rtp[1] & 0x7F == _PCMU:
            with self._more:
                self._heard += rtp[_RTP:]
                self._more.notify_all()


def _open() -> socket.socket:
    found = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ANY_PROTOCOL))
    found.bind(("lo", 0))
    return found


def _linear(byte: int) -> int:
    """ITU-T G.711, μ-law."""
    byte = ~byte & 0xFF
    size = (((byte & 0x0F) << 3) + 0x84 << (byte >> 4 & 7)) - 0x84
    return -size if byte & 0x80 else size


_LINEAR = [_linear(byte) for byte in range(256)]
