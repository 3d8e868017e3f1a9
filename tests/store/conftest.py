"""A real encrypted file for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.reads.reads import Reads
from app.store.database import Database
from tests.store.build import KEY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ringdown.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database.open(path, KEY)
    yield opened
    opened.close()


@pytest.fixture
def reads(database: Database) -> Reads:
    return Reads(database)
