"""One far end for the tests of a file, and a client for each test."""

from collections.abc import Iterator

import pytest

from tests.sip_standin.far_end import FarEnd
from tests.sip_standin.sip_client import SipClient


@pytest.fixture(scope="module")
def far_end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarEnd]:
    folder = tmp_path_factory.mktemp("far-end")
    running = FarEnd(folder / "errors", "--voicemail-dir", str(folder))
    yield running
    assert running.close() == 0
    assert running.complaints() == ""


@pytest.fixture
def client(far_end: FarEnd) -> Iterator[SipClient]:
    with SipClient(far_end.sip) as made:
        yield made
