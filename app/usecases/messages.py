"""Messages: send, receive, deliveries, drafts, and the day's record queued with each of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.call import Direction
from app.domain.counterpart import Line, LineState
from app.domain.events import ConversationChanged, LineStateChanged, MessageStored, OutboxChanged
from app.domain.local_time import rep_day
from app.domain.message import Delivery, Message, TextArrived, TextProgressed
from app.domain.phone_number import from_caller, parse
from app.domain.policies import may_text
from app.domain.text import storable
from app.errors import AppError
from app.ports.phone import Carrier, Phone
from app.store import outbox, records
from app.store.database import Session
from app.usecases.lines import Lines
from app.usecases.matching import Matching
from app.usecases.tools import Tools

# A day's record is written when the talk has paused: thirty texts become one request, not thirty.
DAY_SETTLE = timedelta(minutes=2)
# RFC 3323 §4.1.1.3: how a sender without a name is written.
ANONYMOUS = "sip:anonymous@anonymous.invalid"


class Messages:
    """Main thread."""

    def __init__(
        self, tools: Tools, *, phone: Phone, carrier: Carrier, lines: Lines, matching: Matching, zone: Callable[[], str]
    ) -> None:
        """``zone`` is the rep's IANA time zone now."""
        self._writer = tools.writer
        self._hub = tools.hub
        self._clock = tools.clock
        self._phone = phone
        self._carrier = carrier
        self._lines = lines
        self._matching = matching
        self._zone = zone
        tools.hub.subscribe(LineStateChanged, self._on_line)

    def recover(self) -> None:
        """After a crash: a text that was on its way may or may not have left, and nobody can say."""

        def mark(s: Session) -> list[Message]:
            marked = []
            for message in records.pending_messages(s):
                if message.delivery is Delivery.SENDING:
                    records.set_delivery(s, message.id, Delivery.UNKNOWN, "interrupted")
                    self._queue_day(s, message)
                    marked.append(message)
            return marked

        self._writer.write(mark, lambda marked: _each(marked, self._told))

    def send(
        self,
        typed: str,
        body: str,
        *,
        line_id: str = "",
        then: Callable[[Message], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> str:
        """Text a number in any form; the message's id. Raises AppError, and then nothing was stored or sent.

        Without a registered line the text waits as queued and leaves when the line is back.
        """
        line = self._lines.choose(line_id)
        number = parse(typed, line.region)
        body = storable(body)
        may_text(number, body)
        message = self._new(line, number.value, Direction.OUT, body, self._clock.now(), Delivery.QUEUED)

        def store(s: Session) -> None:
            records.save_message(s, message)
            records.save_draft(s, line.id, message.number, "")
            self._queue_day(s, message)

        def stored(_: None) -> None:
            self._hub.publish(ConversationChanged(line.id, message.number))
            self._told(message)
            if then is not None:
                then(message)
            self._hand_over(message)

        self._writer.write(store, stored, failed)
        self._matching.refresh(number.value)
        return message.id

    def retry(self, message_id: str) -> None:
        """Send a failed or uncertain text again, by the rep's wish."""

        def requeue(s: Session) -> Message | None:
            message = records.get_message(s, message_id)
            if message is None or message.delivery not in {Delivery.FAILED, Delivery.UNKNOWN}:
                return None
            records.set_delivery(s, message_id, Delivery.QUEUED, "")
            return replace(message, delivery=Delivery.QUEUED, reason="")

        def requeued(message: Message | None) -> None:
            if message is not None:
                self._told(message)
                self._hand_over(message)

        self._writer.write(requeue, requeued)

    def save_draft(self, line_id: str, number: str, text: str) -> None:
        """Keep what the rep is typing."""
        now, text = self._clock.now(), storable(text)
        self._writer.write(
            lambda s: records.save_draft(s, line_id, number, text, at=now),
            lambda _: self._hub.publish(ConversationChanged(line_id, number)),
        )

    def mark_read(self, line_id: str, number: str) -> None:
        """The rep has seen the thread."""
        self._writer.write(
            lambda s: records.mark_read(s, line_id, number),
            lambda _: self._hub.publish(ConversationChanged(line_id, number)),
        )

    # what the engine reports

    def on_arrived(self, event: TextArrived) -> None:
        """A text came in. It stays in the engine's spool until it is committed here."""
        line = self._lines.get(event.line)
        number = from_caller(event.user, event.host, line.region if line else self._lines.region())
        body, kind = event.body, event.content_type.lower()
        if not kind.startswith("text/"):
            body = f"Unsupported multimedia ({kind or 'unknown type'}, {len(event.body.encode())} bytes)"
        message = self._new(
            line, number.value if number else ANONYMOUS, Direction.IN, body, event.at, Delivery.DELIVERED, event.line
        )
        message = replace(message, carrier_id=event.carrier_id, cut=event.cut)

        def store(s: Session) -> bool:
            fresh = records.save_message(s, message)
            if fresh:
                self._queue_day(s, message)
            return fresh

        def stored(fresh: bool) -> None:
            self._phone.text_stored(event.spool_id)
            if fresh:
                self._hub.publish(ConversationChanged(message.line, message.number))
                self._told(message, received=True)

        self._writer.keep(store, stored)
        self._matching.refresh(message.number)

    def on_progress(self, event: TextProgressed) -> None:
        """The carrier says what became of a text."""

        def store(s: Session) -> Message | None:
            message = records.get_message(s, event.message_id)
            if message is None or message.delivery is Delivery.DELIVERED:
                return None
            records.set_delivery(s, message.id, event.delivery, event.reason)
            self._queue_day(s, message)
            return replace(message, delivery=event.delivery, reason=event.reason)

        self._writer.write(store, lambda message: self._told(message) if message is not None else None)

    def _hand_over(self, message: Message) -> None:
        line = self._lines.get(message.line)
        status = self._lines.status(message.line)
        ready = status is not None and status.state is LineState.REGISTERED and self._lines.phone_is_up
        if line is None or not ready:
            return  # stays queued until the line is back
        sending = replace(message, delivery=Delivery.SENDING)

        def claim(s: Session) -> bool:
            current = records.get_message(s, message.id)
            if current is None or current.delivery is not Delivery.QUEUED:
                return False
            records.set_delivery(s, message.id, Delivery.SENDING, "")
            return True

        def claimed(mine: bool) -> None:
            if mine:
                self._told(sending)
                self._carrier.send(sending, line)

        self._writer.write(claim, claimed)

    def _on_line(self, event: LineStateChanged) -> None:
        if event.state is not LineState.REGISTERED:
            return

        def waiting(s: Session) -> list[Message]:
            return [
                message
                for message in records.pending_messages(s)
                if message.line == event.line and message.delivery is Delivery.QUEUED
            ]

        self._writer.write(waiting, lambda messages: _each(messages, self._hand_over))

    def _new(
        self,
        line: Line | None,
        number: str,
        direction: Direction,
        body: str,
        at: datetime,
        delivery: Delivery,
        line_id: str = "",
    ) -> Message:
        zone = self._zone()
        return Message(
            id=uuid.uuid4().hex,
            line=line.id if line else line_id,
            number=number,
            direction=direction,
            body=body,
            time=at,
            day=rep_day(at, zone),
            zone=zone,
            delivery=delivery,
        )

    def _queue_day(self, s: Session, message: Message) -> None:
        outbox.put(s, "day", f"{message.number}|{message.day}", self._clock.now() + DAY_SETTLE)

    def _told(self, message: Message, *, received: bool = False) -> None:
        self._hub.publish(MessageStored(message.id, message.line, message.number, received))
        self._hub.publish(OutboxChanged())


def _each(messages: Sequence[Message], act: Callable[[Message], None]) -> None:
    for message in messages:
        act(message)
