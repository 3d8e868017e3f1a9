"""Digits and pauses a call still has to send.

A re-INVITE takes the library's stream away, and with it the digits it was given: what was not begun by then is not
sent. So it gets them one by one, and the one that its stream has not begun comes back here.
"""

from __future__ import annotations

import re

from sip.engine.loop import Timer

KEYS = frozenset("0123456789*#ABCD")
DIGIT = 0.28  # seconds; the library speaks of it for 200 ms and repeats its end for 40
COMMA = 2.0
_ALLOWED = re.compile(r"[0-9*#A-D,]{1,128}")


class Digits:
    """A queue, in order. The legs of a call that follow each other share it."""

    def __init__(self) -> None:
        self.timer: Timer | None = None  # until the next one's turn
        self.slot = -1  # of the stream that has the last key
        self._left = ""
        self._given = ""
        self._sent_before = 0

    @property
    def is_waiting(self) -> bool:
        """Is it nobody's turn yet?"""
        return self.timer is not None and self.timer.is_pending

    def add(self, digits: str) -> bool:
        """Queue them; False for what is none: the library may abort over it."""
        wanted = digits.upper().replace(" ", "")
        if not _ALLOWED.fullmatch(wanted):
            return False
        self._left += wanted
        return True

    def take(self) -> tuple[str, float] | None:
        """What to send now, "" in a pause, and how many seconds it takes. None when nothing is left."""
        if not self._left:
            return None
        key, self._left = self._left[0], self._left[1:]
        return ("", COMMA) if key == "," else (key, DIGIT)

    def given(self, key: str, sent: int, slot: int) -> None:
        """The library has ``key``, whose stream is at that ``slot`` of its bridge and had sent so many packets."""
        self._given, self._sent_before, self.slot = key, sent, slot

    def hangs_on(self, sent: int) -> bool:
        """Would a stream that has sent so many packets leave a key behind?"""
        return self._given != "" and sent == self._sent_before

    def stream_ends(self, sent: int) -> None:
        """A stream is over that has sent so many packets. The key it has begun, if any, the far side knows."""
        if self.hangs_on(sent):
            self._left = self._given + self._left
        self._given = ""
