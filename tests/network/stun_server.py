"""A STUN and TURN server for the tests: says where a request came from, and allocates a made-up relay.

Run as ``python -m tests.network.stun_server ADDRESS PORT SIP_PORT`` it also is a SIP far end on SIP_PORT that prints
the session description of every INVITE as one line of JSON and answers 486.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import socket
import struct
import sys
import threading

USER, PASSWORD, REALM = "turner", "turn-secret", "turn.test"
_COOKIE = 0x2112A442
_BINDING, _ALLOCATE = 0x0001, 0x0003
_KEY = hashlib.md5(f"{USER}:{REALM}:{PASSWORD}".encode(), usedforsecurity=False).digest()
RELAY_PORT = 54_321


def serve(address: str, port: int) -> None:
    """Answer for ever."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind((address, port))
        while True:
            packet, sender = link.recvfrom(4096)
            if (reply := answer(packet, sender, address)) is not None:
                link.sendto(reply, sender)


def answer(packet: bytes, sender: tuple[str, int], own: str) -> bytes | None:
    """The answer to a Binding or an Allocate request."""
    if len(packet) < 20:
        return None
    kind, _, cookie = struct.unpack_from(">HHI", packet)
    serial = packet[8:20]
    if kind == _BINDING and cookie != _COOKIE:  # as RFC 3489 has it, and the library without ICE
        plain = struct.pack(">BBH", 0, 1, sender[1]) + socket.inet_aton(sender[0])
        return struct.pack(">HH", kind | 0x0100, 12) + packet[4:20] + struct.pack(">HH", 0x0001, 8) + plain
    if cookie != _COOKIE:
        return None
    if kind == _BINDING:
        return _packet(kind | 0x0100, serial, [(0x0020, _xored(sender))])
    if kind != _ALLOCATE:
        return _packet(kind | 0x0100, serial, [], _KEY)
    if not _is_signed(packet):
        error = struct.pack(">HBB", 0, 4, 1) + b"Unauthorized"
        return _packet(kind | 0x0110, serial, [(0x0009, error), (0x0014, REALM.encode()), (0x0015, b"nonce-1")])
    lifetime = struct.pack(">I", 600)
    relayed = (own, RELAY_PORT)
    return _packet(
        kind | 0x0100, serial, [(0x0016, _xored(relayed)), (0x0020, _xored(sender)), (0x000D, lifetime)], _KEY
    )


def _is_signed(packet: bytes) -> bool:
    """Does MESSAGE-INTEGRITY fit our password (RFC 8489 §14.5)?"""
    place = 20
    while place + 4 <= len(packet):
        kind, length = struct.unpack_from(">HH", packet, place)
        if kind == 0x0008:
            signed = packet[:2] + struct.pack(">H", place + 4) + packet[4:place]
            return hmac.compare_digest(hmac.digest(_KEY, signed, "sha1"), packet[place + 4 : place + 24])
        place += 4 + (length + 3) // 4 * 4
    return False


def _packet(kind: int, serial: bytes, attributes: list[tuple[int, bytes]], key: bytes = b"") -> bytes:
    body = b"".join(struct.pack(">HH", name, len(data)) + data + bytes(-len(data) % 4) for name, data in attributes)
    if key:
        head = struct.pack(">HHI", kind, len(body) + 24, _COOKIE) + serial
        body += struct.pack(">HH", 0x0008, 20) + hmac.digest(key, head + body, "sha1")
    return struct.pack(">HHI", kind, len(body), _COOKIE) + serial + body


def _xored(address: tuple[str, int]) -> bytes:
    number = int.from_bytes(socket.inet_aton(address[0]), "big") ^ _COOKIE
    return struct.pack(">BBHI", 0, 1, address[1] ^ (_COOKIE >> 16), number)


def listen(address: str, port: int) -> None:
    """The SIP far end: prints what it is offered."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind((address, port))
        print("ready", flush=True)
        while True:
            text, sender = link.recvfrom(65_536)
            head, _, body = text.decode("utf-8", "replace").partition("\r\n\r\n")
            if not head.startswith("INVITE"):
                continue
            print(json.dumps({"sdp": body}), flush=True)
            lines = head.split("\r\n")[1:]
            kept = [each for each in lines if each.split(":")[0].lower() in {"via", "from", "call-id", "cseq"}]
            to = next(each for each in lines if each.lower().startswith("to:"))
            reply = ["SIP/2.0 486 Busy Here", *kept, f"{to};tag={secrets.token_hex(4)}", "Content-Length: 0", "", ""]
            link.sendto("\r\n".join(reply).encode(), sender)


if __name__ == "__main__":
    threading.Thread(target=serve, args=(sys.argv[1], int(sys.argv[2])), daemon=True).start()
    listen(sys.argv[1], int(sys.argv[3]))
