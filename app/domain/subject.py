"""What a call is named in Salesforce when the rep says nothing else: an organisation's own pattern, or ours."""

from __future__ import annotations

import re

from app.domain.call import Call, Direction
from app.domain.call_log import default_subject

LIMIT = 255  # characters Salesforce has room for
WORDS = ("person", "company", "number", "direction", "outcome", "line")
_PLACE = re.compile(r"\{(\w+)\}")
_LOOSE = re.compile(r"\s*(?:[-–—·|:,]\s*)+$|^(?:\s*[-–—·|:,])+\s*")


def subject_of(pattern: str, call: Call, *, person: str, company: str = "", line: str = "") -> str:
    """The subject of a call. ``pattern`` may hold ``{person}``, ``{company}``, ``{number}``, ``{direction}``,
    ``{outcome}`` and ``{line}``; other words in braces stay as they are.

    ``person`` is the name, or the number where nobody is known. Without a pattern, or when nothing of it is left:
    "Call to Ana Flores". One line, as long as Salesforce has room for.
    """
    values = {
        "person": person,
        "company": company,
        "number": call.number,
        "direction": "Inbound" if call.direction is Direction.IN else "Outbound",
        "outcome": call.outcome.value if call.outcome else "",
        "line": line,
    }
    filled = _PLACE.sub(lambda place: values.get(place[1], place[0]), pattern)
    # What parted an empty word from the rest parts nothing any more.
    said = _LOOSE.sub("", " ".join(filled.split()))[:LIMIT].strip()
    return said or default_subject(call.direction, call.outcome, person)
