"""How text is folded for searching: one form for what is stored and what is asked."""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    """Case and width removed (NFKC, then Unicode case folding), so that ``ＡＣＭＥ`` and ``acme`` are one."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> tuple[str, ...]:
    """The folded words asked for; each must be found. Eight at most: more narrow nothing."""
    return tuple(fold(text).split()[:8])


def digits(text: str) -> str:
    """The digits of what may be part of a phone number, without a trunk zero; empty when it has letters."""
    folded = fold(text)
    if re.search(r"[^0-9+*#()./\s\-\u2010-\u2015]", folded):
        return ""
    found = re.sub(r"[^0-9]", "", folded)
    return found.lstrip("0") or found
