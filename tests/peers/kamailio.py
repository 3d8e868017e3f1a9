"""Starts a Kamailio of our own on free loopback ports; needs the Debian packages kamailio and kamailio-tls-modules."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

CONFIG = Path(__file__).with_name("kamailio.cfg")
PROGRAM = shutil.which("kamailio") or "/usr/sbin/kamailio"
TLS_CONFIG = """[server:default]
method = TLSv1.2+
verify_certificate = no
require_certificate = no
private_key = {folder}/server.key
certificate = {folder}/server.crt
"""


def is_installed() -> bool:
    """Can these tests run here?"""
    return os.access(PROGRAM, os.X_OK)


class Kamailio:
    """One registrar; `stop` and `start` again on the same ports as often as wanted."""

    def __init__(self, folder: Path, *, tls: bool = False) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port, self.tls_port = _free_ports()
        self._tls = tls
        if tls:
            make_certificates(folder)
            (folder / "tls.cfg").write_text(TLS_CONFIG.format(folder=folder))
        text = CONFIG.read_text()
        for name, value in {"TLSPORT": self.tls_port, "PORT": self.port, "RUNDIR": folder}.items():
            text = text.replace(name, str(value))
        (folder / "kamailio.cfg").write_text(text)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def registrar(self) -> str:
        """Its URI for a line."""
        return f"sip:127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        defines = ["-A", "WITH_TLS"] if self._tls else []
        words = [PROGRAM, "-DD", "-E", "-m", "32", "-M", "4", "-w", str(self.folder), "-Y", str(self.folder), *defines]
        words += ["-f", str(self.folder / "kamailio.cfg")]
        with open(self.folder / "kamailio.log", "ab") as log:
            self._process = subprocess.Popen(
                words,
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
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            own = probe.getsockname()[1]
            probe.settimeout(0.2)
            probe.sendto(
                f"OPTIONS sip:127.0.0.1:{self.port} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{time.time_ns()}\r\n"
                "From: <sip:probe@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\n"
                f"Call-ID: {time.time_ns()}\r\nCSeq: 1 OPTIONS\r\n"
                "Max-Forwards: 5\r\nContent-Length: 0\r\n\r\n".encode(),
                ("127.0.0.1", self.port),
            )
            try:
                return probe.recv(4096).startswith(b"SIP/2.0 200")
            except OSError:
                return False


def make_certificates(folder: Path) -> None:
    """A certification authority and a server certificate for 127.0.0.1 and localhost."""

    def run(*words: str) -> None:
        subprocess.run(["openssl", *words], check=True, cwd=folder, capture_output=True)

    new = ("req", "-newkey", "rsa:2048", "-nodes")
    run(*new, "-x509", "-days", "2", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.crt")
    run(*new, "-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:127.0.0.1\n")
    signing = "x509 -req -days 2 -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile names -out server.crt"
    run(*signing.split())


def _free_ports() -> tuple[int, int]:
    """Two ports that are free for UDP and TCP alike, held together so that they differ."""
    found: list[int] = []
    held: list[socket.socket] = []
    try:
        while len(found) < 2:
            tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            held.append(tcp)
            tcp.bind(("127.0.0.1", 0))
            port = int(tcp.getsockname()[1])
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            held.append(udp)
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
    finally:
        for each in held:
            each.close()
    return found[0], found[1]
