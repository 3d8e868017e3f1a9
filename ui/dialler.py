"""A wish to call somebody: dialled at once, or asked about first when that person wants no calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.errors import AppError, ErrorCode
from ui.announce import announce
from ui.components import clean_line

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator
    from ui.status_bar import StatusBars
    from ui.top_bar import TopBar


class Dialler(QObject):
    """Main thread. Every call a person asks for in the window goes through here."""

    def __init__(
        self, desk: Desk, nav: Navigator, bar: TopBar, status: StatusBars, dialled: Callable[[str], None]
    ) -> None:
        """``dialled`` gets the id of a call that leaves."""
        super().__init__(status)
        self._desk = desk
        self._nav = nav
        self._bar = bar
        self._status = status
        self._dialled = dialled
        nav.call_wanted.connect(self.call)

    def call(self, number: str, line: str, about: str) -> None:
        """Call the number; ``line`` empty for the chosen one, ``about`` a record id."""
        self._call(number, line or self._bar.chosen_line, about)

    def _call(self, number: str, line: str, about: str, *, anyway: bool = False) -> None:
        try:
            call_id = self._desk.calls.dial(number, line_id=line, about=about, anyway=anyway)
        except AppError as error:
            if error.code is ErrorCode.CALL_NOT_WANTED:
                self._ask(str(error.values["name"]), lambda: self._call(number, line, about, anyway=True))
                return
            self._nav.trouble.emit(error)
            field = self._bar.field
            if field.hasFocus() and not field.text():  # it was dialled from there
                field.put_back(number, about=about)
            return
        self._status.settle()
        self._dialled(call_id)

    def _ask(self, name: str, call: Callable[[], None]) -> None:
        asked = self.tr("{name} asked not to be called.").format(name=clean_line(name) or self.tr("This person"))
        self._status.ask(asked, self.tr("Call anyway"), call)
        announce(self._status, asked)
