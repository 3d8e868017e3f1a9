"""Signing in to Salesforce from the window: the wish, and the bar that shows while the browser is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.events import CrmStateChanged
from app.errors import AppError, ErrorCode
from ui.components import Banner, BannerKind, Button, ButtonKind
from ui.words import error_sentence

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator


class SignInWish(QObject):
    """Carries out what the buttons ask: sign in, cancel, copy the address."""

    def __init__(self, desk: Desk, nav: Navigator, open_url: Callable[[QUrl], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._nav = nav
        self._open_url = open_url
        nav.sign_in_wanted.connect(self.start)

    def start(self) -> None:
        """Open the browser on the sign-in page; with one waiting already, open it there again."""
        try:
            self._desk.sign_in.start(self._open, QLocale.languageToCode(QLocale.system().language()))
        except AppError as error:
            self._nav.trouble.emit(error)

    def _open(self, address: str) -> bool:
        return self._open_url(QUrl(address))


def copy_address(desk: Desk) -> None:
    """Put the address of the waiting sign-in on the clipboard."""
    waiting = desk.sign_in.waiting
    if waiting is not None and waiting.address:
        QGuiApplication.clipboard().setText(waiting.address)


class SignInBar(Banner):
    """A calm line while the browser is asked, and why it did not work when it did not."""

    def __init__(
        self, desk: Desk, nav: Navigator, open_url: Callable[[QUrl], bool], parent: QWidget | None = None
    ) -> None:
        """``open_url`` opens the browser; False when there is none."""
        super().__init__(BannerKind.INFO, "", parent, closable=True)
        self.wish = SignInWish(desk, nav, open_url, self)
        self._desk = desk
        self._nav = nav
        self.copy = Button(self.tr("Copy address"), ButtonKind.GHOST, parent=self, small=True)
        self.copy.clicked.connect(lambda: copy_address(desk))
        line = self.layout()
        assert isinstance(line, QHBoxLayout)
        line.insertWidget(2, self.copy)
        self.acted.connect(self._act)
        self.closed.connect(self._put_away)
        desk.hub.subscribe(CrmStateChanged, lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Look at the sign-in again."""
        sign_in = self._desk.sign_in
        waiting, problem = sign_in.waiting, sign_in.problem
        self.copy.setVisible(waiting is not None and bool(waiting.address))
        self.set_closable(waiting is None)
        if waiting is not None:
            kind = BannerKind.INFO if waiting.note is None else BannerKind.OFFLINE
            self.show_text(kind, waiting_sentence(waiting.address, waiting.note), self.tr("Cancel"))
        elif problem is not None:
            again = "" if problem.code is ErrorCode.SIGN_IN_NOT_SET_UP else self.tr("Sign in again")
            self.show_text(BannerKind.ERROR, error_sentence(problem), again)
        self.setVisible(waiting is not None or problem is not None)

    def _act(self) -> None:
        if self._desk.sign_in.waiting is not None:
            self._desk.sign_in.cancel()
        else:
            self._nav.sign_in_wanted.emit()

    def _put_away(self) -> None:
        self._desk.sign_in.dismiss()


def waiting_sentence(address: str, note: AppError | None) -> str:
    """What a sign-in on its way waits for."""
    if note is not None:
        return error_sentence(note)
    if not address:
        return QCoreApplication.translate("SignIn", "Looking for Salesforce…")
    return QCoreApplication.translate("SignIn", "Waiting for your browser… If none has opened, copy the address.")
