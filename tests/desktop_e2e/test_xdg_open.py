"""Links through the desktop's own opener and the handler Ringdown registers for them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.desktop_e2e.conftest import Window, active, find
from tests.peers.child import ROOT, until
from ui.desktop.port import SCHEMES

PROGRAM = Path(sys.executable).with_name("ringdown")
REGISTER = """
import sys
from ui.desktop.launch import Launch
from ui.desktop.linux import LinuxDesktop
desktop = LinuxDesktop(lambda: Launch(tuple(sys.argv[1:])))
desktop.register()
print(*(scheme for scheme, ours in desktop.registered().items() if ours))
"""
LINKS = ("tel:+14155550142", "callto:+14155550142", "sip:bob@example.org", "ringdown:call?to=%2B14155550142")

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(shutil.which("xdg-open") is None, reason="not installed: xdg-utils"),
    pytest.mark.skipif(not PROGRAM.exists(), reason="not installed: the ringdown command"),
]


def _open(env: Mapping[str, str], *links: str) -> None:
    """All at once."""
    opened = [subprocess.Popen(["xdg-open", link], env=dict(env)) for link in links]
    assert [each.wait(20) for each in opened] == [0] * len(links)


def test_links_bring_the_window_and_dial_nothing(window: Window, screen: Mapping[str, str]) -> None:
    command = [sys.executable, "-c", REGISTER, str(PROGRAM), "--data-dir", str(window.folder)]
    done = subprocess.run(command, env=dict(screen), cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == list(SCHEMES)
    (frame,) = find(screen, "^Ringdown$")
    subprocess.run(["xdotool", "windowminimize", frame], env=dict(screen), check=True)
    until(lambda: active(screen) != frame, 5, "the window is away")
    _open(screen, "sms:+14155550143?body=Hello")
    until(lambda: find(screen, "^Ringdown$") == [frame], 5, "the window comes")
    _open(screen, *LINKS)
    assert window.do("calls") == []
    assert window.do("messages") == []
    assert window.do("recent") == []
