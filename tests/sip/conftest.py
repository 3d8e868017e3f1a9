"""Fixtures of the engine tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.pulse import Pulse
from tests.peers.pulse_server import is_installed as pulse_is_installed
from tests.sip.harness import Harness, local_line
from tests.sip.raw_sip import RawPeer


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[Harness]:
    """A running engine; at the end its log must hold no error."""
    made = Harness(tmp_path)
    yield made
    made.phone.close()
    errors = [line for line in made.engine_log().splitlines() if " ERROR " in line and "pjsip:" not in line]
    assert not errors


@pytest.fixture
def port(harness: Harness) -> int:
    """Of a UDP line of user ``alice`` without registrar, with the id ``a``."""
    harness.apply(local_line("a", "alice"))
    return harness.port("a")


@pytest.fixture
def peer() -> Iterator[RawPeer]:
    """Somebody else, who does nothing by itself."""
    with RawPeer() as made:
        yield made


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    """A sound server that an engine started after it will find."""
    if not pulse_is_installed():
        pytest.skip("no PulseAudio here")
    with Pulse(tmp_path / "pulse") as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Harness, Harness, str]]:
    """Two engines without devices, and the address of the second's line."""
    one, other = Harness(tmp_path / "one"), Harness(tmp_path / "other")
    one.apply(local_line("a", "alice"))
    other.apply(local_line("b", "bob"))
    one.registered("a")
    yield one, other, other.registered("b").contact
    one.phone.close()
    other.phone.close()
