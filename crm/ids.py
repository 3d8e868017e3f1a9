"""Salesforce record ids: 15 characters that tell upper from lower case, or 18 that need not."""

from __future__ import annotations

import re

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def is_id(text: str) -> bool:
    """Could this be a record id?"""
    return _ID.fullmatch(text) is not None


def id18(text: str) -> str:
    """The 18-character form of an id; anything else comes back as it is."""
    if not is_id(text) or len(text) == 18:
        return text
    groups = (text[at : at + 5] for at in (0, 5, 10))
    return text + "".join(_SUFFIX[sum(c.isupper() << bit for bit, c in enumerate(group))] for group in groups)
