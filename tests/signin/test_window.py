"""The real window on a screen: one press opens the rep's browser, and the window says how it went."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import tomli_w

from tests.e2e.ringdown import NO_SOUND, Ringdown
from tests.peers.child import Child, plain_env, until
from tests.peers.salesforce import Salesforce
from tests.peers.secret_service import SecretService
from tests.signin.browser import RILEY
from tests.signin.chromium import Chromium

pytestmark = pytest.mark.peers

NEEDED = ("Xvfb", "openbox", "xdotool", "chromium", "chromedriver", "dbus-daemon", "gnome-keyring-daemon")
CLIENT_ID = "3MVG9standin.ringdown.desktop"
PICTURES = os.environ.get("RINGDOWN_PICTURES", "")


class Window(Ringdown):
    """The app with its window on a screen."""

    def launch(self) -> Child:
        """Start the process and wait for nothing."""
        command = [sys.executable, "-m", "app", "--data-dir", str(self.folder)]
        env = {**self.env, "PATH": self.env["BROWSER_PATH"]}
        self._child = Child(command, log=self._log, env=env)
        return self._child


@pytest.fixture(scope="module")
def screen() -> Iterator[Mapping[str, str]]:
    """A screen, a password store, and a default browser that only writes down what it is asked to open."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    folder = Path(tempfile.mkdtemp(prefix="rdw-", dir="/tmp"))
    try:
        with SecretService(folder / "keys") as secrets:
            (folder / "bin").mkdir()
            browser = folder / "bin" / "xdg-open"
            browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{folder}/opened"\n')
            browser.chmod(0o755)
            home = folder / "home"
            home.mkdir()
            env = plain_env(home, **secrets.env, QT_QPA_PLATFORM="xcb")
            # Nothing else is found there, so that no other browser of this machine starts.
            env |= {"PULSE_SERVER": f"unix:{folder}/nowhere", "OPENED": str(folder / "opened")}
            env["BROWSER_PATH"] = str(folder / "bin")
            command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x860x24", "-nolisten", "tcp", "-noreset"]
            with Child(command, log=folder / "xvfb.log", env=env, talks=True) as server:
                env["DISPLAY"] = f":{server.first_line().strip()}"
                with Child(["openbox", "--sm-disable"], log=folder / "openbox.log", env=env):
                    yield env
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def salesforce(tmp_path: Path) -> Iterator[Salesforce]:
    """An org."""
    with Salesforce(tmp_path) as running:
        yield running


@pytest.fixture
def window(tmp_path: Path, screen: Mapping[str, str], salesforce: Salesforce) -> Iterator[Window]:
    """The window of a profile that the admin has prepared."""
    file = tmp_path / "p.toml"
    line = {"id": "main", "uri": "sip:riley@127.0.0.1:9", "number": "+14155550100", "bind": "127.0.0.1"}
    crm = {"login_url": salesforce.url, "client_id": CLIENT_ID}
    file.write_text(tomli_w.dumps({"line": [line], "salesforce": crm, "audio": NO_SOUND}))
    Path(screen["OPENED"]).unlink(missing_ok=True)
    app = Window(tmp_path / "profile", screen)
    with app:
        app.provision(file)
        app.start()
        until(lambda: _run(screen, "search", "--onlyvisible", "--name", "^Ringdown$"), 20, "the window")
        yield app


def _run(env: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(["xdotool", *arguments], env=dict(env), capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _opened(screen: Mapping[str, str]) -> list[str]:
    file = Path(screen["OPENED"])
    return file.read_text().splitlines() if file.exists() else []


def _picture(screen: Mapping[str, str], name: str) -> None:
    """For people to look at; only when asked for."""
    if PICTURES:
        command = [sys.executable, "-m", "tests.screenshots.grab"]
        file = f"{Path(PICTURES) / name}.png\n"
        subprocess.run(command, env=dict(screen), input=file, text=True, capture_output=True, check=True)


def _command(screen: Mapping[str, str], words: str) -> None:
    """What a rep types into the one field."""
    _run(screen, "key", "ctrl+k")
    _run(screen, "type", "--delay", "30", words)
    _run(screen, "key", "--delay", "200", "Return")


def test_from_the_field_through_the_browser_and_back(
    window: Window, screen: Mapping[str, str], salesforce: Salesforce, tmp_path: Path
) -> None:
    _picture(screen, "signed-out")
    _command(screen, "Sign in to")
    (address,) = until(lambda: _opened(screen), 20, "the browser is asked to open")
    assert address.startswith(f"{salesforce.url}/services/oauth2/authorize?")
    assert window.status()["salesforce"]["signing_in"] is True
    _picture(screen, "waiting")
    with Chromium(tmp_path / "browser") as browser:
        browser.open(address)
        browser.click(f'button[data-username="{RILEY}"]')
        until(lambda: "You are signed in" in browser.title, 20, "the last page")
        if PICTURES:
            browser.picture(Path(PICTURES) / "browser.png")
    until(lambda: window.status()["salesforce"]["state"] == "signed-in", 10, "signed in")
    _picture(screen, "signed-in")
    _command(screen, "Sign out of")
    until(lambda: window.status()["salesforce"]["state"] == "signed-out", 10, "signed out")
    until(lambda: salesforce.control("GET", "oauth")["approvals"] == [], 10, "told to Salesforce")
    _picture(screen, "signed-out-again")


def test_without_a_browser_the_window_goes_on_and_shows_the_address(window: Window, screen: Mapping[str, str]) -> None:
    browser = Path(screen["BROWSER_PATH"]) / "xdg-open"
    browser.chmod(0o644)
    try:
        _command(screen, "Sign in to")
        until(lambda: window.status()["salesforce"]["signing_in"], 10, "it waits")
        _picture(screen, "no-browser")
        assert _opened(screen) == []
        assert window.status()["salesforce"]["signing_in"] is True
    finally:
        browser.chmod(0o755)
