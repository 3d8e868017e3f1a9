"""WebRTC's audio processing, from the native library that the ``livekit`` package ships. The only module that knows it.

The package's Python half needs 25 MB of numpy and protobuf for four small requests, so the library is asked directly:
a request is one protobuf message (`livekit.proto.FfiRequest`) in a few bytes. ``tests/sound`` compares them with
what the package itself would send.
"""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

FRAME_MS = 10
_LIBRARY = {"linux": "liblivekit_ffi.so", "darwin": "liblivekit_ffi.dylib", "win32": "livekit_ffi.dll"}
# Field numbers of FfiRequest and FfiResponse.
NEW, PROCESS, REVERSE, DELAY = 50, 51, 52, 53
ANSWER_NEW, ANSWER_PROCESS, ANSWER_REVERSE, ANSWER_DELAY = 49, 50, 51, 52
_CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_size_t)


class ProcessingError(Exception):
    """The library is missing or refused. Its message names the step, nothing else."""


class AudioProcessing:
    """Echo cancellation, noise suppression, gain and high-pass on 10 ms of 16-bit mono at ``rate``.

    Any one thread at a time. Raises ProcessingError.
    """

    def __init__(self, rate: int) -> None:
        self._library = _load()
        self._answer, self._size = ctypes.c_void_p(), ctypes.c_size_t()
        self._good: set[bytes] = set()  # answers that were read and said nothing bad: almost always the same bytes
        self._handle = handle_of(self._ask(new_request()))
        size = rate * FRAME_MS // 1000
        self.frame_bytes = 2 * size
        self._buffer = (ctypes.c_int16 * size)()
        where = ctypes.addressof(self._buffer)
        self._process = frame_request(PROCESS, self._handle, where, self.frame_bytes, rate)
        self._reverse = frame_request(REVERSE, self._handle, where, self.frame_bytes, rate)

    def played(self, frame: bytes) -> None:
        """What the speaker plays: 10 ms."""
        ctypes.memmove(self._buffer, frame, self.frame_bytes)
        self._refuse_error(self._ask(self._reverse), ANSWER_REVERSE)

    def clean(self, frame: bytes) -> bytes:
        """The microphone's 10 ms, processed."""
        ctypes.memmove(self._buffer, frame, self.frame_bytes)
        self._refuse_error(self._ask(self._process), ANSWER_PROCESS)
        return bytes(self._buffer)

    def set_delay(self, milliseconds: int) -> None:
        """From `played` to the same sound's echo in `clean`, about."""
        self._refuse_error(self._ask(delay_request(self._handle, milliseconds)), ANSWER_DELAY)

    def close(self) -> None:
        """Give the native module back."""
        handle, self._handle = self._handle, 0
        if handle:
            self._library.livekit_ffi_drop_handle(handle)

    def _ask(self, request: bytes) -> bytes:
        answer, size = self._answer, self._size
        answer.value = 0
        handle = self._library.livekit_ffi_request(request, len(request), ctypes.byref(answer), ctypes.byref(size))
        if not handle or not answer.value:
            raise ProcessingError("request")
        try:
            return ctypes.string_at(answer.value, size.value)
        finally:
            self._library.livekit_ffi_drop_handle(handle)

    def _refuse_error(self, answer: bytes, field: int) -> None:
        if answer in self._good:
            return
        if _bytes_of(_bytes_of(answer, field), 1):
            raise ProcessingError("process")
        if len(self._good) < 8:
            self._good.add(answer)


def _ignore(data: int, size: int) -> None:
    """The library's own events: none comes without a room."""


_IGNORE = _CALLBACK(_ignore)  # kept for as long as the library is
_loaded: ctypes.CDLL | None = None


def _load() -> ctypes.CDLL:
    """The library, initialised once; it cannot be unloaded."""
    global _loaded  # noqa: PLW0603 - the native side is a singleton of the process as well
    if _loaded is not None:
        return _loaded
    package = importlib.util.find_spec("livekit")
    places = list(package.submodule_search_locations or ()) if package is not None else []
    name = _LIBRARY.get(sys.platform, "")
    found = next((file for place in places if (file := Path(place) / "rtc" / "resources" / name).is_file()), None)
    if found is None:
        raise ProcessingError("not installed")
    try:
        library = ctypes.CDLL(str(found))
        library.livekit_ffi_initialize.argtypes = [_CALLBACK, ctypes.c_bool, ctypes.c_char_p, ctypes.c_char_p]
        library.livekit_ffi_initialize.restype = None
        library.livekit_ffi_request.argtypes = [
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.POINTER(ctypes.c_void_p),
            ctypes.POINTER(ctypes.c_size_t),
        ]
        library.livekit_ffi_request.restype = ctypes.c_uint64
        library.livekit_ffi_drop_handle.argtypes = [ctypes.c_uint64]
        library.livekit_ffi_drop_handle.restype = ctypes.c_bool
    except (OSError, AttributeError) as error:
        raise ProcessingError("not loadable") from error
    library.livekit_ffi_initialize(_IGNORE, False, b"python", b"1")
    _loaded = library
    return library


# Protocol buffers, as much as four requests need.


def new_request() -> bytes:
    """Echo cancellation, gain, high-pass, noise suppression: all of it."""
    return _field(NEW, b"".join(_number(which, 1) for which in (1, 2, 3, 4)))


def frame_request(kind: int, handle: int, address: int, size: int, rate: int) -> bytes:
    """Process (`PROCESS`) or learn from (`REVERSE`) the ``size`` bytes at ``address``."""
    values = enumerate((handle, address, size, rate, 1), start=1)
    return _field(kind, b"".join(_number(field, value) for field, value in values))


def delay_request(handle: int, milliseconds: int) -> bytes:
    """The delay between the two streams."""
    return _field(DELAY, _number(1, handle) + _number(2, milliseconds))


def handle_of(answer: bytes) -> int:
    """The new module's number: new_apm → apm → handle → id. Raises ProcessingError."""
    for step in (ANSWER_NEW, 1, 1):
        answer = _bytes_of(answer, step)
    return _number_of(answer, 1)


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    try:
        while at < len(data):
            key, at = _read_varint(data, at)
            value, at = _read_varint(data, at)
            match key & 7:
                case 0:
                    yield key >> 3, value
                case 2:
                    yield key >> 3, data[at : at + value]
                    at += value
                case _:
                    raise ProcessingError("answer")
    except IndexError as error:
        raise ProcessingError("answer") from error


def _bytes_of(data: bytes, field: int) -> bytes:
    """A message or string field; empty when it is not there."""
    return next((value for number, value in _fields(data) if number == field and isinstance(value, bytes)), b"")


def _number_of(data: bytes, field: int) -> int:
    found = next((value for number, value in _fields(data) if number == field and isinstance(value, int)), 0)
    if not found:
        raise ProcessingError("answer")
    return found
