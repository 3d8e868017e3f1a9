"""People and companies of the local copy, by name."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.desk import Desk
from app.domain.counterpart import RecordKind
from app.domain.events import CrmStateChanged, DirectoryChanged, MatchChanged, PresenceMoved
from app.domain.presence import Presence
from app.reads.rows import Page, PersonRow
from app.usecases.login import CrmState
from ui.components import RowData
from ui.components.rows import CALL, TEXT
from ui.design.tokens import ColourRole
from ui.list_pane import ListHead, ListPane
from ui.models import PagedModel, Watch
from ui.navigator import Navigator
from ui.present import number_text

__all__ = ["PeopleList"]


_WATCHED = 40  # colleagues whose presence is asked for
_COLLEAGUES = (RecordKind.USER.value, RecordKind.COLLEAGUE.value)
_CUSTOMERS = (RecordKind.CONTACT.value, RecordKind.LEAD.value, RecordKind.ACCOUNT.value)


class PeopleList(ListPane[PersonRow]):
    """Everybody this computer knows: customers, or the rep's own colleagues. Main thread."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        self._colleagues = False
        super().__init__(desk, nav, self.tr("People"), "people", parent)
        self.model.refreshed.connect(self._ask_presence)

    def make_model(self) -> PagedModel[PersonRow]:
        return PagedModel(self._page, lambda row: row.ref, self._words, self)

    def show_colleagues(self, on: bool) -> None:
        """Show colleagues, or customers again."""
        self.chips[on].setChecked(True)
        if on is not self._colleagues:
            self._colleagues = on
            self.reload()

    def make_head(self) -> QWidget:
        head = ListHead("", self)
        words = {False: self.tr("Customers", "people"), True: self.tr("Colleagues", "people")}
        self.chips = head.add_choices(words, self._colleagues, self.show_colleagues)
        return head

    def watch(self, watch: Watch) -> None:
        watch.on(MatchChanged, CrmStateChanged, DirectoryChanged)
        self._moves = Watch(self.desk.hub, self._moved, self).on(PresenceMoved)

    def empty_words(self) -> tuple[str, str, str]:
        if self._colleagues:
            return (
                self.tr("No colleagues yet"),
                self.tr("Salesforce's users and your company's directory appear here."),
                "",
            )
        if self.desk.login.status.state is CrmState.SIGNED_OUT:
            return (
                self.tr("Nobody here yet"),
                self.tr("The people you work with appear here once Salesforce is connected."),
                "",
            )
        return (
            self.tr("Nobody here yet"),
            self.tr("People you own or talked to appear here. Type a name into the field above to find somebody now."),
            "",
        )

    def open_row(self, row: PersonRow) -> None:
        self.nav.person_opened.emit(row.ref)

    def open_record(self, row: PersonRow) -> bool:
        if row.ref.kind == RecordKind.COLLEAGUE:
            return False
        self.nav.record_wanted.emit(row.ref)
        return True

    def act(self, row: PersonRow, action: str) -> None:
        number = _number(row)
        if action == CALL and number:
            self.nav.call_wanted.emit(number, "", "" if row.ref.kind in _COLLEAGUES else row.ref.id)
        elif action == TEXT and (mobile := _outside(row)):
            self.nav.text_wanted.emit(mobile, "")

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.desk.presence.watch(())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_presence()

    def _moved(self) -> None:
        self.model.forget_words()

    def _ask_presence(self) -> None:
        """Of the first colleagues listed: a search brings anybody else there."""
        rows = [self.model.row(at) for at in range(min(_WATCHED, self.model.rowCount()))] if self._colleagues else []
        self.desk.presence.watch([number for row in rows if (number := _number(row))])

    def _page(self, after: str, limit: int) -> Page[PersonRow]:
        kinds = _COLLEAGUES if self._colleagues else _CUSTOMERS
        return self.desk.reads.people(after=after, limit=limit, kinds=kinds)

    def _words(self, row: PersonRow) -> RowData:
        outside = _outside(row)
        number = number_text(outside, self.desk.lines.region()) if outside else ""
        extension = self.tr("Ext. {number}").format(number=row.extension) if row.extension else ""
        parts = (extension, row.department, row.title) if row.ref.kind in _COLLEAGUES else (row.company, row.title)
        about = " · ".join(part for part in parts if part) or number
        state = self.desk.presence.of(_number(row)) if row.ref.kind in _COLLEAGUES else Presence.UNKNOWN
        if state is Presence.AVAILABLE:
            about = " · ".join(part for part in (self.tr("Available"), about) if part)
        alert = {Presence.ON_THE_PHONE: self.tr("On the phone"), Presence.AWAY: self.tr("Away")}.get(state, "")
        actions = self.call_and_text() if outside else self.call_and_text()[:1] if _number(row) else ()
        return RowData(
            key=row.ref.id,
            title=row.name or number or self.tr("No name"),
            subtitle=about,
            alert=alert,
            alert_role=ColourRole.TEXT,
            actions=actions,
        )


def _number(row: PersonRow) -> str:
    """What a call dials: a colleague's extension first, it costs nothing and rings where they sit."""
    if row.ref.kind in _COLLEAGUES and row.extension:
        return row.extension
    return _outside(row)


def _outside(row: PersonRow) -> str:
    """The first number that anybody can call and text; empty for somebody with an extension only."""
    return next((number for _, number in row.phones if number != row.extension), "")
