"""Which line a request from outside is for."""

from __future__ import annotations

from collections.abc import Iterable

from sip.engine import sip_message
from sip.engine.line import EngineLine


def addressee(message: str, lines: Iterable[EngineLine]) -> EngineLine | None:
    """By user and port of its address, then by port, then by user; None when nothing of it is ours."""
    wanted = sip_message.request_uri(message)
    callee = sip_message.address(sip_message.header(message, "To"))
    best, best_score = None, 0
    for line in lines:
        if line.account is None:
            continue
        score = 4 * (wanted.user == line.user) + 2 * (wanted.port == line.port) + (callee.user == line.user)
        if score > best_score:
            best, best_score = line, score
    return best
