"""Starts the far end as a program and talks to its control port."""

import json
import select
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class FarEnd:
    """A running far end; ends it by closing its standard input."""

    def __init__(self, errors: Path, *options: str) -> None:
        self._errors = errors
        with errors.open("wb") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sip.standin", "--until-stdin-closes", *options],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=sink,
            )
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], 10)
        assert ready, "the far end printed nothing"
        line = json.loads(self.process.stdout.readline())
        self.sip: str = line["sip"]
        self.control: str = line["control"]

    def get(self, path: str) -> Any:
        """A GET's JSON."""
        with urllib.request.urlopen(self.control + path, timeout=5) as answer:
            return json.load(answer)

    def post(self, path: str, /, **body: Any) -> Any:
        """A POST's JSON; urllib.error.HTTPError when it is refused."""
        request = urllib.request.Request(self.control + path, json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def refusal(self, path: str, http: dict[str, str] | None = None, /, **body: Any) -> int:
        """The status of a POST that must be refused."""
        request = urllib.request.Request(self.control + path, json.dumps(body).encode(), http or {})
        try:
            with urllib.request.urlopen(request, timeout=5):
                raise AssertionError("was not refused")
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def call(self, *, sip_call_id: str) -> dict[str, Any]:
        """The record of one call."""
        found = [c for c in self.get("/calls") if c["sip_call_id"] == sip_call_id]
        assert len(found) == 1
        record: dict[str, Any] = found[0]
        return record

    def until(self, sip_call_id: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Asks for a call until it is as wanted; AssertionError after 5 s."""
        limit = time.monotonic() + 5
        while True:
            record = self.call(sip_call_id=sip_call_id)
            if wanted(record):
                return record
            assert time.monotonic() < limit, record
            time.sleep(0.05)

    def close(self) -> int:
        """Closes standard input and waits; the exit code."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            return self.process.wait(10)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()

    def complaints(self) -> str:
        """What it wrote to standard error."""
        return self._errors.read_text()
