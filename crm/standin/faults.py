"""Faults on demand: which requests they hit, how often, and what happens then."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import unquote

from .errors import refuse

_UNEXPECTED = "An unexpected error occurred. Please include this ErrorId if you contact support"


class FaultKind(StrEnum):
    """What a fault does.

    status: answers with a status and error, nothing is done. drop-before: closes the connection, nothing is
    done. drop-after-commit: does it, then closes without an answer. slow: answers late. drip: does it, then
    answers a byte at a time, `seconds` apart. html-503: an HTML page. expire-session: 401. row-lock:
    UNABLE_TO_LOCK_ROW (per record in collections). limit-exceeded: 403 REQUEST_LIMIT_EXCEEDED.
    """

    STATUS = "status"
    DROP_BEFORE = "drop-before"
    DROP_AFTER_COMMIT = "drop-after-commit"
    SLOW = "slow"
    DRIP = "drip"
    HTML_503 = "html-503"
    EXPIRE_SESSION = "expire-session"
    ROW_LOCK = "row-lock"
    LIMIT_EXCEEDED = "limit-exceeded"


@dataclass(frozen=True, slots=True)
class Fault:
    """One armed fault. `count` None means until cleared; `seconds` delays any kind; `after` delays after the work."""

    match: str
    kind: FaultKind
    count: int | None = 1
    status: int = 500
    code: str = "UNKNOWN_EXCEPTION"
    message: str = _UNEXPECTED
    seconds: float = 0.0
    after: bool = False
    records: tuple[int, ...] = ()
    end: bool = False

    def as_json(self) -> dict[str, Any]:
        """How the control interface lists it."""
        return {
            "match": self.match,
            "kind": self.kind.value,
            "count": self.count,
            "status": self.status,
            "code": self.code,
            "message": self.message,
            "seconds": self.seconds,
            "after": self.after,
            "records": list(self.records),
            "end": self.end,
        }


def read_fault(given: Mapping[str, Any]) -> Fault:
    """A fault from its JSON. Raises ApiError when it makes no sense."""
    known = Fault(match="", kind=FaultKind.STATUS).as_json()
    for name in given:
        if name not in known:
            raise refuse("INVALID_FAULT", f"no such key: {name}")
    try:
        kind = FaultKind(given.get("kind", ""))
        pattern = str(given.get("match", ".*"))
        re.compile(pattern)
        count = given.get("count", 1)
        seconds = float(given.get("seconds", 5.0 if kind in {FaultKind.SLOW, FaultKind.DRIP} else 0.0))
        status = int(given.get("status", 500))
        fault = Fault(
            match=pattern,
            kind=kind,
            count=None if count is None else int(count),
            status=status,
            code=str(given.get("code", _code_for(status))),
            message=str(given.get("message", _UNEXPECTED)),
            seconds=seconds,
            after=bool(given.get("after", False)),
            records=tuple(int(one) for one in given.get("records", ())),
            end=bool(given.get("end", False)),
        )
    except (ValueError, TypeError, re.error) as error:
        raise refuse("INVALID_FAULT", f"unreadable fault: {error}") from error
    if not 100 <= fault.status <= 599 or fault.seconds < 0:
        raise refuse("INVALID_FAULT", "status must be 100 to 599, seconds not negative")
    return fault


def _code_for(status: int) -> str:
    return {503: "SERVER_UNAVAILABLE", 401: "INVALID_SESSION_ID", 404: "NOT_FOUND"}.get(status, "UNKNOWN_EXCEPTION")


class Faults:
    """The armed faults, first armed first used. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[Fault] = []

    def arm(self, faults: list[Fault]) -> None:
        """Adds faults behind those already armed."""
        with self._lock:
            self._armed.extend(fault for fault in faults if fault.count is None or fault.count > 0)

    def clear(self) -> None:
        """Disarms all."""
        with self._lock:
            self._armed.clear()

    def armed(self) -> list[Fault]:
        """What is left to happen."""
        with self._lock:
            return list(self._armed)

    def take(self, method: str, target: str) -> Fault | None:
        """The first fault for this request, used up by one."""
        lines = (f"{method} {target}", f"{method} {unquote(target)}")
        with self._lock:
            for place, fault in enumerate(self._armed):
                if any(re.search(fault.match, line) for line in lines):
                    if fault.count is not None:
                        if fault.count <= 1:
                            del self._armed[place]
                        else:
                            self._armed[place] = replace(fault, count=fault.count - 1)
                    return fault
        return None
