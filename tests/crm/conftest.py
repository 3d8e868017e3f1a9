"""Fixtures: a stand-in for the whole run, a fresh org and a gateway for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm.gateway import SalesforceGateway
from tests.crm.standin_process import Standin


@pytest.fixture(scope="session")
def process() -> Iterator[Standin]:
    """The stand-in's process."""
    running = Standin()
    yield running
    running.stop()


@pytest.fixture
def org(process: Standin) -> Standin:
    """A fresh org with nobody in it but its users."""
    process.reset(empty=True)
    return process


@pytest.fixture
def gateway(org: Standin) -> Iterator[SalesforceGateway]:
    """A gateway that is signed in to the org."""
    made = SalesforceGateway(org.url, lambda: org.token)
    yield made
    made.close()
