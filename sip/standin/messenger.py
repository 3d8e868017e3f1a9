"""Texts and message-waiting notices of the far end.

The library answers every MESSAGE with 200 before it tells us, so a text can be kept but not refused.
A request outside a call takes its From from the account that sends it, so one account is kept for
sending and renamed before each request.
"""

from __future__ import annotations

import logging
from collections import deque
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pjsua2 as pj

from sip.standin import sip_text
from sip.standin.guard import guarded
from sip.standin.number_table import lookup, normalise
from sip.standin.records import Direction, TextRecord

if TYPE_CHECKING:
    from sip.standin.engine import Engine

log = logging.getLogger("standin.texts")

LONGEST_BODY = 3000  # bytes; the library's packets end at 4000
REPLY_AFTER = 2.0  # seconds
KEPT = 2000  # texts
REPLIES = (
    "Thanks for your message, got it!",
    "Great, talk to you soon.",
    "Sounds good. Could you call me tomorrow morning?",
    "Perfect, thank you 🙂",
)


class SendingAccount(pj.Account):  # type: ignore[misc]
    """The account whose name is changed before each request."""

    def __init__(self, messenger: Messenger) -> None:
        super().__init__()
        self._messenger = messenger

    @guarded
    def onSendRequest(self, prm: Any) -> None:
        """The final answer to a request sent outside a call."""
        self._messenger.answered(int(prm.userData), prm.e.body.tsxState.tsx.statusCode)


class Messenger:
    """Keeps and sends texts. `replies` switches the automatic replies."""

    def __init__(self, engine: Engine, *, replies: bool) -> None:
        self._engine = engine
        self.replies = replies
        self.texts: deque[TextRecord] = deque(maxlen=KEPT)
        self._phrases = cycle(REPLIES)
        self._config: Any = None
        self._account: SendingAccount | None = None
        self._under_way: dict[int, tuple[Any, TextRecord | None]] = {}

    def open(self, config: Any) -> None:
        """Creates the sending account."""
        self._config = config
        self._account = SendingAccount(self)
        self._account.create(config)

    def close(self) -> None:
        """Removes the sending account; nothing can be sent afterwards."""
        if self._account is not None:
            self._account.shutdown()
        self._account = None
        self._under_way.clear()

    def send_text(self, to: str, sender: str, name: str, body: str, *, reply: bool = False) -> TextRecord:
        """Sends a text; BadRequestError when it cannot be written. The record's status follows later."""
        if any(0xD800 <= ord(c) <= 0xDFFF for c in body) or "\0" in body:
            raise sip_text.BadRequestError("body is not text")
        if len(body.encode()) > LONGEST_BODY:
            raise sip_text.BadRequestError(f"body is longer than {LONGEST_BODY} bytes")
        record = TextRecord(Direction.OUT, sender, name, to, body, reply=reply)
        kind = "text/plain;charset=utf-8"
        self._send("MESSAGE", to, sender=sender, name=name, content_type=kind, body=body, record=record)
        self.texts.append(record)
        return record

    def send_waiting(self, to: str, new: int, old: int) -> None:
        """Sends an unsolicited message-waiting notice with so many new and old voice messages."""
        user = sip_text.user_of(sip_text.target(to))
        account = f"sip:{user}@{self._engine.address}" if user else f"sip:{self._engine.address}"
        body = (
            f"Messages-Waiting: {'yes' if new else 'no'}\r\n"
            f"Message-Account: {account}\r\n"
            f"Voice-Message: {new}/{old} (0/0)\r\n"
        )
        extra = [("Event", "message-summary"), ("Subscription-State", "active")]
        kind = "application/simple-message-summary"
        self._send("NOTIFY", to, sender=user or "voicemail", headers=extra, content_type=kind, body=body)

    def _send(
        self,
        method: str,
        to: str,
        *,
        sender: str,
        name: str = "",
        headers: list[tuple[str, str]] | None = None,
        content_type: str,
        body: str,
        record: TextRecord | None = None,
    ) -> None:
        if self._account is None:
            raise sip_text.BadRequestError("the far end is closing")
        uri = sip_text.target(to)
        self._config.idUri = sip_text.identity(sender, name, self._engine.address)
        self._account.modify(self._config)
        token = pj.SipHeader()  # only a library object can travel as user data; its address is the key
        prm = pj.SendRequestParam()
        prm.method = method
        prm.userData = token
        prm.txOption.targetUri = uri
        prm.txOption.contentType = content_type
        prm.txOption.msgBody = body
        for key, value in headers or []:
            item = pj.SipHeader()
            item.hName, item.hValue = key, value
            prm.txOption.headers.append(item)
        self._under_way[int(token.this)] = (token, record)
        try:
            self._account.sendRequest(prm)
        except pj.Error as error:
            del self._under_way[int(token.this)]
            raise sip_text.BadRequestError(f"the library refused to send it: {error.status}") from error

    def answered(self, key: int, status: int) -> None:
        """Called with the final status of a request we sent."""
        _, record = self._under_way.pop(key, (None, None))
        if record is not None:
            record.status = status

    def arrived(self, prm: Any) -> None:
        """Called by the library for each text that came in; it has been answered with 200 already."""
        whole = sip_text.repair(prm.rdata.wholeMsg)
        sender = sip_text.header(whole, "from") or sip_text.repair(prm.fromUri)
        body = sip_text.repair(prm.msgBody)
        if not body:  # the library leaves multipart bodies out
            body = whole.partition("\r\n\r\n")[2]
        said = sip_text.header(whole, "content-length")
        length = len(prm.msgBody.encode("utf-8", "surrogateescape"))
        record = TextRecord(
            Direction.IN,
            sip_text.user_of(sender),
            sip_text.name_of(sender),
            normalise(sip_text.request_user(whole) or sip_text.user_of(sip_text.repair(prm.toUri))),
            body,
            content_type=sip_text.repair(prm.contentType),
            status=200,
            cut=said.isdigit() and bool(prm.msgBody) and int(said) > length,
            sip_call_id=sip_text.header(whole, "call-id"),
        )
        self.texts.append(record)
        address = sip_text.reply_address(whole, prm.rdata.srcAddress)
        self._engine.last_contact = address
        if self.replies and lookup(record.to).answers_texts and record.content_type.startswith("text/"):
            self._engine.later(REPLY_AFTER, partial(self._reply, address, record.to))

    def _reply(self, address: str, number: str) -> None:
        if not self.replies:
            return
        try:
            self.send_text(address, number, "", next(self._phrases), reply=True)
        except sip_text.BadRequestError as error:  # a sender we cannot write to, say from another host
            log.warning("no reply sent: %s", error)
