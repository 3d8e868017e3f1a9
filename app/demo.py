"""The demo: a throw-away profile with a far end and a Salesforce of its own, both on this computer only."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.counterpart import Line
from app.errors import AppError, ErrorCode
from app.log import logger
from app.secret_names import TOKEN_SECRET
from app.settings import SalesforceSettings, Settings
from app.settings_file import Provisioned

if TYPE_CHECKING:
    from app.desk import Desk

log = logger("demo")

# What the far end does with each number; its own table (`python -m sip.standin --help`) is the authority.
NUMBERS = (
    ("+14155550101", "Answers and talks"),
    ("+14155550102", "Is busy"),
    ("+14155550103", "Rings, but nobody answers"),
    ("+14155550104", "A voicemail box"),
    ("+14155550105", "Says what you say"),
    ("+14155550106", "A menu to press keys in"),
    ("+14155550107", "Answers, then hangs up"),
)
# Somebody texts, then somebody calls, within the first minute.
_TEXT_AFTER, _CALL_AFTER = 12.0, 30.0
_TEXT = {
    "from": "+14155550142",
    "name": "Ana Flores",
    "body": "Hi Riley, can you send me the renewal quote before our call? Thanks!",
}
_CALL = {"from": "+15035550199", "name": "Bo Lindqvist", "say": "hello", "ring_seconds": 25}
_START = 20.0


@dataclass(frozen=True, slots=True)
class _Helper:
    process: subprocess.Popen[str]
    said: dict[str, Any]


class Demo:
    """Two child processes; they end when this one does, because their standard input closes."""

    numbers = NUMBERS

    def __init__(self, far_end: _Helper, salesforce: _Helper) -> None:
        self._far_end = far_end
        self._salesforce = salesforce
        host = str(far_end.said["sip"])
        self.provisioned = Provisioned(
            Settings(
                line=(
                    Line(
                        id="demo",
                        uri=f"sip:riley@{host}",
                        number="+14155550100",
                        echo="+14155550105",
                        caller_ids=("+14155550100",),
                        bind="127.0.0.1",
                    ),
                ),
                salesforce=SalesforceSettings(
                    login_url=str(salesforce.said["url"]),
                    client_id=str(salesforce.said["client_id"]),
                    instance_url=str(salesforce.said["url"]),
                ),
            ),
            {TOKEN_SECRET: str(salesforce.said["access_token"])},
        )

    @classmethod
    def start(cls, folder: Path) -> Demo:
        """Start both and wait for their first line. Worker threads only. Raises AppError DEMO_BROKEN."""
        logs = folder / "log"
        started: list[subprocess.Popen[str]] = []
        try:
            for module in ("sip.standin", "crm.standin"):
                started.append(_spawn(module, logs))
            far_end, salesforce = map(_ready, started)
            return cls(far_end, salesforce)
        except (OSError, ValueError) as error:  # no room for a process or its log; it ended without a word
            for process in started:
                _end(process)
            raise AppError(ErrorCode.DEMO_BROKEN, path=str(logs)) from error

    def follow(self, desk: Desk) -> None:
        """Let somebody text and call in. Main thread."""
        desk.loop.later(_TEXT_AFTER, lambda: self._ask(desk, "text", _TEXT))
        desk.loop.later(_CALL_AFTER, lambda: self._ask(desk, "call", _CALL))

    def close(self) -> None:
        """End both."""
        for helper in (self._far_end, self._salesforce):
            _end(helper.process)

    def _ask(self, desk: Desk, what: str, wish: dict[str, Any]) -> None:
        status = desk.lines.status("demo")
        if status is None or not status.contact:
            desk.loop.later(1.0, lambda: self._ask(desk, what, wish))
            return
        url = f"{self._far_end.said['control']}/{what}"
        body = json.dumps({**wish, "to": status.contact}).encode()
        threading.Thread(target=_post, args=(url, body), name="demo", daemon=True).start()


def _post(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own child
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310
            return
    except (urllib.error.URLError, OSError) as error:
        log.warning("the far end did not do it: %s", type(error).__name__)


def _spawn(module: str, logs: Path) -> subprocess.Popen[str]:
    with open(logs / f"{module}.log", "ab") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", module, "--until-stdin-closes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )


def _ready(process: subprocess.Popen[str]) -> _Helper:
    """Wait for its first line. Raises ValueError when it ends, or says nothing of use for twenty seconds."""
    assert process.stdout is not None
    timer = threading.Timer(_START, process.kill)
    timer.start()
    first = process.stdout.readline()
    timer.cancel()
    return _Helper(process, json.loads(first))


def _end(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
