"""Two telephones on one PulseAudio, each with a microphone and a speaker of its own, and all of it on one clock."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType

from tests.peers.child import Child, plain_env, until

RATE = 48_000
ENDS = ("a", "b")


class SoundServer:
    """Sinks ``spk-x`` (SpeakerX) and ``mic-x``, which feeds the source MicrophoneX, for each end ``x``.

    ``folder`` must have a short path: it holds the socket.
    """

    def __init__(self, folder: Path, ends: tuple[str, ...] = ENDS) -> None:
        runtime = folder / "run"
        runtime.mkdir(mode=0o700, parents=True)
        socket = runtime / "pulse.sock"
        self.env = {"PULSE_SERVER": f"unix:{socket}", "PULSE_COOKIE": str(folder / "cookie")}
        self.all_env = plain_env(
            folder, XDG_RUNTIME_DIR=str(runtime), PULSE_RUNTIME_PATH=str(runtime / "pulse"), **self.env
        )
        modules = [f"module-native-protocol-unix socket={socket} auth-anonymous=1"]
        for end in ends:
            for kind, name in (("spk", "Speaker"), ("mic", "Feed")):
                modules.append(
                    f"module-null-sink sink_name={kind}-{end} rate={RATE} channels=1 "
                    f"sink_properties=device.description={name}{end.upper()}"
                )
            modules.append(
                f"module-remap-source master=mic-{end}.monitor source_name=src-{end} "
                f"source_properties=device.description=Microphone{end.upper()}"
            )
        server = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disallow-exit"]
        server += ["--disable-shm=yes", "--realtime=no", "--high-priority=no", "--log-target=stderr"]
        for module in modules:
            server += ["-L", module]
        own = {name: value for name, value in self.all_env.items() if name != "PULSE_SERVER"}
        self._server = Child(server, log=folder / "pulse.log", env=own)
        try:
            until(self._answers, 10, "PulseAudio")
            self.control("set-default-sink", f"spk-{ends[0]}")
            self.control("set-default-source", f"src-{ends[0]}")
        except BaseException:
            self._server.end()
            raise

    def __enter__(self) -> SoundServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.end()

    def control(self, *words: str) -> str:
        """Run pactl; its output. Raises CalledProcessError."""
        done = subprocess.run(["pactl", *words], env=self.all_env, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def unload(self, word: str) -> None:
        """Take away the modules whose arguments have ``word``, the latest first."""
        for row in reversed(self.control("list", "short", "modules").splitlines()):
            if word in row:
                self.control("unload-module", row.split("\t")[0])

    def play(self, sink: str, file: Path) -> subprocess.Popen[bytes]:
        """Play a WAV file once; wait for the process."""
        return subprocess.Popen(["paplay", "--latency-msec=40", "-d", sink, str(file)], env=self.all_env)

    def record(self, sink: str) -> Recording:
        """Record what a sink plays until `Recording.stop`."""
        return Recording(f"{sink}.monitor", self.all_env)

    def _answers(self) -> bool:
        asked = subprocess.run(["pactl", "info"], env=self.all_env, capture_output=True, check=False)
        return asked.returncode == 0


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
