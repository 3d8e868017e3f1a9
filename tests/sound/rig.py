"""Two telephones on one PulseAudio, each with a microphone and a speaker of its own, and all of it on one clock."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

from tests.peers.pulse_server import PulseServer, fed_source, null_sink

RATE = 48_000
ENDS = ("a", "b")
_SINKS = (("spk", "Speaker"), ("mic", "Feed"))


class SoundServer(PulseServer):
    """Sinks ``spk-x`` (SpeakerX) and ``mic-x``, which feeds the source MicrophoneX, for each end ``x``."""

    def __init__(self, folder: Path, ends: tuple[str, ...] = ENDS) -> None:
        devices: list[str] = []
        for end in ends:
            devices += [null_sink(f"{kind}-{end}", f"{name}{end.upper()}", RATE) for kind, name in _SINKS]
            devices.append(fed_source(f"src-{end}", f"Microphone{end.upper()}", f"mic-{end}"))
        super().__init__(folder, devices, sink=f"spk-{ends[0]}", source=f"src-{ends[0]}")

    def play(self, sink: str, file: Path) -> subprocess.Popen[bytes]:
        """Play a WAV file once; wait for the process."""
        return subprocess.Popen(["paplay", "--latency-msec=40", "-d", sink, str(file)], env=self.all_env)

    def record(self, sink: str) -> Recording:
        """Record what a sink plays until `Recording.stop`."""
        return Recording(f"{sink}.monitor", self.all_env)


class Recording:
    """One source, with the monotonic time of its first sample."""

    def __init__(self, source: str, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            ["parec", "-d", source, "--latency-msec=10", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1"],
            env=env,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self._chunks: list[bytes] = []
        self._arrived: list[tuple[float, int]] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def seconds(self) -> float:
        """How much there is so far."""
        return self._arrived[-1][1] / RATE if self._arrived else 0.0

    def stop(self) -> tuple[bytes, float]:
        """The samples (16-bit mono at `RATE`) and when the first one was: the earliest its chunks allow, nearly."""
        self._process.terminate()
        self._process.wait(5)
        self._thread.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()
        starts = sorted(at - count / RATE for at, count in self._arrived[len(self._arrived) // 3 :])
        assert starts, "nothing was recorded"
        return b"".join(self._chunks), starts[len(starts) // 20]

    def _read(self) -> None:
        assert self._process.stdout is not None
        total = 0
        while data := os.read(self._process.stdout.fileno(), 65_536):
            self._chunks.append(data)
            total += len(data) // 2
            self._arrived.append((time.monotonic(), total))
