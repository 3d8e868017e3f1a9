"""Notifier: tells the rep something while they look elsewhere. Desktop, tray or window: the first that works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QSystemTrayIcon

from ui.components import clean_line, clean_text

OPEN = "open"
"""The action of who presses the notification itself."""

_SHOWN_FOR = 10_000  # milliseconds
_MOST = 120  # characters of a text: two lines of a bar at the usual width; all of it is in the conversation


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told. Texts are plain and may come from outside; a newer notice of the same ``key`` takes its place."""

    key: str
    title: str
    body: str
    actions: tuple[tuple[str, str], ...]  # (name, word)


Acted = Callable[[str, str], None]
"""Called on the main thread with the key of a notice and the name of the action pressed."""


class Notifier(Protocol):
    """One way to tell. Main thread."""

    def show(self, notice: Notice) -> bool:
        """Tell it; False when this way does not work here now."""
        ...

    def withdraw(self, key: str) -> None:
        """It is of no use any more. An unknown key is fine."""
        ...

    def close(self) -> None:
        """The app ends."""
        ...


def _beginning(text: str) -> str:
    return text if len(text) <= _MOST else text[: _MOST - 1].rstrip() + "…"


class FirstThatWorks:
    """Asks one way after the other. The last one always works."""

    def __init__(self, ways: Sequence[Notifier]) -> None:
        self._ways = tuple(ways)

    def show(self, notice: Notice) -> bool:
        """Tell it by the first way that works."""
        return any(way.show(notice) for way in self._ways)

    def show_after(self, failed: Notifier, notice: Notice) -> None:
        """A way took the notice and could not show it: the ones after it try."""
        at = self._ways.index(failed)
        for way in self._ways[at + 1 :]:
            if way.show(notice):
                return

    def withdraw(self, key: str) -> None:
        """Everywhere."""
        for way in self._ways:
            way.withdraw(key)

    def close(self) -> None:
        """All of them."""
        for way in self._ways:
            way.close()


class TrayNotifier:
    """The tray icon's bubble: no buttons, and a press means to open."""

    def __init__(self, icon: QSystemTrayIcon, acted: Acted) -> None:
        self._icon = icon
        self._acted = acted
        self._last = ""
        icon.messageClicked.connect(self._pressed)

    def show(self, notice: Notice) -> bool:
        """Only where the tray can."""
        if not (self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()):
            return False
        if not QSystemTrayIcon.supportsMessages():
            return False
        self._last = notice.key
        # Some trays hand the bubble on to a service that reads markup, and nobody can ask which.
        title, body = clean_line(notice.title), clean_text(_beginning(notice.body))
        self._icon.showMessage(title.replace("<", "‹"), body.replace("<", "‹"), self._icon.icon(), _SHOWN_FOR)
        return True

    def withdraw(self, key: str) -> None:
        """A bubble goes by itself; pressed late, it does nothing."""
        if key == self._last:
            self._last = ""

    def close(self) -> None:
        """Nothing to let go."""

    def _pressed(self) -> None:
        if self._last:
            self._acted(self._last, OPEN)


class WindowNotifier:
    """A quiet bar in the window, with the notice's first action: it always works."""

    def __init__(self, tell: Callable[[str, str, Callable[[], None]], None], acted: Acted) -> None:
        """``tell(sentence, word, act)`` shows a bar; an empty sentence takes it away."""
        self._tell = tell
        self._acted = acted
        self._shown = ""

    def show(self, notice: Notice) -> bool:
        """Show the bar."""
        self._shown = notice.key
        name, word = notice.actions[0]
        sentence = f"{notice.title}: {_beginning(notice.body)}" if notice.body else notice.title

        def act() -> None:
            self.withdraw(notice.key)
            self._acted(notice.key, name)

        self._tell(sentence, word, act)
        return True

    def withdraw(self, key: str) -> None:
        """Take the bar away."""
        if key == self._shown:
            self._shown = ""
            self._tell("", "", lambda: None)

    def close(self) -> None:
        """Nothing to let go."""
