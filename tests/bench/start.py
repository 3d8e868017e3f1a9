"""How long from the command to the first paint, and until everything answers."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path

from app.paths import Profile
from tests.bench.figures import Figure, figure
from tests.bench.running import App
from tests.peers.child import Child

_MOMENTS = ("first-paint", "attached", "rows-painted", "line-ready")
FIRST_PAINT, USABLE = 600.0, 1500.0  # milliseconds

# The least a PySide6 program can do: an empty main window, painted.
_BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: (print(time.monotonic_ns(), flush=True), app.quit()))
app = QApplication(["bare"])
window = Window()
window.resize(1180, 760)
window.show()
app.exec()
"""


def measure(where: Profile, env: Mapping[str, str], work: Path, runs: int) -> list[Figure]:
    """Start the app ``runs`` times, after one start that fills the system's file cache, and the bare program."""
    moments: dict[str, list[float]] = {name: [] for name in (*_MOMENTS, "usable")}
    bare: list[float] = []
    for run in range(runs + 1):
        # In turns, so that what else the machine does falls on both.
        empty = _bare(env, work)
        app = App(where, env, work / "start.stamps")
        try:
            answered = app.until_answered()
            since = {name: app.stamp(name)["t"] for name in _MOMENTS}
            since["usable"] = max(answered, *since.values())
        finally:
            app.close()
        if run:
            bare.append(empty)
            for name, at in since.items():
                moments[name].append((at - app.started) / 1e6)
    return [
        figure("start: first paint", "ms", moments["first-paint"], FIRST_PAINT, "bare PySide6: first paint"),
        figure("start: panes built", "ms", moments["attached"]),
        figure("start: calls listed", "ms", moments["rows-painted"]),
        figure("start: line ready in the window", "ms", moments["line-ready"]),
        figure("start: usable", "ms", moments["usable"], USABLE, "bare PySide6: first paint"),
        figure("bare PySide6: first paint", "ms", bare),
    ]


def _bare(env: Mapping[str, str], work: Path) -> float:
    began = time.monotonic_ns()
    with Child([sys.executable, "-c", _BARE], log=work / "bare.log", env=env, talks=True) as child:
        return (int(child.first_line()) - began) / 1e6
