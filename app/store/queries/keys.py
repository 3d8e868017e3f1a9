"""A row's place in a list as text, for going on from there."""

from __future__ import annotations

import json
from datetime import datetime

from app.store.schema import from_micros, to_micros


def encode(*parts: str | datetime) -> str:
    """The key of a row from the columns the list is ordered by."""
    return json.dumps([to_micros(p) if isinstance(p, datetime) else p for p in parts], separators=(",", ":"))


def decode(key: str) -> tuple[str | datetime, ...]:
    """The columns again. ValueError when the text is no key."""
    parts = json.loads(key)
    if not isinstance(parts, list):
        raise ValueError("not a key of a list")
    return tuple(from_micros(p) if isinstance(p, int) else str(p) for p in parts)
