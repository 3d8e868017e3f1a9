"""Packages from npm for tests: what a lock file names, installed once below `out/npm`, and programs of Node run."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

CACHE = Path(__file__).resolve().parents[1] / "out" / "npm"
# Node comes with the Python packages for development; the machine's own will do as well.
_PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
_SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


def is_possible() -> bool:
    """Whether Node and its package manager are there."""
    return shutil.which("node", path=_PATH) is not None and shutil.which("npm", path=_PATH) is not None


def installed(source: Path) -> Path:
    """The folder with what the lock file in ``source`` names, below `node_modules`.

    Several tests may ask at once; one of them installs.
    """
    lock = (source / "package-lock.json").read_bytes()
    folder = CACHE / hashlib.sha256(lock).hexdigest()[:16]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(source / name, folder)
            run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
            (folder / "complete").touch()
    return folder


def run(command: list[str], folder: Path, more: Mapping[str, str] | None = None) -> str:
    """What a program of Node prints, run in ``folder`` with ``more`` in its environment.

    Raises AssertionError with the program's words when it fails.
    """
    program = shutil.which(command[0], path=_PATH)
    assert program is not None
    # Programs of Node keep logs and settings in the user's home: not in ours. And they know no authority of the company
    # whose proxy is in between, unless they are told of the system's.
    env = {
        "NODE_EXTRA_CA_CERTS": _SYSTEM_AUTHORITIES,
        **os.environ,
        "PATH": _PATH,
        "HOME": str(CACHE),
        "NO_UPDATE_NOTIFIER": "1",
        **(more or {}),
    }
    done = subprocess.run(
        [program, *command[1:]], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{command[0]}: {done.stderr[-3000:]}"
    return done.stdout
