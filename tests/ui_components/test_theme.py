"""The theme follows, can be forced, and icons follow it."""

from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import resources
from ui.design.gallery import render
from ui.design.icons import app_icon, icon, icon_pixmap, set_icon
from ui.design.theme import Theme, ThemeMode, theme
from ui.design.tokens import DARK, LIGHT, ColourRole

NAMES = sorted(path.stem for path in resources.path("icons").glob("*.svg") if path.stem != "app")
WANTED = (
    "phone phone-out phone-in phone-missed phone-off message people settings search keypad mic mic-off pause play "
    "record transfer send quick-text note pin check check-double clock alert retry external-link close chevron-down "
    "plus more voicemail lock wifi-off speaker user briefcase ticket mail calendar moon sun building copy backspace"
)


def test_forcing_a_scheme(look: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.waitSignal(look.changed):
        look.set_mode(ThemeMode.DARK)
    assert look.dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.surface)
    assert look.colour(ColourRole.TEXT) == QColor(DARK.text)
    look.set_mode(ThemeMode.LIGHT)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.surface)


def test_there_is_one_theme(look: Theme, qapp: QApplication) -> None:
    assert theme() is look
    assert Theme.install(qapp, ThemeMode.LIGHT) is look


def test_all_icons_are_there() -> None:
    assert set(WANTED.split()) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_icons_draw_at_every_scale(look: Theme, name: str, scale: float) -> None:
    pixmap = icon_pixmap(name, ColourRole.TEXT, 20, scale)
    assert pixmap.width() == round(20 * scale)
    image = pixmap.toImage()
    inked = sum(image.pixelColor(x, y).alpha() > 128 for x in range(image.width()) for y in range(image.height()))
    assert inked > 8 * scale
    assert 'stroke="currentColor"' in resources.text(f"icons/{name}.svg")


def test_a_set_icon_is_tinted_again(look: Theme, qapp: QApplication) -> None:
    action = QAction("Mute")
    set_icon(action, "check")
    before = action.icon().pixmap(20, 20).toImage()
    look.set_mode(ThemeMode.DARK)
    assert action.icon().pixmap(20, 20).toImage() != before
    assert not icon("mic").isNull()
    assert not app_icon().pixmap(256, 256).isNull()


def test_unknown_icons_and_paths_are_refused() -> None:
    with pytest.raises(FileNotFoundError):
        icon_pixmap("no-such-icon")
    with pytest.raises(ValueError, match="stays inside"):
        resources.path("../pyproject.toml")


def test_the_gallery_draws(look: Theme, tmp_path: Path) -> None:
    files = render(tmp_path, scales=(1.0,))
    assert len(files) == 8
    assert all(path.stat().st_size > 2000 for path in files)
