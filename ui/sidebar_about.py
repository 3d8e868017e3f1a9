"""What the button of a deal or case does: it calls the person about it, or links the call that is on to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.desk import Desk
from app.domain.counterpart import RecordRef
from app.domain.events import CallChanged, CallLogChanged
from app.domain.new_record import Related
from app.errors import AppError
from ui.models import Watch
from ui.navigator import Navigator
from ui.sidebar_parts import Act, Entry, PhoneEntry

__all__ = ["NOTHING", "About", "AboutCall", "act_of"]


@dataclass(frozen=True, slots=True)
class About:
    """How things stand with the person of a card: their call that is on and what it is linked to, else the number
    that would be called."""

    phone: PhoneEntry | None = None
    call_id: str = ""
    linked: str = ""  # the id of the deal or case


NOTHING = About()


def act_of(about: About, ref: RecordRef, name: str) -> Act | None:
    """The button of one deal or case; None where there is nobody to call."""
    if about.call_id and about.linked == ref.id:
        return Act(
            "link", QCoreApplication.translate("Sidebar", "The call is linked to {name}").format(name=name), True
        )
    if about.call_id:
        return Act("link", QCoreApplication.translate("Sidebar", "Link the call to {name}").format(name=name))
    if about.phone is None:
        return None
    word = QCoreApplication.translate("Sidebar", "Call {number} about {name}")
    return Act("phone", word.format(number=about.phone.shown, name=name))


class AboutCall(QObject):
    """Main thread. `changed` when a call began, ended or was linked."""

    changed = Signal()

    def __init__(self, desk: Desk, nav: Navigator, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._now = NOTHING
        self._of: tuple[str, RecordRef | None] = ("", None)
        Watch(desk.hub, self._look, self).on(CallChanged, CallLogChanged)

    def stand(self, number: str, ref: RecordRef, phones: Sequence[PhoneEntry]) -> About:
        """How it stands with a record that shows. ``number`` is the one of the page, empty when there is none."""
        self._of = (number, ref)
        usable = [entry for entry in phones if entry.usable]
        phone = next((entry for entry in usable if entry.here), usable[0] if usable else None)
        call_id, linked = self._live()
        self._now = About(phone, call_id, linked)
        return self._now

    def press(self, entry: Entry, line: str) -> None:
        """The button of this deal or case was pressed. ``line`` is the one to call on, empty for the usual one."""
        about, ref = self._now, entry.target
        if not isinstance(ref, RecordRef):
            return
        if about.call_id:
            related = None if about.linked == ref.id else Related(ref, entry.title)
            self._desk.relation.choose(about.call_id, related, lambda: None, self._nav.trouble.emit)
        elif about.phone is not None:
            self._nav.call_wanted.emit(about.phone.number, line, ref.id)

    def _look(self) -> None:
        if self._of[1] is not None and self._live() != (self._now.call_id, self._now.linked):
            self.changed.emit()

    def _live(self) -> tuple[str, str]:
        """The call that is on with the person who shows, and what it is linked to."""
        call_id = next((call.id for call in self._desk.calls.live() if self._is_theirs(call.number)), "")
        if not call_id:
            return "", ""
        try:
            log = self._desk.reads.call_log(call_id)
        except AppError:
            return call_id, ""  # whoever shows the call tells it
        related = self._desk.relation.now(log) if log is not None else None
        return call_id, related.ref.id if related is not None else ""

    def _is_theirs(self, number: str) -> bool:
        shown, ref = self._of
        if shown:
            return number == shown
        chosen = self._desk.matching.known(number).chosen
        return chosen is not None and chosen.ref == ref
