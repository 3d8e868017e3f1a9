"""Whether a widget shows that it has the keyboard: a ring for who came by keys, none for who pressed with the mouse."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent

__all__ = ["FocusRing", "Ringed", "reason_after"]

_BY_KEYS = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}
# A menu or another window takes the keyboard and gives it back: its place must be in sight again then.
_PASSING = {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}


class FocusRing:
    """The ring of one widget, which tells it when the keyboard comes and goes."""

    def __init__(self) -> None:
        self.shown = False
        self._before = False

    def came(self, event: QFocusEvent) -> None:
        """The widget got the keyboard."""
        self.shown = self._before if event.reason() in _PASSING else event.reason() in _BY_KEYS

    def went(self, event: QFocusEvent) -> None:
        """The keyboard went elsewhere."""
        self._before = self.shown and event.reason() in _PASSING
        self.shown = False


@runtime_checkable
class Ringed(Protocol):
    """A widget with such a ring."""

    @property
    def ring_visible(self) -> bool:
        """Whether it shows."""
        ...


def reason_after(gone: object) -> Qt.FocusReason:
    """Why another widget gets the keyboard when ``gone`` goes away with it: it shows a ring when that one did."""
    by_keys = isinstance(gone, Ringed) and gone.ring_visible
    return Qt.FocusReason.ShortcutFocusReason if by_keys else Qt.FocusReason.OtherFocusReason
