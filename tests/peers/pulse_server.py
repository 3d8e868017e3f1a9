"""A PulseAudio of the test's own, with the devices the test names and no others."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.peers.child import Child, plain_env, until


def is_installed() -> bool:
    """Are the server and its tools there?"""
    return all(map(shutil.which, ("pulseaudio", "pactl", "parec", "pacat")))


class PulseServer:
    """Runs in ``folder``, whose path must be short: it holds the socket.

    ``env`` leads clients to it; ``all_env`` is that within a whole environment, for programs that are given no other.
    """

    def __init__(self, folder: Path, modules: Sequence[str], *, sink: str, source: str) -> None:
        """``modules`` make the devices; ``sink`` and ``source`` are the usual ones of them."""
        runtime = folder / "run"
        runtime.mkdir(mode=0o700, parents=True)
        socket = runtime / "pulse.sock"
        self.env = {"PULSE_SERVER": f"unix:{socket}", "PULSE_COOKIE": str(folder / "cookie")}
        self.all_env = plain_env(
            folder, XDG_RUNTIME_DIR=str(runtime), PULSE_RUNTIME_PATH=str(runtime / "pulse"), **self.env
        )
        server = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disallow-exit"]
        server += ["--disable-shm=yes", "--realtime=no", "--high-priority=no", "--log-target=stderr"]
        for module in (f"module-native-protocol-unix socket={socket} auth-anonymous=1", *modules):
            server += ["-L", module]
        self._command, self._log, self._usual = server, folder / "pulse.log", (sink, source)
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.end()

    def start(self) -> None:
        """Start it, the first time or again after `stop`."""
        # The server's own library must not ask itself for the server.
        own = {name: value for name, value in self.all_env.items() if name != "PULSE_SERVER"}
        self._server = Child(self._command, log=self._log, env=own)
        try:
            until(self._answers, 10, "PulseAudio")
            for kind, name in zip(("sink", "source"), self._usual, strict=True):
                self.control(f"set-default-{kind}", name)
        except BaseException:
            self._server.end()
            raise

    def stop(self) -> None:
        """End it, and its devices with it."""
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

    def _answers(self) -> bool:
        asked = subprocess.run(["pactl", "info"], env=self.all_env, capture_output=True, timeout=5, check=False)
        return asked.returncode == 0


def null_sink(name: str, description: str, rate: int = 48_000) -> str:
    """The module of a device that plays to nobody; what it plays can be recorded from ``name.monitor``."""
    return f"module-null-sink sink_name={name} rate={rate} channels=1 sink_properties=device.description={description}"


def fed_source(name: str, description: str, feed: str) -> str:
    """The module of a microphone that hears what is played into the sink ``feed``."""
    return (
        f"module-remap-source master={feed}.monitor source_name={name} "
        f"source_properties=device.description={description}"
    )
