"""A PulseAudio of our own with virtual devices: speaker ``spk``, microphone ``micsrc`` fed through sink ``mic``."""

from __future__ import annotations

import array
import math
import subprocess
from pathlib import Path

from tests.peers.pulse_server import PulseServer, fed_source, null_sink


class Pulse(PulseServer):
    """One sound server."""

    def __init__(self, folder: Path) -> None:
        devices = [null_sink("spk", "Speaker"), null_sink("mic", "MicFeed"), fed_source("micsrc", "Microphone", "mic")]
        super().__init__(folder, devices, sink="spk", source="micsrc")

    def loudness(self, source: str, seconds: float) -> float:
        """Root mean square of what a source gives, 0 to 32767."""
        recorder = subprocess.Popen(
            ["parec", "-d", source, "--rate=16000", "--channels=1", "--format=s16le", "--latency-msec=50"],
            env=self.all_env,
            stdout=subprocess.PIPE,
        )
        assert recorder.stdout is not None
        data = recorder.stdout.read(int(seconds * 32_000))
        recorder.terminate()
        recorder.stdout.close()
        recorder.wait()
        samples = array.array("h", data)
        return math.sqrt(sum(sample * sample for sample in samples) / max(1, len(samples)))
