"""The desktop's tests run without a screen, and in folders of their own instead of the user's."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication  # the platform is chosen first

from tests.peers.child import Child, plain_env
from ui.desktop.launch import Launch


@dataclass(frozen=True)
class Home:
    """The folders of a user who has nothing yet, and an installed Ringdown that writes down how it was called."""

    config: Path
    data: Path
    program: Path

    @property
    def lists(self) -> Path:
        """The user's mimeapps.list."""
        return self.config / "mimeapps.list"

    def launch(self) -> Launch:
        """How this Ringdown is started."""
        return Launch((str(self.program),))

    def install(self, desktop_id: str) -> None:
        """Another program that is there."""
        folder = self.data / "applications"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / desktop_id).write_text("[Desktop Entry]\nType=Application\nName=Other\nExec=/bin/true\n")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """XDG_* point below tmp_path; no desktop is named."""
    for name in ("config", "data", "etc", "share", "bin"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "etc"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "share"))
    for name in ("XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "KDE_FULL_SESSION", "GNOME_DESKTOP_SESSION_ID", "SNAP"):
        monkeypatch.delenv(name, raising=False)
    program = tmp_path / "bin" / "ringdown"
    called = tmp_path / "called"
    program.write_text(f"#!/bin/sh\nfor word in \"$@\"; do printf '%s\\0' \"$word\" >> '{called}'; done\n")
    program.chmod(0o755)
    return Home(tmp_path / "config", tmp_path / "data", program)


@pytest.fixture
def session_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a session bus with nobody on it."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("not installed: dbus-daemon")
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"]
    command.append(f"--address=unix:path={tmp_path / 'bus'}")
    with Child(command, log=tmp_path / "dbus.log", env=plain_env(tmp_path), talks=True) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address := bus.first_line().strip())
        yield address


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Every test here has the one application."""
