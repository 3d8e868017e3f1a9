"""What every test of the window needs: no screen, one zone and one language, and the theme laid over the application.

A `conftest.py` imports the fixtures it wants.
"""

import os
import time
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLocale  # the platform is chosen first
from PySide6.QtWidgets import QApplication

from ui.design.theme import Theme, ThemeMode
from ui.navigator import Navigator


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """UTC and American English, whatever the computer says."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Theme]:
    """The theme, light at first, put back afterwards."""
    theme = Theme.install(qapp, ThemeMode.LIGHT)
    yield theme
    theme.set_mode(ThemeMode.LIGHT)


@pytest.fixture
def nav(look: Theme) -> Navigator:
    """The wishes of the panes."""
    return Navigator()
