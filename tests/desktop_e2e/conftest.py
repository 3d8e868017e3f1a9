"""The real window on a screen of its own, with a window manager, a password store and a line to the far end."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.ringdown import Ringdown, provisioning
from tests.peers.child import Child, plain_env, until
from tests.peers.far_end import FarEnd
from tests.peers.secret_service import SecretService

NEEDED = ("Xvfb", "openbox", "xdotool", "xprop", "dbus-daemon", "gnome-keyring-daemon")
AT_SPI = Path("/usr/libexec/at-spi-bus-launcher")


class Window(Ringdown):
    """The app with its window on a screen."""

    def launch(self) -> Child:
        """Start the process and wait for nothing."""
        command = [sys.executable, "-m", "app", "--data-dir", str(self.folder)]
        self._child = Child(command, log=self._log, env=self.env)
        return self._child


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="rdd-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def screen(short_folder: Path) -> Iterator[Mapping[str, str]]:
    """The environment of programs on a screen of our own."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with SecretService(short_folder / "keys") as secrets:
        home = short_folder / "home"
        home.mkdir()
        env = plain_env(home, **secrets.env, QT_QPA_PLATFORM="xcb", QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1")
        env["PULSE_SERVER"] = f"unix:{short_folder}/nowhere"
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x860x24", "-nolisten", "tcp", "-noreset"]
        with Child(command, log=short_folder / "xvfb.log", env=env, talks=True) as server:
            env["DISPLAY"] = f":{server.first_line().strip()}"
            with Child(["openbox", "--sm-disable"], log=short_folder / "openbox.log", env=env):
                until(lambda: _is_managed(env), 10, "the window manager")
                yield env


@pytest.fixture(scope="session")
def far_end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarEnd]:
    """A carrier in a box."""
    with FarEnd(tmp_path_factory.mktemp("far-end"), "--no-replies") as running:
        yield running


@pytest.fixture
def window(tmp_path: Path, screen: Mapping[str, str], far_end: FarEnd) -> Iterator[Window]:
    """The window of a fresh profile, registered."""
    app = Window(tmp_path / "profile", screen)
    with app:
        app.provision(provisioning(tmp_path / "provisioning.toml", line={"uri": f"sip:riley@{far_end.sip}"}))
        app.start(registered=True)
        until(lambda: find(screen, "^Ringdown$"), 10, "the window")
        yield app


@pytest.fixture
def panel(window: Window, screen: Mapping[str, str], tmp_path: Path) -> Iterator[Child]:
    """Starts after the app, as at many a login."""
    if missing := [name for name in ("trayer", "xwininfo") if shutil.which(name) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    command = ["trayer", "--edge", "top", "--align", "right", "--widthtype", "request", "--height", "32"]
    with Child(command, log=tmp_path / "trayer.log", env=screen) as child:
        until(lambda: tray_icon(screen), 10, "the icon in the tray")
        yield child


def tray_icon(env: Mapping[str, str]) -> tuple[int, int] | None:
    """The middle of our icon: the small window of ours that lies in the panel."""
    done = subprocess.run(["xwininfo", "-root", "-tree"], env=dict(env), capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        if '"Ringdown": ("ringdown"' in line:
            size, where = line.split()[-2:]
            width, height = (int(part) for part in size.split("+")[0].split("x"))
            if 8 < width < 64:
                left, top = (int(part) for part in where.strip("+").split("+"))
                return left + width // 2, top + height // 2
    return None


def find(env: Mapping[str, str], title: str) -> list[str]:
    """The windows in sight whose title matches."""
    command = ["xdotool", "search", "--onlyvisible", "--name", title]
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, check=False)
    return done.stdout.split()


def active(env: Mapping[str, str]) -> str:
    """The window that has the keyboard, by the X server's own word."""
    command = ["xdotool", "getwindowfocus"]
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _is_managed(env: Mapping[str, str]) -> bool:
    command = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
    found = subprocess.run(command, env=dict(env), capture_output=True, text=True, check=False)
    return "window id" in found.stdout
