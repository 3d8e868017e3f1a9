"""Somebody else's window: an editor that keeps what is typed in a file. `python -m tests.desktop_e2e.typist FILE`.

Each time the keyboard leaves it, the file beside it (`.lost`) gets a line.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit

TITLE = "Somebody's letter"


class Editor(QPlainTextEdit):
    """Writes every change at once."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self.setWindowTitle(TITLE)
        self.resize(500, 300)
        self.textChanged.connect(self._keep)
        self._keep()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        with self._file.with_suffix(".lost").open("a") as lost:
            lost.write(f"{event.reason()}\n")

    def _keep(self) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(self.toPlainText(), encoding="utf-8")
        os.replace(fresh, self._file)


def main() -> int:
    """Until it is ended."""
    application = QApplication(["typist"])
    editor = Editor(Path(sys.argv[1]))
    editor.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
