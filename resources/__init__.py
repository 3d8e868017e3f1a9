"""Files that ship with Ringdown: icons, sounds, translations, Salesforce metadata.

Free of Qt, so that the command line and the engine may read them too.
"""

from importlib.resources import files
from pathlib import Path

__all__ = ["path", "text"]


def path(name: str) -> Path:
    """Where a shipped file or folder lies on disk; `name` is relative, with forward slashes.

    Raises FileNotFoundError when nothing of that name ships, ValueError when it leaves the folder.
    """
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ".." in parts:
        raise ValueError("a resource name is relative and stays inside the folder")
    found = Path(str(files(__name__).joinpath(*parts)))
    if not found.exists():
        raise FileNotFoundError(f"no resource {name!r}")
    return found


def text(name: str) -> str:
    """The content of a shipped UTF-8 text file. Raises as `path` does."""
    return path(name).read_text(encoding="utf-8")
