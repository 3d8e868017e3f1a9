"""The ports to the machine: time, the thread that owns the use cases, secrets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time, so that tests can hold it still."""

    def now(self) -> datetime:
        """The instant, timezone-aware UTC."""
        ...


class MainLoop(Protocol):
    """The thread that owns the use cases."""

    def post(self, work: Callable[[], None]) -> None:
        """Run ``work`` on the main thread, soon and in order. From any thread; never blocks."""
        ...

    def later(self, seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        """Run ``work`` on the main thread after ``seconds``; the result cancels it. Main thread only."""
        ...


class SecretStore(Protocol):
    """Passwords, tokens and the database key. May block on a system prompt: never call on the main thread."""

    def get(self, name: str) -> str | None:
        """The secret, None when there is none. Raises AppError KEYRING_MISSING or KEYRING_LOCKED."""
        ...

    def set(self, name: str, value: str) -> None:
        """Store or replace. Raises as `get`."""
        ...

    def delete(self, name: str) -> None:
        """Forget; a missing name is fine. Raises as `get`."""
        ...
