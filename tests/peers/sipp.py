"""SIPp as the other party: it plays one scenario of `tests/peers/sipp` once, to the letter, and says whether all came.

Needs the Debian package sip-tester. UDP only.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.peers.child import Child, free_port, plain_env, until

SCENARIOS = Path(__file__).with_name("sipp_scenarios")
_PATIENCE = 30  # seconds a scenario may take


def is_installed() -> bool:
    """Can these tests run here?"""
    return shutil.which("sipp") is not None


class Sipp:
    """One run of one scenario on 127.0.0.1.

    With ``remote`` (``host:port``) it calls ``user`` there, else it waits for one call. Each of ``keys`` replaces
    its ``[name]`` in the scenario.
    """

    def __init__(
        self,
        folder: Path,
        scenario: str,
        *,
        remote: str = "",
        user: str = "riley",
        keys: Mapping[str, str] | None = None,
    ) -> None:
        folder.mkdir(parents=True)
        self.port = free_port()
        self.uri = f"sip:sipp@127.0.0.1:{self.port}"
        self._messages, self._errors = folder / "messages", folder / "errors"
        text = (SCENARIOS / f"{scenario}.xml").read_text("utf-8")
        for name, value in (keys or {}).items():  # SIPp's own keys cannot be a status
            text = text.replace(f"[{name}]", value)
        played = folder / f"{scenario}.xml"
        played.write_text(text, "utf-8")
        words = ["sipp", *([remote] if remote else []), "-sf", str(played), "-m", "1"]
        words += ["-i", "127.0.0.1", "-p", str(self.port), "-mi", "127.0.0.1", "-mp", str(free_port()), "-s", user]
        words += ["-cp", str(free_port()), "-nostdin", "-timeout", str(_PATIENCE), "-timeout_error"]
        words += ["-trace_msg", "-message_file", str(self._messages), "-trace_err", "-error_file", str(self._errors)]
        self._child = Child(words, log=folder / "log", env=plain_env(folder, TERM="dumb"))
        if not remote:
            until(self._listens, 8, "SIPp listens")

    def __enter__(self) -> Sipp:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End it, whatever it is at."""
        self._child.end()

    def finished(self, seconds: float = _PATIENCE + 5) -> None:
        """Wait for the end of the scenario: every message came as it says, and none besides."""
        code = self._child.wait(seconds)
        assert code == 0, f"SIPp ended with {code}: {_read(self._errors)[-2000:]} {self.messages()[-4000:]}"

    def messages(self) -> str:
        """All messages sent and received."""
        return _read(self._messages)

    def _listens(self) -> bool:
        assert self._child.is_alive, self._child.said()
        address = f"0100007F:{self.port:04X}"
        return any(line.split()[1] == address for line in Path("/proc/net/udp").read_text().splitlines()[1:])


def _read(file: Path) -> str:
    return file.read_text("utf-8", "replace") if file.exists() else ""
