"""Trying the sound without a call: notes on the speaker, the ring tone, or the microphone recorded and played back.

The recording goes through the buffers and the processing that a call uses; only codec and network are left out.
Engine thread only.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from datetime import UTC, datetime

from app.domain.phone_events import SoundStep, SoundTest, SoundTested
from sip.engine import config
from sip.engine.devices import SoundDevices
from sip.engine.elastic import MS, ElasticBuffer, level
from sip.engine.loop import Loop, Timer

SECONDS = 5.0
OPENING = 3.0  # so long a device may take until its first sound
FRAME = config.FRAME_MS * MS
HEARD, FAINT = -45, -60  # dB below full scale, of the loudest tenth of what was recorded
_WINDOW = 1600  # samples
NOTES = 2.4  # seconds of the ring tone's first notes


class SoundTests:
    """One test at a time; another one ends it, and so does a call."""

    def __init__(
        self,
        loop: Loop,
        capture: ElasticBuffer,
        playback: ElasticBuffer,
        devices: SoundDevices,
        emit: Callable[[SoundTested], None],
        changed: Callable[[], None],
    ) -> None:
        """``changed``: `wants_devices` did."""
        self._loop, self._capture, self._playback = loop, capture, playback
        self._devices, self._emit, self._changed = devices, emit, changed
        self._loop_test: LoopTest | None = None
        self._notes = SoundTest.NONE
        self._timer: Timer | None = None

    @property
    def wants_devices(self) -> bool:
        """Microphone and speaker must be open for it."""
        return self._loop_test is not None

    def start(self, test: SoundTest) -> None:
        """Begin; `SoundTest.NONE` only ends what is being tried."""
        self.stop()
        match test:
            case SoundTest.LOOP:
                made = LoopTest(self._loop, self._capture, self._playback, self._told)
                self._loop_test = made
                self._changed()
                made.start()
            case SoundTest.SPEAKER | SoundTest.RINGER:
                self._notes = test
                self._tell(test, SoundStep.PLAYING)
                self._devices.sample(test, lambda opened: self._loop.post(lambda: self._opened(test, opened)))
                self._timer = self._loop.later(NOTES, lambda: self._end_notes(SoundStep.DONE))

    def stop(self) -> None:
        """End what is being tried."""
        if self._loop_test is not None:
            self._loop_test.stop()
        self._end_notes(SoundStep.STOPPED)

    def no_device(self) -> None:
        """What was wanted could not be opened."""
        if self._loop_test is not None:
            self._loop_test.fail()

    def _opened(self, test: SoundTest, opened: bool) -> None:
        if not opened and test is self._notes:
            self._end_notes(SoundStep.NO_DEVICE)

    def _end_notes(self, step: SoundStep) -> None:
        if self._timer is not None:
            self._timer.cancel()
        test, self._notes = self._notes, SoundTest.NONE
        if test is not SoundTest.NONE:
            self._devices.sample(SoundTest.NONE)
            self._tell(test, step)

    def _told(self, event: SoundTested) -> None:
        self._emit(event)
        if event.step not in {SoundStep.LISTENING, SoundStep.PLAYING}:
            self._loop_test = None
            self._changed()

    def _tell(self, test: SoundTest, step: SoundStep) -> None:
        self._emit(SoundTested(test, step, datetime.now(UTC)))


class LoopTest:
    """One recording and its playback. ``tell`` gets each step, the last one once."""

    def __init__(
        self, loop: Loop, capture: ElasticBuffer, playback: ElasticBuffer, tell: Callable[[SoundTested], None]
    ) -> None:
        self._loop, self._capture, self._playback, self._tell_step = loop, capture, playback, tell
        self._recorded = bytearray()
        self._place = 0
        self._began = self._due = time.monotonic()
        self._timer: Timer | None = None
        self.over = False

    def start(self) -> None:
        """Begin to listen. The devices are being opened."""
        self._capture.clear()
        self._tell(SoundStep.LISTENING)
        self._listen()

    def stop(self) -> None:
        """End it now; tells so unless it is over."""
        self._end(SoundStep.STOPPED)

    def fail(self) -> None:
        """There is no microphone or no speaker."""
        self._end(SoundStep.NO_DEVICE)

    def _listen(self) -> None:
        """Take what the microphone has given, as the bridge would: 20 ms at a time."""
        now = time.monotonic()
        if not self._recorded and not self._capture.is_fed:
            # Nothing has come yet: the clock of the five seconds starts with the first sound.
            if now - self._began > OPENING:
                self._end(SoundStep.NO_DEVICE)
                return
            self._due = now
            self._again(self._listen)
            return
        while self._due <= now:
            self._due += config.FRAME_MS / 1000
            self._recorded += self._capture.take(FRAME)
        if len(self._recorded) >= SECONDS * 1000 * MS:
            self._tell(SoundStep.PLAYING)
            self._due = now
            self._play()
        else:
            self._again(self._listen)

    def _play(self) -> None:
        now = time.monotonic()
        while self._due <= now and self._place < len(self._recorded):
            self._due += config.FRAME_MS / 1000
            self._playback.put(bytes(self._recorded[self._place : self._place + FRAME]))
            self._place += FRAME
        if self._place < len(self._recorded):
            self._again(self._play)
        else:
            self._end(verdict(bytes(self._recorded)))

    def _again(self, work: Callable[[], None]) -> None:
        self._timer = self._loop.later(config.FRAME_MS / 1000, work)

    def _end(self, step: SoundStep) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if not self.over:
            self.over = True
            self._tell(step)

    def _tell(self, step: SoundStep) -> None:
        self._tell_step(SoundTested(SoundTest.LOOP, step, datetime.now(UTC)))


def verdict(recorded: bytes) -> SoundStep:
    """Was somebody heard? By the loudest tenth: people pause, and a door that slams is no voice."""
    samples = array("h", recorded)
    levels = sorted(level(samples[at : at + _WINDOW]) for at in range(0, len(samples) - _WINDOW + 1, _WINDOW))
    loud = levels[len(levels) * 9 // 10] if levels else -90
    if loud >= HEARD:
        return SoundStep.HEARD
    return SoundStep.FAINT if loud >= FAINT else SoundStep.SILENT
