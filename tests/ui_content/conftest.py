"""The panes' tests run without a screen, in one zone and one language, on a desk made by hand."""

import pytest

from tests.ui_content.fake_desk import FakeDesk
from tests.window import here, look, nav
from ui.design.theme import Theme

__all__ = ["here", "look", "nav"]


@pytest.fixture(autouse=True)
def everywhere(here: None) -> None:
    """All of them are in one place."""


@pytest.fixture
def fake(look: Theme) -> FakeDesk:
    """An empty desk."""
    return FakeDesk()
