"""Where a card finds room on a screen without covering another one. Pure geometry."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize


def free_place(room: QRect, size: QSize, taken: Iterable[QRect], gap: int) -> QRect | None:
    """The lowest free place of the rightmost column that has one; None when the room is full.

    The first card has a place even in a room too small for it: its lower right corner is in sight.
    """
    others = list(taken)
    right = room.right() + 1
    while right - size.width() >= room.left() or not others:
        for bottom in sorted({room.bottom() + 1, *(other.top() - gap for other in others)}, reverse=True):
            place = QRect(right - size.width(), bottom - size.height(), size.width(), size.height())
            if not others:
                return place
            if room.contains(place) and not any(place.intersects(other) for other in others):
                return place
        right -= size.width() + gap
    return None
