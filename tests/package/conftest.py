"""Salesforce's tooling, once a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import npm
from tests.package.tooling import NODE


@pytest.fixture(scope="session")
def npm_modules() -> Path:
    """The folder with Salesforce's npm packages."""
    if not npm.is_possible():
        pytest.skip("not installed: node and npm")
    return npm.installed(NODE)
