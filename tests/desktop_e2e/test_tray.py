"""The tray on a real panel: it may start late, the window is put away into it and comes back, a login starts hidden."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.desktop_e2e.conftest import Window, find, tray_icon
from tests.e2e.ringdown import DONE
from tests.peers.child import Child, until

pytestmark = pytest.mark.peers


def _press(env: Mapping[str, str], *words: object) -> None:
    subprocess.run(["xdotool", *map(str, words)], env=dict(env), check=True)


def test_the_window_is_put_away_and_comes_back(window: Window, panel: Child, screen: Mapping[str, str]) -> None:
    (frame,) = find(screen, "^Ringdown$")
    _press(screen, "windowactivate", "--sync", frame)
    _press(screen, "key", "alt+F4")
    until(lambda: frame not in find(screen, "^Ringdown$"), 5, "the window is away")
    assert window.run("status").code == DONE
    icon = tray_icon(screen)
    assert icon is not None
    _press(screen, "mousemove", *icon, "click", 1)
    until(lambda: frame in find(screen, "^Ringdown$"), 5, "the window is back")


def test_a_login_starts_it_out_of_sight(window: Window, screen: Mapping[str, str], tmp_path: Path) -> None:
    window.do("quit")
    window.ended()
    command = [sys.executable, "-m", "app", "--hidden", "--data-dir", str(window.folder)]
    with Child(command, log=tmp_path / "hidden.log", env=screen) as child:
        until(lambda: window.run("status").code == DONE, 20, "the app takes commands")
        assert find(screen, "^Ringdown$") == []
        assert (
            subprocess.run([word for word in command if word != "--hidden"], env=dict(screen), check=False).returncode
            == 0
        )
        until(lambda: find(screen, "^Ringdown$"), 5, "a second start shows it")
        window.do("quit")
        assert child.wait(12) == 0
