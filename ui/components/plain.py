"""Text from outside, made safe to draw: no control characters, no direction tricks, no piles of marks.

Free of Qt. What is removed is only what could change how the rest of the window reads.
"""

import re
import unicodedata
from functools import lru_cache

__all__ = ["LINE_LIMIT", "TEXT_LIMIT", "clean_line", "clean_text", "initials"]

LINE_LIMIT = 256  # characters; more than any row shows, so that a 4 kB name costs nothing to lay out
TEXT_LIMIT = 20_000

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t\n\u00a0]+")
# C0 and C1 controls, direction marks, overrides and isolates, the byte order mark, tag and filler characters.
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc]"
)
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_MARKS_KEPT = 4  # enough for every living script; a name with forty would paint over its neighbours


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Several lines of plain text: newlines stay, all other controls go."""
    text = _NEWLINES.sub("\n", text[:limit]).replace("\t", "    ")
    text = _LONE_SURROGATES.sub("\ufffd", _REMOVED.sub("", text))
    return text if text.isascii() else _fewer_marks(text)


@lru_cache(maxsize=4096)
def clean_line(text: str, limit: int = LINE_LIMIT) -> str:
    """One line of plain text: newlines and runs of blanks become one blank."""
    return _SPACES.sub(" ", clean_text(text, limit)).strip()


def _fewer_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MARKS_KEPT:
            kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=1024)
def initials(name: str) -> str:
    """One or two letters for an avatar; "" when the name has none, as a bare number has.

    Chinese, Japanese and Korean names give their first character alone.
    """
    words = [word for word in clean_line(name).split(" ") if word[:1].isalpha()]
    if not words:
        return ""
    if _is_wide(words[0][0]):
        return words[0][0]
    first, last = words[0][0], words[-1][0]
    return (first if len(words) == 1 or _is_wide(last) else first + last).upper()[:2]


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F", "H")
