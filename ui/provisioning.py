"""Import of a provisioning file from the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.errors import AppError
from ui.worker import in_worker

if TYPE_CHECKING:
    from app.desk import Desk
    from ui.navigator import Navigator


class Provisioning(QObject):
    """Asks for the file and uses it. The dialog stops nobody from answering a call."""

    imported = Signal()

    def __init__(self, desk: Desk, nav: Navigator, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._nav = nav
        self._window = window
        self._dialog: QFileDialog | None = None

    def ask(self) -> None:
        """Open the file dialog, or bring the open one forward."""
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        dialog = QFileDialog(self._window, self.tr("Import provisioning file"))
        dialog.setWindowModality(Qt.WindowModality.NonModal)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Provisioning files (*.toml)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.use)
        dialog.finished.connect(self._forget)
        self._dialog = dialog
        dialog.show()

    def use(self, path: str) -> None:
        """Read the file and take its lines and settings; a bad one changes nothing and is told."""
        from app.settings_file import parse_provisioning, provisioning_text

        def take(text: str) -> None:
            try:
                provisioned = parse_provisioning(text, path, self._desk.lines.settings)
            except AppError as error:
                self._nav.trouble.emit(error)
                return
            self._desk.lines.provision(provisioned, self.imported.emit, self._nav.trouble.emit)

        # The file may be on a share that takes its time.
        in_worker(self, lambda: provisioning_text(Path(path)), take, self._nav.trouble.emit)

    def _forget(self) -> None:
        self._dialog = None
