"""Texts as SIP MESSAGE (RFC 3428): the Carrier every SIP line has."""

from __future__ import annotations

from app.domain.counterpart import Line
from app.domain.message import Message
from app.domain.phone_number import from_key
from app.ports.phone import Phone
from sip.address import target_uri


class MessageCarrier:
    """Implements `ports.Carrier` over the phone engine; the engine reports `TextProgressed`."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    def send(self, message: Message, line: Line) -> None:
        """Hand one text to the engine. Main thread, returns at once."""
        self._phone.send_text(message.id, line.id, target_uri(from_key(message.number), line), message.body)
