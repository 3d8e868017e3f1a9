"""What is missing on the desktop the tests have: no screen, no tray."""

import pytest
from PySide6.QtGui import QGuiApplication

from tests.desktop.conftest import Home
from ui.desktop import probe
from ui.desktop.linux import LinuxDesktop
from ui.desktop.port import Lack


def test_no_tray_without_a_screen(home: Home) -> None:
    lacks = LinuxDesktop(home.launch).capabilities()
    assert Lack.NO_TRAY in lacks
    assert Lack.NO_SELF_RAISE not in lacks
    assert Lack.NOT_INSTALLED not in lacks


def test_wayland_without_a_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "wayland")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    assert {Lack.NO_SELF_RAISE, Lack.NO_GLOBAL_SHORTCUTS} <= probe.missing()


def test_in_a_sandbox_the_package_does_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNAP", "/")
    desktop = LinuxDesktop(home.launch)
    assert Lack.NOT_INSTALLED in desktop.capabilities()
