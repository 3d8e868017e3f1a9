"""Digits and pauses a call still has to send."""

from __future__ import annotations

import re

KEYS = frozenset("0123456789*#ABCD")
DIGIT = 0.24
COMMA = 2.0
_ALLOWED = re.compile(r"[0-9*#A-D,]{1,128}")
_AT_ONCE = 8  # the library queues 32


class Digits:
    """A queue, in order."""

    def __init__(self) -> None:
        self._left = ""

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
        if self._left[0] == ",":
            self._left = self._left[1:]
            return "", COMMA
        piece = self._left.split(",", 1)[0][:_AT_ONCE]
        self._left = self._left[len(piece) :]
        return piece, DIGIT * len(piece)
