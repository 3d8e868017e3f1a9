"""A real Secret Service of the test's own: a session bus and GNOME Keyring with an unlocked login collection."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.peers.child import ROOT, Child, plain_env, until

_SERVICE = "ringdown"
_NAME = "org.freedesktop.secrets"
PASSWORD = "the password of the login collection"


class SecretService:
    """Runs in ``folder``, whose path must be short: it holds sockets. ``env`` leads clients to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        runtime = folder / "run"
        runtime.mkdir(mode=0o700, parents=True)
        bus = f"unix:path={runtime}/bus"
        self.env = {
            "XDG_RUNTIME_DIR": str(runtime),
            "DBUS_SESSION_BUS_ADDRESS": bus,
            "XDG_DATA_HOME": str(folder / "share"),
            "XDG_CONFIG_HOME": str(folder / "config"),
        }
        self._activate_unlocked(folder / "share" / "dbus-1" / "services")
        self._all = plain_env(folder, **self.env)
        self._bus = Child(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={bus}"],
            log=folder / "dbus.log",
            env=self._all,
        )
        try:
            until(lambda: self._has("org.freedesktop.DBus"), what="the session bus")
            self._keyring = self._daemon(unlocked=True)
        except BaseException:
            self._bus.end()
            raise

    def __enter__(self) -> SecretService:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End both."""
        self._keyring.end()
        self._bus.end()

    def lock(self, env: Mapping[str, str]) -> None:
        """Start the store again, locked: who asks it makes its prompt appear on the screen of ``env``."""
        shown = {name: env[name] for name in ("DISPLAY", "LC_ALL") if name in env}
        subprocess.run(
            ["dbus-update-activation-environment", *(f"{name}={value}" for name, value in shown.items())],
            env=self._all,
            check=True,
        )
        self._keyring.end()
        until(lambda: not self._has(_NAME), what="the Secret Service is gone")
        self._keyring = self._daemon(unlocked=False)

    def _activate_unlocked(self, services: Path) -> None:
        """GNOME Keyring 42 may abort over a question of a fresh connection; the bus then starts it anew, unlocked."""
        services.mkdir(parents=True)
        script = self._folder / "keyring.sh"
        daemon = " ".join(self._command(unlocked=True))
        script.write_text(f"#!/bin/sh\nprintf '%s' '{PASSWORD}' | exec {daemon}\n")
        script.chmod(0o700)
        (services / f"{_NAME}.service").write_text(f"[D-BUS Service]\nName={_NAME}\nExec={script}\n")

    def _command(self, *, unlocked: bool) -> list[str]:
        return [
            "gnome-keyring-daemon",
            "--foreground",
            *(["--unlock"] if unlocked else []),
            "--components=secrets",
            f"--control-directory={self._folder}/run/keyring",
        ]

    def _daemon(self, *, unlocked: bool) -> Child:
        daemon = Child(
            self._command(unlocked=unlocked),
            log=self._folder / "keyring.log",
            env=self._all,
            stdin=PASSWORD.encode() if unlocked else None,
        )
        try:
            until(lambda: self._has(_NAME), what="the Secret Service")
        except BaseException:
            daemon.end()
            raise
        return daemon

    def secret(self, profile: str, name: str) -> str | None:
        """What the store holds for a profile, asked as any other program would; None when there is nothing."""
        found = self._client("get", f"{profile}/{name}")
        return found.stdout.decode().rstrip("\n") if found.returncode == 0 else None

    def forget(self, profile: str, name: str) -> None:
        """Take a secret away."""
        assert self._client("del", f"{profile}/{name}").returncode == 0

    def store(self, profile: str, name: str, value: str) -> None:
        """Put a secret in."""
        assert self._client("set", f"{profile}/{name}", given=value.encode()).returncode == 0

    def _client(self, action: str, name: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "keyring", action, _SERVICE, name],
            env=self._all,
            cwd=ROOT,
            input=given,
            capture_output=True,
            timeout=20,
            check=False,
        )

    def _has(self, name: str) -> bool:
        asked = subprocess.run(
            [
                "dbus-send",
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.NameHasOwner",
                f"string:{name}",
            ],
            env=self._all,
            capture_output=True,
            timeout=5,
            check=False,
        )
        return asked.returncode == 0 and b"true" in asked.stdout
