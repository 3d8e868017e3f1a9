"""Texts over SIP MESSAGE (RFC 3428), out and in."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pjsua2 as pj

from app.domain.message import Delivery, TextArrived, TextProgressed
from sip.engine import sip_message
from sip.engine.log import logger
from sip.engine.reasons import end_reason
from sip.engine.spool import Spool
from sip.wire import Report, SendText

# With digest credentials a packet of 4,000 bytes has this much room for the text; more fails inside the library.
MOST_BYTES = 3_300
# Each text in flight holds a Buddy, and the 257th Buddy aborts the process.
MOST_IN_FLIGHT = 64


@dataclass(slots=True)
class _Flight:
    message_id: str
    token: pj.SipHeader  # the library gives its address back with the status; it must live as long
    buddy: pj.Buddy
    account: pj.Account


class TextSender:
    """Outgoing texts. Engine thread only."""

    def __init__(self, emit: Callable[[Report], None]) -> None:
        self._emit = emit
        self._flights: dict[int, _Flight] = {}
        self._waiting: deque[tuple[pj.Account, SendText]] = deque()

    def send(self, account: pj.Account, command: SendText) -> None:
        """Send or queue one text; ends in `TextProgressed`."""
        if len(command.body.encode()) > MOST_BYTES:
            self.fail(command.message_id, 513, "too-long")
        elif sip_message.has_control(command.target):
            self.fail(command.message_id, 0, "bad-address")
        elif len(self._flights) >= MOST_IN_FLIGHT:
            self._waiting.append((account, command))
        else:
            self._send(account, command)

    def fail(self, message_id: str, status: int, reason: str, delivery: Delivery = Delivery.FAILED) -> None:
        """Report a text that did not leave."""
        self._emit(TextProgressed(message_id, delivery, status, reason, datetime.now(UTC)))

    def on_status(self, prm: pj.OnInstantMessageStatusParam) -> None:
        """The library knows how a MESSAGE ended."""
        flight = self._flights.pop(int(prm.userData), None) if prm.userData else None
        if flight is None:
            return
        answered = bool(prm.rdata.wholeMsg)
        if 200 <= prm.code < 300:
            delivery, reason = Delivery.SENT, ""
        elif prm.code == 408 and not answered:
            # Nobody answered: the text may have arrived and only the answer be lost.
            delivery, reason = Delivery.UNKNOWN, "timeout"
        else:
            delivery = Delivery.FAILED
            reason = end_reason(prm.code, rang=False, network=not answered).value
        self._emit(TextProgressed(flight.message_id, delivery, int(prm.code), reason, datetime.now(UTC)))

    def drain(self) -> None:
        """Send what waited for room. Called outside callbacks."""
        while self._waiting and len(self._flights) < MOST_IN_FLIGHT:
            self._send(*self._waiting.popleft())

    def uses(self, account: pj.Account | None) -> bool:
        """Is a text of this account still unanswered? Its answer aborts the library when the account is gone."""
        return any(flight.account is account for flight in self._flights.values())

    def drop_account(self, account: pj.Account) -> None:
        """The line goes: what still waits for room is failed."""
        gone = [command for owner, command in self._waiting if owner is account]
        self._waiting = deque((owner, command) for owner, command in self._waiting if owner is not account)
        for command in gone:
            self.fail(command.message_id, 0, "line-unknown")

    def close(self) -> None:
        """Before the library goes: nobody will tell how these ended."""
        for flight in self._flights.values():
            self.fail(flight.message_id, 0, "engine-lost", Delivery.UNKNOWN)
        for _, command in self._waiting:
            self.fail(command.message_id, 0, "engine-lost")
        self._flights.clear()
        self._waiting.clear()

    def _send(self, account: pj.Account, command: SendText) -> None:
        config = pj.BuddyConfig()
        config.uri = command.target
        config.subscribe = False
        token = pj.SipHeader()
        flight = _Flight(command.message_id, token, pj.Buddy(), account)
        try:
            flight.buddy.create(account, config)
        except pj.Error:
            self.fail(command.message_id, 0, "bad-address")
            return
        prm = pj.SendInstantMessageParam()
        prm.contentType = "text/plain;charset=UTF-8"
        prm.content = command.body
        prm.userData = token
        key = int(token.this)
        self._flights[key] = flight
        try:
            flight.buddy.sendInstantMessage(prm)
        except pj.Error:
            # The library may have reported the failure already (long texts do both).
            if self._flights.pop(key, None) is not None:
                self.fail(command.message_id, 0, "network")


def receive(spool: Spool, line_id: str, prm: pj.OnInstantMessageParam) -> TextArrived | None:
    """Spool an incoming MESSAGE, before anything else. None for what is no text of a person.

    One that cannot be written down comes back without a ``spool_id``: only the app can keep it then.
    """
    whole = prm.rdata.wholeMsg
    content_type = sip_message.header(whole, "Content-Type") or prm.contentType or "text/plain"
    kind = content_type.split(";", 1)[0].strip().lower()
    if kind in {"application/im-iscomposing+xml", "message/imdn+xml"}:
        return None
    raw = sip_message.body(whole)
    # The library's own copy is empty for multipart bodies and for a MESSAGE without a content type.
    body = prm.msgBody or raw
    sender = sip_message.caller(whole)
    cseq = sip_message.header(whole, "CSeq").split(" ", 1)[0]
    text = TextArrived(
        spool_id="",
        line=line_id,
        user=sender.user,
        host=sender.host,
        name=sender.name,
        body=_decoded(body, content_type),
        content_type=sip_message.plain(content_type)[:200],
        # Some phones keep one Call-ID for a whole conversation: with its CSeq it names one text.
        carrier_id=f"{sip_message.plain(sip_message.header(whole, 'Call-ID'))[:200]};{sip_message.plain(cseq)[:10]}",
        at=datetime.now(UTC),
        cut=_is_cut(whole, raw),
    )
    try:
        return spool.keep(text)
    except OSError as error:
        logger.error("text not kept: %s", error.strerror)
        return text


def _decoded(body: str, content_type: str) -> str:
    """The body as Unicode, read in the charset its sender named; what is undecodable becomes U+FFFD."""
    raw = _bytes(body)
    named = re.search(r"charset\s*=\s*\"?([A-Za-z0-9_.:-]+)", content_type, re.IGNORECASE)
    if named and named[1].lower() not in {"utf-8", "utf8"}:
        try:
            return raw.decode(named[1])
        except (LookupError, UnicodeError):
            pass  # an unknown charset, or not that one: UTF-8 is the best guess
    return raw.decode("utf-8", "replace")


def _is_cut(whole: str, raw: str) -> bool:
    """Was the text longer than the library's packet? It answered 200 all the same."""
    announced = sip_message.header(whole, "Content-Length")
    return announced.isdecimal() and int(announced) > len(_bytes(raw))


def _bytes(text: str) -> bytes:
    """What came over the network: the library's wrapper smuggles undecodable bytes as PEP 383 surrogates."""
    return text.encode("utf-8", "surrogateescape")
