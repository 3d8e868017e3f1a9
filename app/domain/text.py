"""Text as it may be stored, shown and sent."""

from __future__ import annotations


def storable(text: str) -> str:
    """The text without what no encoding can hold: lone surrogates and NUL become U+FFFD."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").replace("\0", "\ufffd")
