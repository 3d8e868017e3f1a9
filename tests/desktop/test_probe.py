"""What is missing on the desktop the tests have: no screen, no tray."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import Home
from tests.desktop.session_bus import BusService
from ui.desktop import probe
from ui.desktop.linux import LinuxDesktop
from ui.desktop.port import Lack
from ui.worker import in_worker


@pytest.fixture
def portal(session_bus: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[BusService]:
    """A desktop of Wayland's that has shortcuts."""
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "wayland")
    made = BusService(session_bus, "org.freedesktop.portal.Desktop", lambda method, values: ("v", (("u", 2),)))
    yield made
    made.end()


def test_no_tray_without_a_screen(home: Home) -> None:
    desktop = LinuxDesktop(home.launch)
    lacks = desktop.capabilities()
    assert Lack.NO_TRAY in lacks
    assert Lack.NO_SELF_RAISE not in lacks
    assert Lack.NOT_INSTALLED not in lacks
    assert desktop.session_lacks() == frozenset()


@pytest.mark.parametrize("address", ["unix:path=/nonexistent", "nonsense", "tcp:host=localhost"])
def test_wayland_without_a_portal(home: Home, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "wayland")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    desktop = LinuxDesktop(home.launch)
    assert Lack.NO_SELF_RAISE in desktop.capabilities()
    assert desktop.session_lacks() == {Lack.NO_GLOBAL_SHORTCUTS}


@pytest.mark.peers
def test_wayland_with_a_portal(home: Home, portal: BusService) -> None:
    assert LinuxDesktop(home.launch).session_lacks() == frozenset()


@pytest.mark.peers
def test_the_window_goes_on_while_the_portal_does_not_answer(
    home: Home, portal: BusService, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does the question keep the interpreter to itself, whatever thread it is asked on."""
    monkeypatch.setattr(probe, "_PATIENCE", 30.0)
    desktop, owner, said = LinuxDesktop(home.launch), QObject(), list[frozenset[Lack]]()
    portal.may_answer.clear()
    assert Lack.NO_SELF_RAISE in desktop.capabilities()
    in_worker(owner, desktop.session_lacks, said.append, lambda error: None)
    qtbot.waitUntil(lambda: not portal.asked.empty(), timeout=5000)
    assert said == []
    portal.may_answer.set()
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    assert said == [frozenset()]
    assert not portal.has_waited_in_vain


def test_in_a_sandbox_the_package_does_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNAP", "/")
    desktop = LinuxDesktop(home.launch)
    assert Lack.NOT_INSTALLED in desktop.capabilities()
