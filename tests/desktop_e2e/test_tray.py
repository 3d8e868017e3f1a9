"""The tray on a real panel: it may start late, the window is put away into it and comes back, a login starts hidden."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.desktop_e2e.conftest import Window, find
from tests.e2e.ringdown import DONE
from tests.peers.child import Child, until

NEEDED = [name for name in ("trayer", "xwininfo") if shutil.which(name) is None]
pytestmark = [pytest.mark.peers, pytest.mark.skipif(bool(NEEDED), reason=f"not installed: {', '.join(NEEDED)}")]


@pytest.fixture
def panel(window: Window, screen: Mapping[str, str], tmp_path: Path) -> Iterator[Child]:
    """Starts after the app, as at many a login."""
    command = ["trayer", "--edge", "top", "--align", "right", "--widthtype", "request", "--height", "32"]
    with Child(command, log=tmp_path / "trayer.log", env=screen) as child:
        until(lambda: _icon(screen), 10, "the icon in the tray")
        yield child


def _icon(env: Mapping[str, str]) -> tuple[int, int] | None:
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


def _press(env: Mapping[str, str], *words: object) -> None:
    subprocess.run(["xdotool", *map(str, words)], env=dict(env), check=True)


def test_the_window_is_put_away_and_comes_back(window: Window, panel: Child, screen: Mapping[str, str]) -> None:
    (frame,) = find(screen, "^Ringdown$")
    _press(screen, "windowactivate", "--sync", frame)
    _press(screen, "key", "alt+F4")
    until(lambda: frame not in find(screen, "^Ringdown$"), 5, "the window is away")
    assert window.run("status").code == DONE
    icon = _icon(screen)
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
