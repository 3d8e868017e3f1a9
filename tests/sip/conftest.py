"""Fixtures of the engine tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sip.harness import Harness


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[Harness]:
    """A running engine; at the end its log must hold no error."""
    made = Harness(tmp_path)
    yield made
    made.phone.close()
    errors = [line for line in made.engine_log().splitlines() if " ERROR " in line and "pjsip:" not in line]
    assert not errors
