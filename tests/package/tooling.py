"""Salesforce's own tooling from npm, installed once below `out/npm`, and what it says of a source folder."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NODE = Path(__file__).with_name("node")
CACHE = Path(__file__).resolve().parents[2] / "out" / "npm"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `node/check.cjs` prints; its head says what each part means."""

    components: list[str]
    children: list[str]
    unclaimed: list[str]
    problems: list[str]
    converted: list[str]
    manifest: str


def installed() -> Path:
    """The folder with the pinned packages below its `node_modules`. Several tests may ask at once."""
    lock = (NODE / "package-lock.json").read_bytes()
    folder = CACHE / hashlib.sha256(lock).hexdigest()[:16]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(NODE / name, folder)
            _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, folder)
            (folder / "complete").touch()
    return folder


def check(source: Path, output: Path, modules: Path) -> Verdict:
    """Read, convert and judge a source folder. Raises AssertionError with the tooling's words when it gives up."""
    script = str(NODE / "check.cjs")
    return Verdict(**json.loads(_run(["node", script, str(source), str(output), str(modules)], output.parent, modules)))


def _run(command: list[str], folder: Path, home: Path) -> str:
    # The tooling keeps a log and settings in the user's home: not in ours.
    env = {**os.environ, "HOME": str(home), "SF_DISABLE_LOG_FILE": "true", "NO_UPDATE_NOTIFIER": "1"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"{command[0]}: {done.stderr[-2000:]}"
    return done.stdout
