"""A desktop of our own: a real Secret Service, and screens with a window manager. All private, all ended here."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.peers.child import Child, plain_env, until
from tests.peers.secret_service import SecretService

# A window of the ordinary kind takes the whole screen, without a frame; the card of a call stays what it is.
_FILLING = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <applications>
    <application type="normal"><decor>no</decor><maximized>yes</maximized></application>
  </applications>
</openbox_config>
"""


class Desktop:
    """A folder with a short path, and the environment for the programs under test. Use `open_desktop`."""

    def __init__(self, folder: Path, secrets: SecretService, stack: contextlib.ExitStack) -> None:
        self.folder = folder
        self.env = plain_env(folder, **secrets.env, QT_QPA_PLATFORM="xcb")
        self._stack = stack

    def new_folder(self, name: str) -> Path:
        """A fresh folder."""
        made = self.folder / name
        made.mkdir()
        return made

    def start_screen(self, size: str = "1280x860", *, filling: bool = False) -> dict[str, str]:
        """A screen of its own, with openbox when it is installed; the environment for programs on it.

        With ``filling`` windows take the whole screen.
        """
        log = self.folder / f"screen-{size}.log"
        server = Child(
            ["Xvfb", "-displayfd", "1", "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"],
            log=log,
            env=self.env,
            talks=True,
        )
        self._stack.enter_context(server)
        env = self.env | {"DISPLAY": f":{server.first_line().strip()}"}
        if shutil.which("openbox"):
            command = ["openbox", "--sm-disable"]
            if filling:
                rules = self.folder / "openbox.xml"
                rules.write_text(_FILLING)
                command += ["--config-file", str(rules)]
            self._stack.enter_context(Child(command, log=log, env=env))
            if shutil.which("xprop"):
                until(lambda: _is_managed(env), 10, "a window manager")
        return env


def _is_managed(env: Mapping[str, str]) -> bool:
    found = subprocess.run(
        ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], env=dict(env), capture_output=True, text=True, check=False
    )
    return "window id" in found.stdout


@contextlib.contextmanager
def open_desktop() -> Iterator[Desktop]:
    """Secrets ready, no screen yet. This process talks to the same session bus, as keyring and the sockets need it."""
    with tempfile.TemporaryDirectory(prefix="rdb", ignore_cleanup_errors=True) as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        secrets = stack.enter_context(SecretService(folder))
        os.environ.update(secrets.env)
        yield Desktop(folder, secrets, stack)
