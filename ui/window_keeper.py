"""The one window there is: shown before the app is ready, and made anew when the rep chooses another language.

Every word of the window is made when its widgets are. Instead of teaching each of them to say its words again, a new
window takes the place of the old one, on the same desk, at the same place and page. That never happens during a call,
and what was being typed is stored first.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.domain.events import CallChanged, LanguageChosen
from ui.design.theme import Theme
from ui.language import speak
from ui.main_window import MainWindow
from ui.rail import Page

if TYPE_CHECKING:
    from app.desk import Desk
    from app.errors import AppError
    from ui.shell import Shell

_LINGER = 60_000  # milliseconds an old window lives on, unseen: what it asked for may still be answered


@dataclass(frozen=True, slots=True)
class _Place:
    """What shows in a window."""

    page: Page
    call_id: str
    thread: tuple[str, str]
    typed: str
    scrolled: int


class WindowKeeper(QObject):
    """Main thread. `closed` once, when the rep wants the app to end; `start_wanted` to try a refused start again."""

    closed = Signal()
    start_wanted = Signal()

    def __init__(self, app: QApplication, theme: Theme, folder: Path | None) -> None:
        super().__init__(app)
        self._app = app
        self._theme = theme
        self._folder = folder
        self._desk: Desk | None = None
        self._wanted = False
        self.window = self._make()

    def attach(self, desk: Desk, link: str | None) -> None:
        """The app is ready: show it."""
        self._desk = desk
        desk.hub.subscribe(LanguageChosen, lambda _: self._chosen())
        desk.hub.subscribe(CallChanged, lambda _: self._look())
        self.window.attach(desk, link)

    def take_link(self, link: str) -> None:
        """A link has come while the app runs; only after `attach`."""
        assert self.window.shell is not None
        self.window.shell.links.take(link)
        self.window.come_forward()

    # The window of the moment: who holds on to it would talk to an old one.

    def show(self) -> None:
        """Show the window."""
        self.window.show()

    def quit(self) -> None:
        """End the app, tray or not."""
        self.window.quit()

    def wait_for_store(self, waiting: bool) -> None:
        """See `MainWindow.wait_for_store`."""
        self.window.wait_for_store(waiting)

    def refuse(self, error: AppError) -> None:
        """See `MainWindow.refuse`."""
        self.window.refuse(error)

    def tell_bug(self, error: BaseException) -> None:
        """See `MainWindow.tell_bug`."""
        self.window.tell_bug(error)

    def _make(self) -> MainWindow:
        made = MainWindow(self._theme, self._folder)
        made.closed.connect(self.closed)
        made.start_wanted.connect(self.start_wanted)
        return made

    def _chosen(self) -> None:
        self._wanted = True
        self._look()

    def _look(self) -> None:
        desk = self._desk
        if not self._wanted or desk is None or desk.calls.live():
            return
        self._wanted = False
        self.window.save_now()
        desk.wrapup.settled(self._swap)

    def _swap(self) -> None:
        desk, old = self._desk, self.window
        if desk is None or old.shell is None or old.has_ended:
            return
        if desk.calls.live():  # one came while the drafts were being stored
            self._wanted = True
            return
        speak(self._app, desk.lines.settings.language)
        place, shown = _place_of(old, old.shell), old.isVisible()
        fresh = self.window = self._make()
        fresh.attach(desk, None)
        assert fresh.shell is not None
        _go_to(fresh, fresh.shell, place)
        old.leave()  # first: what it watched while in sight, as the microphone's level, the new one watches next
        if shown:
            fresh.show()
            fresh.activateWindow()
        else:
            fresh.put_away()
        QTimer.singleShot(_LINGER, old, old.deleteLater)


def _place_of(window: MainWindow, shell: Shell) -> _Place:
    page = shell.workspace.page
    return _Place(
        shell.page,
        page.call_id,
        page.thread_of,
        window.top_bar.field.text(),
        shell.workspace.settings.verticalScrollBar().value(),
    )


def _go_to(window: MainWindow, shell: Shell, place: _Place) -> None:
    if place.call_id:
        shell.workspace.open_call(place.call_id)
    elif any(place.thread):
        shell.workspace.open_thread(*place.thread)
    shell.show_page(place.page)
    window.top_bar.field.setText(place.typed)
    settings = shell.workspace.settings
    row = settings.row("language")
    # The page has its height only when it has been laid out.
    QTimer.singleShot(0, settings, lambda: settings.verticalScrollBar().setValue(place.scrolled))
    if row is not None and place.page is Page.SETTINGS:
        row.take_focus()
