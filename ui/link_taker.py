"""Links of other programs: what they ask for is shown at once, or offered while the rep is writing something else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject

from app.domain.events import FieldFilled, ProvisionAsked
from app.errors import AppError
from app.links import parse_link
from ui import present
from ui.components import clean_line

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator
    from ui.number_field import NumberField
    from ui.status_bar import StatusBars
    from ui.workspace import Workspace


class LinkTaker(QObject):
    """Main thread. A link never dials, never sends, and never takes the keyboard out of a note or a text."""

    def __init__(
        self,
        desk: Desk,
        nav: Navigator,
        field: NumberField,
        workspace: Workspace,
        status: StatusBars,
        *,
        open_thread: Callable[[str], bool],
        is_writing: Callable[[], bool],
    ) -> None:
        """``open_thread`` shows the conversation with a number; False when it cannot, which is told."""
        super().__init__(workspace)
        self._nav = nav
        self._region = desk.lines.region
        self._field = field
        self._workspace = workspace
        self._status = status
        self._open_thread = open_thread
        self._is_writing = is_writing
        desk.hub.subscribe(FieldFilled, self._filled)
        desk.hub.subscribe(ProvisionAsked, lambda event: self._provision(event.url))

    def take(self, link: str) -> None:
        """Show what a link asks for."""
        try:
            found = parse_link(link)
        except AppError as error:
            self._nav.trouble.emit(error)
            return
        if found.provision:
            self._provision(found.provision)
        else:
            self._filled(FieldFilled(found.to, found.body, found.messages, found.about))

    def _filled(self, event: FieldFilled) -> None:
        text = clean_line(event.text)
        number = present.number_text(text, self._region()) if text.startswith("+") else text
        if event.messages:
            said = self.tr("A link asks to text {number}.").format(number=number)
        else:
            said = self.tr("A link asks to call {number}.").format(number=number)
        self._show_or_offer(said, lambda: self._show(event))

    def _provision(self, url: str) -> None:
        said = self.tr("A link brings settings from {host}.").format(host=urlsplit(url).hostname or "?")
        self._show_or_offer(said, lambda: self._workspace.show_offer(url))

    def _show_or_offer(self, said: str, show: Callable[[], None]) -> None:
        if not self._is_writing():
            show()
            return

        def act() -> None:
            self._status.offer("", "", lambda: None)
            show()

        self._status.offer(said, self.tr("Show"), act)

    def _show(self, event: FieldFilled) -> None:
        if not event.messages:
            self._field.fill(event.text, about=event.about)
            return
        self._field.hide_offers()
        if not self._open_thread(event.text):
            return
        view = self._workspace.page.thread_view
        if event.body:
            begun = view.composer.text
            view.insert_text(event.body if not begun or begun[-1].isspace() else f"\n{event.body}")
        view.focus_composer()
