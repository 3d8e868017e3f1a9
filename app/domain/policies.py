"""Small pure decisions: may this be dialled or texted, when is a failed write tried again."""

from __future__ import annotations

import random
from dataclasses import dataclass

from app.domain.counterpart import Line
from app.domain.phone_number import NumberKind, PhoneNumber, is_abroad
from app.errors import AppError, ErrorCode

# The wheel carries four calls at once per engine process; one ringing call counts.
MAX_CALLS = 4
EMERGENCY = frozenset({"911", "112", "999", "110", "119", "118", "000", "933"})
FIRST_WAIT = 4.0
SHORTEST_WAIT = 1.0
LIMIT_WAIT = 15 * 60.0
PACKAGE_WAIT = 60 * 60.0
LONGEST_WAIT = 15 * 60.0
LONGEST_RETRY_AFTER = 24 * 60 * 60.0  # a server's wish beyond this is a mistake


@dataclass(frozen=True, slots=True)
class Attempt:
    """When to try a failed write again; ``seconds`` None means it is given up until the rep asks."""

    seconds: float | None


def is_emergency(number: PhoneNumber) -> bool:
    """An emergency number as dialled in the US, Europe, Japan, the UK or Australia."""
    return number.kind is NumberKind.SHORT and number.value in EMERGENCY


def may_dial(number: PhoneNumber, line: Line, *, demo: bool) -> None:
    """Raise AppError when a call must not leave. An emergency call always may, but never from the demo."""
    if is_emergency(number):
        if demo:
            raise AppError(ErrorCode.NUMBER_EMERGENCY_DEMO)
        return
    if not line.international and is_abroad(number, line.region):
        raise AppError(ErrorCode.NUMBER_NOT_ALLOWED, line=line.id)


def may_text(number: PhoneNumber, body: str) -> None:
    """Raise AppError when a text must not leave."""
    if is_emergency(number):
        raise AppError(ErrorCode.TEXT_EMERGENCY)
    if not body.strip():
        raise AppError(ErrorCode.TEXT_EMPTY)
    # PJSIP's packets end at 4,000 bytes, and with digest credentials about 3,300 are left for the text.
    size = len(body.encode("utf-8", "surrogatepass"))
    if size > 3_000:
        raise AppError(ErrorCode.TEXT_TOO_LONG, bytes=size, most=3_000)


def next_attempt(tries: int, code: ErrorCode, retry_after: float | None, chance: float | None = None) -> Attempt:
    """One give-up rule for every Salesforce write.

    ``tries`` counts attempts so far, ``retry_after`` is the server's wish in seconds. What Salesforce refuses for
    good waits for the rep; everything else is tried for ever, and nothing is lost. The pause is a random part of a
    growing one (full jitter): a thousand apps that failed together do not come back together. A used-up allowance
    rests for a quarter to a whole hour: every knock counts against it. An org without our package is asked hourly.
    """
    if code in {ErrorCode.CRM_REFUSED, ErrorCode.CRM_NOT_FOUND}:
        return Attempt(None)
    share = random.random() if chance is None else chance
    match code:
        case ErrorCode.CRM_LIMIT:
            wait = LIMIT_WAIT * (1 + 3 * share)
        case ErrorCode.CRM_PACKAGE_MISSING:
            wait = PACKAGE_WAIT * (1 + share / 4)
        case _:
            wait = max(SHORTEST_WAIT, min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tries, 12)) * share)
    asked = min(retry_after or 0.0, LONGEST_RETRY_AFTER)
    return Attempt(max(wait, asked * (1 + share / 10)))
