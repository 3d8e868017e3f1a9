"""The requests received, for tests that count them."""

from __future__ import annotations

import threading
from collections import deque
from datetime import UTC, datetime
from itertools import count
from typing import Any

_KEPT = 20_000


class RequestLog:
    """The newest requests, oldest first. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._entries: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    def add(self, method: str, path: str, user_agent: str) -> dict[str, Any]:
        """Notes a request as it arrives; `finish` completes it."""
        with self._lock:
            entry = {
                "n": next(self._numbers),
                "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "method": method,
                "path": path,
                "status": None,
                "user_agent": user_agent,
                "fault": None,
            }
            self._entries.append(entry)
            return entry

    def finish(self, entry: dict[str, Any], status: int | None, fault: str | None) -> None:
        """Notes how it ended; status None means no answer was sent."""
        with self._lock:
            entry["status"] = status
            entry["fault"] = fault

    def since(self, number: int) -> list[dict[str, Any]]:
        """Copies of the entries after that number; 0 for all."""
        with self._lock:
            return [dict(entry) for entry in self._entries if entry["n"] > number]

    def clear(self) -> None:
        """Forgets everything and counts from 1 again."""
        with self._lock:
            self._numbers = count(1)
            self._entries.clear()
