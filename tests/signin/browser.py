"""A browser without a screen: opens an address in a thread and keeps what the last page was."""

from __future__ import annotations

import socket
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass

RILEY = "riley.chen@ringdown.example"
JORDAN = "jordan.brooks@ringdown.example"
DENY = "-"


@dataclass
class Page:
    """What the browser shows in the end."""

    status: int = 0
    text: str = ""
    problem: str = ""


class Visit:
    """One tab. `page` waits for what it shows."""

    def __init__(self, address: str, **headers: str) -> None:
        self._page = Page()
        self._thread = threading.Thread(target=self._go, args=(address, headers), daemon=True)
        self._thread.start()

    def page(self, seconds: float = 20.0) -> Page:
        """The page, once it is there."""
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the browser still waits"
        return self._page

    def _go(self, address: str, headers: dict[str, str]) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(urllib.request.Request(address, headers=headers), timeout=20) as answer:
                self._page = Page(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                self._page = Page(error.code, error.read().decode())
        except OSError as error:
            self._page = Page(problem=str(error))


def sign_in_as(address: str, user: str = RILEY) -> Visit:
    """Open the sign-in page and let the stand-in sign this user in without asking."""
    return Visit(f"{address}&standin_user={user}")


def free_ports(count: int = 2) -> tuple[int, ...]:
    """Ports nobody uses just now, on both loopback addresses as far as one can tell."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return tuple(int(probe.getsockname()[1]) for probe in probes)
    finally:
        for probe in probes:
            probe.close()


def callbacks(ports: tuple[int, ...]) -> list[str]:
    """What the admin registers for these ports."""
    return [f"http://localhost:{port}/OauthRedirect" for port in ports]
