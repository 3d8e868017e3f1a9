"""The window by its accessible names and roles alone: found, and a call dialled and ended."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.desktop_e2e.conftest import AT_SPI, Window
from tests.peers import far_end as numbers
from tests.peers.child import Child, until
from tests.peers.far_end import FarEnd

pytestmark = pytest.mark.peers

PYTHON = "/usr/bin/python3"  # pyatspi comes with the system
SCRIPT = Path(__file__).with_name("screen_reader.py")


def _has_pyatspi() -> bool:
    if not os.access(PYTHON, os.X_OK):
        return False
    return subprocess.run([PYTHON, "-c", "import pyatspi"], capture_output=True, check=False).returncode == 0


def _on_bus(env: Mapping[str, str], name: str) -> bool:
    command = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
    listed = subprocess.run(
        [*command, "org.freedesktop.DBus.ListNames"], env=dict(env), capture_output=True, text=True, check=False
    )
    return f'"{name}"' in listed.stdout


@pytest.fixture(scope="session")
def accessibility(screen: Mapping[str, str], short_folder: Path) -> Iterator[None]:
    """The bus assistive programs talk on."""
    if not AT_SPI.exists() or not _has_pyatspi():
        pytest.skip("not installed: at-spi2-core, python3-pyatspi")
    command = [str(AT_SPI), "--launch-immediately"]
    with Child(command, log=short_folder / "at-spi.log", env=screen):
        until(lambda: _on_bus(screen, "org.a11y.Bus"), 10, "the accessibility bus")
        yield


def test_a_call_by_names_and_roles_alone(
    accessibility: None, window: Window, screen: Mapping[str, str], far_end: FarEnd
) -> None:
    command = [PYTHON, str(SCRIPT), numbers.TALKS.removeprefix("+1")]
    done = subprocess.run(command, env=dict(screen), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    main = {
        "text: Name or number",
        "push button: Keypad",
        "check box: Calls",
        "check box: Messages",
        "check box: People",
        "check box: Settings",
        "push button: Line (415) 555-0100",
    }
    assert main <= set(told["before"]), told["before"]
    assert {"check box: Mute", "check box: Hold", "push button: End"} <= set(told["during"]), told["during"]
    there = far_end.newest(numbers.TALKS)
    assert far_end.until_call(there["id"], lambda c: c["state"] == "ended")["state"] == "ended"
    (log,) = window.do("recent")
    assert (log["outcome"], log["number"]) == ("answered", numbers.TALKS)
