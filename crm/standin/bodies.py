"""The body of a request as it comes over the socket: of a known length, or in chunks."""

from __future__ import annotations

import string
from email.message import Message
from typing import BinaryIO, cast

_LONGEST_LINE = 1024
_HEX = frozenset(string.hexdigits)


class TooLargeError(Exception):
    """The body is longer than this server takes."""


class BrokenBodyError(Exception):
    """The client went away half-way, or its chunks make no sense."""


def read_body(stream: object, headers: Message, most: int) -> bytes:
    """All of the body. Raises TooLargeError and BrokenBodyError."""
    source = cast(BinaryIO, stream)
    if headers.get("Transfer-Encoding"):
        return _chunks(source, most)
    length = int(headers.get("Content-Length") or 0)
    body = source.read(length)
    if len(body) < length:
        raise BrokenBodyError
    return body


def _chunks(source: BinaryIO, most: int) -> bytes:
    body = bytearray()
    while size := _size(_line(source)):
        if len(body) + size > most:
            raise TooLargeError
        chunk = source.read(size)
        if len(chunk) < size or _line(source):
            raise BrokenBodyError
        body += chunk
    # Trailers tell nothing we need.
    while _line(source):
        continue
    return bytes(body)


def _size(line: bytes) -> int:
    digits = line.partition(b";")[0].decode("latin-1").strip()
    if not digits or not set(digits) <= _HEX:
        raise BrokenBodyError
    return int(digits, 16)


def _line(source: BinaryIO) -> bytes:
    line = source.readline(_LONGEST_LINE)
    if not line.endswith(b"\r\n"):
        raise BrokenBodyError
    return line[:-2]
