"""Message: one text; its delivery and the events a carrier reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.call import Direction


class Delivery(StrEnum):
    """How far a text has come. ``UNKNOWN``: it may or may not have left."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """One text with one counterpart on one line.

    ``number`` is a PhoneNumber's value. ``day`` is the rep's local date (ISO 8601) when it was sent or received and
    ``zone`` the IANA zone of that day: both are fixed at that moment and never follow the rep's travels.
    ``carrier_id`` names the text at the carrier (SIP Call-ID of the MESSAGE), unique per line and direction.
    """

    id: str
    line: str
    number: str
    direction: Direction
    body: str
    time: datetime
    day: str
    zone: str
    delivery: Delivery
    reason: str = ""
    carrier_id: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TextArrived:
    """A text came in and lies in the engine's spool under ``spool_id`` until the app acknowledges it.

    ``user`` and ``host`` are the From address; ``cut`` when the datagram was longer than the library's packet.
    """

    spool_id: str
    line: str
    user: str
    host: str
    name: str
    body: str
    content_type: str
    carrier_id: str
    at: datetime
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TextProgressed:
    """What became of an outgoing text: SENT on 2xx, FAILED with the SIP status, UNKNOWN when nobody can say."""

    message_id: str
    delivery: Delivery
    status: int
    reason: str
    at: datetime
