"""Calls ↔ sound devices, on the engine thread: which call is connected to microphone and speaker, and the tones.

The library's bridge runs on its own clock (the null device); the devices run on theirs, on the sound thread
(`devices.py`). `SoundPort` is the one place where both meet, with an elastic buffer in each direction.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pjsua2 as pj

from app.domain.call import CallSoundMissing
from app.domain.phone_events import DevicesChanged, SoundLevels, SoundTest
from sip.engine import config, frames
from sip.engine.devices import DeviceReport, SoundDevices
from sip.engine.elastic import ElasticBuffer
from sip.engine.log import logger
from sip.engine.loop import Loop, Timer
from sip.engine.sound_check import SoundTests
from sip.wire import Report

LINGER = 0.15  # the bridge works asynchronously: what is taken off it must live on for a moment
REST = 1.0  # devices stay open so long after the last call, so that a transfer does not close and open them
LEVELS = 0.1
_LOOP_TONES = 1  # PJMEDIA_TONEGEN_LOOP


@dataclass(slots=True)
class _Leg:
    """One call's sound."""

    region: str
    media: pj.AudioMedia | None = None
    microphone: bool = True
    muted: bool = False
    ringback: pj.ToneGenerator | None = None


class SoundPort(pj.AudioMediaPort):  # type: ignore[misc]
    """The devices as the bridge sees them. Its callbacks come on the library's media thread."""

    def __init__(self, capture: ElasticBuffer, playback: ElasticBuffer) -> None:
        super().__init__()
        self._capture, self._playback = capture, playback
        self._writer = frames.Writer()
        layout = pj.MediaFormatAudio()
        layout.init(1, config.CLOCK_RATE, 1, config.FRAME_MS * 1000, 16)
        self.createPort("sound", layout)

    def onFrameRequested(self, frame: pj.MediaFrame) -> None:
        """The bridge wants 20 ms of microphone."""
        frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
        self._writer.write(frame, self._capture.take(int(frame.size)))

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:
        """The bridge has 20 ms for the speaker."""
        if frame.type == pj.PJMEDIA_FRAME_TYPE_AUDIO:
            self._playback.put(frames.read(frame))


class SoundBridge:
    """The calls' sound. Engine thread only."""

    def __init__(self, loop: Loop, emit: Callable[[Report], None]) -> None:
        self._loop, self._emit = loop, emit
        self._capture = ElasticBuffer()
        self._playback = ElasticBuffer()
        self._devices = SoundDevices(
            self._capture, self._playback, lambda report: loop.post(lambda: self._on_devices(report))
        )
        self._tests = SoundTests(loop, self._capture, self._playback, self._devices, emit, self._settle_devices)
        self._legs: dict[str, _Leg] = {}
        self._port: SoundPort | None = None
        self._endpoint: pj.Endpoint | None = None
        self._rest: Timer | None = None
        self._missing = False
        self._used = (False, False)
        self._listed: tuple[object, ...] | None = None
        self._watching = False
        self._watch: Timer | None = None

    @property
    def is_missing(self) -> bool:
        """A microphone or speaker is wanted and could not be opened."""
        return self._missing

    def start(self, endpoint: pj.Endpoint) -> None:
        """The library is up."""
        sys.setswitchinterval(0.001)  # else a busy thread may keep a device waiting for 5 ms
        self._endpoint = endpoint
        endpoint.audDevManager().setNoDev()

    def choose(self, input_name: str, output_name: str, ringer_name: str, *, processing: bool) -> None:
        """Use these devices from now on, and clean the microphone from the next call on or not."""
        self._devices.choose(input_name, output_name, ringer_name)
        self._devices.process(processing)

    def list_devices(self) -> None:
        """Report `DevicesChanged` soon, also when nothing changed."""
        self._listed = None
        self._devices.refresh()

    def watch_levels(self, on: bool) -> None:
        """Report `SoundLevels`; without a call the devices are opened for it."""
        self._watching = on
        self._settle_devices()
        if on and self._watch is None:
            self._tell_levels()

    def test(self, test: SoundTest) -> None:
        """Try speaker, ringer or microphone. Not while there are calls: they have the devices."""
        self._tests.start(SoundTest.NONE if self._legs else test)

    def ring(self, on: bool) -> None:
        """The ringer."""
        self._devices.ring(on)

    def call_begins(self, call_id: str, region: str) -> None:
        """A call will need sound: open the devices while it connects."""
        self._loop.check_thread()
        if self._rest is not None:
            self._rest.cancel()
        self._tests.stop()
        self._legs.setdefault(call_id, _Leg(region))
        if self._port is None and self._endpoint is not None:
            self._endpoint.audDevManager().setNullDev()
            self._port = SoundPort(self._capture, self._playback)
        self._settle_devices()

    def connect(self, call_id: str, media: pj.AudioMedia, *, microphone: bool) -> None:
        """The call has sound to exchange."""
        leg = self._legs.get(call_id)
        if leg is None or self._port is None:
            return
        self.ringback(call_id, on=False)
        leg.media, leg.microphone = media, microphone
        _quietly(lambda: media.startTransmit(self._port))
        self._wire_microphone(leg)

    def disconnect(self, call_id: str) -> None:
        """The call is held or over."""
        leg = self._legs.get(call_id)
        if leg is None or leg.media is None or self._port is None:
            return
        media, leg.media = leg.media, None
        _quietly(lambda: media.stopTransmit(self._port))
        port = self._port
        _quietly(lambda: port.stopTransmit(media))

    def set_mute(self, call_id: str, on: bool) -> None:
        """Cut the microphone off from one call."""
        if leg := self._legs.get(call_id):
            leg.muted = on
            self._wire_microphone(leg)

    def ringback(self, call_id: str, *, on: bool) -> None:
        """The tone that tells the rep it rings over there, as the line's country knows it."""
        leg = self._legs.get(call_id)
        if leg is None or self._port is None or on == (leg.ringback is not None):
            return
        if on:
            leg.ringback = _ringback_tone(leg.region)
            leg.ringback.startTransmit(self._port)
        else:
            self._retire(leg)

    def play_digits(self, call_id: str, digits: str) -> None:
        """Digits as tones in the sound itself."""
        leg = self._legs.get(call_id)
        if leg is None or leg.media is None:
            return
        tones = pj.ToneGenerator()
        tones.createToneGenerator(config.CLOCK_RATE, 1)
        wanted = pj.ToneDigitVector()
        for digit in digits:
            tone = pj.ToneDigit()
            tone.digit, tone.on_msec, tone.off_msec, tone.volume = digit, 160, 80, 0
            wanted.append(tone)
        tones.playDigits(wanted)
        tones.startTransmit(leg.media)
        self._loop.later(0.24 * len(digits) + LINGER, lambda: _keep(tones))

    def call_ends(self, call_id: str) -> None:
        """The call needs no sound any more; after the last one the devices are closed."""
        self._loop.check_thread()
        if call_id not in self._legs:
            return
        self.disconnect(call_id)
        self._retire(self._legs[call_id])
        del self._legs[call_id]
        if not self._legs:
            self._rest = self._loop.later(REST, self._go_to_rest)

    def tell_missing(self, call_id: str) -> None:
        """Say of one call that it has no sound."""
        self._emit(CallSoundMissing(call_id, datetime.now(UTC), self._missing))

    def close(self) -> None:
        """Close the devices; the calls are gone."""
        self._watching = False
        self._tests.stop()
        self._devices.stop()
        for leg in self._legs.values():
            leg.media = leg.ringback = None
        self._legs.clear()
        self._port = None
        gc.collect()

    def _wire_microphone(self, leg: _Leg) -> None:
        port, media = self._port, leg.media
        if port is None or media is None:
            return
        if leg.microphone and not leg.muted:
            _quietly(lambda: port.startTransmit(media))
        else:
            _quietly(lambda: port.stopTransmit(media))

    def _retire(self, leg: _Leg) -> None:
        tone, leg.ringback = leg.ringback, None
        if tone is not None:
            _quietly(lambda: tone.stopTransmit(self._port))
            self._loop.later(LINGER, lambda: _keep(tone))

    def _go_to_rest(self) -> None:
        if self._legs or self._endpoint is None:
            return
        port, self._port = self._port, None
        self._endpoint.audDevManager().setNoDev()
        self._loop.later(LINGER, lambda: _keep(port))
        for name, buffer in (("microphone", self._capture), ("speaker", self._playback)):
            logger.info("sound: %s %s", name, buffer.account())
            buffer.clear()
        self._set_missing(False)
        self._settle_devices()

    def _settle_devices(self) -> None:
        """Open what calls, tests and meters need; only what is heard by somebody is processed."""
        clean = self._port is not None or self._tests.wants_devices
        wanted = (clean or self._watching, clean)
        if wanted != self._used:
            self._used = wanted
            self._devices.use(wanted[0], clean=clean)

    def _on_devices(self, report: DeviceReport) -> None:
        now = (report.inputs, report.outputs, report.problem)
        if now != self._listed:
            self._listed = now
            self._emit(DevicesChanged(report.inputs, report.outputs, datetime.now(UTC), report.problem))
        self._set_missing(bool(report.problem and self._legs))
        if report.problem:
            self._tests.no_device()

    def _tell_levels(self) -> None:
        self._watch = None
        if self._watching:
            self._emit(SoundLevels(self._capture.arriving, self._playback.loudness, datetime.now(UTC)))
            self._watch = self._loop.later(LEVELS, self._tell_levels)

    def _set_missing(self, missing: bool) -> None:
        if missing != self._missing:
            self._missing = missing
            for call_id in self._legs:
                self.tell_missing(call_id)


def _keep(thing: object) -> None:
    """Hold a media object until its timer fires; dropping it is all that happens then."""


def _quietly(connect: Callable[[], None]) -> None:
    """Bridge connections of a stream that is just going away fail: the end of the call follows."""
    try:
        connect()
    except pj.Error as error:
        logger.info("bridge: %s", error.status)


# ITU-T E.180 supplement 2: frequencies in Hz, then tone and pause in milliseconds.
_RINGBACK = {
    "US": (440, 480, ((2000, 4000),)),
    "CA": (440, 480, ((2000, 4000),)),
    "JP": (384, 416, ((1000, 2000),)),
    "GB": (400, 450, ((400, 200), (400, 2000))),
    "AU": (400, 450, ((400, 200), (400, 2000))),
}


def _ringback_tone(region: str) -> pj.ToneGenerator:
    first, second, cadence = _RINGBACK.get(region, (425, 0, ((1000, 4000),)))
    tones = pj.ToneDescVector()
    for on_msec, off_msec in cadence:
        tone = pj.ToneDesc()
        tone.freq1, tone.freq2, tone.on_msec, tone.off_msec, tone.volume = first, second, on_msec, off_msec, 6000
        tones.append(tone)
    generator = pj.ToneGenerator()
    generator.createToneGenerator(config.CLOCK_RATE, 1)
    generator.play(tones, True)
    return generator
