"""Makes the pictures of the README anew: `python -m tests.screenshots [NAME …]`, into docs/screenshots."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench.desktop import Desktop, open_desktop
from tests.peers.child import ROOT
from tests.screenshots import story
from tests.screenshots.stage import Screen, Stage, open_stage

FOLDER = ROOT / "docs" / "screenshots"
ANA, BO, MISAKI = "+14155550142", "+15035550199", "+81355550123"
NOTES = "Board said yes to 40 sites. Wants the contract in Norwegian and English, start on 1 February."


def main() -> int:
    """The exit code: 0 when all pictures were taken."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these groups: {', '.join(_GROUPS)}")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures go")
    options = parser.parse_args()
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name, group in _GROUPS.items():
        if not options.names or name in options.names:
            with open_desktop() as desktop:
                group(desktop, folder)
                print(f"{name}: done", flush=True)
    return 0


def _light(desktop: Desktop, folder: Path) -> None:
    with open_stage(desktop, "light", Screen()) as stage:
        stage.keys("ctrl+1", "Return", "ctrl+k")
        stage.take(folder / "idle.png")
        stage.keys("ctrl+2")
        stage.ringdown("open-link", f"sms:{ANA}")
        stage.take(folder / "thread.png")
        stage.rings(BO, story.BO)
        stage.take(folder / "incoming.png")
        _answer(stage, NOTES)
        stage.keys("ctrl+1", "ctrl+k")
        stage.later(134)
        stage.take(folder / "in-call.png")
        stage.ringdown("hangup")


def _dark(desktop: Desktop, folder: Path) -> None:
    with open_stage(desktop, "dark", Screen(), theme="dark") as stage:
        stage.rings(ANA, story.ANA)
        _answer(stage, "")
        stage.keys("ctrl+2")
        stage.ringdown("open-link", f"sms:{MISAKI}")
        stage.later(41)
        stage.take(folder / "dark.png")
        stage.ringdown("hangup")


def _small(desktop: Desktop, folder: Path) -> None:
    with open_stage(desktop, "small", Screen("800x600")) as stage:
        stage.rings(BO, story.BO)
        _answer(stage, NOTES)
        stage.later(134)
        stage.take(folder / "light-800x600.png")
        stage.ringdown("hangup")


def _scaled(desktop: Desktop, folder: Path) -> None:
    with open_stage(desktop, "scaled", Screen("2560x1720", 2)) as stage:
        stage.keys("ctrl+2")
        stage.ringdown("open-link", f"sms:{MISAKI}")
        stage.rings(ANA, story.ANA)
        stage.take(folder / "scale-200.png")
        stage.ringdown("reject")


def _japanese(desktop: Desktop, folder: Path) -> None:
    with open_stage(desktop, "japanese", Screen(), language="ja_JP.UTF-8") as stage:
        stage.keys("ctrl+2")
        stage.ringdown("open-link", f"sms:{MISAKI}")
        stage.rings(BO, story.BO)
        stage.take(folder / "japanese.png")
        stage.ringdown("reject")
        stage.keys("ctrl+comma")
        stage.take(folder / "japanese-settings.png")


def _settings(desktop: Desktop, folder: Path) -> None:
    with open_stage(desktop, "settings", Screen()) as stage:
        stage.keys("ctrl+comma")
        stage.take(folder / "settings.png")


def _empty(desktop: Desktop, folder: Path) -> None:
    with open_stage(desktop, "empty", Screen(), filled=False) as stage:
        stage.take(folder / "empty.png")


def _refused(desktop: Desktop, folder: Path) -> None:
    with open_stage(desktop, "refused", Screen(), key_lost=True) as stage:
        stage.take(folder / "refused.png")


def _answer(stage: Stage, notes: str) -> None:
    """With the key, so that the window opens the call."""
    stage.keys("F4")
    call = stage.ringdown("wait", "call-active")
    if notes:
        stage.ringdown("note", call["id"], notes)


_GROUPS: dict[str, Callable[[Desktop, Path], None]] = {
    "light": _light,
    "dark": _dark,
    "small": _small,
    "scaled": _scaled,
    "japanese": _japanese,
    "settings": _settings,
    "empty": _empty,
    "refused": _refused,
}


if __name__ == "__main__":
    sys.exit(main())
