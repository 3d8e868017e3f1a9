"""Echo, noise, level: what is done to the microphone between the device and the calls.

Loaded when the first call begins, never before. Where the native library is missing or fails, calls go on without it.
"""

from __future__ import annotations

import threading
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

    def close(self) -> None:
        """Free what it holds; nothing is called afterwards."""
        ...


class Untouched:
    """No processing."""

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
