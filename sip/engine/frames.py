"""The bytes of the library's media frames, in and out.

The wrapper hands a frame's bytes over one Python number at a time: a quarter of a millisecond for 20 ms of sound, with
the interpreter's lock held. A vector of bytes is three pointers in every C++ library we ship with (begin, end, end of
room), so they are copied at once; `_is_plain` checks that on a vector of our own before it is relied on.
"""

from __future__ import annotations

import ctypes

import pjsua2 as pj

_Pointers = ctypes.c_size_t * 3
_PROBE = bytes(range(7, 47))


def _bounds(vector: pj.ByteVector) -> tuple[int, int]:
    """Where the bytes lie, and how many there are."""
    begin, end, _ = _Pointers.from_address(int(vector.this))
    return begin, end - begin


def _is_plain() -> bool:
    vector = pj.ByteVector(_PROBE)
    begin, size = _bounds(vector)
    return begin != 0 and size == len(_PROBE) and ctypes.string_at(begin, size) == _PROBE


FAST = _is_plain()


def read(frame: pj.MediaFrame) -> bytes:
    """What the frame holds."""
    vector = frame.buf
    if not FAST:
        return bytes(vector)
    begin, size = _bounds(vector)
    return ctypes.string_at(begin, size) if size > 0 else b""


class Writer:
    """Fills frames of one size; keeps the vector they are copied from."""

    def __init__(self) -> None:
        self._vector = pj.ByteVector()

    def write(self, frame: pj.MediaFrame, data: bytes) -> None:
        """Put ``data`` into the frame."""
        if not FAST or len(self._vector) != len(data):
            self._vector = pj.ByteVector(data)
        else:
            ctypes.memmove(_bounds(self._vector)[0], data, len(data))
        frame.buf = self._vector
