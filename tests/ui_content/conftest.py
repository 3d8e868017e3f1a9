"""The panes' tests run without a screen, in one zone and one language, on a desk made by hand."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from tests.ui_content.fake_desk import FakeDesk
from ui.design.theme import Theme, ThemeMode
from ui.navigator import Navigator


@pytest.fixture(autouse=True)
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
def fake(look: Theme) -> FakeDesk:
    """An empty desk."""
    return FakeDesk()


@pytest.fixture
def nav(look: Theme) -> Navigator:
    """The wishes of the panes."""
    return Navigator()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen says it has no window manager; every other warning of Qt fails."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints"))
