"""The group of the settings page about this computer: start at login, phone links, and what the desktop lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from ui.components import Button, Paragraph, PlainLabel, Separator
from ui.components.layout import clear_layout
from ui.design.tokens import SPACE, TYPE, ColourRole
from ui.desktop.port import SCHEMES, Desktop, Lack
from ui.setting_rows import LABEL, SwitchRow
from ui.words import error_sentence
from ui.worker import in_worker

_WIDTH = 600
_Found = tuple[bool, Mapping[str, bool]]  # starts at login; opens these links


class DesktopGroup(QWidget):
    """Asks the desktop when it comes into sight. `page_wanted` with the system's own page for links."""

    page_wanted = Signal(QUrl)

    def __init__(self, desktop: Desktop, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desktop = desktop
        self.login = SwitchRow(
            self.tr("Start at login"), self.tr("Ringdown is then ready for calls as soon as you are."), self
        )
        self.login.switch.setEnabled(False)  # until the desktop has answered
        self.login.changed.connect(lambda value: self._start_at_login(value == "yes"))
        label = PlainLabel(self.tr("Phone links"), self)
        label.setFixedWidth(LABEL)
        self.links = PlainLabel("", self)
        about = self.tr("Numbers to click in pages and mail: links that begin with {kinds}.")
        kinds = ", ".join(f"{scheme}:" for scheme in SCHEMES)
        help = PlainLabel(about.format(kinds=kinds), self, size=TYPE.muted, role=ColourRole.MUTED)
        self.take_links = Button(self.tr("Make default"), parent=self, small=True)
        self.take_links.clicked.connect(self._take_links)
        self.take_links.hide()
        line = QHBoxLayout()
        line.setSpacing(SPACE.between)
        line.addWidget(label)
        line.addWidget(self.links, 1)
        line.addWidget(self.take_links)
        links = QVBoxLayout()
        links.setSpacing(SPACE.half)
        links.addLayout(line)
        links.addWidget(help)
        self.problem = Paragraph("", _WIDTH, self, size=TYPE.muted, role=ColourRole.DANGER_TEXT)
        self.problem.hide()
        self._line = Separator(self)
        self.lacks = QVBoxLayout()
        self.lacks.setSpacing(SPACE.unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.between)
        column.addWidget(self.login)
        column.addLayout(links)
        column.addWidget(self.problem)
        column.addWidget(self._line)
        column.addLayout(self.lacks)
        self._line.hide()

    def refresh(self) -> None:
        """Ask the desktop again. What may wait for others happens on workers."""
        in_worker(self, self._read, self._show, self._failed)
        lacks = self._desktop.capabilities()
        in_worker(self, self._desktop.session_lacks, lambda more: self._show_lacks(lacks | more), self._failed)

    def _show(self, found: _Found) -> None:
        login, links = found
        self.login.switch.setEnabled(True)
        self.login.show_value("yes" if login else "no")
        mine = [f"{scheme}:" for scheme in SCHEMES if links.get(scheme)]
        if len(mine) == len(SCHEMES):
            self.links.setText(self.tr("Open in Ringdown"))
        elif mine:
            self.links.setText(self.tr("Only {kinds} open in Ringdown").format(kinds=", ".join(mine)))
        else:
            self.links.setText(self.tr("Do not open in Ringdown"))
        self.take_links.setVisible(not all(links.get(scheme) for scheme in SCHEMES))
        self.take_links.setEnabled(True)

    def _show_lacks(self, lacks: frozenset[Lack]) -> None:
        clear_layout(self.lacks)
        words = [lack_sentence(lack) for lack in Lack if lack in lacks]
        for sentence in words:
            self.lacks.addWidget(Paragraph(sentence, _WIDTH, self, role=ColourRole.MUTED), 0, Qt.AlignmentFlag.AlignTop)
        self._line.setVisible(bool(words))

    def _failed(self, error: AppError) -> None:
        self.problem.setText(error_sentence(error))
        self.problem.show()

    def _start_at_login(self, on: bool) -> None:
        self.login.switch.setEnabled(False)
        self.problem.hide()

        def change() -> _Found:
            self._desktop.set_autostart(on)
            return self._read()

        self._change(change)

    def _take_links(self) -> None:
        self.take_links.setEnabled(False)
        self.problem.hide()

        def change() -> _Found:
            self._desktop.register()
            return self._read()

        page = self._desktop.links_page()
        if page:
            self.page_wanted.emit(QUrl(page))
        self._change(change)

    def _change(self, change: Callable[[], _Found]) -> None:
        def failed(error: AppError) -> None:
            self._failed(error)
            in_worker(self, self._read, self._show, self._failed)

        in_worker(self, change, self._show, failed)

    def _read(self) -> _Found:
        return self._desktop.autostart(), self._desktop.registered()


def lack_sentence(lack: Lack) -> str:
    """What is missing here, and what that means."""
    match lack:
        case Lack.NO_TRAY:
            return QCoreApplication.translate(
                "Lacks", "This desktop shows no tray icons: closing the window ends Ringdown, and calls no longer ring."
            )
        case Lack.NO_SELF_RAISE:
            return QCoreApplication.translate(
                "Lacks", "This desktop lets no window come to the front by itself: it only asks for your attention."
            )
        case Lack.NO_GLOBAL_SHORTCUTS:
            return QCoreApplication.translate(
                "Lacks",
                "Keys work only while Ringdown has the keyboard: this desktop has no shortcuts for all windows.",
            )
        case Lack.NOT_INSTALLED:
            return QCoreApplication.translate(
                "Lacks", "Ringdown is not installed on this computer: it cannot take phone links or start at login."
            )
        case Lack.LINKS_CHOSEN_BY_USER:
            return QCoreApplication.translate(
                "Lacks", "Your system lets only you choose who opens phone links: its own page opens for that."
            )
        case Lack.LINKS_NOT_RETURNED:
            return QCoreApplication.translate(
                "Lacks", "Phone links can be given to another program in the settings of your system only."
            )
