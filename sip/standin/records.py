"""What the far end remembers of calls and texts. Changed on the engine's thread only."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4


class Direction(StrEnum):
    """Seen from the far end: IN came from the application, OUT went to it."""

    IN = "in"
    OUT = "out"


class State(StrEnum):
    """Where a call stands; `held` when the application holds it."""

    DIALING = "dialing"
    RINGING = "ringing"
    ACTIVE = "active"
    HELD = "held"
    ENDED = "ended"


def now() -> str:
    """The present time, ISO 8601 UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def new_id() -> str:
    """A fresh id for a call or text."""
    return uuid4().hex[:12]


@dataclass(slots=True)
class CallRecord:
    """One call, live or ended. `status` is the last SIP status code, times are ISO 8601 UTC."""

    direction: Direction
    caller: str
    name: str
    to: str
    state: State
    sip_call_id: str = ""
    dtmf: str = ""
    dtmf_methods: list[str] = field(default_factory=list)
    started: str = field(default_factory=now)
    answered: str | None = None
    ended: str | None = None
    status: int = 0
    reason: str = ""
    rx_packets: int = 0
    rx_level: int = 0
    holds: int = 0
    recording: str | None = None
    recorded: bool = False
    """The recording is complete and its file closed."""
    id: str = field(default_factory=new_id)

    def as_json(self) -> dict[str, Any]:
        """The record as `GET /calls` shows it."""
        return {
            "id": self.id,
            "direction": self.direction,
            "from": self.caller,
            "name": self.name,
            "to": self.to,
            "state": self.state,
            "sip_call_id": self.sip_call_id,
            "dtmf": self.dtmf,
            "dtmf_methods": list(self.dtmf_methods),
            "started": self.started,
            "answered": self.answered,
            "ended": self.ended,
            "status": self.status,
            "reason": self.reason,
            "rx_packets": self.rx_packets,
            "rx_level": self.rx_level,
            "holds": self.holds,
            "recording": self.recording,
            "recorded": self.recorded,
        }


@dataclass(slots=True)
class TextRecord:
    """One text. `status` of a sent one is its final SIP status, 0 while under way."""

    direction: Direction
    sender: str
    name: str
    to: str
    body: str
    content_type: str = "text/plain"
    status: int = 0
    cut: bool = False
    """The packet was longer than the library takes: the body is not all of it."""
    sip_call_id: str = ""
    reply: bool = False
    time: str = field(default_factory=now)
    id: str = field(default_factory=new_id)

    def as_json(self) -> dict[str, Any]:
        """The record as `GET /texts` shows it."""
        return {
            "id": self.id,
            "direction": self.direction,
            "from": self.sender,
            "name": self.name,
            "to": self.to,
            "body": self.body,
            "content_type": self.content_type,
            "status": self.status,
            "cut": self.cut,
            "sip_call_id": self.sip_call_id,
            "reply": self.reply,
            "time": self.time,
        }
