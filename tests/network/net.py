"""A small internet of network namespaces: a client behind a router that translates addresses, and the world outside.

    inside 10.77.1.2 ── 10.77.1.1 router 203.0.113.1 ── 203.0.113.2 outside

Nothing of it touches the machine's own network. Needs root, iproute2 and nftables.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Sequence
from types import TracebackType

_TRANSLATION = (
    "add table ip t",
    "add chain ip t post { type nat hook postrouting priority 100 ; }",
    "add rule ip t post oifname wan masquerade",
    "add chain ip t through { type filter hook forward priority 0 ; policy drop ; }",
    "add rule ip t through iifname lan accept",
    "add rule ip t through ct state established,related accept",
)
INSIDE, ROUTER, OUTSIDE = "10.77.1.2", "10.77.1.1", "203.0.113.2"
PUBLIC = "203.0.113.1"


def why_not() -> str:
    """Why there can be no such network here, empty when there can."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    for program, package in (("ip", "iproute2"), ("nft", "nftables")):
        if shutil.which(program) is None and not os.access(f"/usr/sbin/{program}", os.X_OK):
            return f"no {program} here (Debian package {package})"
    name = f"rd-{uuid.uuid4().hex[:8]}"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if tried.returncode:
        return f"network namespaces need root: {tried.stderr.strip()}"
    # Making one is not enough: in some containers nothing may be run in it.
    tried = subprocess.run(["ip", "netns", "exec", name, "true"], capture_output=True, text=True, check=False)
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return f"nothing can be run in a network namespace here: {tried.stderr.strip()}" if tried.returncode else ""


class Net:
    """The three namespaces. ``forgets``: seconds after which the router forgets a silent UDP flow; without
    ``translates`` it is a plain router."""

    def __init__(self, *, forgets: int = 30, translates: bool = True) -> None:
        tag = uuid.uuid4().hex[:6]
        self.inside, self.router, self.outside = (f"rd{tag}-{part}" for part in ("in", "nat", "out"))
        self._made: list[str] = []
        try:
            for name in (self.inside, self.router, self.outside):
                _run("ip", "netns", "add", name)
                self._made.append(name)
                self.run(name, "ip", "link", "set", "lo", "up")
            self._wire(self.inside, f"{INSIDE}/24", self.router, f"{ROUTER}/24", "lan")
            self._wire(self.outside, f"{OUTSIDE}/24", self.router, f"{PUBLIC}/24", "wan")
            self.run(self.inside, "ip", "route", "add", "default", "via", ROUTER)
            self.run(self.router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
            if translates:
                self.run(self.router, "nft", " ; ".join(_TRANSLATION))
            else:
                self.run(self.outside, "ip", "route", "add", "10.77.1.0/24", "via", PUBLIC)
            for name in ("udp_timeout", "udp_timeout_stream"):
                self.run(self.router, "sysctl", "-qw", f"net.netfilter.nf_conntrack_{name}={forgets}")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Net:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Take it down; processes still in it keep it until they end."""
        while self._made:
            _run("ip", "netns", "del", self._made.pop())

    def run(self, name: str, *words: str) -> str:
        """Run a command in a namespace; its output."""
        return _run("ip", "netns", "exec", name, *words)

    def engine(self, name: str, before: str = "") -> Callable[[int], list[str]]:
        """How to start an engine there; ``before`` is Python to run first."""
        return lambda fd: [
            *prefix(name),
            sys.executable,
            "-c",
            f"{before}\nfrom sip.engine import main; main.main({fd})",
        ]

    def move(self, old: str, new: str, *, gap: Callable[[], None] = lambda: None) -> None:
        """The client gets another address in its own network. ``gap`` runs while it has none."""
        self.run(self.inside, "ip", "addr", "del", f"{old}/24", "dev", "lan")
        gap()
        self.run(self.inside, "ip", "addr", "add", f"{new}/24", "dev", "lan")
        self.run(self.inside, "ip", "route", "replace", "default", "via", ROUTER)

    def _wire(self, one: str, one_address: str, other: str, other_address: str, name: str) -> None:
        _run("ip", "link", "add", name, "netns", one, "type", "veth", "peer", "name", name, "netns", other)
        for where, address in ((one, one_address), (other, other_address)):
            self.run(where, "ip", "addr", "add", address, "dev", name)
            self.run(where, "ip", "link", "set", name, "up")


def prefix(name: str) -> Sequence[str]:
    """What to put before a command to run it in a namespace."""
    return ["ip", "netns", "exec", name]


def _run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr.strip()}"
    return done.stdout
