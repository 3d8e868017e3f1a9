"""A PulseAudio of the test's own: speaker `spk`, ringer `ring`, and a microphone fed by what is played into `mic`."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from tests.peers.pulse_server import PulseServer, fed_source, null_sink
from tests.peers.sound import Clip

MICROPHONE, SPEAKER, RINGER = "BenchMicrophone", "BenchSpeaker", "BenchRinger"
_SINKS = (("spk", SPEAKER), ("mic", "BenchMicrophoneFeed"), ("ring", RINGER))
RATE = 16_000


class Pulse(PulseServer):
    """The sound of a run: three devices with names people could know."""

    def __init__(self, folder: Path) -> None:
        devices = [null_sink(sink, description) for sink, description in _SINKS]
        devices.append(fed_source("microphone", MICROPHONE, "mic"))
        super().__init__(folder, devices, sink="spk", source="microphone")

    def say(self, file: Path) -> Player:
        """Play a WAV file into the microphone, again and again, until the player is closed."""
        return Player(file, self.all_env)

    def listen(self, sink: str = "spk") -> Listener:
        """Record what is played on a sink until the listener is closed."""
        return Listener(f"{sink}.monitor", self.all_env)


class _Tool:
    """A client program with one pipe."""

    def __init__(self, arguments: Sequence[str], env: dict[str, str], *, writes: bool) -> None:
        self.process = subprocess.Popen(
            ["pacat", "--raw", "--format=s16le", "--channels=1", *arguments],
            env=env,
            stdin=subprocess.PIPE if writes else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if writes else subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )

    def _end(self) -> None:
        self.process.terminate()
        self.process.wait(5)


class Player(_Tool):
    """Speech into the microphone, as a loop."""

    def __init__(self, file: Path, env: dict[str, str]) -> None:
        clip = Clip.read(file)
        super().__init__(["--playback", "-d", "mic", f"--rate={clip.rate}", "--latency-msec=60"], env, writes=True)
        self._data = clip.samples.tobytes()
        self._thread = threading.Thread(target=self._feed, daemon=True)
        self._thread.start()

    def __enter__(self) -> Player:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()
        self._thread.join(5)
        assert self.process.stdin is not None
        self.process.stdin.close()

    def _feed(self) -> None:
        assert self.process.stdin is not None
        try:
            while True:
                left = memoryview(self._data)
                while left:
                    left = left[os.write(self.process.stdin.fileno(), left) :]
        except BrokenPipeError:
            return


class Listener(_Tool):
    """What a device plays."""

    def __init__(self, source: str, env: dict[str, str]) -> None:
        super().__init__(["--record", "-d", source, f"--rate={RATE}", "--latency-msec=20"], env, writes=False)
        self._chunks: list[bytes] = []
        self._more = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()
        self._thread.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def next(self, seconds: float) -> Clip:
        """The next so many seconds of it; what came before is dropped."""
        wanted = int(seconds * RATE) * 2
        with self._more:
            self._chunks.clear()
            heard = self._more.wait_for(lambda: sum(map(len, self._chunks)) >= wanted, seconds + 8)
            assert heard, "the device plays nothing, not even silence"
            return Clip.of(b"".join(self._chunks)[:wanted], RATE)

    def _read(self) -> None:
        assert self.process.stdout is not None
        while data := os.read(self.process.stdout.fileno(), 65_536):
            with self._more:
                self._chunks.append(data)
                self._more.notify_all()
