"""A call with sound devices: what the engine takes of a core, with the microphone cleaned and without, next to baresip.

Both sides speak all the time. The time is what the kernel's scheduler counted, in nanoseconds: ticks of 10 ms miss work
that is done between two of them, which is all that sound is.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.call import CallAnswered, CallEnded
from app.domain.phone_events import CallArrived
from sip.standin import speech
from tests.bench.figures import Figure, figure
from tests.peers.pulse_server import is_installed
from tests.sound import rival
from tests.sound.ends import started
from tests.sound.rig import SoundServer

MOST = 6.0  # per cent of one core, with processing
BEGINNING = 4.0  # seconds until devices have started and buffers are as they stay
SECONDS = 15.0
SPEECH = speech.path(speech.Sound.HELLO)
PEER = "baresip: processor in a call"


def measure(work: Path, runs: int) -> list[Figure]:
    """Nothing where there is no sound server."""
    if not is_installed():
        return []
    cleaned, plain, theirs = [], [], []
    with SoundServer(work / "snd") as server, _environment(server.env):
        for run in range(runs):
            cleaned.append(_ours(server, work / f"snd-{run}", processing=True))
            plain.append(_ours(server, work / f"snd-{run}-plain", processing=False))
            if rival.is_installed():
                theirs.append(_theirs(server, work / f"snd-{run}-peer"))
    found = [
        figure("processor, engine in a call", "% core", cleaned, MOST, PEER),
        figure("  without processing the microphone", "% core", plain, None, PEER),
    ]
    return found + ([figure(PEER, "% core", theirs)] if theirs else [])


def _ours(server: SoundServer, folder: Path, *, processing: bool) -> float:
    caller = started(folder, "a", "SpeakerA", processing=processing)
    called = started(folder, "b", "SpeakerB")
    try:
        caller.registered("l")
        caller.phone.dial("c", "l", called.registered("l").contact)
        called.phone.answer(called.wait(CallArrived).call_id)
        caller.wait(CallAnswered)
        pid = caller.phone.engine_pid
        assert pid is not None
        share = _share(server, pid)
        caller.phone.hangup("c")
        caller.wait(CallEnded)
        return share
    finally:
        caller.phone.close()
        called.phone.close()


def _theirs(server: SoundServer, folder: Path) -> float:
    with rival.BaresipPhone(folder / "a", "a", server.env, "g722") as caller:
        with rival.BaresipPhone(folder / "b", "b", server.env, "g722") as called:
            caller.dial(called.uri)
            share = _share(server, caller.pid)
            caller.hangup()
    return share


def _share(server: SoundServer, pid: int) -> float:
    """Per cent of one core while both sides speak."""
    with _speech(server, "mic-a"), _speech(server, "mic-b"):
        time.sleep(BEGINNING)
        began, before = time.monotonic(), _scheduled(pid)
        time.sleep(SECONDS)
        return 100 * (_scheduled(pid) - before) / (time.monotonic() - began)


@contextmanager
def _speech(server: SoundServer, sink: str) -> Iterator[None]:
    """Said again and again, by one process."""
    said = f"while :; do paplay --latency-msec=40 -d {sink} '{SPEECH}' || exit; done"
    speaker = subprocess.Popen(["sh", "-c", said], env=server.all_env, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(speaker.pid, 15)
        speaker.wait()


def _scheduled(pid: int) -> float:
    """Seconds on a processor, of all threads (`schedstat`, Documentation/scheduler/sched-stats.rst)."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


@contextmanager
def _environment(more: dict[str, str]) -> Iterator[None]:
    """The engines are our children and find the sound server by it."""
    before = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
