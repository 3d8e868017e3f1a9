"""An incoming call never takes the keyboard: somebody types on in another program while twenty calls ring."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.desktop_e2e.conftest import Window, active, find
from tests.desktop_e2e.typist import TITLE
from tests.peers.child import Child, until
from tests.peers.far_end import FarEnd

pytestmark = pytest.mark.peers

CALLS = 20
# Enter and Space are what would press a button that has the keyboard; "/" and digits are keys of our own window.
LINE = "dear sir / 4155550142 thank you  for the offer 99 yes"


class Typing:
    """Types line after line until it is told to stop; `text` is what was typed, to the last key."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = dict(env)
        self._stop = threading.Event()
        self.text = ""
        self._thread = threading.Thread(target=self._run, name="typing")

    def __enter__(self) -> Typing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        for number in itertools.count():
            line = f"{number} {LINE}"
            command = ["xdotool", "type", "--delay", "12", line]
            subprocess.run(command, env=self._env, check=True)
            subprocess.run(["xdotool", "key", "--delay", "12", "Return"], env=self._env, check=True)
            self.text += f"{line}\n"
            if self._stop.is_set():
                return


@pytest.fixture
def letter(screen: Mapping[str, str], tmp_path: Path, window: Window) -> Iterator[Path]:
    """Another program in front, with the keyboard; the file of what it was given."""
    file = tmp_path / "letter.txt"
    with Child([sys.executable, "-m", "tests.desktop_e2e.typist", str(file)], log=tmp_path / "typist.log", env=screen):
        found = until(lambda: find(screen, TITLE), 10, "the editor")[0]
        subprocess.run(["xdotool", "windowactivate", "--sync", found], env=dict(screen), check=True)
        until(lambda: active(screen) == found, 5, "the editor has the keyboard")
        file.with_suffix(".lost").write_text("")
        yield file


def test_no_key_is_lost_and_no_key_answers(
    letter: Path, screen: Mapping[str, str], window: Window, far_end: FarEnd
) -> None:
    editor = active(screen)
    contact = window.contact()
    calls: list[str] = []
    with Typing(screen) as typing:
        for at in range(CALLS):
            call = far_end.call(contact, f"+1503555{at:04}", name=f"Caller {at}")
            calls.append(call)
            far_end.until_call(call, lambda c: c["state"] == "ringing", 10)
            until(lambda: find(screen, "^Incoming call$"), 5, "the card")
            assert active(screen) == editor, f"call {at}"
            far_end.hangup(call)
            until(lambda: not find(screen, "^Incoming call$"), 5, "the card is gone")
            assert active(screen) == editor, f"after call {at}"
    until(lambda: letter.read_text("utf-8") == typing.text, 5, "every key arrived")
    assert letter.with_suffix(".lost").read_text() == ""
    assert len(typing.text) > 200
    for call in calls:
        assert far_end.by_id(call)["state"] == "ended"
    logs = [log for log in window.do("recent", "--limit", "50") if log["direction"] == "in"]
    assert [log["outcome"] for log in logs] == ["missed"] * CALLS
