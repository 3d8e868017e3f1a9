"""Every component on a few pages, to look at: `python -m ui.design.gallery --png DIR`.

Writes each page in light and dark, at scale 1 and 2. For people who work on the window; not shipped to reps.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPixmap
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.design.gallery_pages import PAGES
from ui.design.theme import Theme, ThemeMode
from ui.design.tokens import ColourRole

__all__ = ["main", "render"]


def render(folder: Path, scales: tuple[float, ...] = (1.0, 2.0)) -> list[Path]:
    """Draw all pages into `folder`; returns the files. Needs a QApplication."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("the gallery needs a QApplication")
    folder.mkdir(parents=True, exist_ok=True)
    look = Theme.install(app)
    before = look.mode
    written: list[Path] = []
    for mode in (ThemeMode.LIGHT, ThemeMode.DARK):
        look.set_mode(mode)
        for name, build in PAGES.items():
            page = _page(build)
            for scale in scales:
                path = folder / f"{name}-{mode.value}-{scale:g}x.png"
                _grab(page, scale, look.colour(ColourRole.SURFACE)).save(str(path))
                written.append(path)
            page.hide()
            page.deleteLater()
    look.set_mode(before)
    return written


def _page(build: Callable[[QWidget], None]) -> QWidget:
    page = QWidget()
    page.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    build(page)
    layout = page.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addStretch()
    page.resize(page.sizeHint().expandedTo(page.minimumSize()))
    page.show()
    for marked in page.findChildren(QWidget):
        if marked.property("focused"):
            # One window can hold one focus; the gallery shows several rings at once.
            event = QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason)
            QApplication.sendEvent(marked, event)
    QApplication.processEvents()
    return page


def _grab(page: QWidget, scale: float, ground: QColor) -> QPixmap:
    pixmap = QPixmap(page.size() * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(ground)
    page.render(pixmap, QPoint(0, 0))
    return pixmap


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and write the pictures."""
    parser = argparse.ArgumentParser(prog="ui.design.gallery", description=__doc__)
    parser.add_argument("--png", type=Path, required=True, metavar="DIR", help="folder for the pictures")
    given = parser.parse_args(arguments)
    app = QApplication.instance() or QApplication([])
    files = render(given.png)
    sys.stdout.write(f"{len(files)} pictures in {given.png}\n")
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
