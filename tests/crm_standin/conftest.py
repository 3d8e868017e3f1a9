"""One stand-in for the whole run, a fresh org for every test."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from crm.standin import seed
from crm.standin.org import Org
from crm.standin.server import Server
from tests.crm_standin.client import Client


@pytest.fixture(scope="session")
def standin() -> Iterator[Client]:
    """A running stand-in."""
    org = Org()
    seed.plant(org)
    server = Server(org)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield Client(org.url, org.token)
    server.stop()
    thread.join()
    server.server_close()


@pytest.fixture
def client(standin: Client) -> Client:
    """The stand-in with a fresh org."""
    assert standin.control("POST", "/reset").status == 204
    return standin
