"""A PulseAudio of our own with virtual devices: speaker ``spk``, microphone ``micsrc`` fed through sink ``mic``."""

from __future__ import annotations

import array
import math
import os
import shutil
import subprocess
import time
from pathlib import Path


def is_installed() -> bool:
    """Can these tests run here?"""
    return all(map(shutil.which, ("pulseaudio", "pactl", "parec", "pacat")))


class Pulse:
    """One sound server on a socket in ``folder``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.env = {
            "PULSE_SERVER": f"unix:{folder / 'pulse.sock'}",
            "PULSE_COOKIE": str(folder / "cookie"),
            "PULSE_RUNTIME_PATH": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
        }
        words = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disallow-exit"]
        words += ["--disable-shm=yes", "--realtime=no", "--high-priority=no", "--log-target=stderr"]
        for module in (
            f"module-native-protocol-unix socket={folder / 'pulse.sock'} auth-anonymous=1",
            "module-null-sink sink_name=spk rate=48000 channels=1 sink_properties=device.description=Speaker",
            "module-null-sink sink_name=mic rate=48000 channels=1 sink_properties=device.description=MicFeed",
            "module-remap-source master=mic.monitor source_name=micsrc source_properties=device.description=Microphone",
        ):
            words += ["-L", module]
        with open(folder / "pulse.log", "wb") as log:
            self._process = subprocess.Popen(words, env=os.environ | self.env, stdout=log, stderr=log)
        end = time.monotonic() + 10
        while not self._answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError((folder / "pulse.log").read_text()[-2000:])
            time.sleep(0.05)
        self.control("set-default-sink", "spk")
        self.control("set-default-source", "micsrc")

    def control(self, *words: str) -> str:
        """Run pactl."""
        done = subprocess.run(["pactl", *words], env=os.environ | self.env, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def loudness(self, source: str, seconds: float) -> float:
        """Root mean square of what a source gives, 0 to 32767."""
        recorder = subprocess.Popen(
            ["parec", "-d", source, "--rate=16000", "--channels=1", "--format=s16le", "--latency-msec=50"],
            env=os.environ | self.env,
            stdout=subprocess.PIPE,
        )
        assert recorder.stdout is not None
        data = recorder.stdout.read(int(seconds * 32_000))
        recorder.terminate()
        recorder.stdout.close()
        recorder.wait()
        samples = array.array("h", data)
        return math.sqrt(sum(sample * sample for sample in samples) / max(1, len(samples)))

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(5)

    def _answers(self) -> bool:
        asked = subprocess.run(["pactl", "info"], env=os.environ | self.env, capture_output=True, check=False)
        return asked.returncode == 0
