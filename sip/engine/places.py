"""The library's places for calls, and who keeps one without using it.

There are four (`config.MAX_CALLS`), compiled in. A call that was hung up keeps its own until the far side has answered
the CANCEL or BYE; before any answer to the INVITE the library does not even send a CANCEL. Where nobody answers it
waits for half a minute, and neither its timers nor a call's transactions are within our reach: whoever dials, hangs up
and dials again would soon be told that there are too many calls.

WORKAROUND: when the places run out, the oldest of those calls gets from ourselves what its far side owes, by the way
that wakes the library up. An unanswered INVITE is "tried", upon which the CANCEL leaves, and then "terminated"; in an
answered call the far side says BYE as well. What is a response to is told by its branch, who sends a request by its
tags (RFC 3261 §17.1.3, §12.2.2), so the library asks no more. As long as there is room it goes on trying by itself.
"""

from __future__ import annotations

import re
import secrets
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sip.engine import sip_message
from sip.engine.config import MAX_CALLS
from sip.engine.endpoint import Endpoint

MOMENT = 0.5
PATIENCE = 33.0  # seconds after which the library has given up by itself (64 times T1)
_LAST_CSEQ = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Dialog:
    """What names a call in its messages: header values as they are there."""

    call_id: str
    ours: str
    theirs: str
    cseq: str
    branch: str
    asked_by_us: bool

    @staticmethod
    def read(message: str, *, asked_by_us: bool) -> Dialog:
        """From an INVITE, or a response to one; ``asked_by_us``: is it ours?"""
        sender, receiver = sip_message.header(message, "From"), sip_message.header(message, "To")
        branch = re.search(r";\s*branch\s*=\s*([^\s;,]+)", sip_message.header(message, "Via"), re.IGNORECASE)
        return Dialog(
            sip_message.header(message, "Call-ID"),
            sender if asked_by_us else receiver,
            receiver if asked_by_us else sender,
            sip_message.header(message, "CSeq"),
            branch[1] if branch else "",
            asked_by_us,
        )

    def farewell(self, here: tuple[str, int], library: tuple[str, int]) -> Iterator[bytes]:
        """What the far side may owe us, as sent from ``here`` to ``library``, both addresses of this computer. The
        library passes over what does not fit the state the call is in."""
        is_known = ";tag=" in self.theirs
        if self.asked_by_us:
            names = (self.ours, self.theirs if is_known else f"{self.theirs};tag=nobody")
            for line in ("SIP/2.0 100 Trying", "SIP/2.0 487 Request Terminated"):
                yield _message(line, library, self.branch, *names, self.call_id, self.cseq)
        if is_known:
            yield _message(
                f"BYE sip:{library[0]}:{library[1]} SIP/2.0",
                here,
                f"z9hG4bK{secrets.token_hex(8)}",
                self.theirs,
                self.ours,
                self.call_id,
                f"{_LAST_CSEQ} BYE",
            )


class Places:
    """Which calls are over and may still keep a place. Engine thread only."""

    def __init__(self, endpoint: Endpoint, calls: Mapping[str, object]) -> None:
        """``calls`` is the engine's own table of those that are not over, read only."""
        self._endpoint, self._calls = endpoint, calls
        self._over: deque[tuple[float, Dialog]] = deque()
        self._cleared = 0.0

    def hung_up(self, dialog: Dialog) -> None:
        """We have ended a call."""
        self._over.append((time.monotonic(), dialog))

    def keep_one_free(self) -> None:
        """A call has begun or ended: see to it that there is room for one more."""
        now = time.monotonic()
        while self._over and self._over[0][0] < now - PATIENCE:
            self._over.popleft()
        while self._over and len(self._calls) + len(self._over) >= MAX_CALLS:
            _, dialog = self._over.popleft()
            for message in dialog.farewell(*self._endpoint.way_in):
                self._endpoint.say(message)
            self._cleared = now

    @property
    def is_clearing(self) -> bool:
        """Will there be more room in a moment, when the library has read what it was told?"""
        return time.monotonic() < self._cleared + MOMENT


def _message(
    first: str, via: tuple[str, int], branch: str, sender: str, receiver: str, call_id: str, cseq: str
) -> bytes:
    lines = (
        first,
        f"Via: SIP/2.0/UDP {via[0]}:{via[1]};branch={branch}",
        "Max-Forwards: 70",
        f"From: {sender}",
        f"To: {receiver}",
        f"Call-ID: {call_id}",
        f"CSeq: {cseq}",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")
