"""MainWindow: the frame. Painted at once, filled when the app is ready; it lays out and connects, and decides nothing.

Nothing imported here may reach for the store, Salesforce or the use cases: the first paint would wait for them.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QKeySequence,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError, ErrorCode
from ui.components import Separator, Skeleton
from ui.design.theme import Theme, ThemeMode
from ui.design.tokens import METRICS, ColourRole
from ui.hideaway import Hideaway
from ui.rail import Rail
from ui.refusal_page import RefusalPage
from ui.tab_order import order_tabs
from ui.top_bar import TopBar
from ui.words import error_sentence

if TYPE_CHECKING:
    from app.desk import Desk
    from app.hub import HubScope
    from ui.shell import Shell

_START_SIZE = (1180, 760)
_LEAST_SIZE = (760, 520)
_FRAME = 20  # pixels a desktop's frame takes at each side; its title twice as much
_KEEP_AFTER = 800  # milliseconds after the last move
_SECOND_CLOSE = 8_000
# What the rep can do something about while the window waits.
_MAY_PASS = frozenset({ErrorCode.KEYRING_LOCKED, ErrorCode.STORE_FULL, ErrorCode.SETTINGS_UNREADABLE})


class _Loading(QWidget):
    """The places of list, conversation and card while the app is put together."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.skeleton = Skeleton(8, self)
        lists = QWidget(self)
        lists.setFixedWidth(METRICS.list)
        column = QVBoxLayout(lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.skeleton)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(lists)
        row.addWidget(Separator(self, vertical=True))
        row.addStretch(1)
        self.skeleton.start()


class MainWindow(QWidget):
    """The window of the app. `closed` once, when the rep wants it to end; `start_wanted` to try the start again."""

    closed = Signal()
    start_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        folder: Path | None = None,
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        """``folder`` is the profile's: the window's place is kept there. Without it, it comes with the desk."""
        super().__init__()
        self._theme = theme
        self._open_url = open_url
        self._shell: Shell | None = None
        self._refusal: RefusalPage | None = None
        self._scope: HubScope | None = None
        self._place: QSettings | None = None
        self._ended = False
        self._close_asked = False
        self.setWindowTitle(self.tr("Ringdown"))
        self.setMinimumSize(*_LEAST_SIZE)
        self.rail = Rail(self)
        self.top_bar = TopBar(self)
        self._loading = _Loading(self)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top_bar)
        right.addWidget(self._loading, 1)
        self._right = right
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self._keep_soon = QTimer(self)
        self._keep_soon.setSingleShot(True)
        self._keep_soon.setInterval(_KEEP_AFTER)
        self._keep_soon.timeout.connect(self._keep_place)
        self._hideaway = Hideaway(self, lambda: None if self._shell is None else self._shell.has_tray)
        theme.changed.connect(self.update)
        self.resize(self._start_size())
        if folder is not None:
            self._take_place(folder)
        self.shortcut("Ctrl+K", self.focus_field)
        self.shortcut("/", self.focus_field)

    @property
    def shell(self) -> Shell | None:
        """Everything inside, None until `attach`."""
        return self._shell

    def attach(self, desk: Desk, link: str | None) -> None:
        """The app is ready: show it, and what a link asked for."""
        from ui.shell import Shell

        self._end_refusal()
        self._theme.set_mode(ThemeMode(desk.lines.settings.theme.value))
        if self._place is None:
            self._take_place(desk.profile.folder)
        # What the window hears, it must not hear any more when another one takes its place.
        self._scope = desk.hub.scope()
        desk = copy(desk)
        object.__setattr__(desk, "hub", self._scope)
        self._shell = Shell(desk, self, self._open_url)
        self._loading.hide()
        self._loading.skeleton.stop()
        for at, widget in enumerate(self._shell.bars, start=1):
            self._right.insertWidget(at, widget)
        self._right.addWidget(self._shell.workspace, 1)
        self._right.removeWidget(self._loading)
        self._loading.deleteLater()
        self._shell.start(link)

    def refuse(self, error: AppError) -> None:
        """The profile cannot be opened: say why and what to do, on the whole window."""
        self._end_refusal()
        again = error.code in _MAY_PASS
        self._show_refusal(self.tr("Ringdown cannot start"), error_sentence(error), again=again)

    def wait_for_store(self, waiting: bool) -> None:
        """The password store is locked, and its own window asks the rep; or no longer."""
        if not waiting:
            self._end_refusal()
        elif self._shell is None and self._refusal is None:
            self._show(
                RefusalPage(
                    self.tr("Waiting for your password store"),
                    self.tr("Unlock it to go on. Its window may be behind this one."),
                    self,
                    icon="lock",
                    role=ColourRole.MUTED,
                )
            )

    def tell_bug(self, error: BaseException) -> None:
        """Something nobody was prepared for happened and is in the log. The window goes on where it can."""
        if self._shell is not None and isinstance(error, AppError):
            self._shell.nav.trouble.emit(error)  # it has a sentence of its own, as when the store cannot be read
        elif self._shell is not None:
            self._shell.status.tell(self.tr("Something went wrong inside Ringdown. It is in the log; calls go on."))
        else:
            self._show_refusal(
                self.tr("Ringdown cannot start"),
                self.tr("Something went wrong inside Ringdown. Its log says what; nothing was changed."),
            )

    def shortcut(self, keys: str, act: Callable[[], None]) -> None:
        """Run ``act`` for these keys anywhere in the window; a field that takes the key as text keeps it."""
        made = QShortcut(QKeySequence(keys), self)
        made.setAutoRepeat(False)
        made.activated.connect(act)

    def focus_field(self) -> None:
        """Put the keyboard into the one field, over what stands in it."""
        self.top_bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top_bar.field.selectAll()

    def come_forward(self) -> None:
        """Show it, over the others if the desktop allows."""
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def put_away(self) -> None:
        """Out of sight while the app goes on: in the tray, or in the task bar where no tray shows up."""
        self.hide()
        self._hideaway.start()

    def save_now(self) -> None:
        """Store notes and place at once."""
        if self._shell is not None:
            self._shell.flush()
        self._keep_place()

    @property
    def has_ended(self) -> bool:
        """It was closed for good, or another one has taken its place."""
        return self._ended

    def leave(self) -> None:
        """Another window takes this one's place; the app goes on."""
        self._ended = True
        if self._shell is not None:
            self._shell.end()
        if self._scope is not None:
            self._scope.close()
        self._hideaway.stop()
        self.hide()

    def quit(self) -> None:
        """End the app, tray or not."""
        if self._ended:
            return
        self._ended = True
        try:
            self.save_now()
        finally:  # what cannot be stored is told; it must not make a window that nothing closes
            if self._shell is not None:
                self._shell.end()
            self._hideaway.stop()
            self.hide()
            self.closed.emit()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab. Bars, banners and lines come while the app runs: their order is looked at when it is needed."""
        order_tabs(self)
        return super().focusNextPrevChild(next)

    def closeEvent(self, event: QCloseEvent) -> None:
        try:
            self.save_now()
        finally:
            self._close_or_stay(event)

    def _close_or_stay(self, event: QCloseEvent) -> None:
        if self._ended:
            event.accept()
            return
        if self._shell is not None and self._shell.has_tray:
            event.ignore()
            self.put_away()
            return
        if self._talks() and not self._close_asked:
            # Closing ends the call: a slip of the hand must not, and a dialog must not stand over it.
            event.ignore()
            self._close_asked = True
            QTimer.singleShot(_SECOND_CLOSE, self, self._forget_close)
            assert self._shell is not None
            self._shell.status.notice(self.tr("A call is live. Close again to end it and quit."))
            return
        event.accept()
        self.quit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_soon.start()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._keep_soon.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self._shell is not None:
            self._shell.seen()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(ColourRole.SURFACE))
        painter.end()

    def _show_refusal(self, title: str, sentence: str, *, again: bool = False) -> None:
        if self._refusal is None:
            self._show(RefusalPage(title, sentence, self, again=again))

    def _show(self, page: RefusalPage) -> None:
        self._loading.hide()
        self.rail.hide()
        self.top_bar.hide()
        self._refusal = page
        page.quit_wanted.connect(self.quit)
        page.again_wanted.connect(self._start_again)
        self._right.addWidget(page, 1)
        page.button.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.isVisible() and not self._ended:  # started hidden: this the rep must see
            self.show()

    def _end_refusal(self) -> None:
        """Back to the places of what is coming."""
        page, self._refusal = self._refusal, None
        if page is not None:
            self._right.removeWidget(page)
            page.hide()
            page.deleteLater()
            for widget in (self._loading, self.rail, self.top_bar):
                widget.show()

    def _start_again(self) -> None:
        self._end_refusal()
        self.start_wanted.emit()

    def _talks(self) -> bool:
        application = QApplication.instance()
        ending = isinstance(application, QApplication) and application.isSavingSession()
        return self._shell is not None and self._shell.talks and not ending

    def _forget_close(self) -> None:
        self._close_asked = False
        if self._shell is not None:
            self._shell.status.notice("")

    def _start_size(self) -> QSize:
        """As large as we like to be, or as the screen has room for with a frame around."""
        room = self.screen().availableGeometry().size() - QSize(_FRAME, 2 * _FRAME)
        return QSize(*_START_SIZE).boundedTo(room).expandedTo(self.minimumSize())

    def _take_place(self, folder: Path) -> None:
        self._place = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        kept = self._place.value("geometry")
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)

    def _keep_place(self) -> None:
        self._keep_soon.stop()
        if self._place is not None and self.isVisible():
            self._place.setValue("geometry", self.saveGeometry())
            self._place.sync()
