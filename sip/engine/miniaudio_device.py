"""One open sound device, and the list of those there are. The only module that knows miniaudio."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

# miniaudio imports numpy where it is installed, for nothing we use: 20 MB.
sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
import miniaudio  # noqa: E402

RATE = 16_000
CAPTURE_MS = 10
PLAYBACK_MS = 20  # what the server holds: with less it runs empty whenever the machine is busy for a moment
BUSY_MS = 40  # the same on a machine that is busy again and again: 20 ms later, but whole
LATE = 3  # times within `LATELY` that the server must have run empty before that is worth it
LATELY = 10.0
PERIODS = 4
STALL = 2.5  # seconds without a callback after which a device is dead; an idle virtual one begins after up to two
SHAKEN = 0.2  # seconds in which a device must call back after others have gone away
DeviceError = (miniaudio.MiniaudioError, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class DeviceList:
    """Names and miniaudio's ids of capture and playback devices."""

    inputs: dict[str, Any]
    outputs: dict[str, Any]


class DeviceLister:
    """Asks the sound system what there is. Keeps its connection until `close`: making one is most of the work.

    Blocks on the sound server. One thread.
    """

    def __init__(self) -> None:
        self._system: Any = None

    def look(self) -> DeviceList:
        """What the system has now; empty when there is no sound system."""
        kept = self._system is not None
        try:
            return self._ask()
        except DeviceError:
            self.close()
        if kept:  # the server may have been started anew since
            try:
                return self._ask()
            except DeviceError:
                self.close()
        return DeviceList({}, {})

    def close(self) -> None:
        """Let go of the connection."""
        self._system = None

    def _ask(self) -> DeviceList:
        if self._system is None:
            self._system = miniaudio.Devices(_backends())
        # The package's own lists ask for the formats of each device as well, a round trip each, which nobody reads.
        new, asked = miniaudio.ffi.new, (("ma_device_info**", "ma_uint32*") * 2)
        playbacks, playback_count, captures, capture_count = (new(kind) for kind in asked)
        result = miniaudio.lib.ma_context_get_devices(
            self._system._context, playbacks, playback_count, captures, capture_count
        )
        if result != miniaudio.lib.MA_SUCCESS:
            raise miniaudio.MiniaudioError("cannot list devices", result)
        is_alsa = self._system.backend == "ALSA"
        is_device = _is_card if is_alsa else _is_any
        found = DeviceList(
            _named(captures[0], capture_count[0], is_device), _named(playbacks[0], playback_count[0], is_device)
        )
        if is_alsa:  # the second choice: at the next look the sound server may be back
            self.close()
        return found


def _is_card(info: Any) -> bool:
    """ALSA lists its plug-ins, too ("Discard all samples"): what has no card in its name nobody hears."""
    return b":" in bytes(miniaudio.ffi.buffer(miniaudio.ffi.addressof(info.id))).split(b"\0", 1)[0]


def _is_any(info: Any) -> bool:
    return True


def _named(infos: Any, count: int, is_device: Callable[[Any], bool]) -> dict[str, Any]:
    """Copies: the context's own are overwritten at its next look."""
    found = (infos[index] for index in range(count) if is_device(infos[index]))
    return {miniaudio.ffi.string(info.name).decode(): miniaudio.ffi.new("ma_device_id*", info.id) for info in found}


class OpenDevice:
    """A running device. Its callback comes on miniaudio's thread."""

    def __init__(self, name: str, device: Any, period_ms: int = CAPTURE_MS) -> None:
        self.name = name
        self.period_ms = period_ms
        self._device = device
        self._opened = self._beat = time.monotonic()
        self._late: deque[float] = deque(maxlen=LATE)

    def is_alive(self, shaken: float) -> bool:
        """It has called back lately, also after ``shaken`` (monotonic), when a device was seen to be gone.

        The library's own stop notice does not come for every backend.
        """
        now = time.monotonic()
        if self._opened < shaken < now - SHAKEN and self._beat < shaken:
            return False
        return now - self._beat < STALL

    @property
    def runs_empty(self) -> bool:
        """The program was kept from it for longer than it holds, several times of late."""
        late = tuple(self._late)
        return len(late) == LATE and time.monotonic() - late[0] < LATELY

    def close(self) -> None:
        """Stop and let go of it, its connection to the sound server included."""
        self._device.close()
        _drop_context(self._device)

    def _beaten(self) -> None:
        now = time.monotonic()
        if now - self._beat > 2 * self.period_ms / 1000 and now - self._opened > STALL:
            self._late.append(now)
        self._beat = now


def open_input(name: str, device_id: Any, heard: Callable[[bytes], None]) -> OpenDevice:
    """A microphone: ``heard`` gets 16-bit mono. Raises DeviceError."""
    device = _made(miniaudio.CaptureDevice, device_id, CAPTURE_MS, input_format=miniaudio.SampleFormat.SIGNED16)
    opened = OpenDevice(name, device)

    def listen() -> Generator[None, bytes, None]:
        while True:
            data = yield
            opened._beaten()
            heard(bytes(data))

    return _started(opened, device, listen())


def open_output(name: str, device_id: Any, wanted: Callable[[int], bytes], period_ms: int = PLAYBACK_MS) -> OpenDevice:
    """A speaker: ``wanted`` gives so many bytes of 16-bit mono. Raises DeviceError."""
    device = _made(miniaudio.PlaybackDevice, device_id, period_ms, output_format=miniaudio.SampleFormat.SIGNED16)
    opened = OpenDevice(name, device, period_ms)

    def speak() -> Generator[bytes, int, None]:
        frames = yield b""
        while True:
            opened._beaten()
            frames = yield wanted(frames * 2)

    return _started(opened, device, speak())


def _made(kind: Any, device_id: Any, period_ms: int, **layout: Any) -> Any:
    """A device that is not started yet. Raises DeviceError."""
    device = kind.__new__(kind)
    try:
        device.__init__(
            nchannels=1,
            sample_rate=RATE,
            buffersize_msec=period_ms,
            callback_periods=PERIODS,
            device_id=device_id,
            backends=_backends(),
            app_name="Ringdown",
            **layout,
        )
    except miniaudio.MiniaudioError:
        _drop_context(device)
        raise
    return device


def _drop_context(device: Any) -> None:
    """miniaudio keeps the connection of a closed or failed device to the sound server open for ever."""
    context, device._context = getattr(device, "_context", None), None
    if context is not None:
        miniaudio.lib.ma_context_uninit(context)


def _started(opened: OpenDevice, device: Any, callback: Generator[Any, Any, None]) -> OpenDevice:
    next(callback)
    try:
        device.start(callback)
    except miniaudio.MiniaudioError:
        opened.close()
        raise
    return opened


def _backends() -> list[Any]:
    """Real sound systems in order of preference; never the library's null device, which would look like sound."""
    kinds = miniaudio.Backend
    if sys.platform == "win32":
        return [kinds.WASAPI]
    if sys.platform == "darwin":
        return [kinds.COREAUDIO]
    return [kinds.PULSEAUDIO, kinds.ALSA]
