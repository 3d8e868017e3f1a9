"""Two engines with virtual devices: how late the sound is, devices that come and go, levels and figures."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("numpy")

from app.domain.call import CallAnswered, CallEnded, CallHoldChanged, CallQuality
from app.domain.phone_events import CallArrived, SoundLevels
from sip import wire
from sip.standin import speech
from tests.peers.child import until
from tests.peers.pulse_server import is_installed
from tests.sip.harness import Harness, local_line
from tests.sound import rival
from tests.sound.ends import send, started
from tests.sound.measure import delays
from tests.sound.rig import SoundServer

pytestmark = [pytest.mark.peers, pytest.mark.skipif(not is_installed(), reason="no PulseAudio here")]
LATEST = 150.0  # ms, ITU-T G.114
SPEECH = speech.path(speech.Sound.HELLO)


@dataclass
class Pair:
    """Two phones in a call; ``a`` has called."""

    server: SoundServer
    a: Harness
    b: Harness
    target: str

    def call(self, call_id: str) -> str:
        """Call and answer; the called side's id."""
        self.a.phone.dial(call_id, "l", self.target)
        there = self.b.wait(CallArrived).call_id
        self.b.phone.answer(there)
        self.a.wait(CallAnswered)
        self.b.wait(CallAnswered)
        return there

    def hang_up(self, call_id: str) -> None:
        """End it on both sides."""
        self.a.phone.hangup(call_id)
        self.a.wait(CallEnded)
        self.b.wait(CallEnded)

    def players(self) -> dict[int, str]:
        """Where the engines play: process id → sink."""
        sinks = {row.split("\t")[0]: row.split("\t")[1] for row in self._rows("sinks")}
        found: dict[int, str] = {}
        clients = {row.split("\t")[0]: row.split("\t") for row in self._rows("clients")}
        for row in self._rows("sink-inputs"):
            cells = row.split("\t")
            if cells[2] in clients:
                pid = self._pid(cells[2])
                found[pid] = sinks.get(cells[1], "")
        return found

    def plays_on(self, phone: Harness, sink: str) -> float:
        """Wait until a phone plays there; how long it took."""
        begin = time.monotonic()
        pid = phone.phone.engine_pid
        assert pid is not None
        until(lambda: self.players().get(pid) == sink, 5, f"sound on {sink}", every=0.02)
        return time.monotonic() - begin

    def _rows(self, kind: str) -> list[str]:
        return self.server.control("list", "short", kind).splitlines()

    def _pid(self, client: str) -> int:
        listed = self.server.control("list", "clients").split("Client #")
        own = next((each for each in listed if each.startswith(f"{client}\n")), "")
        line = next((row for row in own.splitlines() if "application.process.id" in row), "")
        return int(line.split('"')[1]) if line else 0


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Two phones; sink ``spk-c`` is spare."""
    with SoundServer(tmp_path / "p", ("a", "b", "c")) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        server.control("set-default-sink", "spk-c")
        a, b = started(tmp_path, "a", "SpeakerA"), started(tmp_path, "b", "SpeakerB")
        try:
            a.registered("l")
            yield Pair(server, a, b, b.registered("l").contact)
        finally:
            a.phone.close()
            b.phone.close()


@pytest.mark.skipif(not os.environ.get("RINGDOWN_SLOW"), reason="a figure, for a quiet machine: RINGDOWN_SLOW=1")
def test_mouth_to_ear_is_in_time_and_no_later_than_baresip(pair: Pair, tmp_path: Path) -> None:
    ours: list[float] = []
    for number in range(3):
        mouth, ear = pair.server.record("mic-a"), pair.server.record("spk-b")
        pair.call(f"c{number}")
        began = mouth.seconds
        for _ in range(2):
            assert pair.server.play("mic-a", SPEECH).wait(30) == 0
        measured = delays(mouth.stop(), ear.stop(), began)
        pair.hang_up(f"c{number}")
        assert len(measured) >= 3, "nothing to compare was heard"
        ours.append(statistics.median(measured))
    print("mouth to ear:", [round(each) for each in ours])
    assert statistics.median(ours) <= LATEST
    if rival.is_installed():
        theirs = baresips_delay(pair.server, tmp_path)
        print("baresip:", round(theirs))
        assert statistics.median(ours) < theirs + 20


def baresips_delay(server: SoundServer, folder: Path) -> float:
    """The same between two baresips with their shortest jitter buffer."""
    with rival.BaresipPhone(folder / "ra", "a", server.env, "g722") as caller:
        with rival.BaresipPhone(folder / "rb", "b", server.env, "g722") as called:
            mouth, ear = server.record("mic-a"), server.record("spk-b")
            caller.dial(called.uri)
            began = mouth.seconds
            for _ in range(2):
                assert server.play("mic-a", SPEECH).wait(30) == 0
            measured = delays(mouth.stop(), ear.stop(), began)
            caller.hangup()
    return statistics.median(measured)


def test_unplugged_and_plugged_in_again(pair: Pair) -> None:
    pair.call("c")
    pair.plays_on(pair.b, "spk-b")
    pair.server.unload("sink_name=spk-b")
    away = pair.plays_on(pair.b, "spk-c")
    pair.server.control(
        "load-module", "module-null-sink", "sink_name=spk-b", "sink_properties=device.description=SpeakerB"
    )
    back = pair.plays_on(pair.b, "spk-b")
    print(f"elsewhere after {away:.2f} s, back after {back:.2f} s")
    assert away < 1.0
    assert back < 1.0
    pair.hang_up("c")


def test_the_default_is_followed(pair: Pair) -> None:
    send(pair.b, wire.ApplyLines((), "MicrophoneB", "default", "none"))
    send(pair.b, wire.ApplyLines((wire.LineSetup(local_line("l", "b"), ""),), "MicrophoneB", "default", "none"))
    target = pair.b.registered("l").contact
    pair.target = target
    pair.call("c")
    pair.plays_on(pair.b, "spk-c")
    pair.server.control("set-default-sink", "spk-b")
    assert pair.plays_on(pair.b, "spk-b") < 1.0
    pair.hang_up("c")


def test_levels_and_figures(pair: Pair) -> None:
    send(pair.b, wire.WatchLevels(True))
    pair.call("c")
    player = pair.server.play("mic-a", SPEECH)
    assert pair.b.wait(SoundLevels, lambda e: e.speaker > -40).microphone < -60
    first = pair.a.wait(CallQuality)
    assert first.codec == "G722"
    assert first.loss < 0.2
    assert 3.0 < first.mos <= 4.4
    pair.a.phone.hold("c", True)
    pair.a.wait(CallHoldChanged)
    pair.a.phone.hold("c", False)
    pair.a.wait(CallHoldChanged)
    assert pair.a.wait(CallQuality).total_loss < 0.2
    player.terminate()
    player.wait()
    send(pair.b, wire.WatchLevels(False))
    pair.hang_up("c")
    levels = [event.at for event in pair.b.events if isinstance(event, SoundLevels)]
    assert len(levels) <= 10 * (levels[-1] - levels[0]).total_seconds() + 2
