"""The components' tests run without a screen, with the theme laid over the application."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication  # the platform is chosen first

from ui.design.theme import Theme, ThemeMode


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Theme]:
    """The theme, light at first, put back afterwards."""
    theme = Theme.install(qapp, ThemeMode.LIGHT)
    yield theme
    theme.set_mode(ThemeMode.LIGHT)
    theme.set_reduced_motion(None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen says it has no window manager; every other warning of Qt fails."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints"))
