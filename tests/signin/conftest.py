"""Fixtures: an org for the run, a fresh profile for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crm.standin_process import Standin
from tests.signin.world import World


@pytest.fixture(scope="session")
def process() -> Iterator[Standin]:
    """The stand-in's process."""
    running = Standin()
    yield running
    running.stop()


@pytest.fixture
def org(process: Standin) -> Standin:
    """A fresh org with nobody in it but its users; nobody is signed in."""
    process.reset(empty=True)
    process.control("POST", "oauth/end", {"what": "all"})
    process.token = process.control("POST", "session")["access_token"]
    return process


@pytest.fixture
def world(tmp_path: Path, org: Standin) -> Iterator[World]:
    """An app with a line, set up for the sign-in but not signed in."""
    made = World(tmp_path / "profile", org)
    yield made
    made.close()
    assert not made.bugs
