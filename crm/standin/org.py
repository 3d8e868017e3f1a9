"""One org: its rows, schema, settings, session, API counter and query cursors."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from . import ids, times
from .disk import Disk
from .errors import refuse
from .faults import Faults
from .objects import ALL_OBJECTS
from .request_log import RequestLog
from .schema import Schema, narrowed
from .store import Store

ORG_ID = ids.make("00D", 1)
USER_ID = ids.make("005", 1)
CLIENT_ID = "3MVG9standin.ringdown.desktop"
_CURSORS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Settings:
    """What `/standin/settings` can change.

    package: whether our admin package is installed. index_delay: seconds until SOSL sees a write.
    api_limit: calls a day. unique_task_key: whether the key on Task is unique or an external id only.
    """

    package: bool = True
    index_delay: float = 0.0
    api_limit: int = 100_000
    unique_task_key: bool = True


class Org:
    """Everything the handlers need. Any thread."""

    def __init__(self, disk: Disk | None = None) -> None:
        self.disk = disk
        self.store = Store(disk)
        self.faults = Faults()
        self.log = RequestLog()
        self.url = ""
        self.settings = Settings()
        self.schema: Schema
        self.schema_changed = self.now()
        self.used = 0
        self._lock = threading.Lock()
        self._cursors: OrderedDict[str, Sequence[dict[str, Any]]] = OrderedDict()
        self._cursor_count = 0
        self.token = (disk.meta("token") if disk else None) or _new_token()
        if disk:
            disk.set_meta("token", self.token)
        self.apply(self.settings)

    def now(self) -> datetime:
        """The server's clock, whole seconds: stamps carry no finer part."""
        return datetime.now(UTC).replace(microsecond=0)

    def stamp(self) -> str:
        """Now, as records carry it."""
        return times.wire(self.now())

    def apply(self, settings: Settings) -> None:
        """Takes over settings; the schema follows them."""
        self.settings = settings
        self.schema = narrowed(ALL_OBJECTS, package=settings.package, unique_task_key=settings.unique_task_key)
        self.schema_changed = self.now()

    def change(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Changes the named settings and returns all. Raises ApiError for an unknown name or a wrong type."""
        known = asdict(self.settings)
        clean: dict[str, Any] = {}
        for name, value in wanted.items():
            if name not in known:
                raise refuse("INVALID_SETTING", f"no such setting: {name}")
            kind = type(known[name])
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not (isinstance(value, bool) if kind is bool else number):
                raise refuse("INVALID_SETTING", f"{name} takes a {kind.__name__}")
            clean[name] = kind(value)
        self.apply(replace(self.settings, **clean))
        return asdict(self.settings)

    def count_call(self) -> None:
        """One more API call today."""
        with self._lock:
            self.used += 1

    def new_session(self) -> str:
        """Ends the session and opens another one."""
        self.token = _new_token()
        if self.disk:
            with self.store.lock:
                self.disk.set_meta("token", self.token)
        return self.token

    def keep_cursor(self, records: Sequence[dict[str, Any]]) -> str:
        """Remembers a long answer; the oldest cursor is dropped when there are too many."""
        with self._lock:
            self._cursor_count += 1
            name = ids.make("01g", self._cursor_count)
            self._cursors[name] = records
            while len(self._cursors) > _CURSORS_KEPT:
                self._cursors.popitem(last=False)
            return name

    def cursor(self, name: str) -> Sequence[dict[str, Any]]:
        """The remembered answer. Raises ApiError when it is gone."""
        with self._lock:
            found = self._cursors.get(name)
        if found is None:
            raise refuse("INVALID_QUERY_LOCATOR", "invalid query locator")
        return found

    def user_zone(self) -> str:
        """The signed-in user's time zone."""
        user = self.store.find(USER_ID)
        return str(user["TimeZoneSidKey"]) if user else "UTC"


def _new_token() -> str:
    return f"{ORG_ID[:15]}!AQ{secrets.token_urlsafe(48)}"
