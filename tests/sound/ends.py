"""One end of a call on a `SoundServer`: an engine with a microphone and a speaker of its own."""

from __future__ import annotations

from pathlib import Path

from sip import wire
from tests.sip.harness import Harness, local_line


def send(phone: Harness, command: wire.Command) -> None:
    """What no method of the phone sends yet."""
    phone.phone._put(command)


def started(folder: Path, end: str, output: str, *, processing: bool = False) -> Harness:
    """A phone with line ``l``, figures on. Without processing sound can be compared with what was said."""
    phone = Harness(folder / end)
    setup = wire.LineSetup(local_line("l", end), "")
    send(phone, wire.ApplyLines((setup,), f"Microphone{end.upper()}", output, "none", processing, True))
    return phone
