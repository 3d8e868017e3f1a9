"""The Salesforce stand-in as a child process, with its control interface."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import requests

_ROOT = Path(__file__).resolve().parents[2]
_START = 30.0  # seconds


class Standin:
    """One running stand-in; ends with `stop`, or by itself when this process dies."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crm.standin", "--until-stdin-closes"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = self._first_line()
        self.url: str = first["url"]
        self.token: str = first["access_token"]
        self._http = requests.Session()
        self._http.trust_env = False

    def _first_line(self) -> dict[str, str]:
        assert self._process.stdout
        guard = threading.Timer(_START, self._process.kill)  # a readline has no deadline of its own
        guard.start()
        try:
            line = self._process.stdout.readline()
        finally:
            guard.cancel()
        assert line, "the stand-in did not start"
        found: dict[str, str] = json.loads(line)
        return found

    def stop(self) -> None:
        """End the process and wait for it."""
        self._http.close()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process.stdout.close()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One call of ``/standin/…``."""
        answer = self._http.request(method, f"{self.url}/standin/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def reset(self, *, empty: bool = False) -> None:
        """A fresh org, with its people or without."""
        self.control("POST", "reset", {"empty": empty})

    def settings(self, **values: object) -> None:
        """Change how the org behaves."""
        self.control("POST", "settings", values)

    def fault(self, match: str, kind: str, **values: object) -> None:
        """Arm a fault for the next matching request."""
        self.control("POST", "faults", {"match": match, "kind": kind, **values})

    def load(self, sobject: str, *records: dict[str, object]) -> list[str]:
        """Store records; their ids."""
        ids: list[str] = self.control("POST", f"records/{sobject}", list(records))["ids"]
        return ids

    def rows(self, sobject: str) -> list[dict[str, Any]]:
        """All records of an object that are not deleted."""
        return [row for row in self.control("GET", f"records/{sobject}") if not row.get("IsDeleted")]

    def requests(self) -> Sequence[str]:
        """The API requests since the last reset: ``METHOD path``, decoded."""
        return [f"{one['method']} {unquote(one['path'])}" for one in self.control("GET", "log")]

    def clear_log(self) -> None:
        """Count from here."""
        self.control("DELETE", "log")
