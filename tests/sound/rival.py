"""baresip on the same PulseAudio, as the measure to beat: ALSA's pulse plug-in, the shortest buffers it takes."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path
from types import TracebackType

from tests.peers.child import Child, free_port, plain_env, until

JITTER_BUFFER = "1-2"  # frames of 20 ms; its default is 5-10
_MODULES = Path("/usr/lib/baresip/modules")
_CODECS = {"pcmu": "PCMU/8000/1", "g722": "G722/16000/1"}


class BaresipPhone:
    """One telephone with microphone ``src-x`` and speaker ``spk-x`` of a `SoundServer`; it answers by itself."""

    def __init__(self, folder: Path, end: str, env: dict[str, str], codec: str, jitter: str = JITTER_BUFFER) -> None:
        folder.mkdir(parents=True)
        self.port, self._control = free_port(), free_port(socket.SOCK_STREAM)
        self.uri = f"sip:{end}@127.0.0.1:{self.port}"
        (folder / ".asoundrc").write_text(
            f"pcm.mouth {{ type pulse\n device src-{end} }}\npcm.ear {{ type pulse\n device spk-{end} }}\n"
        )
        config = [
            "poll_method epoll",
            f"sip_listen 127.0.0.1:{self.port}",
            "audio_source alsa,mouth",
            "audio_player alsa,ear",
            "audio_alert aubridge,alert",
            "audio_level no",
            "auplay_channels 1",
            "ausrc_channels 1",
            "audio_buffer 20-60",
            f"jitter_buffer_delay {jitter}",
            "net_interface 127.0.0.1",
            f"audio_path {folder}",
            f"module_path {_MODULES}",
            f"ctrl_tcp_listen 127.0.0.1:{self._control}",
            *(f"module {name}.so" for name in ("alsa", "g711", "g722", "aubridge", "uuid")),
            *(f"module_app {name}.so" for name in ("account", "contact", "menu", "ctrl_tcp")),
        ]
        (folder / "config").write_text("\n".join(config) + "\n")
        (folder / "accounts").write_text(
            f"<sip:{end}@127.0.0.1>;regint=0;answermode=auto;audio_codecs={_CODECS[codec]}\n"
        )
        (folder / "contacts").write_text("\n")
        settings = plain_env(folder, **env)
        self._child = Child(["baresip", "-4", "-f", str(folder)], log=folder / "log", env=settings)
        try:
            self._socket = until(self._connect, 10, "baresip's control port")
        except BaseException:
            self._child.end()
            raise

    def __enter__(self) -> BaresipPhone:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._child.end()
        self._socket.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    def dial(self, uri: str) -> None:
        """Call, and wait until it is answered."""
        before = self._child.log_text().count("Call established")
        self._command("dial", uri)
        until(lambda: self._child.log_text().count("Call established") > before, 8, "baresip's call")

    def hangup(self) -> None:
        """End the call."""
        self._command("hangup")

    def _command(self, name: str, parameters: str = "") -> None:
        text = json.dumps({"command": name, "params": parameters, "token": "t"})
        self._socket.sendall(f"{len(text)}:{text},".encode())

    def _connect(self) -> socket.socket | None:
        assert self._child.is_alive, self._child.said()
        try:
            return socket.create_connection(("127.0.0.1", self._control), 1)
        except OSError:
            return None


def is_installed() -> bool:
    """Is it here, with ALSA's pulse plug-in?"""
    found = subprocess.run(["sh", "-c", "command -v baresip"], capture_output=True, check=False).returncode == 0
    plugins = Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")
    return found and (_MODULES / "alsa.so").exists() and any(plugins)
