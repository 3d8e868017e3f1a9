"""Starts a Kamailio of our own on free loopback ports; needs the Debian packages kamailio and kamailio-tls-modules."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.peers import certificates

CONFIG = Path(__file__).with_name("kamailio.cfg")
PROGRAM = shutil.which("kamailio") or "/usr/sbin/kamailio"
TLS_CONFIG = """[server:default]
method = TLSv1.2+
verify_certificate = no
require_certificate = no
private_key = {folder}/server.key
certificate = {folder}/server.crt
"""


_PROBE = "import sys; from tests.peers.kamailio import answers; sys.exit(not answers(sys.argv[1], int(sys.argv[2])))"


def is_installed() -> bool:
    """Can these tests run here?"""
    return os.access(PROGRAM, os.X_OK)


class Kamailio:
    """One registrar; `stop` and `start` again on the same ports as often as wanted."""

    def __init__(
        self,
        folder: Path,
        *,
        tls: bool = False,
        host: str = "127.0.0.1",
        within: Sequence[str] = (),
        ports: tuple[int, int] | None = None,
    ) -> None:
        """``within`` is put before commands, to run them in a network namespace of which ``host`` is an address.

        ``ports``, for TLS the second, are free ones unless given.
        """
        self.folder = folder
        self.host, self._within = host, list(within)
        folder.mkdir(parents=True, exist_ok=True)
        self.port, self.tls_port = ports or ((5060, 5061) if within else _free_ports(host))
        self._tls = tls
        if tls:
            certificates.make(folder, host=host)
            (folder / "tls.cfg").write_text(TLS_CONFIG.format(folder=folder))
        text = CONFIG.read_text()
        for name, value in {"TLSPORT": self.tls_port, "PORT": self.port, "RUNDIR": folder, "HOST": self._shown}.items():
            text = text.replace(name, str(value))
        (folder / "kamailio.cfg").write_text(text)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def registrar(self) -> str:
        """Its URI for a line."""
        return f"sip:{self._shown}:{self.port}"

    @property
    def _shown(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    def start(self) -> None:
        """Start and wait until it answers."""
        defines = ["-A", "WITH_TLS"] if self._tls else []
        words = [PROGRAM, "-DD", "-E", "-m", "32", "-M", "4", "-w", str(self.folder), "-Y", str(self.folder), *defines]
        words += ["-f", str(self.folder / "kamailio.cfg")]
        with open(self.folder / "kamailio.log", "ab") as log:
            self._process = subprocess.Popen(
                [*self._within, *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + 10
        while not self._answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError((self.folder / "kamailio.log").read_text()[-2000:])

    def stop(self) -> None:
        """Stop it with all its children."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _answers(self) -> bool:
        words = [*self._within, sys.executable, "-c", _PROBE, self.host, str(self.port)] if self._within else []
        if words:
            return subprocess.run(words, check=False).returncode == 0
        return answers(self.host, self.port)


def answers(host: str, port: int) -> bool:
    """Does a SIP server answer there within a moment?"""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        own, shown = probe.getsockname()[1], f"[{host}]" if ":" in host else host
        probe.settimeout(0.2)
        probe.sendto(
            f"OPTIONS sip:{shown}:{port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {shown}:{own};branch=z9hG4bK{time.time_ns()}\r\n"
            f"From: <sip:probe@{shown}>;tag=1\r\nTo: <sip:{shown}>\r\n"
            f"Call-ID: {time.time_ns()}\r\nCSeq: 1 OPTIONS\r\n"
            "Max-Forwards: 5\r\nContent-Length: 0\r\n\r\n".encode(),
            (host, port),
        )
        try:
            return probe.recv(4096).startswith(b"SIP/2.0 200")
        except OSError:
            return False


def _free_ports(host: str) -> tuple[int, int]:
    """Two ports that are free for UDP and TCP alike, held together so that they differ."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found: list[int] = []
    held: list[socket.socket] = []
    try:
        while len(found) < 2:
            tcp = socket.socket(family, socket.SOCK_STREAM)
            held.append(tcp)
            tcp.bind((host, 0))
            port = int(tcp.getsockname()[1])
            udp = socket.socket(family, socket.SOCK_DGRAM)
            held.append(udp)
            try:
                udp.bind((host, port))
            except OSError:
                continue
            found.append(port)
    finally:
        for each in held:
            each.close()
    return found[0], found[1]
