"""How this very Ringdown is started again, for links and for the start at login."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from app.errors import AppError, Detail, ErrorCode

HIDDEN = ("--hidden",)
"""What a start at login adds: nobody asked for the window then."""


@dataclass(frozen=True, slots=True)
class Launch:
    """Program and first arguments. ``folder`` is set when it only works from there: Ringdown runs from its source."""

    argv: tuple[str, ...]
    folder: str = ""

    def installed(self) -> tuple[str, ...]:
        """The arguments. Raises AppError FILE_UNREADABLE when Ringdown runs from its source."""
        if self.folder:
            raise AppError(ErrorCode.FILE_UNREADABLE, path=self.folder, detail=Detail.NOT_INSTALLED)
        return self.argv


def this_launch() -> Launch:
    """How the running program was started, as a path that is still good after the next login."""
    program = Path(sys.executable)
    image, mounted = os.environ.get("APPIMAGE", ""), os.environ.get("APPDIR", "")
    # Children of another AppImage (a terminal) inherit its variables: ours only when our program lies inside.
    if image and mounted and program.is_relative_to(mounted):
        return Launch((image,))
    if not program.stem.lower().startswith("python"):  # an installer's own executable
        return Launch((str(program),))
    script = program.with_name("ringdown.exe" if sys.platform == "win32" else "ringdown")
    if script.is_file():
        return Launch((str(script),))
    if found := shutil.which("ringdown"):
        return Launch((os.path.abspath(found),))
    return Launch((str(program), "-m", "app"), str(Path(__file__).resolve().parents[2]))
