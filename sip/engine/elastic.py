"""A small buffer between two clocks of the same nominal speed.

What is left when new sound comes, less what has been played since the last take, is the reserve: by so much the giver
may be late, wherever in the taker's period it comes. Its least over a fraction of a second is held near a floor. More
is said a little faster, less a little slower (`stretch`); much more, which a stalled device leaves behind, is cut at
once. The floor is learnt: running empty raises it, time lowers it.
"""

from __future__ import annotations

import math
import threading
import time
from array import array
from collections import deque
from collections.abc import Callable

from sip.engine import stretch

MS = 32  # bytes a millisecond: 16-bit mono at 16 kHz
FRAME = 20 * MS
MOST = 200 * MS
LEAST_FLOOR, FIRST_FLOOR, HIGHEST_FLOOR = 4 * MS, 6 * MS, 60 * MS
RAISE, LOWER = 4 * MS, 1 * MS
QUIET = 3_000 * MS  # taken without running empty before the floor sinks
STALL = 0.05  # seconds
WINDOW = 100 * MS
WINDOWS = 4
SLACK = 12 * MS  # reserve above the floor that is let be: more than one `insert` makes
SHORT = 2 * MS  # reserve below the floor that is let be
STOPPED = 0.5  # seconds without anything after which a meter shows nothing
ARRIVED = 10  # pieces of 10 ms that a meter looks at
MUCH = 40 * MS  # above it a cut that may be heard is better than a second of being late


class ElasticBuffer:
    """One direction of sound. `put` and `take` come from different threads, any sizes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._data = bytearray()
        self._arrived: deque[bytes] = deque(maxlen=ARRIVED)
        self._past = bytes(2 * stretch.NEEDED)  # what was taken last
        self._flowing = False
        self._faded = True
        self._floor = FIRST_FLOOR
        self._since_empty = 0
        self._put_at = self._took_at = 0.0
        self._size = 0
        self._waited = 0
        self._lowest, self._taken = MOST, 0
        self._reserves: deque[int] = deque(maxlen=WINDOWS)
        self.dropped = 0
        self.repeated = 0
        self.emptied = 0

    @property
    def level(self) -> int:
        """Bytes waiting."""
        return len(self._data)

    @property
    def floor(self) -> int:
        """The reserve that is aimed at, in bytes."""
        return self._floor

    @property
    def loudness(self) -> int:
        """What was taken last, in dB below full scale: 0 to -90."""
        return level(array("h", self._past))

    @property
    def arriving(self) -> int:
        """What was put last (a tenth of a second of it, taken or not), in dB below full scale."""
        with self._lock:
            stopped = self.clock() - self._put_at > STOPPED
            data = b"" if stopped else b"".join(self._arrived)
        return level(array("h", data[: len(data) // 2 * 2]))

    @property
    def is_fed(self) -> bool:
        """Something has come since the beginning or `clear`."""
        return bool(self._arrived)

    def account(self) -> str:
        """What was done to the sound, for the log."""
        return (
            f"shortened {self.dropped}, lengthened {self.repeated}, empty {self.emptied}, floor {self._floor // MS} ms"
        )

    def put(self, data: bytes) -> None:
        """Add sound. Without a taker the oldest goes."""
        with self._lock:
            self._put_at = self.clock()
            if self._flowing:
                played = min(self._size, int((self._put_at - self._took_at) * 1000 * MS))
                self._lowest = min(self._lowest, len(self._data) - played)
            self._data += data
            self._arrived.append(data)
            if len(self._data) > MOST:
                self.dropped += self._flowing
                del self._data[: len(self._data) - self._floor - FRAME]

    def take(self, size: int) -> bytes:
        """Exactly ``size`` bytes; when the giver is slower, a fading end of what there was, then silence."""
        with self._lock:
            if not self._flowing:
                if len(self._data) < size + self._floor:
                    return self._without(size)
                self._flow(size)
            elif len(self._data) < size:
                self._run_empty()
                return self._without(size)
            self._mind_reserve(size)
            taken = bytes(self._data[:size])
            del self._data[:size]
            self._remember(taken)
            self._measure(size)
            return taken

    def clear(self) -> None:
        """Forget all sound; what was learnt about the devices stays."""
        with self._lock:
            self._data.clear()
            self._arrived.clear()
            self._past = bytes(2 * stretch.NEEDED)
            self._flowing, self._faded = False, True
            self._forget_reserves()
            self.dropped = self.repeated = self.emptied = 0

    def _flow(self, size: int) -> None:
        """Begin, or begin again: with what is newest, and softly."""
        self._flowing = True
        self._forget_reserves()
        spare = len(self._data) - size - self._floor - FRAME
        if spare > 0:
            del self._data[: spare // 2 * 2]
        count = min(stretch.FADE, len(self._data) // 2)
        soft = stretch.blend(array("h"), array("h", bytes(self._data[: 2 * count])))
        self._data[: 2 * count] = soft.tobytes()

    def _run_empty(self) -> None:
        self._flowing = self._faded = False
        self.emptied += 1
        self._since_empty = 0
        if self.clock() - self._put_at > STALL:
            return  # no reserve worth having would have helped
        self._floor = min(HIGHEST_FLOOR, self._floor + RAISE)

    def _without(self, size: int) -> bytes:
        if self._faded:
            return bytes(size)
        self._faded = True
        made = stretch.extend(array("h", self._past), size // 2).tobytes()
        self._remember(made)
        return made

    def _remember(self, taken: bytes) -> None:
        self._past = (self._past + taken)[-2 * stretch.NEEDED :]

    def _measure(self, size: int) -> None:
        """Note a take."""
        self._took_at, self._size = self.clock(), size
        self._taken += size
        self._since_empty += size
        if self._taken >= WINDOW:
            if self._lowest < MOST:
                self._reserves.append(self._lowest)
            self._lowest, self._taken = MOST, 0
        if self._since_empty >= QUIET:
            self._since_empty = 0
            self._floor = max(LEAST_FLOOR, self._floor - LOWER)

    def _mind_reserve(self, size: int) -> None:
        """Bring the reserve nearer to the floor, a step at a time, once a few windows have been seen.

        The less it matters the better the place must be: in a pause, or where the sound repeats itself.
        """
        if len(self._reserves) < WINDOWS or len(self._data) < max(size, 2 * stretch.NEEDED):
            return
        reserve = min(*self._reserves, self._lowest)
        spare = reserve - self._floor
        # What is wanted now must remain: the giver may have become late since the reserve was seen.
        most = min(spare, len(self._data) - max(size, 2 * stretch.FADE)) // 2
        if spare > SLACK and most < stretch.SHORTEST:
            return
        if spare > MUCH:
            # The exact place may be up to a pitch period earlier, whichever joins best.
            least = max(stretch.SHORTEST, most - stretch.LONGEST)
            self._waited += size
            if self._change(stretch.cut, least, most, 0.2 if self._waited < WINDOW * 2 else 1.0):
                self.dropped += 1
                self._waited = 0
        elif spare > SLACK:
            patience = 0.1 if spare < MUCH // 2 else 0.2
            self.dropped += self._change(stretch.cut, stretch.SHORTEST, min(stretch.LONGEST, most), patience)
        elif reserve < self._floor - SHORT:
            self.repeated += self._change(stretch.insert, stretch.SHORTEST, stretch.LONGEST, 0.25)

    def _change(self, how: Callable[[array[int], int], array[int]], least: int, most: int, unlike: float) -> bool:
        """Cut or insert between ``least`` and ``most`` samples at the front, unless it would be heard more than so."""
        front = array("h", bytes(self._data[: 2 * (most + stretch.FADE)]))
        lag = stretch.like_start(front, least, most)
        if stretch.unlikeness(front, lag) > unlike:
            return False
        made = how(front, lag)
        self._data[: 2 * len(front)] = made.tobytes()
        self._shift(2 * (len(made) - len(front)))
        return True

    def _shift(self, change: int) -> None:
        """What was seen before a change, as it would be now."""
        if self._lowest < MOST:
            self._lowest += change
        self._reserves = deque((each + change for each in self._reserves), maxlen=WINDOWS)

    def _forget_reserves(self) -> None:
        self._lowest, self._taken = MOST, 0
        self._reserves.clear()


def level(samples: array[int]) -> int:
    """In dB below full scale: 0 to -90."""
    power = sum(sample * sample for sample in samples) / max(1, len(samples)) / 32768**2
    return max(-90, round(10 * math.log10(power))) if power else -90
