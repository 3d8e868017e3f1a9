"""Fixtures: a network of namespaces with a registrar outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.network.net import OUTSIDE, Net, prefix, why_not
from tests.network.world import World
from tests.peers import kamailio
from tests.peers.kamailio import Kamailio


@pytest.fixture(scope="session")
def _can_network() -> None:
    """Skip, and say why, where there can be no such network."""
    if reason := why_not():
        pytest.skip(reason)
    if not kamailio.is_installed():
        pytest.skip("no kamailio here")


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path, _can_network: None) -> Iterator[World]:
    """Net, registrar and engines; a test may give `Net` its arguments by indirect parameters."""
    with Net(**getattr(request, "param", {})) as net:
        registrar = Kamailio(tmp_path / "kamailio", tls=True, host=OUTSIDE, within=prefix(net.outside))
        registrar.start()
        made = World(net, registrar, tmp_path)
        try:
            yield made
        finally:
            made.close()
            registrar.stop()
