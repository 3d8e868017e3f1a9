"""Which sound devices are open, on a thread of their own: opening one may block for as long as a sound server hangs.

No library object of the engine is ever touched here; sound goes through the two elastic buffers.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.phone_events import SoundTest
from sip.engine.elastic import ElasticBuffer
from sip.engine.log import logger, note_error
from sip.engine.processing import KeptProcessor, Processor, Untouched, make_processor
from sip.engine.ringer import RingTune

if TYPE_CHECKING:
    from sip.engine.miniaudio_device import DeviceList, DeviceLister, OpenDevice

POLL = 0.4  # seconds between looks at the list while devices are in use
RETRY = 30.0
NONE, DEFAULT = "none", "default"


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What there is, and whether what calls need could be opened (``problem`` empty)."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    problem: str


class SoundDevices:
    """Asked from the engine thread; works and reports on the sound thread."""

    def __init__(
        self,
        capture: ElasticBuffer,
        playback: ElasticBuffer,
        report: Callable[[DeviceReport], None],
        make: Callable[[bool], Processor] = make_processor,
    ) -> None:
        self._capture, self._playback, self._report = capture, playback, report
        self._kept = KeptProcessor(make)
        self._processing = True
        self._processor: Processor = Untouched()
        self._asked: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._names = (DEFAULT, DEFAULT, DEFAULT)
        self._wanted = self._ringing = False
        self._input: OpenDevice | None = None
        self._output: OpenDevice | None = None
        self._ringer: OpenDevice | None = None
        self._sampler: OpenDevice | None = None
        self._is_starved = False  # this machine keeps the speaker waiting
        self._sample = SoundTest.NONE
        self._cleaning = False
        self._lister: DeviceLister | None = None
        self._listed: DeviceList | None = None
        self._tune: RingTune | None = None
        self._problem = ""
        self._shaken = 0.0
        self._told: DeviceReport | None = None
        self._failed: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def choose(self, input_name: str, output_name: str, ringer_name: str) -> None:
        """Other devices from now on; open ones change at once."""

        def change() -> None:
            names = (input_name, output_name, ringer_name)
            if names != self._names:
                self._names = names
                self._close_all()

        self._asked.put(change)

    def process(self, on: bool) -> None:
        """Clean the microphone from the next call on, or not."""

        def change() -> None:
            self._processing = on

        self._asked.put(change)

    def use(self, on: bool, *, clean: bool = True) -> None:
        """Microphone and speaker are needed, or no longer; ``clean``: the microphone is processed, as for a call."""

        def change() -> None:
            if on and clean and not self._cleaning and NONE not in self._names[:2]:
                self._processor = self._kept.get(self._processing, self._names[:2])
            self._cleaning = on and clean
            self._wanted = on
            self._told = None
            if on and self._names[:2] != (NONE, NONE):
                self._look()

        self._asked.put(change)

    def ring(self, on: bool) -> None:
        """Sound the ringer or stop it."""

        def change() -> None:
            if on and not self._ringing:
                self._tune = RingTune()
                if self._names[2] != NONE:
                    self._look()
            self._ringing = on

        self._asked.put(change)

    def sample(self, test: SoundTest, told: Callable[[bool], None] = lambda opened: None) -> None:
        """Play the ring tone on speaker or ringer, or end it; ``told`` whether it could be opened (sound thread)."""

        def change() -> None:
            self._sample = test
            if test is SoundTest.NONE:
                return
            self._look()
            self._settle()
            told(self._sampler is not None)

        self._asked.put(change)

    def refresh(self) -> None:
        """List the devices now, and report."""

        def change() -> None:
            self._look()
            self._told = None
            self._tell()

        self._asked.put(change)

    def stop(self) -> None:
        """Close everything; waits a second at most, a hanging sound server must not keep us."""
        self._asked.put(None)
        self._thread.join(1.0)

    def _run(self) -> None:
        while True:
            try:
                work = self._asked.get(timeout=POLL if self._is_busy else None)
            except queue.Empty:
                work = self._look
            if work is None:
                self._close_all()
                self._kept.close()
                if self._lister is not None:
                    self._lister.close()
                return
            try:
                work()
                self._settle()
                if self._lister is not None and not self._is_busy:
                    self._lister.close()
            except Exception as error:  # noqa: BLE001 - sound trouble must never end the sound thread
                note_error("sound", error)

    @property
    def _is_busy(self) -> bool:
        used = (self._wanted, self._wanted, self._ringing)
        return any(need and name != NONE for need, name in zip(used, self._names, strict=True))

    def _look(self) -> None:
        from sip.engine.miniaudio_device import DeviceLister  # not needed by an engine without sound

        before = self._everything
        self._lister = self._lister or DeviceLister()
        self._listed = self._lister.look()
        if before - self._everything:
            self._shaken = time.monotonic()

    def _settle(self) -> None:
        """Open what is wanted and not open, close what is not wanted, replace what has died."""
        self._input = self._one(self._input, self._wanted, self._names[0], self._open_input)
        self._mind_hunger()
        self._output = self._one(self._output, self._wanted, self._names[1], self._open_output)
        self._ringer = self._one(self._ringer, self._ringing, self._names[2], self._open_ringer)
        place = 2 if self._sample is SoundTest.RINGER else 1
        self._sampler = self._one(self._sampler, bool(self._sample), self._names[place], self._open_sampler)
        if not self._cleaning:
            self._processor = Untouched()
        if self._wanted:
            self._tell()

    def _one(
        self, device: OpenDevice | None, wanted: bool, name: str, opener: Callable[[str], OpenDevice]
    ) -> OpenDevice | None:
        wanted = wanted and name != NONE
        if device is not None:
            best = name if name == DEFAULT or self._exists(name) else DEFAULT
            if wanted and device.name == best and device.is_alive(self._shaken):
                return device
            device.close()
        if not wanted:
            return None
        from sip.engine.miniaudio_device import DeviceError

        # A named device that is gone is replaced by the system's choice until it is back.
        for candidate in dict.fromkeys((name, DEFAULT)):
            if (candidate != DEFAULT and not self._exists(candidate)) or not self._may_try(candidate, opener):
                continue
            try:
                return opener(candidate)
            except DeviceError:
                self._failed[candidate, opener.__name__] = (time.monotonic(), self._everything)
        return None

    def _mind_hunger(self) -> None:
        """A speaker that ran empty several times is opened again with more to live on; each call begins anew."""
        if not self._wanted:
            self._is_starved = False
        elif self._output is not None and self._output.runs_empty and not self._is_starved:
            self._is_starved = True
            logger.info("sound: the speaker runs empty, it gets more")
            self._output.close()
            self._output = None

    def _may_try(self, name: str, opener: Callable[[str], OpenDevice]) -> bool:
        """Not again what failed a moment ago with the same devices: miniaudio leaks file handles at each failure."""
        if not self._everything:
            return False
        when, devices = self._failed.get((name, opener.__name__), (0.0, frozenset()))
        return devices != self._everything or time.monotonic() - when > RETRY

    @property
    def _everything(self) -> frozenset[str]:
        return frozenset((*self._listed.inputs, *self._listed.outputs)) if self._listed else frozenset()

    def _exists(self, name: str) -> bool:
        return self._listed is not None and (name in self._listed.inputs or name in self._listed.outputs)

    def _open_input(self, name: str) -> OpenDevice:
        from sip.engine.miniaudio_device import open_input

        def heard(data: bytes) -> None:
            self._capture.put(self._processor.process(data))

        return open_input(name, self._listed.inputs.get(name) if self._listed else None, heard)

    def _open_output(self, name: str) -> OpenDevice:
        from sip.engine.miniaudio_device import BUSY_MS, PLAYBACK_MS, open_output

        def wanted(size: int) -> bytes:
            data = self._playback.take(size)
            self._processor.played(data)
            return data

        period = BUSY_MS if self._is_starved else PLAYBACK_MS
        return open_output(name, self._listed.outputs.get(name) if self._listed else None, wanted, period)

    def _open_ringer(self, name: str) -> OpenDevice:
        from sip.engine.miniaudio_device import open_output

        tune = self._tune or RingTune()
        return open_output(name, self._listed.outputs.get(name) if self._listed else None, tune.take, period_ms=100)

    def _open_sampler(self, name: str) -> OpenDevice:
        from sip.engine.miniaudio_device import open_output

        tune = RingTune()
        return open_output(name, self._listed.outputs.get(name) if self._listed else None, tune.take, period_ms=100)

    def _tell(self) -> None:
        no_input = self._wanted and self._names[0] != NONE and self._input is None
        no_output = self._wanted and self._names[1] != NONE and self._output is None
        problem = ""
        if no_input or no_output:
            problem = "no-device" if no_input and no_output else "no-input" if no_input else "no-output"
        if problem != self._problem:
            self._problem = problem
            logger.info("sound: %s", problem or "fine")
        listed = self._listed
        inputs = tuple(listed.inputs) if listed else ()
        outputs = tuple(listed.outputs) if listed else ()
        report = DeviceReport(inputs, outputs, problem)
        if report != self._told:
            self._told = report
            self._report(report)

    def _close_all(self) -> None:
        for device in (self._input, self._output, self._ringer, self._sampler):
            if device is not None:
                device.close()
        self._input = self._output = self._ringer = self._sampler = None
