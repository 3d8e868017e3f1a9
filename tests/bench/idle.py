"""What the app and its engine take while nothing happens."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from app.paths import Profile
from tests.bench.figures import Figure, figure
from tests.bench.running import App, cpu_seconds, memory

MEMORY = 230.0  # megabytes
SETTLE = 3.0  # seconds


def memory_now(app: App, name: str) -> list[Figure]:
    """PSS of app and engine after some quiet seconds."""
    time.sleep(SETTLE)
    own, *others = [memory([pid]) for pid in app.pids()]
    return [
        figure(name, "MB", [own + sum(others)], MEMORY, "baresip: memory (RSS)"),
        figure("  of it, app", "MB", [own]),
        figure("  of it, engine", "MB", [sum(others)]),
    ]


def after_start(where: Profile, env: Mapping[str, str], work: Path, runs: int) -> list[Figure]:
    """Memory of ``runs`` starts, each by itself."""
    found: list[list[Figure]] = []
    for _ in range(runs):
        app = App(where, env, work / "idle.stamps")
        try:
            app.until_answered()
            app.stamp("rows-painted")
            found.append(memory_now(app, "memory, idle after start (PSS)"))
        finally:
            app.close()
    return [
        figure(same[0].name, "MB", [one.values[0] for one in same], same[0].target, same[0].peer)
        for same in zip(*found, strict=True)
    ]


def processor(app: App, seconds: float) -> list[Figure]:
    """Share of one core over some idle seconds."""
    before, began = cpu_seconds(app.pids()), time.monotonic()
    time.sleep(seconds)
    share = (cpu_seconds(app.pids()) - before) / (time.monotonic() - began)
    return [figure(f"processor, idle over {seconds:g} s", "% core", [share * 100])]
