"""People and companies of the local copy, by name."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.desk import Desk
from app.domain.events import CrmStateChanged, MatchChanged
from app.reads.rows import Page, PersonRow
from app.usecases.login import CrmState
from ui.components import RowData
from ui.components.rows import CALL, TEXT
from ui.list_pane import ListHead, ListPane
from ui.models import PagedModel, Watch
from ui.navigator import Navigator
from ui.present import number_text

__all__ = ["PeopleList"]


class PeopleList(ListPane[PersonRow]):
    """Everybody this computer knows. Main thread."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(desk, nav, self.tr("People"), "people", parent)

    def make_model(self) -> PagedModel[PersonRow]:
        return PagedModel(self._page, lambda row: row.ref, self._words, self)

    def make_head(self) -> QWidget:
        return ListHead(self.tr("People"), self)

    def watch(self, watch: Watch) -> None:
        watch.on(MatchChanged, CrmStateChanged)

    def empty_words(self) -> tuple[str, str, str]:
        if self.filter_text:
            return (
                self.tr("Nobody found"),
                self.tr("Nobody here has “{text}” in name, company or number.").format(text=self.filter_text[:60]),
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
        self.nav.record_wanted.emit(row.ref)
        return True

    def act(self, row: PersonRow, action: str) -> None:
        if not row.phones:
            return
        number = row.phones[0][1]
        if action == CALL:
            self.nav.call_wanted.emit(number, "", row.ref.id)
        elif action == TEXT:
            self.nav.text_wanted.emit(number, "")

    def _page(self, after: str, limit: int) -> Page[PersonRow]:
        return self.desk.reads.people(self.filter_text, after=after, limit=limit)

    def _words(self, row: PersonRow) -> RowData:
        number = number_text(row.phones[0][1], self.desk.lines.region()) if row.phones else ""
        about = " · ".join(part for part in (row.company, row.title) if part)
        return RowData(
            key=row.ref.id,
            title=row.name or number or self.tr("No name"),
            subtitle=about or number,
            actions=self.call_and_text() if row.phones else (),
        )
