"""The head of a conversation: whom one texts, on which line, and Call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.events import LinesChanged, MatchChanged
from app.usecases.login import CrmState
from ui import present
from ui.components import Button, ButtonKind, PlainLabel
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole
from ui.models import Watch
from ui.name_link import NameLink

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.counterpart import RecordRef
    from ui.navigator import Navigator


class ThreadHeader(QWidget):
    """Stands above the texts while no call panel does. Main thread."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._line = ""
        self._number = ""
        self._ref: RecordRef | None = None
        self.name = NameLink(self, size=TYPE.name)
        self.company = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED)
        self.number = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, number=True, tabular=True)
        self.via = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, number=True, tabular=True)
        self.call = Button(self.tr("Call"), icon="phone", parent=self)
        self.new_person = Button(self.tr("New contact"), ButtonKind.GHOST, "plus", self, small=True)
        self.new_person.clicked.connect(lambda: nav.contact_wanted.emit(self._number))
        self.name.clicked.connect(self._open_record)
        self.call.clicked.connect(self._dial)
        about = QHBoxLayout()
        about.setSpacing(SPACE.inside)
        for part in (self.company, self.number, self.via):
            about.addWidget(part)
        about.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addLayout(about)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.between, 0, SPACE.between, 1)
        row.setSpacing(SPACE.between)
        row.addLayout(words, 1)
        row.addWidget(self.new_person, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.call, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(METRICS.row + SPACE.inside + 1)
        theme().changed.connect(self.update)
        Watch(desk.hub, self.refresh, self).on(MatchChanged, LinesChanged)

    def show_thread(self, line: str, number: str) -> None:
        """Name whom this conversation is with."""
        self._line, self._number = line, number
        self.refresh()

    def refresh(self) -> None:
        """Read again who it is."""
        region = self._desk.lines.region(self._line)
        usable = present.is_number(self._number)
        match = self._desk.matching.known(self._number) if usable else None
        chosen = match.chosen if match is not None else None
        self._ref = chosen.ref if chosen is not None else None
        number = present.number_text(self._number, region)
        title = present.match_title(match, number) if match is not None else number
        self.name.show_name(title, linked=chosen is not None, number=title == number)
        company = chosen.company if chosen is not None else ""
        if not company and title == number:
            company = present.country_name(self._number)
        self._put(self.company, company)
        self._put(self.number, "" if title == number else number)
        self._put(self.via, self._via())
        nobody = usable and match is not None and not match.records
        self.new_person.setVisible(nobody and self._desk.login.status.state is not CrmState.SIGNED_OUT)
        self.call.setVisible(usable)
        self.call.setEnabled(self._desk.lines.get(self._line) is not None)
        self.setAccessibleName(self.tr("Conversation with {name}").format(name=title))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().colour(ColourRole.BORDER))
        painter.end()

    def _via(self) -> str:
        if len(self._desk.lines.all()) < 2:
            return ""
        line = self._desk.lines.get(self._line)
        shown = present.number_text(line.number, line.region) if line is not None and line.number else self._line
        return self.tr("on {line}").format(line=shown)

    @staticmethod
    def _put(label: PlainLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _open_record(self) -> None:
        if self._ref is not None:
            self._nav.record_wanted.emit(self._ref)

    def _dial(self) -> None:
        self._nav.call_wanted.emit(self._number, self._line, self._ref.id if self._ref is not None else "")
