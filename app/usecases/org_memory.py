"""What Salesforce told of the org itself, kept in the store: asked from crm threads, which the store does not know.

All of it is read at the start, some tens of kilobytes; what is new is written behind.
"""

from __future__ import annotations

import threading

from app.ports.system import MainLoop
from app.reads.reads import Reads
from app.store import records
from app.store.database import Session
from app.store.writer import Writer

PREFIX = "org|"


class StoredMemory:
    """Implements `OrgMemory`. Made on the main thread."""

    def __init__(self, reads: Reads, writer: Writer, loop: MainLoop) -> None:
        self._writer = writer
        self._loop = loop
        self._lock = threading.Lock()
        self._kept = reads.metas(PREFIX)

    def recall(self, name: str) -> str:
        """As the port says."""
        with self._lock:
            return self._kept.get(PREFIX + name, "")

    def keep(self, name: str, text: str) -> None:
        """As the port says."""
        with self._lock:
            self._kept[PREFIX + name] = text

        def store(s: Session) -> None:
            records.set_meta(s, PREFIX + name, text)

        self._loop.post(lambda: self._writer.write(store))

    def forget(self) -> None:
        """The rep left, or another one came: all of it is asked anew. Main thread."""
        with self._lock:
            self._kept = {}
        self._writer.write(lambda s: records.forget_metas(s, PREFIX))
