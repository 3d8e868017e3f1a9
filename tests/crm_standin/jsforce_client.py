"""jsforce from npm: installed once below `out/npm` as its lock file says, run as a program of its own."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("jsforce")
CACHE = Path(__file__).resolve().parents[2] / "out" / "npm"
# Node comes with the Python packages for development; the machine's own will do as well.
PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))


def is_possible() -> bool:
    """Whether Node and its package manager are there."""
    return shutil.which("node", path=PATH) is not None and shutil.which("npm", path=PATH) is not None


def installed() -> Path:
    """The `node_modules` with jsforce in it. Several runs may ask at once; one of them installs."""
    lock = (SOURCE / "package-lock.json").read_bytes()
    folder = CACHE / hashlib.sha256(lock).hexdigest()[:16]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(SOURCE / name, folder)
            _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, {})
            (folder / "complete").touch()
    return folder / "node_modules"


def run(url: str, access_token: str, refresh_token: str, client_id: str) -> dict[str, Any]:
    """What `contract.cjs` got from the stand-in at that address."""
    command = ["node", str(SOURCE / "contract.cjs"), url, access_token, refresh_token, client_id]
    found = json.loads(_run(command, SOURCE, {"NODE_PATH": str(installed())}))
    assert isinstance(found, dict)
    return found


def _run(command: list[str], folder: Path, extra: dict[str, str]) -> str:
    program = shutil.which(command[0], path=PATH)
    assert program is not None
    env = {**os.environ, "PATH": PATH, **extra}
    done = subprocess.run(
        [program, *command[1:]], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{command[0]}: {done.stderr[-3000:]}"
    return done.stdout
