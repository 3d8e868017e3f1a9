"""The stage of the pictures: the real app on a prepared profile, both stand-ins, and a clock that stands still."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.paths import Profile
from app.secret_names import DATABASE_SECRET
from app.secret_store import KeyringSecrets
from tests.bench.desktop import Desktop
from tests.bench.profile import known_people, prepare
from tests.peers.child import ROOT, Child, until
from tests.peers.far_end import FarEnd
from tests.peers.salesforce import Salesforce
from tests.screenshots import story


class Clock:
    """What `frozen` programs take for now."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set(story.NOW)

    def set(self, moment: datetime) -> None:
        """It is this moment until the next one is set."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(moment.timestamp()))
        os.replace(fresh, self.file)


class Org(Salesforce):
    """Salesforce at the pictures' time of day."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._env = env
        super().__init__(folder)

    def start(self) -> None:
        """As the plain one, with another clock."""
        command = [sys.executable, "-m", "tests.screenshots.frozen", "crm.standin", "--until-stdin-closes"]
        child = Child(command, log=self._folder / "salesforce.log", env=self._env, talks=True)
        first = child.first_json()
        self._child, self.url, self.token = child, first["url"], first["access_token"]


@dataclass(frozen=True, slots=True)
class Screen:
    """How big the picture is."""

    size: str = "1280x860"
    scale: int = 1


class Stage:
    """One run of the app. Use `open_stage`."""

    def __init__(self, where: Profile, env: dict[str, str], clock: Clock, far_end: FarEnd, camera: Child) -> None:
        self.where = where
        self.clock = clock
        self._env = env
        self._far_end = far_end
        self._camera = camera

    def ringdown(self, *arguments: str) -> Any:
        """A sub-command of the command line; its JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "app", "--data-dir", str(self.where.folder), "--json", *arguments],
            cwd=ROOT, env=self._env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"ringdown {' '.join(arguments)}: {done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else None

    def keys(self, *keys: str) -> None:
        """Press keys, as xdotool names them."""
        subprocess.run(["xdotool", "key", "--delay", "60", *keys], env=self._env, check=True)

    def rings(self, sender: str, name: str) -> str:
        """Somebody calls; the call's id here once it rings."""
        contact = self.ringdown("wait", "registered")["contact"]
        self._far_end.call(contact, sender, name=name, say="hello", ring_seconds=120)
        return str(self.ringdown("wait", "call-incoming")["id"])

    def later(self, seconds: float) -> None:
        """So much time has passed since the story's moment."""
        self.clock.set(story.NOW + timedelta(seconds=seconds))

    def take(self, picture: Path) -> None:
        """A picture of the whole screen as soon as it stands still."""
        process = self._camera.process
        assert process.stdin is not None
        process.stdin.write(f"{picture}\n".encode())
        process.stdin.flush()
        assert self._camera.first_line(30).strip() == "ok", picture


def _has_window(env: dict[str, str]) -> bool:
    command = ["xdotool", "search", "--onlyvisible", "--name", "^Ringdown$"]
    return bool(subprocess.run(command, env=env, capture_output=True, check=False).stdout)


def _ended(app: Child) -> bool:
    assert app.is_alive, f"the app ended: {app.said()}"
    return False


@contextlib.contextmanager
def _named_folder(otherwise: Path) -> Iterator[Path]:
    """The same folder on every run, as long as nobody else has it."""
    named = Path(tempfile.gettempdir()) / "riley"
    try:
        named.mkdir(mode=0o700)
    except FileExistsError:
        yield otherwise
        return
    try:
        yield named
    finally:
        shutil.rmtree(named)


@contextlib.contextmanager
def open_stage(
    desktop: Desktop,
    name: str,
    screen: Screen,
    *,
    theme: str = "light",
    filled: bool = True,
    key_lost: bool = False,
    language: str = "en_US.UTF-8",
) -> Iterator[Stage]:
    """Start everything for some pictures; ``key_lost`` takes the database's key out of the Secret Service."""
    folder = desktop.new_folder(name)
    clock = Clock(folder / "clock")
    env = desktop.start_screen(screen.size, filling=True)
    env |= {
        "CLOCK_FILE": str(clock.file),
        "TZ": story.ZONE,
        "QT_SCALE_FACTOR": str(screen.scale),
        "LANG": language,
    }
    with contextlib.ExitStack() as stack:
        # The refusal names its file: a folder with a name of chance would make another picture each time.
        home = stack.enter_context(_named_folder(folder)) if key_lost else folder
        where = Profile((home / "profile").resolve())
        far_end = stack.enter_context(FarEnd(folder, "--no-replies"))
        if filled:
            org = stack.enter_context(Org(folder, env))
            fill = story.fill(known_people(org))
            prepare(where.folder, env, f"sip:riley@{far_end.sip}", org, fill, theme=theme)
        if key_lost:
            KeyringSecrets(where.name).delete(DATABASE_SECRET)
        camera = [sys.executable, "-m", "tests.screenshots.grab"]
        plain = {key: value for key, value in env.items() if key != "QT_SCALE_FACTOR"}
        command = [sys.executable, "-m", "tests.screenshots.frozen", "app", "--data-dir", str(where.folder)]
        eye = stack.enter_context(Child(camera, log=folder / "camera.log", env=plain, talks=True))
        app = stack.enter_context(Child(command, log=folder / "app.log", env=env))
        stage = Stage(where, env, clock, far_end, eye)
        until(lambda: _has_window(env) or _ended(app), 20, "the window")
        if key_lost:
            until(app.said, 20, "the sentence of the refusal")
        else:
            until(lambda: where.socket.exists() or _ended(app), 20, "the control socket")
            stage.ringdown("wait", "registered") if filled else stage.ringdown("status")
        yield stage
        if not key_lost:
            stage.ringdown("quit")
