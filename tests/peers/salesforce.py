"""The Salesforce stand-in (`python -m crm.standin`) as a child process, with its control interface."""

from __future__ import annotations

import json
import socket
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.peers.child import Child, free_port, plain_env

Row = dict[str, Any]


class Salesforce:
    """One org. With ``keeps`` it lives in a folder and can be stopped and started again at the same address."""

    def __init__(self, folder: Path, *, keeps: bool = False) -> None:
        self._folder = folder
        self._options = ["--data", str(folder / "org")] if keeps else []
        if keeps:
            self._options += ["--port", str(free_port(socket.SOCK_STREAM))]
        self._child: Child | None = None
        self.url = self.token = ""
        self.start()

    def __enter__(self) -> Salesforce:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Start it, the first time or again."""
        assert self._child is None
        child = Child(
            [sys.executable, "-m", "crm.standin", "--until-stdin-closes", *self._options],
            log=self._folder / "salesforce.log",
            env=plain_env(self._folder),
            talks=True,
        )
        first = child.first_json()
        self._child, self.url, self.token = child, first["url"], first["access_token"]

    def close(self) -> None:
        """End it."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One call of ``/standin/…``."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/standin/{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    def reset(self, *, empty: bool = False) -> None:
        """A fresh org, with its people or with its users only."""
        self.control("POST", "reset", {"empty": empty})

    def fault(self, kind: str, match: str, **more: Any) -> None:
        """Arm a fault for the next matching request."""
        self.control("POST", "faults", {"match": match, "kind": kind, **more})

    def armed(self) -> list[Row]:
        """Faults that have not happened yet."""
        found: list[Row] = self.control("GET", "faults")
        return found

    def clear_faults(self) -> None:
        """Disarm all."""
        self.control("DELETE", "faults")

    def load(self, sobject: str, *records: Row) -> list[str]:
        """Store records; their ids."""
        ids: list[str] = self.control("POST", f"records/{sobject}", list(records))["ids"]
        return ids

    def rows(self, sobject: str) -> list[Row]:
        """All records of an object that are not deleted."""
        return [row for row in self.control("GET", f"records/{sobject}") if not row.get("IsDeleted")]

    def tasks(self, sip_call_id: str) -> list[Row]:
        """The Tasks of one call, by its key."""
        return [row for row in self.rows("Task") if str(row.get("Ringdown_Key__c")).endswith(f"|{sip_call_id}")]

    def days(self, number: str) -> list[Row]:
        """The day records of one number, in the order of day and part."""
        rows = [row for row in self.rows("Ringdown_Day__c") if row.get("Counterpart__c") == number]
        return sorted(rows, key=lambda row: str(row["Key__c"]))

    def requests(self) -> list[str]:
        """The API requests since the last reset: ``METHOD path``, decoded."""
        return [f"{one['method']} {unquote(one['path'])}" for one in self.control("GET", "log")]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(urlsplit(self.url).port or 0)
