"""The ports: what the core needs from the world outside, with each method's contract.

A port exists where a second implementation really exists. Nothing here has code of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.call_log import CallLog
from app.domain.call_quality import CallSound
from app.domain.counterpart import Card, CrmRecord, Line, RecordRef
from app.domain.follow_up import FollowUp
from app.domain.message import Message
from app.domain.new_record import NewForm, NewRecord, PhoneSlot, Related
from app.domain.people_index import IndexPage, IndexScope
from app.domain.phone_events import PhoneEvent, SoundTest
from app.domain.phone_number import PhoneNumber
from app.errors import AppError


class Clock(Protocol):
    """Time, so that tests can hold it still."""

    def now(self) -> datetime:
        """The instant, timezone-aware UTC."""
        ...


class MainLoop(Protocol):
    """The thread that owns the use cases."""

    def post(self, work: Callable[[], None]) -> None:
        """Run ``work`` on the main thread, soon and in order. From any thread; never blocks."""
        ...

    def later(self, seconds: float, work: Callable[[], None]) -> Callable[[], None]:
        """Run ``work`` on the main thread after ``seconds``; the result cancels it. Main thread only."""
        ...


class SecretStore(Protocol):
    """Passwords, tokens and the database key. May block on a system prompt: never call on the main thread."""

    def get(self, name: str) -> str | None:
        """The secret, None when there is none. Raises AppError KEYRING_MISSING or KEYRING_LOCKED."""
        ...

    def set(self, name: str, value: str) -> None:
        """Store or replace. Raises as `get`."""
        ...

    def delete(self, name: str) -> None:
        """Forget; a missing name is fine. Raises as `get`."""
        ...


@dataclass(frozen=True, slots=True)
class LineAccess:
    """A line with its password, on its way to the engine. Never stored, never logged."""

    line: Line
    password: str
    turn_password: str = ""


@dataclass(frozen=True, slots=True)
class AudioChoice:
    """Device names as `DevicesChanged` lists them, ``default`` or ``none``."""

    input: str = "default"
    output: str = "default"
    ringer: str = "default"
    processing: bool = True  # echo cancellation, noise suppression and gain on the microphone


class Phone(Protocol):
    """The phone engine: lines, calls, texts and sound.

    Every method returns at once (main thread) and raises nothing; what happened comes back as a `PhoneEvent` on the
    main thread. A command for a call the engine no longer has is ignored.
    """

    def start(self, on_event: Callable[[PhoneEvent], None]) -> None:
        """Start the engine and watch it; begin to report."""
        ...

    def apply(self, lines: Sequence[LineAccess], audio: AudioChoice) -> None:
        """Make the engine's lines and devices these. Live calls stay."""
        ...

    def dial(self, call_id: str, line_id: str, target: str, *, caller_id: str = "") -> None:
        """Send an INVITE to the SIP URI ``target``. Ends in `CallEnded`, whatever happens."""
        ...

    def answer(self, call_id: str) -> None:
        """200 OK to a ringing caller."""
        ...

    def reject(self, call_id: str, status: int = 486) -> None:
        """Turn a ringing caller away with a final SIP status."""
        ...

    def hangup(self, call_id: str) -> None:
        """CANCEL or BYE, whichever fits."""
        ...

    def hold(self, call_id: str, on: bool) -> None:
        """Put the far side on hold, or take it back (re-INVITE)."""
        ...

    def mute(self, call_id: str, on: bool) -> None:
        """Cut the microphone off from this call, or connect it again."""
        ...

    def send_digits(self, call_id: str, digits: str) -> None:
        """Send ``0-9*#A-D`` as RFC 4733 events; a comma pauses two seconds."""
        ...

    def ring(self, on: bool) -> None:
        """Sound the ringer on its own device, or stop it."""
        ...

    def watch_presence(self, line_id: str, uris: Sequence[str]) -> None:
        """Report `PresenceChanged` of these SIP URIs, asked for over this line; of no others any longer."""
        ...

    def watch_levels(self, on: bool) -> None:
        """Report `SoundLevels`, or no longer: a meter is in sight. Without a call the devices are opened for it."""
        ...

    def test_sound(self, test: SoundTest) -> None:
        """Try speaker, ringer or microphone; `SoundTested` follows. A call that begins ends it."""
        ...

    def send_text(self, message_id: str, line_id: str, target: str, body: str) -> None:
        """Send a SIP MESSAGE (RFC 3428). Ends in `TextProgressed`."""
        ...

    def text_stored(self, spool_id: str) -> None:
        """The app has committed the text that came as ``spool_id``: the engine may forget it."""
        ...

    def network_changed(self) -> None:
        """The computer has other addresses, or woke up: register anew and move live calls."""
        ...

    def list_devices(self) -> None:
        """Report `DevicesChanged` now."""
        ...

    def close(self) -> None:
        """End calls, leave the lines, stop the engine and wait for it (five seconds at most)."""
        ...


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

    def log_call(
        self, log: CallLog, *, key: str, user: CrmUser, zone: str, line_number: str, sent: Mapping[str, object]
    ) -> TaskReceipt:
        """Create or update the Task with this key. ``sent`` is what Salesforce is known to hold from here (empty
        before the first confirmed write); only what differs is sent then. Safe to repeat."""
        ...

    def upsert_day(self, record: DayRecord) -> str:
        """Create or update one part of a day rollup; its 18-character id. Safe to repeat."""
        ...

    def related(self, text: str, *, who: RecordRef | None, account_id: str = "", limit: int = 20) -> Sequence[Related]:
        """Deals and cases of a person or company whose name holds ``text``, open ones first; all of theirs when it
        is empty. Without a person the whole org is searched, for two letters or more."""
        ...

    def read_related(self, record_id: str) -> Related | None:
        """The record a call is about, by its id alone; None for one that cannot be named."""
        ...

    def new_form(self, kind: str) -> NewForm:
        """What a new Contact, Lead, Opportunity or Case needs in this org."""
        ...

    def create(self, wanted: NewRecord, *, save_anyway: bool = False) -> RecordRef:
        """Make a record. Safe to repeat for ten minutes: the one made by a try whose answer was lost is found.

        Raises CRM_DUPLICATE with ``duplicates`` ((object, id) pairs) and ``may_save`` among its values."""
        ...

    def read_people(self, refs: Sequence[RecordRef]) -> Sequence[CrmRecord]:
        """These records, without those the user cannot see."""
        ...

    def phone_slots(self, ref: RecordRef) -> Sequence[PhoneSlot]:
        """The phone fields of a person or company that the user may change."""
        ...

    def set_phone(self, ref: RecordRef, field: str, number: str, *, expected: str) -> None:
        """Put a number (empty clears) into a field that holds ``expected``; CRM_CHANGED when it holds another."""
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
        """Make, change or take back a follow-up's Task. Safe to repeat. ``sent`` and ``tried_at`` as in `log_call`."""
        ...

    def log_calls(self, calls: Sequence[CallWrite], *, user: CrmUser, zone: str) -> Sequence[TaskReceipt | AppError]:
        """`log_call` for many in few requests; one result each, in order. Raises only what stopped all of them.

        A Task deleted in Salesforce is CRM_NOT_FOUND with ``reason`` "gone". An error after which nobody knows
        whether the Task was made has ``unsure`` among its values.
        """
        ...

    def upsert_days(self, records: Sequence[DayRecord]) -> Sequence[str | AppError]:
        """`upsert_day` for many in few requests; one result each, in order. Raises only what stopped all of them."""
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

    def news(self, call: CallWrite, row: TaskRow, *, user: CrmUser, zone: str) -> TaskNews:
        """What of ``row`` is to be taken over. Needs no network; any thread.

        A field counts as changed in Salesforce when it differs from ``sent``. What was changed here too and is not
        yet sent wins, except for notes, which are never given up on either side. A value of ``call.tried`` is no
        change of anybody's: it is a lost request of this app that came through late.
        """
        ...

    def touches_notes(self, call: CallWrite, *, user: CrmUser, zone: str) -> bool:
        """Would writing this call change the notes of a Task that exists? Needs no network; any thread."""
        ...

    def shown_values(self, call: CallWrite, *, user: CrmUser, zone: str) -> Mapping[str, object]:
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


@dataclass(frozen=True, slots=True)
class Grant:
    """What a sign-in gave: the tokens, where they hold, and whose they are. Kept in the password store, never logged.

    ``rotates`` says whether a refresh has brought a new refresh token (and killed the old one); None before the first.
    """

    login_url: str
    client_id: str
    instance_url: str
    user_id: str
    access_token: str
    refresh_token: str
    rotates: bool | None = None


class SignInPage(Protocol):
    """One sign-in that waits for the browser. `wait` ends with it, whatever happens."""

    @property
    def address(self) -> str:
        """What the browser must open. Holds nothing secret."""
        ...

    def wait(self) -> Grant:
        """Block until the browser has come back and Salesforce has given tokens. Raises AppError SIGN_IN_*."""
        ...

    def answer(self, error: AppError | None) -> None:
        """Tell in the browser how it went, and listen no more. Never raises."""
        ...

    def cancel(self) -> None:
        """End `wait` now. Any thread."""
        ...


class SignInService(Protocol):
    """Salesforce's sign-in (OAuth 2.0 with PKCE, public client). Every method blocks on the network."""

    def begin(self, login_url: str, client_id: str, language: str, noticed: Callable[[AppError], None]) -> SignInPage:
        """Look whether there is a sign-in page at ``login_url``, then listen for the browser. Raises SIGN_IN_*.

        ``language`` is "en" or "ja". ``noticed`` hears, on another thread, of what went wrong without ending it.
        """
        ...

    def refresh(self, grant: Grant) -> Grant:
        """Fresh tokens. Raises AppError: SIGN_IN_* when only a person can help, CRM_OFFLINE and CRM_BUSY else.

        A value ``lost`` says that Salesforce may have done it though no answer came.
        """
        ...

    def revoke(self, grant: Grant) -> None:
        """End the sign-in in Salesforce; one that has ended is fine. Raises as `refresh`."""
        ...


class DirectorySource(Protocol):
    """The company's own directory of colleagues."""

    def read(self) -> Sequence[CrmRecord]:
        """Everybody in it, as records of kind Colleague. Blocks; raises AppError DIRECTORY_UNREADABLE."""
        ...


class Carrier(Protocol):
    """A way to text. Reports through `TextProgressed`."""

    def send(self, message: Message, line: Line) -> None:
        """Hand one text over. Main thread, returns at once."""
        ...
