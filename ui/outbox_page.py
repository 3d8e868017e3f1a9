"""What waits for Salesforce and what it would not take: each with why, when it is tried next, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.advice import Advice, advice_for
from app.domain.events import CrmStateChanged, OutboxChanged
from app.domain.local_time import rep_day
from app.errors import AppError
from ui import present
from ui.column_page import ColumnPage
from ui.components import Button, ButtonKind, PlainLabel, Separator
from ui.components.layout import clear_layout
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight
from ui.outbox_words import advice_text, finding_text, rest_text, state_text, usage_text, why_text
from ui.words import error_sentence

if TYPE_CHECKING:
    from app.desk import Desk
    from app.reads.rows import OutboxRow
    from ui.navigator import Navigator

_WIDTH = 680
_MOST = 100  # rows in sight; the rest is counted
_SOON = 80  # milliseconds: many changes make one look at the store
_EVERY = 10_000  # milliseconds: "tried again at" passes by
_ICONS = {"call": "phone", "day": "message", "follow-up": "calendar"}


class OutboxPage(ColumnPage):
    """One column: how it stands, what was refused, what waits, and what is known of the org. `closed` to leave."""

    closed = Signal()

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(_WIDTH, parent)
        self._desk = desk
        self._nav = nav
        self._shown: object = None
        self.rows: list[OutboxItem] = []
        self.setAccessibleName(self.tr("Waiting for Salesforce"))
        inside, column = self.inside, self.column
        title = PlainLabel(self.tr("Waiting for Salesforce"), inside, size=TYPE.call, weight=Weight.STRONG)
        self.push = Button(self.tr("Send everything now"), icon="retry", parent=inside)
        self.push.clicked.connect(self._push)
        self.close_button = Button(self.tr("Close"), ButtonKind.GHOST, "close", inside)
        self.close_button.clicked.connect(self.closed)
        head = QWidget(inside)
        head.setMaximumWidth(_WIDTH)
        top = QHBoxLayout(head)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(SPACE.inside)
        top.addWidget(title, 1)
        top.addWidget(self.push)
        top.addWidget(self.close_button)
        self._said = PlainLabel("", inside, wrap=True)
        self._rest = PlainLabel("", inside, role=ColourRole.WAIT_TEXT, wrap=True)
        self._lists = QVBoxLayout()
        self._lists.setSpacing(SPACE.inside)
        self._usage = PlainLabel("", inside, size=TYPE.muted, role=ColourRole.MUTED, wrap=True)
        for label in (self._said, self._rest, self._usage):
            label.setMaximumWidth(_WIDTH)
        column.addWidget(head)
        column.addWidget(self._said)
        column.addWidget(self._rest)
        column.addLayout(self._lists)
        column.addSpacing(SPACE.inside)
        column.addWidget(self._usage)
        column.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SOON)
        self._timer.timeout.connect(self.refresh)
        self._clock = QTimer(self)
        self._clock.setInterval(_EVERY)
        self._clock.timeout.connect(self.refresh)
        for kind in (OutboxChanged, CrmStateChanged):
            desk.hub.subscribe(kind, lambda _: self._soon())

    @property
    def text(self) -> str:
        """What it says above the lists."""
        return self._said.text()

    @property
    def usage(self) -> str:
        """What it says of the requests of the day."""
        return self._usage.text()

    @property
    def resting(self) -> str:
        """Why nothing goes out now; empty when something may."""
        return self._rest.text()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def refresh(self) -> None:
        """Look at everything again."""
        self._timer.stop()
        try:
            count, rows = self._desk.reads.outbox_count(), self._desk.reads.outbox_rows(_MOST)
        except AppError as error:
            self._said.setText(error_sentence(error))
            return
        state, now = self._desk.sync.state, self._desk.clock.now()
        rest = rest_text(state, now)
        self._rest.setText(rest)
        self._rest.setVisible(bool(rest))
        self._usage.setText(usage_text(state))
        self._usage.setVisible(bool(self._desk.login.status.instance))
        self.push.setVisible(bool(rows))
        self._said.setText(self._summary(count.waiting, count.failed))
        shape = ([(row.kind, row.ref, row.failed) for row in rows], count, state.findings)
        if shape != self._shown:
            self._shown = shape
            self._build(rows, count.waiting + count.failed, [finding_text(one) for one in state.findings])
        connected = self._desk.login.status.state.value == "signed-in"
        for item, row in zip(self.rows, rows, strict=True):
            item.show_row(row, state_text(row, state, now, connected=connected), (row.kind, row.ref) in state.sending)

    def _push(self) -> None:
        self._desk.sync.push()

    def _soon(self) -> None:
        if self.isVisible():
            self._timer.start()

    def _summary(self, waiting: int, failed: int) -> str:
        if not self._desk.login.status.instance:
            return self.tr("Salesforce is not set up yet. Calls and texts are kept here.")
        said = []
        if failed:
            said.append(self.tr("{count} not written.").format(count=failed))
        if waiting:
            said.append(self.tr("{count} waiting to be sent.").format(count=waiting))
        return " ".join(said) or self.tr("Everything is in Salesforce.")

    def _build(self, rows: tuple[OutboxRow, ...], total: int, findings: list[str]) -> None:
        clear_layout(self._lists)
        self.rows = []
        for failed, heading in ((True, self.tr("Not written")), (False, self.tr("Waiting"))):
            some = [row for row in rows if row.failed is failed]
            if some:
                body = self.add_card(heading, self._lists).body
                for at, row in enumerate(some):
                    if at:
                        body.addWidget(Separator(self))
                    item = OutboxItem(self._desk, self._nav, row, self)
                    self.rows.append(item)
                    body.addWidget(item)
        if total > len(rows):
            more = self.tr("And {count} more.").format(count=total - len(rows))
            self._lists.addWidget(PlainLabel(more, self, role=ColourRole.MUTED))
        if findings:
            body = self.add_card(self.tr("Good to know about your Salesforce"), self._lists).body
            for said in findings:
                body.addWidget(PlainLabel(said, self, wrap=True))


class OutboxItem(QWidget):
    """One fact: what it is and with whom, where it stands, why, and two buttons."""

    def __init__(self, desk: Desk, nav: Navigator, row: OutboxRow, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self.row = row
        self._icon = _ICONS.get(row.kind, "note")
        what, self._number = self._described()
        self._what = PlainLabel(what, self, weight=Weight.MEDIUM)
        self._state = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, wrap=True)
        self._why = PlainLabel("", self, size=TYPE.muted, wrap=True)
        self._advice = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, wrap=True)
        self.retry = Button(self.tr("Retry"), ButtonKind.GHOST, "retry", self, small=True)
        self.retry.clicked.connect(lambda: desk.sync.retry(row.kind, row.ref))
        self.open = Button(self.tr("Open"), ButtonKind.GHOST, "chevron-right", self, small=True)
        self.open.clicked.connect(self._open)
        self.open.setVisible(bool(self._number) or row.kind == "call")
        texts = QVBoxLayout()
        texts.setSpacing(SPACE.half)
        for label in (self._what, self._state, self._why, self._advice):
            texts.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.half)
        buttons.addWidget(self.retry)
        buttons.addWidget(self.open)
        line = QHBoxLayout(self)
        line.setContentsMargins(METRICS.icon + SPACE.gap, 0, 0, 0)
        line.setSpacing(SPACE.inside)
        line.addLayout(texts, 1)
        line.addLayout(buttons)
        line.setAlignment(buttons, Qt.AlignmentFlag.AlignTop)
        theme().changed.connect(self.update)

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """What, state, why and advice as they show."""
        return self._what.text(), self._state.text(), self._why.text(), self._advice.text()

    def show_row(self, row: OutboxRow, state: str, sending: bool) -> None:
        """Say how it stands now."""
        self.row = row
        self._state.setText(state)
        self._state.set_role(ColourRole.DANGER_TEXT if row.failed and not sending else ColourRole.MUTED)
        why, advice = why_text(row), advice_text(row)
        for label, text in ((self._why, why), (self._advice, advice)):
            label.setText(text)
            label.setVisible(bool(text))
        self.retry.setEnabled(not sending)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        role = ColourRole.DANGER_TEXT if self.row.failed else ColourRole.MUTED
        at = self._what.geometry()
        draw_icon(painter, self._icon, QRectF(0, at.top(), METRICS.icon, at.height()), role)
        painter.end()

    def _described(self) -> tuple[str, str]:
        """(what it is and with whom, number)."""
        desk, row = self._desk, self.row
        region, now = desk.lines.region(), desk.clock.now()
        try:
            if row.kind == "day":
                number, day = row.ref.rsplit("|", 1)
                who = present.match_title(desk.matching.known(number), present.number_text(number, region))
                when = present.day_text(day, rep_day(now, desk.login.zone()))
                return self.tr("Texts with {name}, {day}").format(name=who, day=when), number
            if row.kind == "call" and (log := desk.reads.call_log(row.ref)) is not None:
                who = log.person or present.person_title(desk.matching.known(log.call.number), log.call, region)
                when = present.time_text(log.call.started, now)
                return self.tr("Call with {name}, {time}").format(name=who, time=when), log.call.number
        except (AppError, ValueError):
            pass  # it is still listed, with its state; only its name is not known
        return (self.tr("Follow-up task") if row.kind == "follow-up" else self.tr("Call")), ""

    def _open(self) -> None:
        if self.row.kind == "call":
            if advice_for(self.row.reason, failed=self.row.failed) is Advice.RULE:
                self._nav.details_wanted.emit(self.row.ref)  # what is to be changed is among them
            self._nav.call_opened.emit(self.row.ref)
        else:
            self._nav.text_wanted.emit(self._number, "")
