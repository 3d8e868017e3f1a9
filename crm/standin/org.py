"""One org: its rows, schema, settings, session, API counter and query cursors."""

from __future__ import annotations

import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from . import caller, ids, times
from .access import Access
from .blobs import Blobs
from .bulk_jobs import Jobs
from .custom import Custom
from .disk import Disk
from .errors import refuse
from .faults import Faults
from .oauth_policy import Policy
from .oauth_state import Grants
from .objects import ALL_OBJECTS, PREFIXES
from .request_log import RequestLog
from .schema import Row, Schema, narrowed
from .store import Store

ORG_ID = ids.make("00D", 1)
USER_ID = caller.FIRST_USER
CLIENT_ID = "3MVG9standin.ringdown.desktop"
_CURSORS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Settings:
    """What `/standin/settings` can change.

    package: whether our admin package is installed. index_delay: seconds until SOSL sees a write.
    api_limit: calls a day. unique_task_key: whether the key on Task is unique or an external id only.
    api_enabled: whether the edition has the API. clock_skew: seconds the server's clock is ahead (negative: behind).
    access_status: the status of INSUFFICIENT_ACCESS errors, 400 or 403. per_app_limit: calls a day for the app
    alone, told beside the org's; 0 for none.
    person_accounts: whether the org has them. bulk_seconds: how long a query job takes; bulk_page: the most
    rows of one page of its results; bulk_fails: jobs end as Failed; bulk_sorts_columns: columns come by name,
    not as asked. changes_lag: seconds by which /updated and /deleted lag; changes_limit: the most ids they give.
    search_limit: how many finds of an object a search looks at before sharing and WHERE.
    """

    package: bool = True
    index_delay: float = 0.0
    api_limit: int = 100_000
    unique_task_key: bool = True
    api_enabled: bool = True
    clock_skew: float = 0.0
    access_status: int = 400
    per_app_limit: int = 0
    person_accounts: bool = False
    bulk_seconds: float = 0.0
    bulk_page: int = 50_000
    bulk_fails: bool = False
    bulk_sorts_columns: bool = False
    changes_lag: float = 0.0
    changes_limit: int = 600_000
    search_limit: int = 2_000


class Org:
    """Everything the handlers need. Any thread."""

    def __init__(self, disk: Disk | None = None) -> None:
        self.disk = disk
        self.store = Store(disk)
        self.faults = Faults()
        self.log = RequestLog()
        self.policy = Policy().changed(self._remembered("policy", Policy().as_json()))
        self.grants = Grants(disk, self.store.lock, ORG_ID)
        self.access = Access(disk)
        self.custom = Custom(disk)
        self.blobs = Blobs(disk)
        self.jobs = Jobs()
        self.url = ""
        self.settings = Settings(**self._remembered("settings", asdict(Settings())))
        self.full_schema: Schema
        self.schema_changed = self.now()
        self.used = 0
        self.bin_emptied: datetime | None = None
        self._lock = threading.Lock()
        self._cursors: OrderedDict[str, Sequence[dict[str, Any]]] = OrderedDict()
        self._cursor_count = 0
        self.token = (disk.meta("token") if disk else None) or _new_token()
        if disk:
            disk.set_meta("token", self.token)
        self.apply(self.settings)

    def _remembered(self, name: str, known: dict[str, Any]) -> dict[str, Any]:
        """Values kept on disk, as far as they are still known."""
        kept = self.disk.meta(name) if self.disk else None
        values: dict[str, Any] = json.loads(kept) if kept else {}
        return {each: value for each, value in values.items() if each in known}

    def _remember(self, name: str, values: dict[str, Any]) -> None:
        if self.disk:
            with self.store.lock:
                self.disk.set_meta(name, json.dumps(values))

    def set_policy(self, policy: Policy) -> None:
        """Changes how the app may be signed in to."""
        self.policy = policy
        self._remember("policy", policy.as_json())

    @property
    def schema(self) -> Schema:
        """The objects and fields the caller may see; all of them where the org itself is at work."""
        user = caller.acting()
        return self.full_schema if user is None else self.access.view(self.full_schema, user)

    def sees(self, row: Row) -> bool:
        """Whether the caller may see the row."""
        user = caller.acting()
        return user is None or self.access.sees(user, PREFIXES.get(str(row["Id"])[:3], ""), row)

    def may_change(self, row: Row) -> bool:
        """Whether the caller may change or delete the row."""
        user = caller.acting()
        return user is None or self.access.changes(user, PREFIXES.get(str(row["Id"])[:3], ""), row)

    def seen(self, record_id: str) -> Row | None:
        """The live row with this id, if the caller may see it."""
        row = self.store.find(record_id)
        return row if row is not None and self.sees(row) else None

    def moment(self) -> datetime:
        """The server's clock."""
        return datetime.now(UTC) + timedelta(seconds=self.settings.clock_skew)

    def now(self) -> datetime:
        """The server's clock, whole seconds: stamps carry no finer part."""
        return self.moment().replace(microsecond=0)

    def stamp(self) -> str:
        """Now, as records carry it."""
        return times.wire(self.now())

    def apply(self, settings: Settings) -> None:
        """Takes over settings; the schema follows them."""
        self.settings = settings
        delivered = narrowed(
            ALL_OBJECTS,
            package=settings.package,
            unique_task_key=settings.unique_task_key,
            person=settings.person_accounts,
        )
        types = delivered.find("RecordType")
        given = self.store.rows(types) if types else []
        types_here = [row for row in given if settings.person_accounts or not row.get("IsPersonType")]
        self.full_schema = self.custom.extend(delivered, types_here)
        # Later than before even within one second, or a client would be told that nothing has changed.
        self.schema_changed = max(self.now(), self.schema_changed + timedelta(seconds=1))
        self._remember("settings", asdict(settings))
        self.store.set_search_lag(settings.index_delay)

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

    def expire_cursors(self) -> None:
        """Forgets every long answer, as after two days."""
        with self._lock:
            self._cursors.clear()

    def cursor(self, name: str) -> Sequence[dict[str, Any]]:
        """The remembered answer. Raises ApiError when it is gone."""
        with self._lock:
            found = self._cursors.get(name)
        if found is None:
            raise refuse("INVALID_QUERY_LOCATOR", "invalid query locator")
        return found

    def week_start(self) -> int:
        """The weekday the signed-in user's week begins with; Monday is 0."""
        user = self.store.find(caller.user_id())
        return times.week_start(str(user["LocaleSidKey"])) if user else times.SUNDAY

    def user_zone(self) -> str:
        """The signed-in user's time zone."""
        user = self.store.find(caller.user_id())
        return str(user["TimeZoneSidKey"]) if user else "UTC"


def _new_token() -> str:
    return f"{ORG_ID[:15]}!AQ{secrets.token_urlsafe(48)}"
