"""A small buffer between two clocks of the same nominal speed: it drops or repeats a frame when they drift apart."""

from __future__ import annotations

import threading

FRAME = 640  # bytes: 20 ms of 16-bit mono at 16 kHz
TARGET = FRAME * 3 // 2
MOST = 10 * FRAME
WINDOW = 32_000  # bytes taken, a second: how long a surplus must last to be one
SPARE = FRAME // 2


class ElasticBuffer:
    """One direction of sound. `put` and `take` come from different threads, any sizes.

    Devices come and fetch in gulps, so the level swings; only what is never used within a second is surplus, and of
    that half is dropped, ten milliseconds at least. What the gulps need is learnt from running empty.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._data = bytearray()
        self._last = b""
        self._flowing = False
        self._lowest, self._taken = MOST, 0
        self.dropped = 0
        self.repeated = 0

    def put(self, data: bytes) -> None:
        """Add sound. Without a taker the oldest goes."""
        with self._lock:
            self._data += data
            if len(self._data) > MOST:
                self.dropped += self._flowing
                del self._data[: len(self._data) - TARGET]

    def take(self, size: int) -> bytes:
        """Exactly ``size`` bytes; when the giver is slower, the last sound once more, then silence."""
        with self._lock:
            if not self._flowing and len(self._data) >= max(TARGET, size):
                self._flowing = True
                del self._data[: len(self._data) - max(TARGET, size)]  # gathered before anybody listened
            if self._flowing and len(self._data) >= size:
                taken = bytes(self._data[:size])
                del self._data[:size]
                self._last = taken
                self._watch(size)
                return taken
            if self._flowing:
                self._flowing = False
                self.repeated += 1
                again, self._last = self._last, b""
                if len(again) == size:
                    return again
            return bytes(size)

    def clear(self) -> None:
        """Forget all sound."""
        with self._lock:
            self._data.clear()
            self._last, self._flowing = b"", False
            self._lowest, self._taken = MOST, 0
            self.dropped = self.repeated = 0

    def _watch(self, size: int) -> None:
        self._lowest = min(self._lowest, len(self._data))
        self._taken += size
        if self._taken >= WINDOW:
            if self._lowest > SPARE:
                del self._data[: max(SPARE, self._lowest // 4 * 2)]
                self.dropped += 1
            self._lowest, self._taken = MOST, 0
