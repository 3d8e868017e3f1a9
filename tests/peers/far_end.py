"""The far end (`python -m sip.standin`) as a child process, with its control port."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.peers.child import Child, plain_env, until

Record = dict[str, Any]

TALKS = "+14155550101"
BUSY = "+14155550102"
NO_ANSWER = "+14155550103"
ECHO = "+14155550105"
MENU = "+14155550106"
HANGS_UP = "+14155550107"
NO_SUCH_NUMBER = "+14155550108"
DECLINES = "+14155550109"
OUT_OF_SERVICE = "+14155550110"


class FarEnd:
    """One carrier in a box. ``sip`` is its ``host:port``."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._child = Child(
            [sys.executable, "-m", "sip.standin", "--until-stdin-closes", *options],
            log=folder / "far-end.log",
            env=plain_env(folder),
            talks=True,
        )
        first = self._child.first_json()
        self.sip: str = first["sip"]
        self._url: str = first["control"]

    def __enter__(self) -> FarEnd:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> int:
        """End it; its exit code."""
        return self._child.end()

    def ask(self, path: str, /, **body: Any) -> Any:
        """A POST with fields, else a GET; its JSON. AssertionError with the far end's sentence when it refuses."""
        data = json.dumps(body).encode() if body else None
        try:
            with urllib.request.urlopen(urllib.request.Request(self._url + path, data), timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(error.read().decode()) from error

    def calls(self) -> list[Record]:
        """All calls so far, oldest first."""
        found: list[Record] = self.ask("/calls")
        return found

    def call(self, to: str, sender: str, **more: Any) -> str:
        """Call the app; the call's id here."""
        return str(self.ask("/call", to=to, **{"from": sender}, **more)["id"])

    def text(self, to: str, sender: str, body: str, **more: Any) -> str:
        """Text the app; the text's id here."""
        return str(self.ask("/text", to=to, body=body, **{"from": sender}, **more)["id"])

    def texts(self, direction: str = "in") -> list[Record]:
        """Texts that came in, or went ``out``."""
        found: list[Record] = self.ask(f"/texts?direction={direction}")
        return found

    def hangup(self, call_id: str) -> None:
        """End a call from here."""
        self.ask("/hangup", id=call_id)

    def record(self, call_id: str, file: Path) -> Path:
        """Write what the app says into a file; the one before is finished."""
        self.ask("/record", id=call_id, path=str(file))
        return file

    def by_id(self, call_id: str) -> Record:
        """One call."""
        return next(call for call in self.calls() if call["id"] == call_id)

    def until_call(self, call_id: str, is_so: Callable[[Record], object], seconds: float = 5.0) -> Record:
        """One call, as soon as it is so."""
        return until(
            lambda: (call := self.by_id(call_id)) and (call if is_so(call) else None), seconds, "far end's call"
        )

    def newest(self, number: str) -> Record:
        """The latest call to a number."""
        return next(call for call in reversed(self.calls()) if call["to"] == number and call["direction"] == "in")
