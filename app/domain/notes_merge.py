"""Notes changed on both sides become one text that holds both. Pure.

1. What only one side changed, that side's text is. A side that is empty now has nothing to lose.
2. Where one text already holds all the lines of the other in one piece, it is the result.
3. Else the notes of here stay as they are, and what Salesforce has beyond the lines both began with follows under a
   dated line.
4. Merging the result again with either side changes nothing: notes never grow by being compared.
"""

from __future__ import annotations

from collections.abc import Sequence

_DATED = "\n\n--- Salesforce, "


def merge_notes(here: str, there: str, *, base: str, day: str) -> str:
    """The notes to keep. ``base`` is what both sides last agreed on, ``day`` the date (ISO 8601) of the other change.

    ``here`` comes back with its lines trimmed at the end, and without blank lines around it.
    """
    mine, theirs, agreed = _lines(here), _lines(there), _lines(base)
    if theirs in (mine, agreed, []) or _holds(mine, theirs):
        return "\n".join(mine)
    if mine in (agreed, []) or _holds(theirs, mine):
        return "\n".join(theirs)
    common = 0
    while common < min(len(mine), len(theirs)) and mine[common] == theirs[common]:
        common += 1
    rest = _trimmed(theirs[common:])
    if _holds(mine, rest):
        return "\n".join(mine)
    return "\n".join(mine) + f"{_DATED}{day} ---\n" + "\n".join(rest)


def typed_over(text: str, stored: str, *, base: str, day: str) -> str:
    """What the rep typed, begun from ``base``, with what has come into the store since then."""
    if stored == base:
        return text
    begun = "\n".join(_lines(base))
    if begun and stored.startswith(begun + _DATED):
        # The words before these were merged a moment ago, and the rep went on typing without seeing it.
        return "\n".join(_lines(text)) + stored[len(begun) :]
    return merge_notes(text, stored, base=base, day=day)


def _lines(text: str) -> list[str]:
    """Lines without what neither side can be trusted to keep: CR, and blanks at the ends."""
    return _trimmed([line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")])


def _trimmed(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[0].strip():
        kept.pop(0)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _holds(whole: Sequence[str], part: Sequence[str]) -> bool:
    """Does ``whole`` have ``part`` in it, line by line and in one piece?"""
    size = len(part)
    return any(list(whole[at : at + size]) == list(part) for at in range(len(whole) - size + 1))
