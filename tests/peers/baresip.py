"""baresip as the other party: a telephone of another make, with a file for a microphone and its calls recorded."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.peers.child import Child, free_port, plain_env, until
from tests.peers.sound import Clip

_MODULES = ("opus", "g711", "g722", "aufile", "aubridge", "alsa", "sndfile", "uuid", "srtp", "cons")
_APPLICATIONS = ("account", "contact", "menu", "ctrl_tcp", "presence")
_MODULE_FOLDERS = (Path("/usr/lib/baresip/modules"), Path("/usr/local/lib/baresip/modules"))
Event = dict[str, Any]


class Baresip:
    """One telephone on loopback, answering by itself unless ``answers`` is false.

    ``speech`` is played to the other side from the beginning of each call, again and again (by PCMU). With a
    ``registrar`` (``host:port``) and ``password`` it registers, and calls go through there by ``transport`` ("udp",
    "tcp", "tls"; a TLS registrar's authority is in ``ca_file``). With ``srtp`` its calls go by SRTP alone, or, where
    it is "optional", by SRTP if the other side can. ``contact`` is the address its texts go to, without parameters.
    ``codecs`` are its own, best first. What it hears is recorded, but not after the other side's hold: its player is
    dead then for many seconds, also with another baresip at the other end. `Wire` at its ``media_port`` hears on.
    ``host`` is its address, of either family.
    """

    def __init__(
        self,
        folder: Path,
        user: str,
        speech: Clip,
        *,
        registrar: str = "",
        password: str = "",
        answers: bool = True,
        transport: str = "udp",
        ca_file: Path | None = None,
        srtp: bool | str = False,
        contact: str = "",
        codecs: str = "PCMU/8000/1",
        host: str = "127.0.0.1",
    ) -> None:
        self.user = user
        self._host, self._shown = host, f"[{host}]" if ":" in host else host
        self.port, self.media_port = _free_pair(host), _free_pair(host, even=True)
        self.uri = f"sip:{user}@{registrar or f'{self._shown}:{self.port}'}"
        self._recordings = folder / "recordings"
        self._recordings.mkdir(parents=True)
        self._events: list[Event] = []
        self._news = threading.Condition()
        control, console = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_STREAM)
        # It ends a call when its file is at its end.
        rate = 16_000 if codecs.startswith("G722") else 8_000
        speech.at_rate(rate).times(1 + int(60 / speech.seconds)).write(folder / "speech.wav")
        (folder / "config").write_text(self._config(folder, control, console, ca_file))
        (folder / "accounts").write_text(self._account(registrar, password, answers, transport, srtp, codecs))
        (folder / "contacts").write_text(f'"Peer" <{contact}>\n' if contact else "\n")
        (folder / "current_contact").write_text(contact)
        family = "-6" if ":" in host else "-4"
        self._child = Child(["baresip", family, "-f", str(folder)], log=folder / "log", env=plain_env(folder))
        try:
            self._socket = until(lambda: self._connect(control), 10, "baresip's control port")
            self._console = until(lambda: self._connect(console), 10, "baresip's console")
            self._reader = threading.Thread(target=self._read, daemon=True)
            self._reader.start()
            if registrar:
                until(lambda: "200 OK" in self._child.log_text(), 8, "baresip's registration")
        except BaseException:
            self._child.end()
            raise

    def __enter__(self) -> Baresip:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End it; its recordings are complete then."""
        self._child.end()
        self._socket.close()
        self._console.close()
        self._reader.join(5)

    def dial(self, uri: str) -> None:
        """Call."""
        self._command("dial", uri)

    def answer(self) -> None:
        """Take the ringing call."""
        self._command("accept")

    def hangup(self) -> None:
        """End the call."""
        self._command("hangup")

    def hold(self) -> None:
        """Put the call on hold."""
        self._command("hold")

    def resume(self) -> None:
        """Take the call back."""
        self._command("resume")

    def renegotiate(self) -> None:
        """Offer the call anew, as it is."""
        self._command("reinvite")

    def show(self, *, online: bool) -> None:
        """Tell those who watch that somebody is there, or is not."""
        self._command("presence_online" if online else "presence_offline")

    def text(self, body: str) -> None:
        """Send a text to the contact."""
        self._command("message", body)

    def next_text(self, sender: str, seconds: float = 8.0) -> str:
        """The next text that comes from an address that begins so; AssertionError when none does."""
        data, shown = b"", re.compile(rb"\r?" + re.escape(sender.encode()) + rb'[^"\n]*: "(.*)"\n', re.DOTALL)
        self._console.settimeout(seconds)
        while not (found := shown.search(data)):
            try:
                more = self._console.recv(65_536)
            except TimeoutError:
                more = b""
            assert more, f"no text at baresip within {seconds:g} s: {data!r}"
            data += more
        return found[1].decode()

    def wait(self, kind: str, seconds: float = 8.0) -> Event:
        """The next event of a kind (CALL_ESTABLISHED, CALL_CLOSED, CALL_INCOMING…); earlier ones are dropped."""
        end = time.monotonic() + seconds
        with self._news:
            while True:
                while self._events:
                    event = self._events.pop(0)
                    if event.get("type") == kind:
                        return event
                left = end - time.monotonic()
                assert left > 0, f"baresip: no {kind} within {seconds:g} s: {self._child.said()}"
                self._news.wait(left)

    def codec(self) -> str:
        """What it decodes in the latest call."""
        return str(until(lambda: re.findall(r"Set audio decoder: (\S+)", self._child.log_text()), what="a codec")[-1])

    def heard(self) -> Clip:
        """What the other side said in the latest call. Complete once the call has ended."""
        files = sorted(self._recordings.glob("*dec.wav"), key=lambda file: file.stat().st_mtime)
        assert files, "baresip has recorded nothing"
        return Clip.read(files[-1])

    def _config(self, folder: Path, control: int, console: int, ca_file: Path | None) -> str:
        modules = next(found for found in _MODULE_FOLDERS if found.is_dir())
        lines = [
            "poll_method epoll",
            f"sip_listen {self._shown}:{self.port}",
            "call_local_timeout 60",
            "call_max_calls 4",
            f"audio_path {folder}",
            f"audio_source aufile,{folder}/speech.wav",
            f"audio_player aubridge,player{self.port}",
            f"rtp_ports {self.media_port}-{self.media_port + 2}",
            f"audio_alert aubridge,alert{self.port}",
            "audio_level no",
            "auplay_channels 1",
            "ausrc_channels 1",
            f"net_interface {self._host}",
            f"module_path {modules}",
            f"snd_path {self._recordings}",
            f"ctrl_tcp_listen 127.0.0.1:{control}",
            f"cons_listen 127.0.0.1:{console}",
            *([f"sip_cafile {ca_file}"] if ca_file else []),
            *(f"module {name}.so" for name in _MODULES),
            *(f"module_app {name}.so" for name in _APPLICATIONS),
        ]
        return "\n".join(lines) + "\n"

    def _account(
        self, registrar: str, password: str, answers: bool, transport: str, srtp: bool | str, codecs: str
    ) -> str:
        host = registrar or self._shown
        mode = "auto" if answers else "manual"
        found = f"<sip:{self.user}@{host};transport={transport}>;answermode={mode};audio_codecs={codecs}"
        if registrar:
            found += f";auth_user={self.user};auth_pass={password};regint=300"
            found += f';outbound="sip:{registrar};transport={transport}"'
        else:
            found += ";regint=0"
        if srtp:
            found += ";mediaenc=srtp" if srtp == "optional" else ";mediaenc=srtp-mand"
        return found + "\n"

    def _connect(self, port: int) -> socket.socket | None:
        assert self._child.is_alive, self._child.said()
        try:
            found = socket.create_connection(("127.0.0.1", port), 1)
        except OSError:
            return None
        found.settimeout(None)
        return found

    def _command(self, name: str, parameters: str = "") -> None:
        # As it is: its reader knows no escapes beyond the first plane.
        text = json.dumps({"command": name, "params": parameters, "token": "test"}, ensure_ascii=False).encode()
        self._socket.sendall(b"%d:%s," % (len(text), text))

    def _read(self) -> None:
        """Netstrings of JSON, until the control port closes."""
        data = b""
        while True:
            try:
                chunk = self._socket.recv(65_536)
            except OSError:
                return
            if not chunk:
                return
            data += chunk
            while b":" in data:
                size, rest = data.split(b":", 1)
                length = int(size)
                if len(rest) < length + 1:
                    break
                event = json.loads(rest[:length].decode("utf-8", "replace"), strict=False)
                data = rest[length + 1 :]
                with self._news:
                    self._events.append(event)
                    self._news.notify_all()


def _free_pair(host: str, *, even: bool = False) -> int:
    """A port nobody uses whose neighbour, for TLS or RTCP, nobody uses either."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        port = free_port()
        if even and port % 2:
            continue
        with contextlib.suppress(OSError, OverflowError), contextlib.ExitStack() as held:
            for each in (port, port + 1):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    held.enter_context(socket.socket(family, kind)).bind((host, each))
            return port
