"""Where a past call stands on its way to Salesforce: quiet when all is well, with words and Retry when not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.call_log import CallLog, Synced
from app.usecases.login import CrmState
from ui.components import Button, ButtonKind, PlainLabel
from ui.design.icons import draw_icon
from ui.design.theme import theme
from ui.design.tokens import METRICS, SPACE, TYPE, ColourRole
from ui.words import trouble_sentence

if TYPE_CHECKING:
    from app.desk import Desk

_LOOKS = {
    Synced.DONE: ("check", ColourRole.MUTED),
    Synced.WAITING: ("clock", ColourRole.WAIT_TEXT),
    Synced.FAILED: ("alert", ColourRole.DANGER_TEXT),
}


class CallSync(QWidget):
    """One line below the notes."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._call_id = ""
        self._gone = False
        self._look = _LOOKS[Synced.DONE]
        self._words = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, wrap=True)
        self._retry = Button(self.tr("Retry"), ButtonKind.GHOST, "retry", self, small=True)
        self._retry.clicked.connect(self._again)
        row = QHBoxLayout(self)
        row.setContentsMargins(METRICS.icon_small + SPACE.unit + SPACE.half, 0, 0, 0)
        row.setSpacing(SPACE.inside)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._retry)
        self.setMinimumHeight(METRICS.control_small)
        self.hide()
        theme().changed.connect(self.update)

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def show_log(self, log: CallLog | None) -> None:
        """Show where a call stands. Nothing for a live one, one that never left, or without Salesforce."""
        # Without a SIP Call-ID no INVITE ever left; there is nothing to log.
        if log is None or not log.call.sip_call_id or not self._desk.login.status.instance:
            self.hide()
            return
        if log.task_id and log.id != self._call_id:
            self._desk.sync.opened(log.id)
        self._call_id = log.id
        self._gone = log.task_gone
        self._look = ("trash", ColourRole.MUTED) if log.task_gone else _LOOKS[log.synced]
        self._words.setText(self._said(log))
        self._words.set_role(self._look[1])
        self._retry.set_word(self.tr("Log again") if log.task_gone else self.tr("Retry"))
        self._retry.setVisible(log.task_gone or log.synced is Synced.FAILED)
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        at = QRectF(0, 0, METRICS.icon_small, self.height())
        draw_icon(painter, self._look[0], at, self._look[1], METRICS.icon_small)
        painter.end()

    def _said(self, log: CallLog) -> str:
        match log.synced:
            case _ if log.task_gone:
                return self.tr("Deleted in Salesforce")
            case Synced.DONE if log.task_id:
                return self.tr("Logged in Salesforce")
            case Synced.FAILED:
                why = trouble_sentence(log.sync_error, {}) if log.sync_error else ""
                return self.tr("Not in Salesforce: {why}").format(why=why).rstrip(": ")
            case _ if self._desk.login.status.state is CrmState.SIGNED_IN:
                return self.tr("Waits for Salesforce")
            case _:
                return self.tr("Waits here until Salesforce is back")

    def _again(self) -> None:
        if self._gone:
            self._desk.sync.log_again(self._call_id)
        else:
            self._desk.sync.retry("call", self._call_id)
        self._retry.hide()
        self._look = _LOOKS[Synced.WAITING]
        self._words.set_role(self._look[1])
        self._words.setText(self.tr("Trying again"))
        self.update()
