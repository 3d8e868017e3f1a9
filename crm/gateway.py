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
from app.domain.follow_up import FollowUp
from app.domain.new_record import NewForm, NewRecord, PhoneSlot, Related
from app.domain.people_index import IndexPage, IndexScope
from app.domain.phone_number import PhoneNumber
from app.errors import AppError, ErrorCode
from app.ports.crm import CallWrite, CrmUser, DayRecord, OrgFinding, OrgMemory, TaskNews, TaskReceipt, TaskRow, Together
from crm import lookup, people_index, phone_fields, records_writing, related, soap, urls
from crm.calls import CallSync
from crm.card import Cards
from crm.describes import Describes
from crm.errors import UnexpectedReplyError, crm_errors, session_error
from crm.forms import Forms, sobject_of
from crm.ids import id18, is_id
from crm.lane import API_VERSION, Lane, Lanes, default_timeout
from crm.org_rules import OrgRules
from crm.visible import Visible
from crm.writes import DayWriter, TaskWriter, Written

T = TypeVar("T")

soap.leave_out()


class SalesforceGateway:
    """One org, for one signed-in user.

    ``token`` gives the access token of now, None when signed out; it is asked before every request and may block.
    ``refresh`` gets a token Salesforce no longer takes and gives a new one, or None; it is asked once per request.
    ``timeout`` is (connect, read) in seconds. ``memory`` keeps over a restart what was learnt of the org.
    """

    def __init__(
        self,
        instance_url: str,
        token: Callable[[], str | None],
        *,
        refresh: Callable[[str], str | None] | None = None,
        timeout: tuple[float, float] | None = None,
        memory: OrgMemory | None = None,
    ) -> None:
        self._instance_url = instance_url.rstrip("/")
        self._token = token
        self._refresh = refresh
        waits = timeout or default_timeout()
        self._limit = 20 * waits[1]
        self._lanes = Lanes(lambda access: Lane(self._instance_url, access, waits, self._note_usage))
        self._visible = Visible()
        self._cards = Cards(self._visible)
        self._describes = Describes(memory)
        self._forms = Forms(self._describes)
        self._rules = OrgRules(self._describes)
        self._tasks = TaskWriter(self._rules, limit=self._limit)
        self._calls = CallSync(self._rules, self._tasks)
        self._days = DayWriter(self._rules)
        self._requests = 0
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
        self._visible.user_id = user.id
        self._cards.forget()
        self._describes.belong_to(f"{urlsplit(self._instance_url).netloc}|{user.id}")
        self._rules.forget()
        self._tasks.forget()
        return user

    def find(self, number: PhoneNumber, region: str) -> Sequence[CrmRecord]:
        """People and companies that really have this number; ``region`` is how stored numbers are read."""
        if not lookup.search_digits(number):
            return []
        return self._run(lambda lane: lookup.find(lane, self._visible, number, region))

    def find_exact(self, number: PhoneNumber, region: str) -> Sequence[CrmRecord]:
        """The same from the tables and not from the search index, which lags: slow, and only the usual forms."""
        return self._run(lambda lane: lookup.exact(lane, self._visible, number, region))

    def index_page(self, scope: IndexScope, mark: str = "") -> IndexPage:
        """The next page of people for the local index."""
        if not self._visible.user_id:
            self.sign_in()
        return self._run(lambda lane: people_index.page(lane, self._visible, self._describes, scope, mark))

    def search(self, text: str, limit: int = 20) -> Sequence[CrmRecord]:
        """People and companies with a name that begins so, in any of its words."""
        if not lookup.name_term(text):
            return []
        return self._run(lambda lane: lookup.by_name(lane, self._visible, text, limit))

    def card(self, ref: RecordRef) -> Card:
        """The record with open deals, open cases and timeline, in one request."""
        return self._run(lambda lane: self._cards.read(lane, ref))

    def log_calls(self, calls: Sequence[CallWrite], *, zone: str) -> list[TaskReceipt | AppError]:
        """As the port says."""
        try:
            return self._run(lambda lane: self._calls.write(lane, calls, zone))
        except AppError as error:
            return self._calls.unanswered(calls, error)

    def upsert_days(self, records: Sequence[DayRecord]) -> list[str | AppError]:
        """As the port says."""
        results = self._run(lambda lane: self._days.upsert(lane, records))
        return [one if isinstance(one, AppError) else one.id for one in results]

    def write_together(
        self,
        calls: Sequence[CallWrite],
        days: Sequence[DayRecord],
        *,
        user: CrmUser,
        zone: str,
        since: str | None = None,
    ) -> Together:
        """As the port says."""

        def work(lane: Lane) -> Together:
            parts = self._calls.first_parts(lane, calls, zone) + self._days.first_parts(lane, days)
            if since is not None:
                parts.append(self._calls.changed_part(lane, user, since))
            with lane.together(parts):
                logged = self._calls.write(lane, calls, zone)
                written = self._written_days(lane, days)
                changed = self._changed_too(lane, user, since) if since is not None else None
            return Together(logged, [one if isinstance(one, AppError) else one.id for one in written], changed)

        try:
            return self._run(work)
        except AppError as error:
            return Together(self._calls.unanswered(calls, error), [error for _ in days])

    def _changed_too(self, lane: Lane, user: CrmUser, since: str) -> tuple[list[TaskRow], str] | None:
        try:
            with crm_errors():
                return self._calls.changed(lane, user, since)
        except AppError:  # it only came along, and is asked again: what was written stays written
            return None

    def _written_days(self, lane: Lane, days: Sequence[DayRecord]) -> Sequence[Written | AppError]:
        try:
            return self._days.upsert(lane, days)
        except AppError as error:  # no package: that is no reason to forget what became of the calls
            return [error for _ in days]

    def read_tasks(self, task_ids: Sequence[str]) -> list[TaskRow]:
        """As the port says."""
        return self._run(lambda lane: self._calls.read(lane, task_ids))

    def changed_tasks(self, user: CrmUser, since: str) -> tuple[list[TaskRow], str]:
        """As the port says."""
        return self._run(lambda lane: self._calls.changed(lane, user, since))

    def news(self, call: CallWrite, row: TaskRow, *, zone: str) -> TaskNews:
        """As the port says."""
        return self._calls.news(call, row, zone)

    def touches_notes(self, call: CallWrite, *, zone: str) -> bool:
        """As the port says."""
        return self._calls.touches_notes(call, zone)

    def shown_values(self, call: CallWrite, *, zone: str) -> Mapping[str, object]:
        """As the port says."""
        return self._calls.shown(call, zone)

    @property
    def request_limit(self) -> float:
        """As the port says: twenty times as long as this app waits, which is Salesforce's own limit."""
        return self._limit

    @property
    def requests(self) -> int:
        """As the port says."""
        return self._requests

    @property
    def findings(self) -> list[OrgFinding]:
        """As the port says."""
        return self._calls.findings()

    def related(self, text: str, *, who: RecordRef | None, account_id: str = "", limit: int = 20) -> Sequence[Related]:
        """Deals and cases a call can be related to, open ones first."""
        return self._run(lambda lane: related.search(lane, text, who, account_id, limit))

    def read_related(self, record_id: str) -> Related | None:
        """The record a call is about, by its id alone; None for one that cannot be named."""
        return self._run(lambda lane: related.read(lane, record_id))

    def people_kinds(self) -> Sequence[str]:
        """As the port says."""
        return self._run(self._forms.people_kinds)

    def new_form(self, kind: str) -> NewForm:
        """As the port says."""
        return self._run(lambda lane: self._forms.read(lane, kind))

    def create(self, wanted: NewRecord, *, save_anyway: bool = False) -> RecordRef:
        """Make a record, or find the one that an earlier try made."""
        user = self._user or self.sign_in()
        try:
            return self._run(
                lambda lane: records_writing.create(lane, self._forms, wanted, user.id, save_anyway=save_anyway)
            )
        except AppError as error:
            if error.code is ErrorCode.CRM_REFUSED:
                self._describes.doubt(sobject_of(wanted.kind))  # the form may ask for too little, or for too much
            raise

    def read_people(self, refs: Sequence[RecordRef]) -> Sequence[CrmRecord]:
        """These records, without those the user cannot see."""
        return self._run(lambda lane: records_writing.read_people(lane, self._visible, self._forms, refs))

    def phone_slots(self, ref: RecordRef) -> Sequence[PhoneSlot]:
        """The phone fields of a person or company that the user may change."""
        return self._run(lambda lane: phone_fields.phone_slots(lane, self._visible, self._forms, ref))

    def set_phone(self, ref: RecordRef, field: str, number: str, *, expected: str) -> None:
        """Put a number into a field that holds ``expected``; CRM_CHANGED when it holds another."""
        self._run(
            lambda lane: phone_fields.set_phone(lane, self._visible, self._forms, ref, field, number, expected=expected)
        )

    def delete(self, ref: RecordRef) -> None:
        """Move a record to the recycle bin; one that is gone already is fine."""
        self._run(lambda lane: records_writing.delete(lane, ref))

    def log_follow_up(
        self,
        one: FollowUp,
        log: CallLog,
        *,
        key: str,
        sent: Mapping[str, object],
        tried_at: datetime | None = None,
    ) -> TaskReceipt:
        """Make, change or take back a follow-up's Task. Safe to repeat."""
        try:
            return self._run(
                lambda lane: records_writing.write_follow_up(
                    lane, self._tasks, one, log, key=key, sent=sent, tried_at=tried_at
                )
            )
        except AppError as error:
            if self._tasks.is_unsure(key):
                error.values["unsure"] = True
            raise

    def record_url(self, ref: RecordRef) -> str:
        """Where the record opens in the browser. Needs no network."""
        return urls.record_url(self._instance_url, ref)

    def new_contact_url(self, number: str) -> str:
        """Where the browser makes a Contact with this number. Needs no network."""
        return urls.new_contact_url(self._instance_url, number)

    def move_to(self, instance_url: str) -> None:
        """The org is somewhere else from now on: every fresh token goes there. Any thread."""
        self._instance_url = instance_url.rstrip("/")

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
            is_curable = error.values.get("reason") != ErrorCode.SIGN_IN_NO_API.value
            if error.code is not ErrorCode.CRM_SIGNED_OUT or self._refresh is None or not is_curable:
                raise
            fresh = self._refresh(token)
            if not fresh or fresh == token:
                raise
        return self._attempt(fresh, work)

    def _attempt(self, token: str, work: Callable[[Lane], T]) -> T:
        lane = self._lanes.get(token)
        try:
            with crm_errors(lane.retry_after):
                return work(lane)
        except AppError as error:
            raise session_error(error) from None

    def _note_usage(self, used: int, total: int) -> None:
        self._usage = (used, total)
        self._requests += 1


def _identify(lane: Lane) -> CrmUser:
    """The identity page of the token; what it leaves out comes from the User record."""
    from simple_salesforce.exceptions import SalesforceError

    root = lane.get(f"/services/data/v{API_VERSION}/")
    # Only the path: whatever host the address names, the token goes to no other than the instance.
    try:
        path = urlsplit(str(root.get("identity", ""))).path
    except ValueError:  # a host that is none
        raise UnexpectedReplyError from None
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
