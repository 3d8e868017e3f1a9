"""SalesforceGateway: the CrmGateway port over simple-salesforce.

Callable from any number of threads: each has a connection of its own, so that a caller-ID search never waits behind
an upload. Importing this module is cheap; the library loads with the first request.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from app.domain.call_log import CallLog
from app.domain.counterpart import Card, CrmRecord, RecordRef
from app.domain.phone_number import PhoneNumber
from app.errors import AppError, ErrorCode
from app.ports import CrmUser, DayRecord, TaskReceipt
from crm import lookup, urls
from crm.card import Cards
from crm.errors import UnexpectedReplyError, crm_errors
from crm.ids import id18, is_id
from crm.lane import API_VERSION, Lane, Lanes
from crm.mapping import KEY_FIELD, sent_changes, task_values
from crm.visible import Visible
from crm.writes import DayWriter, TaskWriter

T = TypeVar("T")


class SalesforceGateway:
    """One org, for one signed-in user.

    ``token`` gives the access token of now, None when signed out; it is asked before every request and may block.
    ``refresh`` gets a token Salesforce no longer takes and gives a new one, or None; it is asked once per request.
    ``timeout`` is (connect, read) in seconds.
    """

    def __init__(
        self,
        instance_url: str,
        token: Callable[[], str | None],
        *,
        refresh: Callable[[str], str | None] | None = None,
        timeout: tuple[float, float] = (5.0, 30.0),
    ) -> None:
        self._instance_url = instance_url.rstrip("/")
        self._token = token
        self._refresh = refresh
        self._lanes = Lanes(lambda access: Lane(self._instance_url, access, timeout, self._note_usage))
        self._visible = Visible()
        self._cards = Cards(self._visible)
        self._tasks = TaskWriter()
        self._days = DayWriter()
        self._lock = threading.Lock()
        self._user: CrmUser | None = None
        self._usage: tuple[int, int] | None = None

    @property
    def usage(self) -> tuple[int, int] | None:
        """(used, total) requests of the org in 24 hours as of the last answer, None before the first."""
        return self._usage

    @property
    def package_missing(self) -> bool:
        """The last write found the org without our fields: Tasks carry their key in CallObject, days wait."""
        return self._tasks.package_missing

    def sign_in(self) -> CrmUser:
        """Check the token and learn who it belongs to; what was learnt of the org is learnt anew."""
        user = self._run(_identify)
        with self._lock:
            self._user = user
        self._visible.forget()
        self._cards.forget()
        self._tasks.forget()
        self._days.forget()
        return user

    def find(self, number: PhoneNumber, region: str) -> Sequence[CrmRecord]:
        """People and companies that really have this number; ``region`` is how stored numbers are read."""
        if not lookup.search_digits(number):
            return []
        return self._run(lambda lane: lookup.find(lane, self._visible, number, region))

    def search(self, text: str, limit: int = 20) -> Sequence[CrmRecord]:
        """People and companies with a name that begins so, in any of its words."""
        if not lookup.name_term(text):
            return []
        return self._run(lambda lane: lookup.by_name(lane, self._visible, text, limit))

    def recent_people(self, limit: int = 200) -> Sequence[CrmRecord]:
        """Contacts and Leads the user owns or has touched last, latest first."""
        user = self._user or self.sign_in()
        return self._run(lambda lane: lookup.recent(lane, self._visible, user.id, limit))

    def card(self, ref: RecordRef) -> Card:
        """The record with open deals, open cases and timeline, in one request."""
        return self._run(lambda lane: self._cards.read(lane, ref))

    def log_call(
        self,
        log: CallLog,
        *,
        key: str,
        user: CrmUser,
        zone: str,
        line_number: str,
        sent: Mapping[str, object],
        tried_at: datetime | None = None,
    ) -> TaskReceipt:
        """Create or update the Task with this key; only what differs from ``sent`` goes out. Safe to repeat.

        With ``sent`` and the log's ``task_id`` the Task is changed by its id, and one deleted in Salesforce raises
        CRM_NOT_FOUND; else the whole is upserted. ``tried_at`` (UTC) is when an earlier try, perhaps of an earlier
        process, may have reached Salesforce without its answer being known; an error raised here then has ``unsure``
        among its values. It only matters in an org without the package, where CRM_BUSY asks to wait.
        """
        values = {**task_values(log, user=user, zone=zone, line_number=line_number), KEY_FIELD: key}
        if sent and log.task_id:
            if changes := sent_changes(values, sent):
                self._run(lambda lane: self._tasks.change(lane, log.task_id, changes))
            return TaskReceipt(id18(log.task_id), {**sent, **changes})
        try:
            task_id = self._run(lambda lane: self._tasks.create(lane, key, values, tried_at))
        except AppError as error:
            if self._tasks.is_unsure(key):
                error.values["unsure"] = True
            raise
        return TaskReceipt(task_id, values)

    def upsert_day(self, record: DayRecord) -> str:
        """Create or update one part of a day rollup; its 18-character id. Safe to repeat."""
        return self._run(lambda lane: self._days.upsert(lane, record))

    def record_url(self, ref: RecordRef) -> str:
        """Where the record opens in the browser. Needs no network."""
        return urls.record_url(self._instance_url, ref)

    def new_contact_url(self, number: str) -> str:
        """Where the browser makes a Contact with this number. Needs no network."""
        return urls.new_contact_url(self._instance_url, number)

    def close(self) -> None:
        """Drop the connections of all threads. The next request would open new ones."""
        self._lanes.close()

    def _run(self, work: Callable[[Lane], T]) -> T:
        token = self._token()
        if not token:
            raise AppError(ErrorCode.CRM_SIGNED_OUT, message="", reason="no-token")
        if not urlsplit(self._instance_url).hostname:
            raise AppError(ErrorCode.CRM_SIGNED_OUT, message="", reason="no-instance")
        try:
            return self._attempt(token, work)
        except AppError as error:
            if error.code is not ErrorCode.CRM_SIGNED_OUT or self._refresh is None:
                raise
            fresh = self._refresh(token)
            if not fresh or fresh == token:
                raise
        return self._attempt(fresh, work)

    def _attempt(self, token: str, work: Callable[[Lane], T]) -> T:
        lane = self._lanes.get(token)
        with crm_errors(lane.retry_after):
            return work(lane)

    def _note_usage(self, used: int, total: int) -> None:
        self._usage = (used, total)


def _identify(lane: Lane) -> CrmUser:
    """The identity page of the token; what it leaves out comes from the User record."""
    from simple_salesforce.exceptions import SalesforceError

    root = lane.get(f"/services/data/v{API_VERSION}/")
    # Only the path: whatever host the address names, the token goes to no other than the instance.
    path = urlsplit(str(root.get("identity", ""))).path
    ids = [id18(piece) for piece in path.split("/") if is_id(piece)]
    if len(ids) < 2:
        raise UnexpectedReplyError
    org_id, user_id = ids[-2], ids[-1]
    try:
        page = lane.get(path)
    except SalesforceError as error:
        if error.status == 401 or error.status >= 500:
            raise
        page = {}
    name, username = str(page.get("display_name") or ""), str(page.get("username") or "")
    zone = str(page.get("timezone") or page.get("zoneinfo") or "")
    if not (name and username and zone):
        row = _user_row(lane, user_id)
        name, username = name or str(row.get("Name") or ""), username or str(row.get("Username") or "")
        zone = zone or str(row.get("TimeZoneSidKey") or "UTC")
    return CrmUser(id=user_id, name=name, username=username, org_id=org_id, zone=zone)


def _user_row(lane: Lane, user_id: str) -> dict[str, Any]:
    from simple_salesforce.format import format_soql

    found = lane.query(format_soql("SELECT Name, Username, TimeZoneSidKey FROM User WHERE Id = {}", user_id))
    return found[0] if found else {}
