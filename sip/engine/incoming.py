"""What comes from outside: which line it is for, and how a caller is told to the app."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pjsua2 as pj

from app.domain.phone_events import CallArrived, CallRefused
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


def arrived(call_id: str, line_id: str, invite: str) -> CallArrived:
    """Somebody calls."""
    who = sip_message.caller(invite)
    return CallArrived(
        call_id,
        line_id,
        who.user,
        who.host,
        who.name,
        sip_message.plain(sip_message.header(invite, "Call-ID")),
        datetime.now(UTC),
        sip_message.diverted_from(invite),
    )


def refused(prm: pj.OnRejectedIncomingCallParam, lines: Iterable[EngineLine]) -> CallRefused:
    """The library has turned somebody away by itself."""
    invite = prm.rdata.wholeMsg
    who = sip_message.caller(invite) if invite else sip_message.address(prm.remoteInfo)
    line = addressee(invite, lines)
    return CallRefused(
        line.line.id if line is not None else "",
        who.user,
        who.host,
        who.name,
        sip_message.plain(sip_message.header(invite, "Call-ID")),
        int(prm.statusCode),
        datetime.now(UTC),
    )
