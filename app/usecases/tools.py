"""Tools: what nearly every use case works with."""

from __future__ import annotations

from dataclasses import dataclass

from app.background import Background
from app.hub import Hub
from app.ports.system import Clock, MainLoop
from app.reads.reads import Reads
from app.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Tools:
    """Reading and writing the store, work off the main thread and back on it, what has happened, and the time."""

    reads: Reads
    writer: Writer
    background: Background
    loop: MainLoop
    hub: Hub
    clock: Clock
