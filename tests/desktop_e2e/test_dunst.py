"""Notifications on a daemon reps really have: markup is text, one a conversation, actions work, it may restart."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.desktop_e2e.conftest import Window, active, find
from tests.peers.child import Child, until
from tests.peers.far_end import FarEnd

pytestmark = [pytest.mark.peers, pytest.mark.skipif(shutil.which("dunst") is None, reason="not installed: dunst")]

ANA, BO = "+14155550142", "+14155550143"
HOSTILE = "Hi <b>Riley</b> & <img src=x>"


class Dunst:
    """One run of the daemon; what it shows stands in its log."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self._env = dict(env)
        self._log = log
        self.child = Child(["dunst", "-print"], log=log, env=env)
        until(lambda: self._ask("is-paused") == "false", 10, "dunst")

    def said(self) -> str:
        """Everything it has shown."""
        return self._log.read_text("utf-8", "replace")

    def shown(self) -> int:
        """How many notifications stand on the screen."""
        return int(self._ask("count", "displayed"))

    def press(self) -> None:
        """The rep presses the newest one."""
        self._ask("action", "0")

    def _ask(self, *words: str) -> str:
        done = subprocess.run(["dunstctl", *words], env=self._env, capture_output=True, text=True, check=False)
        return done.stdout.strip()


@pytest.fixture
def dunst(screen: Mapping[str, str], tmp_path: Path) -> Iterator[Dunst]:
    """Runs before the window starts."""
    made = Dunst(screen, tmp_path / "dunst.log")
    with made.child:
        yield made


def _put_away(env: Mapping[str, str]) -> str:
    (frame,) = find(env, "^Ringdown$")
    subprocess.run(["xdotool", "windowminimize", frame], env=dict(env), check=True)
    until(lambda: active(env) != frame, 5, "the window is away")
    return frame


def test_texts_and_missed_calls_on_a_real_daemon(
    dunst: Dunst, window: Window, screen: Mapping[str, str], far_end: FarEnd, tmp_path: Path
) -> None:
    frame = _put_away(screen)
    contact = window.contact()
    far_end.text(contact, ANA, HOSTILE)
    until(lambda: "Hi &lt;b&gt;Riley&lt;/b&gt; &amp; &lt;img src=x&gt;" in dunst.said(), 10, "the text, escaped")
    far_end.text(contact, ANA, "And one more")
    until(lambda: "And one more" in dunst.said(), 10, "the second text")
    assert dunst.shown() == 1
    window.do("dnd", "on")
    far_end.text(contact, BO, "not now")
    assert window.message_from(BO)["body"] == "not now"
    window.do("dnd", "off")
    far_end.text(contact, BO, "now again")
    until(lambda: "now again" in dunst.said(), 10, "a text after that")
    assert "not now" not in dunst.said()
    assert dunst.shown() == 2

    # The daemon starts anew and counts from one again: what was shown by the old one is nobody's now.
    assert dunst.child.is_alive
    dunst.child.end()
    fresh = Dunst(screen, tmp_path / "fresh.log")
    with fresh.child:
        call = far_end.call(contact, ANA, name="<u>Ana</u> & co")
        far_end.until_call(call, lambda c: c["state"] == "ringing")
        far_end.hangup(call)
        until(lambda: "Missed call from &lt;u&gt;Ana&lt;/u&gt; &amp; co" in fresh.said(), 10, "the missed call")
        assert find(screen, "^Ringdown$") == []
        fresh.press()
        until(lambda: find(screen, "^Ringdown$") == [frame], 5, "the window")
        until(lambda: fresh.shown() == 0, 5, "the notification is gone")
