"""The Salesforce group of the settings page: who is signed in and where, and the buttons that change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.sign_in_address import PRODUCTION, SANDBOX, host_of
from app.errors import AppError
from app.usecases.login import CrmState
from ui.components import Button, ButtonKind, DotState, Paragraph, PlainLabel, StateDot, clean_line
from ui.design.tokens import SPACE, TYPE, ColourRole, Weight
from ui.setting_rows import LABEL, ChoiceRow
from ui.sign_in import copy_address, waiting_sentence
from ui.words import error_sentence

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator

_WIDTH = 600
_OWN = "own"


class SalesforceGroup(QWidget):
    """Main thread. `said` is what it tells."""

    def __init__(self, desk: Desk, nav: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._chose_own = False
        self.dot = StateDot(DotState.OFF, "", self)
        self.state = PlainLabel("", self, weight=Weight.MEDIUM, wrap=True)
        self.detail = PlainLabel("", self, size=TYPE.muted, role=ColourRole.MUTED, wrap=True)
        self.others = PlainLabel("", self, size=TYPE.muted, role=ColourRole.WAIT_TEXT, wrap=True)
        self.sign_in = Button(self.tr("Sign in"), ButtonKind.PRIMARY, parent=self)
        self.copy = Button(self.tr("Copy address"), parent=self)
        self.cancel = Button(self.tr("Cancel"), parent=self)
        self.sign_out = Button(self.tr("Sign out"), parent=self)
        self.at = ChoiceRow(
            self.tr("Sign in at"),
            "",
            [
                (PRODUCTION, self.tr("Production")),
                (SANDBOX, self.tr("Sandbox")),
                (_OWN, self.tr("Own domain")),
            ],
            self,
        )
        self.domain = QLineEdit(self)
        self.domain.setPlaceholderText("acme.my.salesforce.com")
        self.domain.setAccessibleName(self.tr("Address of your own domain"))
        self.domain.setMaximumWidth(_WIDTH - LABEL)
        self.wrong = Paragraph("", _WIDTH, self, size=TYPE.muted, role=ColourRole.DANGER_TEXT)
        self._lay_out()
        self.sign_in.clicked.connect(nav.sign_in_wanted)
        self.copy.clicked.connect(lambda: copy_address(desk))
        self.cancel.clicked.connect(lambda _: desk.sign_in.cancel())
        self.sign_out.clicked.connect(lambda _: desk.sign_in.sign_out())
        self.at.changed.connect(self._choose)
        self.domain.editingFinished.connect(self._typed)
        self.refresh()

    @property
    def said(self) -> str:
        """What the group tells of the sign-in."""
        return self.state.text()

    def refresh(self) -> None:
        """Read everything again."""
        status, sign_in = self._desk.login.status, self._desk.sign_in
        signed_in = status.state is not CrmState.SIGNED_OUT
        waiting = sign_in.waiting
        word, dot, detail = self._words()
        self.dot.set_state(dot, word)
        self.state.setText(word)
        self._show(self.detail, detail)
        self._show(self.others, self._of_others())
        self.sign_in.setVisible(not signed_in and waiting is None)
        self.sign_in.setEnabled(sign_in.is_set_up)
        self.copy.setVisible(waiting is not None and bool(waiting.address))
        self.cancel.setVisible(waiting is not None)
        self.sign_out.setVisible(signed_in and waiting is None)
        self._show_address(visible=not signed_in and sign_in.is_set_up, enabled=waiting is None)

    def _words(self) -> tuple[str, DotState, str]:
        """The state in a word, its dot, and a line below."""
        status, sign_in = self._desk.login.status, self._desk.sign_in
        name = clean_line(status.user.name) if status.user else ""
        org = clean_line(host_of(status.instance))
        if sign_in.waiting is not None:
            said = waiting_sentence(sign_in.waiting.address, sign_in.waiting.note)
            return said, DotState.CONNECTING, ""
        match status.state:
            case CrmState.SIGNED_IN:
                said = self.tr("Signed in as {name} at {org}").format(name=name, org=org)
                return said, DotState.READY, clean_line(status.user.username) if status.user else ""
            case CrmState.OFFLINE:
                return (
                    self.tr("Offline. What you write waits here and goes out later."),
                    DotState.CONNECTING,
                    self.tr("Signed in as {name} at {org}").format(name=name, org=org) if name else "",
                )
        problem = sign_in.problem or status.problem
        if problem is not None:
            return self.tr("Signed out"), DotState.FAILED, error_sentence(problem)
        if sign_in.is_set_up:
            return self.tr("Signed out"), DotState.OFF, self.tr("Calls and texts are kept here until you sign in.")
        return (
            self.tr("Not signed in. The provisioning file of your admin brings the sign-in."),
            DotState.OFF,
            "",
        )

    def _of_others(self) -> str:
        return " ".join(
            self.tr("{count} waiting for {name}: sent when {name} signs in here.").format(
                count=count, name=clean_line(name)
            )
            for name, count in self._desk.reads.waiting_for_others()
        )

    def _show(self, label: PlainLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _show_address(self, *, visible: bool, enabled: bool) -> None:
        address = self._desk.lines.settings.salesforce.login_url
        own = self._chose_own or address not in {PRODUCTION, SANDBOX}
        self.at.show_value(_OWN if own else address)
        self.at.setVisible(visible)
        self.at.setEnabled(enabled)
        self.domain.setVisible(visible and own)
        self.domain.setEnabled(enabled)
        if not self.domain.hasFocus() and not self.wrong.text():
            self.domain.setText("" if address in {PRODUCTION, SANDBOX} else address.removeprefix("https://"))
        self.wrong.setVisible(visible and own and bool(self.wrong.text()))

    def _choose(self, value: str) -> None:
        self._chose_own = value == _OWN
        self.wrong.setText("")
        if self._chose_own:
            self.refresh()
            self.domain.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._keep(value)

    def _typed(self) -> None:
        if self.domain.text().strip():
            self._keep(self.domain.text())

    def _keep(self, typed: str) -> None:
        try:
            self._desk.sign_in.choose(typed)
        except AppError as error:
            self.wrong.setText(error_sentence(error))
        else:
            self._chose_own = False
            self.wrong.setText("")
        self.refresh()

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(SPACE.half)
        texts.addStretch(1)
        for label in (self.state, self.detail, self.others):
            texts.addWidget(label)
        texts.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(SPACE.gap)
        top.addWidget(self.dot, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addLayout(texts, 1)
        for button in (self.sign_in, self.copy, self.cancel, self.sign_out):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        below = QVBoxLayout()
        below.setContentsMargins(LABEL + SPACE.between, 0, 0, 0)
        below.setSpacing(SPACE.half)
        below.addWidget(self.domain)
        below.addWidget(self.wrong)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.inside)
        column.addLayout(top)
        column.addWidget(self.at)
        column.addLayout(below)
