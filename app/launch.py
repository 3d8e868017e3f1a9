"""How this program starts itself again: as the engine process."""

from __future__ import annotations

import sys
from pathlib import Path

ENGINE_FLAG = "--engine"


def engine_argv(fd: int) -> list[str]:
    """This program with a flag, so that it also works in a bundle, whose executable is no Python."""
    if Path(sys.executable).stem.lower().startswith("python"):
        return [sys.executable, "-m", "app", ENGINE_FLAG, str(fd)]
    return [sys.executable, ENGINE_FLAG, str(fd)]
