"""Echo, noise, level: what is done to the microphone between the device and the calls.

Loaded when the first call begins, never before. Where the native library is missing or fails, calls go on without it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from sip.engine.log import logger

RATE = 16_000
# From the speaker's callback to the microphone's: both devices' buffers. The canceller finds the rest by itself.
DELAY_MS = 60
MOST = 20  # frames of 10 ms played at once that are worth telling the canceller


class Processor(Protocol):
    """The microphone's way to the calls. `played` comes on the speaker's thread, `process` on the microphone's."""

    def played(self, data: bytes) -> None:
        """The speaker plays this, any length."""
        ...

    def process(self, capture: bytes) -> bytes:
        """The cleaned microphone: as much as is complete."""
        ...

    @property
    def has_failed(self) -> bool:
        """It does nothing any more: the native side refused."""
        ...

    def close(self) -> None:
        """Free what it holds; nothing is called afterwards."""
        ...


class Untouched:
    """No processing."""

    has_failed = False

    def played(self, data: bytes) -> None:
        """Nothing to learn from it."""

    def process(self, capture: bytes) -> bytes:
        """The microphone as it is."""
        return capture

    def close(self) -> None:
        """Nothing is held."""


class WebRtcProcessor:
    """WebRTC's canceller, suppressor, gain and high-pass. Raises ProcessingError when it cannot be had."""

    def __init__(self) -> None:
        from sip.engine.webrtc import AudioProcessing  # 11 MB: only for a call

        self._lock = threading.Lock()
        self._webrtc = AudioProcessing(RATE)
        self._webrtc.set_delay(DELAY_MS)
        self._frame = self._webrtc.frame_bytes
        self._played = bytearray()
        self._heard = bytearray()
        self._open = True

    def played(self, data: bytes) -> None:
        """See `Processor.played`."""
        from sip.engine.webrtc import ProcessingError

        with self._lock:
            if not self._open:
                return
            self._played += data[-MOST * self._frame :]
            try:
                while len(self._played) >= self._frame:
                    self._webrtc.played(bytes(self._played[: self._frame]))
                    del self._played[: self._frame]
            except ProcessingError as error:
                self._give_up(error)

    def process(self, capture: bytes) -> bytes:
        """See `Processor.process`."""
        from sip.engine.webrtc import ProcessingError

        with self._lock:
            if not self._open:
                return capture
            self._heard += capture
            made = bytearray()
            try:
                while len(self._heard) >= self._frame:
                    made += self._webrtc.clean(bytes(self._heard[: self._frame]))
                    del self._heard[: self._frame]
            except ProcessingError as error:
                self._give_up(error)
                made += self._heard
            return bytes(made)

    @property
    def has_failed(self) -> bool:
        """See `Processor.has_failed`."""
        return not self._open

    def close(self) -> None:
        """See `Processor.close`."""
        with self._lock:
            if self._open:
                self._open = False
                self._webrtc.close()

    def _give_up(self, error: Exception) -> None:
        logger.warning("sound: processing stopped (%s)", error)
        self._open = False
        self._webrtc.close()


def make_processor(wanted: bool) -> Processor:
    """A processor for the calls that begin now. Never fails: what cannot be had is left out, with a line in the log."""
    if not wanted:
        return Untouched()
    from sip.engine.webrtc import ProcessingError

    try:
        return WebRtcProcessor()
    except ProcessingError as error:
        logger.warning("sound: no echo cancellation (%s)", error)
        return Untouched()


class KeptProcessor:
    """One processor for call after call, as long as the devices stay the same. One thread.

    A canceller that begins anew takes the rep's voice for echo while both talk, until it has heard the other side for
    about eight seconds. It keeps what it has learnt: with a headset that nothing comes back, without one by which way.
    """

    def __init__(self, make: Callable[[bool], Processor] = make_processor) -> None:
        self._make = make
        self._made: Processor = Untouched()
        self._made_for: tuple[bool, tuple[str, ...]] | None = None

    def get(self, wanted: bool, devices: tuple[str, ...]) -> Processor:
        """For a call on these devices; ``wanted``: the microphone is to be cleaned."""
        made_for = (wanted, devices)
        if made_for != self._made_for or self._made.has_failed:
            self._made.close()
            self._made, self._made_for = self._make(wanted), made_for
        return self._made

    def close(self) -> None:
        """Free it."""
        self._made.close()
        self._made, self._made_for = Untouched(), None
