"""What a call is named in Salesforce when the rep says nothing else: an organisation's own pattern, or ours."""

from __future__ import annotations

import re

from app.domain.call import Call, Direction
from app.domain.call_log import UNKNOWN, CallLog, default_subject
from app.domain.phone_number import readable

LIMIT = 255  # characters Salesforce has room for
WORDS = ("person", "company", "number", "direction", "outcome", "line")
_PLACE = re.compile(r"\{(\w+)\}")
_LOOSE = re.compile(r"\s*(?:[-–—·|:,]\s*)+$|^(?:\s*[-–—·|:,])+\s*")


def person_of(log: CallLog, chosen: str = "") -> str:
    """Who a call was with, for people to read: the name, ``chosen`` as long as it is not kept, what the network says,
    else the number; empty for a caller who withholds it."""
    return log.person or chosen or log.call.name or readable(log.call.number)


def subject_of(pattern: str, call: Call, *, person: str, company: str = "", line: str = "") -> str:
    """The subject of a call. ``pattern`` may hold ``{person}``, ``{company}``, ``{number}``, ``{direction}``,
    ``{outcome}`` and ``{line}``; other words in braces stay as they are.

    ``person`` as `person_of` gives it. Without a pattern, or when nothing of it is left:
    "Call to Ana Flores". One line, as long as Salesforce has room for.
    """
    values = {
        "person": person or UNKNOWN,
        "company": company,
        "number": readable(call.number),
        "direction": "Inbound" if call.direction is Direction.IN else "Outbound",
        "outcome": call.outcome.value if call.outcome else "",
        "line": line,
    }
    filled = _PLACE.sub(lambda place: values.get(place[1], place[0]), pattern)
    # What parted an empty word from the rest parts nothing any more.
    said = _LOOSE.sub("", " ".join(filled.split()))[:LIMIT].strip()
    return said or default_subject(call.direction, call.outcome, person)
