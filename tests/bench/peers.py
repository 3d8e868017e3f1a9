"""The same moments of baresip, a small telephone program without a window: what the machine allows."""

from __future__ import annotations

import os
import time
from array import array
from pathlib import Path

from tests.bench.figures import Figure, figure
from tests.bench.running import memory
from tests.peers.baresip import Baresip
from tests.peers.child import Child, children, command_line, plain_env
from tests.peers.sound import Clip
from tests.sip_standin.sip_client import SipClient

USER = "bench"


def measure(work: Path, runs: int, calls: int) -> list[Figure]:
    """Start, an INVITE to its 180, a dial command to its INVITE, memory."""
    folder = work / "baresip"
    silence = Clip(array("h", [0] * 8000), 8000)
    rang: list[float] = []
    dialled: list[float] = []
    with Baresip(folder, USER, silence, answers=False) as phone:
        for _ in range(calls):
            with SipClient(f"127.0.0.1:{phone.port}", user="peer") as peer:
                sent = time.monotonic_ns()
                dialog = peer.invite(USER)
                peer.wait(lambda one: one.status == 180)
                rang.append((time.monotonic_ns() - sent) / 1e6)
                phone.wait("CALL_INCOMING")
                phone.hangup()
                peer.finish(dialog)
                phone.wait("CALL_CLOSED")
        with SipClient(f"127.0.0.1:{phone.port}", user="peer") as peer:
            for _ in range(calls):
                sent = time.monotonic_ns()
                phone.dial(peer.uri)
                invite = peer.wait_request("INVITE")
                dialled.append((time.monotonic_ns() - sent) / 1e6)
                peer.respond(invite, 486, "Busy Here")
                peer.wait_request("ACK")
                phone.wait("CALL_CLOSED")
        used = memory([_pid()], "Rss")
    return [
        figure("baresip: start to ready", "ms", [_start(folder) for _ in range(runs + 1)][1:]),
        figure("baresip: INVITE to its 180", "ms", rang),
        figure("baresip: dial to INVITE", "ms", dialled),
        figure("baresip: memory (RSS)", "MB", [used]),
    ]


def _pid() -> int:
    return next(pid for pid in children(os.getpid()) if command_line(pid)[:1] == ["baresip"])


def _start(folder: Path) -> float:
    began = time.monotonic_ns()
    command = ["stdbuf", "-oL", "baresip", "-4", "-f", str(folder)]
    with Child(command, log=folder / "start.log", env=plain_env(folder), talks=True) as child:
        assert child.process.stdout is not None
        for line in child.process.stdout:
            if b"baresip is ready" in line:
                return (time.monotonic_ns() - began) / 1e6
    raise AssertionError(f"baresip did not start: {child.said()}")
