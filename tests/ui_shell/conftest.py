"""The window's tests run without a screen, in one zone and one language, on a desk made by hand."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui_shell.fake_desk import FakeDesk
from tests.ui_shell.samples import ANA_CARD, ANA_RECORD, BO_RECORD, LINE
from tests.window import here, look, nav
from ui.call_panel import CallPanel
from ui.design.theme import Theme
from ui.main_window import MainWindow
from ui.relation_card import RelationCard
from ui.shell import Shell
from ui.wrapup_panel import WrapupPanel

__all__ = ["here", "look", "nav"]


@pytest.fixture(autouse=True)
def everywhere(here: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All of them are in one place, on a desktop of nobody's."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_DIRS"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")


@pytest.fixture
def fake(look: Theme, tmp_path: Path) -> FakeDesk:
    """One line that is ready, and two people in the cache."""
    made = FakeDesk(tmp_path, LINE)
    made.know(ANA_RECORD, BO_RECORD)
    made.cards.cards[ANA_RECORD.ref] = ANA_CARD
    return made


@pytest.fixture
def opened_urls() -> list[str]:
    """What went to the browser."""
    return []


@pytest.fixture
def make_window(look: Theme, qtbot: QtBot, opened_urls: list[str]) -> Iterator[Callable[[FakeDesk | None], MainWindow]]:
    """A window on a desk, or without one yet."""
    made: list[MainWindow] = []

    def open_url(url: QUrl) -> bool:
        opened_urls.append(url.toString())
        return True

    def make(fake: FakeDesk | None) -> MainWindow:
        window = MainWindow(look, None, open_url)
        made.append(window)
        window.resize(1180, 760)  # the screen without a screen is smaller, and the window would fit itself in
        window.show()
        qtbot.waitExposed(window)
        if fake is not None:
            window.attach(fake.desk, None)
        window.activateWindow()
        return window

    yield make
    for window in made:
        window.quit()
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(make_window: Callable[[FakeDesk | None], MainWindow], fake: FakeDesk) -> MainWindow:
    """The window, filled."""
    return make_window(fake)


@pytest.fixture
def shell(window: MainWindow) -> Shell:
    """Its inside."""
    assert window.shell is not None
    return window.shell


@pytest.fixture
def panel(shell: Shell) -> CallPanel:
    """The page of a call."""
    return shell.workspace.page.panel


@pytest.fixture
def wrapup(panel: CallPanel) -> WrapupPanel:
    """What is asked after the call."""
    return panel.wrapup


@pytest.fixture
def card(wrapup: WrapupPanel) -> RelationCard:
    """Where the deal or case of the call is chosen."""
    return wrapup.relation.card
