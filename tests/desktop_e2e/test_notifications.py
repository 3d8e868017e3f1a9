"""Notifications on a real bus: what the desktop is told, and that its buttons work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.desktop_e2e.conftest import Window, active, find
from tests.peers.child import Child, until
from tests.peers.far_end import FarEnd

pytestmark = pytest.mark.peers

ANA, BO = "+14155550142", "+14155550143"


class Service:
    """The desktop's notifications."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def told(self) -> dict[str, Any]:
        """The next thing it was asked."""
        return self._child.first_json()

    def press(self, id: int, action: str) -> None:
        """The rep presses a button of a notification."""
        pipe = self._child.process.stdin
        assert pipe is not None
        pipe.write(f"{id} {action}\n".encode())
        pipe.flush()


@pytest.fixture
def service(screen: Mapping[str, str], tmp_path: Path) -> Iterator[Service]:
    """Runs before the window starts."""
    command = [sys.executable, "-m", "tests.desktop_e2e.notification_service"]
    with Child(command, log=tmp_path / "service.log", env=screen, talks=True) as child:
        assert child.first_line().strip() == "ready"
        yield Service(child)


def test_texts_and_missed_calls_reach_the_desktop_and_its_buttons_work(
    service: Service, window: Window, screen: Mapping[str, str], far_end: FarEnd
) -> None:
    # A missed call is told to who does not have the window before them.
    (frame,) = find(screen, "^Ringdown$")
    subprocess.run(["xdotool", "windowminimize", frame], env=dict(screen), check=True)
    until(lambda: active(screen) != frame, 5, "the window is away")
    contact = window.contact()
    far_end.text(contact, ANA, "Hi <b>Riley</b> & co <img src=x>")
    told = service.told()
    assert told["title"] == "(415) 555-0142"
    assert told["body"] == "Hi &lt;b&gt;Riley&lt;/b&gt; &amp; co &lt;img src=x&gt;"
    assert told["actions"] == ["default", "Open", "reply", "Reply", "read", "Mark as read"]
    far_end.text(contact, ANA, "And one more")
    assert service.told()["replaces"] == told["id"]
    service.press(told["id"] + 7, "read")  # another program's notification
    service.press(told["id"], "read")
    assert service.told() == {"closed": told["id"]}

    call = far_end.call(contact, ANA)
    far_end.until_call(call, lambda c: c["state"] == "ringing")
    far_end.hangup(call)
    missed = service.told()
    assert missed["title"] == "Missed call from (415) 555-0142"
    assert missed["actions"][2:] == ["call", "Call back", "text", "Text"]
    service.press(missed["id"], "call")
    until(lambda: window.do("calls"), 5, "the call back")
    (live,) = window.do("calls")
    assert (live["direction"], live["number"]) == ("out", ANA)
    window.do("hangup", live["id"])
    assert service.told() == {"closed": missed["id"]}


@pytest.mark.parametrize("end", ["a stop", "a command"])
def test_nothing_stays_on_the_screen_when_it_ends(
    service: Service, window: Window, panel: Child, screen: Mapping[str, str], far_end: FarEnd, end: str
) -> None:
    """Also where a closed window would only be put away."""
    assert find(screen, "^Ringdown$")
    far_end.text(window.contact(), BO, "Still there?")
    told = service.told()
    if end == "a stop":
        assert window.terminate() == 0
    else:
        window.do("quit")
        assert window.ended() == 0
    assert service.told() == {"closed": told["id"]}
