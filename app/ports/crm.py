"""The port to Salesforce, and what goes back and forth through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.call_log import CallLog
from app.domain.call_quality import CallSound
from app.domain.counterpart import Card, CrmRecord, RecordRef
from app.domain.follow_up import FollowUp
from app.domain.new_record import NewForm, NewRecord, PhoneSlot, Related
from app.domain.people_index import IndexPage, IndexScope
from app.domain.phone_number import PhoneNumber
from app.errors import AppError


@dataclass(frozen=True, slots=True)
class CrmUser:
    """Who is signed in to Salesforce. ``zone`` is the user's IANA time zone."""

    id: str
    name: str
    username: str
    org_id: str
    zone: str


@dataclass(frozen=True, slots=True)
class TaskReceipt:
    """A call's Task after a write: its id, and every field value sent so far."""

    task_id: str
    sent: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One part of a day rollup as its Salesforce record."""

    key: str
    day: str
    number: str
    zone: str
    part: int
    messages: int
    body: str
    who: RecordRef | None = None
    account_id: str = ""


@dataclass(frozen=True, slots=True)
class CallWrite:
    """A call on its way to its Task.

    ``sent`` is what Salesforce is known to hold from here, empty before the first confirmed write. ``tried_at`` (UTC)
    is when an earlier try may have reached Salesforce without its answer being known, ``tried`` what such tries wrote
    (`CrmGateway.shown_values`). ``sound`` is how the call sounded.
    """

    log: CallLog
    key: str
    line_number: str
    sent: Mapping[str, object]
    tried_at: datetime | None = None
    tried: tuple[Mapping[str, object], ...] = ()
    sound: CallSound | None = None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A call's Task as Salesforce shows it; ``stamp`` moves with every change. A hidden field has no value here."""

    task_id: str
    stamp: str
    deleted: bool
    values: Mapping[str, object]
    who_name: str = ""
    what_name: str = ""


@dataclass(frozen=True, slots=True)
class NotesNews:
    """Notes changed in Salesforce. ``base`` is what both sides last agreed on; ``also_here``: changed here too."""

    there: str
    base: str
    also_here: bool


@dataclass(frozen=True, slots=True)
class LinkNews:
    """A link changed in Salesforce: to this record, or to none."""

    ref: RecordRef | None
    name: str


@dataclass(frozen=True, slots=True)
class TaskNews:
    """What of a Task was changed in Salesforce and is to be taken over here; None where nothing is.

    ``sent`` is what Salesforce is now known to hold: it takes the place of what was known before. ``unsent``: the
    call, with all that taken over, still differs from it.
    """

    sent: Mapping[str, object]
    unsent: bool = False
    notes: NotesNews | None = None
    subject: str | None = None
    disposition: str | None = None
    who: LinkNews | None = None
    what: LinkNews | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """What became of several wishes in one request: each result in order. ``changed`` None: not asked, or not told."""

    calls: Sequence[TaskReceipt | AppError]
    days: Sequence[str | AppError]
    changed: tuple[Sequence[TaskRow], str] | None = None


@dataclass(frozen=True, slots=True)
class OrgFinding:
    """Something of the org that the rep or the admin should know.

    ``code``: package-missing, field-hidden (a value that is not written), field-required (a field of the org's own
    that Ringdown cannot fill), record-type (the one new Tasks get). ``name`` as people know it.
    """

    code: str
    name: str = ""


class OrgMemory(Protocol):
    """What was learnt of an org, kept over a restart: no secret, and no customer's data. Any thread; never waits."""

    def recall(self, name: str) -> str:
        """What was kept under the name; empty for nothing."""
        ...

    def keep(self, name: str, text: str) -> None:
        """Keep it; the name's last text is gone."""
        ...


class CrmGateway(Protocol):
    """Salesforce. Every method blocks on the network (crm threads only) and raises AppError CRM_*.

    The error's ``values`` may carry ``message`` (Salesforce's own words) and ``retry_after`` (seconds).
    """

    def sign_in(self) -> CrmUser:
        """Check the token and learn who it belongs to."""
        ...

    def find(self, number: PhoneNumber, region: str) -> Sequence[CrmRecord]:
        """People and companies with this number (SOSL), each verified to really have it."""
        ...

    def search(self, text: str, limit: int = 20) -> Sequence[CrmRecord]:
        """People and companies by name (SOSL in name fields)."""
        ...

    def find_exact(self, number: PhoneNumber, region: str) -> Sequence[CrmRecord]:
        """`find` without the search index, which lags minutes behind: slow, and only numbers in the usual forms."""
        ...

    def index_page(self, scope: IndexScope, mark: str = "") -> IndexPage:
        """People for the local index: the first page of ``scope``, or the one that ``next`` of another leads to.

        With ``since`` only what has changed, and what is gone. CRM_REFUSED for a mark that has expired."""
        ...

    def card(self, ref: RecordRef) -> Card:
        """The record with open deals, open cases and timeline."""
        ...

    def related(self, text: str, *, who: RecordRef | None, account_id: str = "", limit: int = 20) -> Sequence[Related]:
        """Deals and cases of a person or company whose name holds ``text``, open ones first; all of theirs when it
        is empty. Without a person the whole org is searched, for two letters or more."""
        ...

    def read_related(self, record_id: str) -> Related | None:
        """The record a call is about, by its id alone; None for one that cannot be named."""
        ...

    def people_kinds(self) -> Sequence[str]:
        """What a new person can be in this org: Contact, Lead and, where there are such, PERSON_ACCOUNT."""
        ...

    def new_form(self, kind: str) -> NewForm:
        """What a new Contact, Lead, PERSON_ACCOUNT, Opportunity or Case needs in this org."""
        ...

    def create(self, wanted: NewRecord, *, save_anyway: bool = False) -> RecordRef:
        """Make a record; of a PERSON_ACCOUNT the Account. Safe to repeat for ten minutes: the one made by a try whose
        answer was lost is found.

        Raises CRM_DUPLICATE with ``duplicates`` ((object, id) pairs) and ``may_save`` among its values."""
        ...

    def read_people(self, refs: Sequence[RecordRef]) -> Sequence[CrmRecord]:
        """These records, without those the user cannot see."""
        ...

    def phone_slots(self, ref: RecordRef) -> Sequence[PhoneSlot]:
        """The phone fields of a person or company that the user may change."""
        ...

    def set_phone(self, ref: RecordRef, field: str, number: str, *, expected: str) -> None:
        """Put a number (empty clears) into a field that holds ``expected``; CRM_CHANGED when it holds another.

        ``field`` as `phone_slots` named it: of a person account those of the Account. Safe to repeat."""
        ...

    def delete(self, ref: RecordRef) -> None:
        """Move a record to the recycle bin; one that is gone already is fine."""
        ...

    def log_follow_up(
        self,
        one: FollowUp,
        log: CallLog,
        *,
        key: str,
        sent: Mapping[str, object],
        tried_at: datetime | None = None,
    ) -> TaskReceipt:
        """Make, change or take back a follow-up's Task. Safe to repeat. ``sent`` and ``tried_at`` as in `CallWrite`."""
        ...

    def log_calls(self, calls: Sequence[CallWrite], *, zone: str) -> Sequence[TaskReceipt | AppError]:
        """Create or update the Tasks of these calls in few requests; only what differs from ``sent`` goes out.

        One result each, in order. Safe to repeat. Raises only what stopped all of them. A Task deleted in
        Salesforce is CRM_NOT_FOUND with ``reason`` "gone". An error after which nobody knows whether the Task was made
        has ``unsure`` among its values.
        """
        ...

    def upsert_days(self, records: Sequence[DayRecord]) -> Sequence[str | AppError]:
        """Create or update parts of day rollups in few requests; the 18-character id of each, in order.

        Safe to repeat. Raises only what stopped all of them."""
        ...

    def write_together(
        self,
        calls: Sequence[CallWrite],
        days: Sequence[DayRecord],
        *,
        user: CrmUser,
        zone: str,
        since: str | None = None,
    ) -> Together:
        """`log_calls`, `upsert_days` and, with ``since``, `changed_tasks` in one request where that is possible."""
        ...

    def read_tasks(self, task_ids: Sequence[str]) -> Sequence[TaskRow]:
        """These Tasks, the deleted ones among them. One hidden from the user, or gone for good, is left out."""
        ...

    def changed_tasks(self, user: CrmUser, since: str) -> tuple[Sequence[TaskRow], str]:
        """The user's calls whose Tasks changed, and the mark to ask from the next time; ``since`` empty at first."""
        ...

    def news(self, call: CallWrite, row: TaskRow, *, zone: str) -> TaskNews:
        """What of ``row`` is to be taken over. Needs no network; any thread.

        A field counts as changed in Salesforce when it differs from ``sent``. What was changed here too and is not
        yet sent wins, except for notes, which are never given up on either side. A value of ``call.tried`` is no
        change of anybody's: it is a lost request of this app that came through late.
        """
        ...

    def touches_notes(self, call: CallWrite, *, zone: str) -> bool:
        """Would writing this call change the notes of a Task that exists? Needs no network; any thread."""
        ...

    def shown_values(self, call: CallWrite, *, zone: str) -> Mapping[str, object]:
        """What people could edit of the call's Task, as it would be written now. Needs no network; any thread."""
        ...

    @property
    def request_limit(self) -> float:
        """Seconds a request may still be under way in Salesforce after nobody waits for its answer any more."""
        ...

    @property
    def usage(self) -> tuple[int, int] | None:
        """(used, total) requests of the org in 24 hours as of the last answer, None before the first."""
        ...

    @property
    def requests(self) -> int:
        """Requests this gateway has had answered."""
        ...

    @property
    def findings(self) -> Sequence[OrgFinding]:
        """What the writes have found out about the org. Needs no network."""
        ...

    def record_url(self, ref: RecordRef) -> str:
        """Where the record opens in the browser. Needs no network."""
        ...

    def new_contact_url(self, number: str) -> str:
        """Where the browser makes a Contact with this number. Needs no network."""
        ...

    def close(self) -> None:
        """Drop the connections."""
        ...
