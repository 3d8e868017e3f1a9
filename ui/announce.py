"""What a screen reader says at once, wherever the keyboard is."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(about: QWidget, words: str) -> None:
    """Say ``words`` now, over what is being read. Nothing happens where no screen reader runs."""
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(about, words)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
