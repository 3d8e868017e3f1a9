"""A CardDAV server (Radicale, the Debian package) on 127.0.0.1 with one address book."""

from __future__ import annotations

import shutil
import socket
import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path
from types import TracebackType

from tests.peers.child import Child, free_port, plain_env, until

USER, PASSWORD = "riley", "pässwörd"
_BOOK = (
    '<?xml version="1.0"?><mkcol xmlns="DAV:" xmlns:CR="urn:ietf:params:xml:ns:carddav"><set><prop>'
    "<resourcetype><collection/><CR:addressbook/></resourcetype></prop></set></mkcol>"
)


def is_installed() -> bool:
    """Is the Debian package there?"""
    return shutil.which("radicale") is not None


class Radicale:
    """``url`` is the address book's."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port(socket.SOCK_STREAM)
        self.url = f"http://127.0.0.1:{self._port}/{USER}/colleagues/"
        (folder / "users").write_text(f"{USER}:{PASSWORD}\n", "utf-8")
        (folder / "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{self._port}\n[auth]\ntype = htpasswd\n"
            f"htpasswd_filename = {folder / 'users'}\nhtpasswd_encryption = plain\ndelay = 0\n"
            f"[storage]\nfilesystem_folder = {folder / 'collections'}\n"
        )
        command = [shutil.which("radicale") or "radicale", "--config", str(folder / "config")]
        self._child = Child(command, log=folder / "radicale.log", env=plain_env(folder))
        until(self._answers, 15, "Radicale")
        self._send("MKCOL", self.url, _BOOK)

    def __enter__(self) -> Radicale:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._child.end()

    def put(self, name: str, card: str) -> None:
        """Store one vCard."""
        self._send("PUT", f"{self.url}{name}.vcf", card.strip().replace("\n", "\r\n") + "\r\n", "text/vcard")

    def remove(self, name: str) -> None:
        """Delete one vCard."""
        self._send("DELETE", f"{self.url}{name}.vcf")

    def _send(self, method: str, url: str, body: str = "", kind: str = "application/xml") -> None:
        request = urllib.request.Request(url, body.encode(), method=method)
        request.add_header("Content-Type", f"{kind}; charset=utf-8")
        request.add_header("Authorization", "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode())
        with urllib.request.urlopen(request, timeout=10):
            pass

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1):
                return True
        except OSError:
            return False
