"""What was just done for a number, and Undo: above the card for as long as it can be taken back."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.desk import Desk
from app.errors import AppError
from ui.components import Banner, BannerKind

__all__ = ["UndoBar"]

_LOOK_AGAIN = 1000  # ms: whether it can still be undone


class UndoBar(Banner):
    """One number at a time. `undone` when it was taken back, `failed` with why it could not be."""

    undone = Signal()
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(BannerKind.INFO, "", parent)
        self._desk = desk
        self._number = ""
        self._again = QTimer(self)
        self._again.setInterval(_LOOK_AGAIN)
        self._again.timeout.connect(self.refresh)
        self.acted.connect(self._undo)
        self.hide()

    def show_number(self, number: str) -> None:
        """Tell what was done for this number; nothing for none."""
        self._number = number
        self.refresh()

    def refresh(self) -> None:
        """Look whether there is something to take back."""
        change = self._desk.new_people.undoable(self._number) if self._number else None
        if change is not None:
            said = self.tr("{name} is in Salesforce now.") if change.made else self.tr("The number is {name}'s now.")
            self.show_text(BannerKind.INFO, said.format(name=change.record.name), self.tr("Undo"))
        self.setVisible(change is not None)
        if change is not None and not self._again.isActive():
            self._again.start()
        elif change is None:
            self._again.stop()

    def _undo(self) -> None:
        def failed(error: AppError) -> None:
            self.refresh()
            self.failed.emit(error)

        self._desk.new_people.undo(self._number, self.undone.emit, failed)
