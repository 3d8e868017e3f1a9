"""What waits for Salesforce and what it would not take: each with why, when it is tried next, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.advice import Advice, advice_for
from app.domain.events import CrmStateChanged, OutboxChanged
from app.domain.local_time import rep_day
from app.errors import AppError
from app.usecases.login import CrmState
from ui import present
from ui.column_page import ColumnPage
from ui.components import Button, ButtonKind, PlainLabel
from ui.components.layout import clear_layout
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole, Weight
from ui.outbox_words import advice_text, finding_text, rest_text, state_text, usage_text, why_text
from ui.words import error_sentence

if TYPE_CHECKING:
    from app.desk import Desk
    from app.ports.crm import OrgFinding
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
        self._findings: tuple[OrgFinding, ...] = ()
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
        # What failed stands first.
        headings = {True: self.tr("Not written"), False: self.tr("Waiting")}
        self._groups = {failed: OutboxGroup(desk, nav, self, heading) for failed, heading in headings.items()}
        self._more = PlainLabel("", inside, role=ColourRole.MUTED, wrap=True)
        self._known = QVBoxLayout()
        self._known.setSpacing(SPACE.inside)
        self._usage = PlainLabel("", inside, size=TYPE.muted, role=ColourRole.MUTED, wrap=True)
        for label in (self._said, self._rest, self._more, self._usage):
            label.setMaximumWidth(_WIDTH)
        column.addWidget(head)
        column.addWidget(self._said)
        column.addWidget(self._rest)
        for group in self._groups.values():
            column.addWidget(group)
        column.addWidget(self._more)
        column.addLayout(self._known)
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
        connected = self._desk.login.status.state is CrmState.SIGNED_IN
        self.rows = []
        for failed, group in self._groups.items():
            self.rows += group.show_rows([row for row in rows if row.failed is failed])
        for item in self.rows:
            words = state_text(item.row, state, now, connected=connected)
            item.show_state(words, (item.row.kind, item.row.ref) in state.sending)
        left = count.waiting + count.failed - len(rows)
        self._more.setText(self.tr("And {count} more.").format(count=left) if left > 0 else "")
        self._more.setVisible(left > 0)
        self._show_findings(state.findings)

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

    def _show_findings(self, findings: tuple[OrgFinding, ...]) -> None:
        if findings == self._findings:
            return
        self._findings = findings
        clear_layout(self._known)
        if findings:
            body = self.add_card(self.tr("Good to know about your Salesforce"), self._known).body
            for one in findings:
                body.addWidget(PlainLabel(finding_text(one), self, wrap=True))


class OutboxGroup(QWidget):
    """Facts below one heading. Those that stay are not made anew: while many go out, the window must not stand still,
    and the keyboard may be on one of them."""

    def __init__(self, desk: Desk, nav: Navigator, page: ColumnPage, heading: str) -> None:
        super().__init__(page.inside)
        self._desk = desk
        self._nav = nav
        self._items: dict[tuple[str, str], OutboxItem] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.inside)
        self._body = page.add_card(heading, column).body
        self.setMaximumWidth(_WIDTH)
        self.hide()

    def show_rows(self, rows: Sequence[OutboxRow]) -> list[OutboxItem]:
        """Show these, in this order; the group hides without any."""
        wanted = {(row.kind, row.ref): row for row in rows}
        for gone in self._items.keys() - wanted.keys():
            item = self._items.pop(gone)
            self._body.removeWidget(item)
            item.hide()
            item.deleteLater()
        for at, (key, row) in enumerate(wanted.items()):
            if key not in self._items:
                self._items[key] = OutboxItem(self._desk, self._nav, row, self)
            item = self._items[key]
            item.row = row
            item.set_ruled(at > 0)
            if self._body.indexOf(item) != at:
                self._body.insertWidget(at, item)
        self.setVisible(bool(rows))
        return [self._items[key] for key in wanted]


class OutboxItem(QWidget):
    """One fact: what it is and with whom, where it stands, why, and two buttons. `show_state` tells of its `row`."""

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
        for button in (self.retry, self.open):
            button.setAccessibleDescription(self._what.accessibleName())  # there may be a hundred of each
        texts = QVBoxLayout()
        texts.setSpacing(SPACE.half)
        for label in (self._what, self._state, self._why, self._advice):
            texts.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.half)
        buttons.addWidget(self.retry)
        buttons.addWidget(self.open)
        line = QHBoxLayout(self)
        line.setSpacing(SPACE.inside)
        self._line = line
        self._ruled = False
        self.set_ruled(False)
        line.addLayout(texts, 1)
        line.addLayout(buttons)
        line.setAlignment(buttons, Qt.AlignmentFlag.AlignTop)
        theme().changed.connect(self.update)

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """What, state, why and advice as they show."""
        return self._what.text(), self._state.text(), self._why.text(), self._advice.text()

    def set_ruled(self, ruled: bool) -> None:
        """Whether a hairline parts it from the fact above."""
        self._ruled = ruled
        self._line.setContentsMargins(METRICS.icon + SPACE.gap, SPACE.inside + 1 if ruled else 0, 0, 0)

    def show_state(self, state: str, sending: bool) -> None:
        """Say how it stands now."""
        row = self.row
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
        if self._ruled:
            painter.fillRect(0, 0, self.width(), 1, theme().colour(ColourRole.BORDER))
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
