"""The password store is locked when the app starts: the window says so, and goes on when the rep unlocks it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.desktop_e2e.conftest import Window, find
from tests.e2e.ringdown import DONE
from tests.peers.child import until
from tests.peers.secret_service import PASSWORD, SecretService

PROMPTER = Path("/usr/libexec/gcr-prompter")
pytestmark = [pytest.mark.peers, pytest.mark.skipif(not PROMPTER.exists(), reason="not installed: gcr")]
WAITS = "is locked: waiting"


@pytest.fixture
def locked(screen: Mapping[str, str], tmp_path: Path) -> Iterator[Window]:
    """An app that has been used before, with its store locked since."""
    folder = Path(tempfile.mkdtemp(prefix="rdl-", dir="/tmp"))
    try:
        with SecretService(folder) as store:
            env = {**screen, **store.env}
            app = Window(tmp_path / "profile", env)
            with app:
                app.start()
                app.do("quit")
                app.child.wait(10)
                store.lock(env)
                yield app
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prompt(env: Mapping[str, str]) -> str:
    """The system's window that asks for the password."""
    found = until(lambda: find(env, "nlock|[Kk]eyring"), 15, "the store's prompt")
    return found[0]


def _keys(env: Mapping[str, str], *words: str) -> None:
    subprocess.run(["xdotool", *words], env=dict(env), check=True)


def test_it_waits_says_so_and_goes_on_when_unlocked(locked: Window) -> None:
    locked.launch()
    prompt = _prompt(locked.env)
    until(lambda: WAITS in locked.logs(), 10, "the window says that it waits")
    assert locked.run("status").code != DONE
    _keys(locked.env, "windowactivate", "--sync", prompt)
    _keys(locked.env, "type", "--delay", "20", PASSWORD)
    _keys(locked.env, "key", "Return")
    until(lambda: locked.run("status").code == DONE, 15, "the app is up")
    assert "the keyring has answered" in locked.logs()


def test_it_can_be_left_while_it_waits(locked: Window) -> None:
    child = locked.launch()
    _prompt(locked.env)
    until(lambda: WAITS in locked.logs(), 10, "the window says that it waits")
    child.process.terminate()
    assert child.wait(5) == 0


def test_a_prompt_put_away_can_be_asked_for_again(locked: Window) -> None:
    child = locked.launch()
    prompt = _prompt(locked.env)
    _keys(locked.env, "windowactivate", "--sync", prompt)
    _keys(locked.env, "key", "Escape")
    until(lambda: child.said().strip(), 10, "the window says why it cannot start")
    window = until(lambda: find(locked.env, "^Ringdown$"), 5, "the window")[0]
    _keys(locked.env, "windowactivate", "--sync", window)
    _keys(locked.env, "key", "shift+Tab", "space")  # Try again stands before Quit
    again = _prompt(locked.env)
    _keys(locked.env, "windowactivate", "--sync", again)
    _keys(locked.env, "type", "--delay", "20", PASSWORD)
    _keys(locked.env, "key", "Return")
    until(lambda: locked.run("status").code == DONE, 15, "the app is up")
