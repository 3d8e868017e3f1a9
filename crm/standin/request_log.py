"""The requests received, for tests that count them."""

from __future__ import annotations

import re
import threading
from collections import deque
from datetime import UTC, datetime
from itertools import count
from typing import Any

_KEPT = 20_000
# The resource of an API address: two steps, so that ids and keys are not told apart.
_API = re.compile(r"/services/data/v[\d.]+(?:/([^/]+(?:/[^/]+)?))?")


def _no_counts() -> dict[str, Any]:
    return {"requests": 0, "api": 0, "by_user": {}, "by_resource": {}}


class RequestLog:
    """The newest requests, oldest first, and how many there were. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._entries: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        self._counts = _no_counts()

    def add(self, method: str, path: str, user_agent: str, user: str = "") -> dict[str, Any]:
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
                "user": user,
            }
            self._entries.append(entry)
            self._count(entry)
            return entry

    def finish(self, entry: dict[str, Any], status: int | None, fault: str | None) -> None:
        """Notes how it ended; status None means no answer was sent."""
        with self._lock:
            entry["status"] = status
            entry["fault"] = fault

    def _count(self, entry: dict[str, Any]) -> None:
        path = str(entry["path"]).partition("?")[0]
        found = _API.match(path)
        self._counts["requests"] += 1
        self._counts["api"] += bool(found)
        if found:
            resource = f"{entry['method']} {found.group(1) or '/'}"
            for name, key in (("by_user", entry["user"]), ("by_resource", resource)):
                self._counts[name][key] = self._counts[name].get(key, 0) + 1

    def counts(self) -> dict[str, Any]:
        """Requests in all, those to the API, and these by user name and by resource (`GET sobjects/Task`)."""
        with self._lock:
            return {name: dict(one) if isinstance(one, dict) else one for name, one in self._counts.items()}

    def since(self, number: int) -> list[dict[str, Any]]:
        """Copies of the entries after that number; 0 for all."""
        with self._lock:
            return [dict(entry) for entry in self._entries if entry["n"] > number]

    def clear(self) -> None:
        """Forgets everything and counts from 1 again."""
        with self._lock:
            self._numbers = count(1)
            self._entries.clear()
            self._counts = _no_counts()
