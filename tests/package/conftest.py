"""Salesforce's tooling, once a run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.package.tooling import installed


@pytest.fixture(scope="session")
def npm_modules() -> Path:
    """The folder with Salesforce's npm packages."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("not installed: node and npm")
    return installed()
