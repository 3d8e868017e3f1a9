"""jsforce from npm, as its lock file names it, run as a program of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests import npm

SOURCE = Path(__file__).with_name("jsforce")


def run(url: str, access_token: str, refresh_token: str, client_id: str) -> dict[str, Any]:
    """What `contract.cjs` got from the stand-in at that address."""
    command = ["node", str(SOURCE / "contract.cjs"), url, access_token, refresh_token, client_id]
    modules = npm.installed(SOURCE) / "node_modules"
    found = json.loads(npm.run(command, SOURCE, {"NODE_PATH": str(modules)}))
    assert isinstance(found, dict)
    return found
