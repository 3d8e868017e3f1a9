"""Fakes of the ports, by hand. Each also runs the contract tests of the real adapter."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from app.domain.call import CallAnswered, CallEnded, CallHoldChanged, CallMuteChanged, CallRinging, CallSent, EndReason
from app.domain.call_log import CallLog
from app.domain.counterpart import Card, CrmRecord, Deal, LineReason, LineState, RecordRef
from app.domain.follow_up import FollowUp
from app.domain.message import Delivery, TextArrived, TextProgressed
from app.domain.new_record import PERSON_ACCOUNT, FormField, NewForm, NewRecord, PhoneSlot, Related
from app.domain.people_index import IndexPage, IndexScope
from app.domain.phone_events import (
    CallArrived,
    DevicesChanged,
    EngineLost,
    EngineStarted,
    LineChanged,
    PhoneEvent,
    SoundTest,
)
from app.domain.phone_number import PhoneNumber, same_number
from app.errors import AppError, ErrorCode
from app.ports.crm import CallWrite, CrmUser, DayRecord, TaskReceipt
from app.ports.phone import AudioChoice, LineAccess
from tests.fake_tasks import FakeTasks, fake_values

RILEY = CrmUser("005000000000001AAA", "Riley Chen", "riley@example.com", "00D000000000001AAA", "America/Los_Angeles")


class FixedClock:
    """Stands still until moved."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at or datetime(2026, 11, 20, 18, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """As the port says."""
        return self.at

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


@dataclass
class FakePhone:
    """An engine whose far side the test plays: `ring`, `far_answers`, `far_hangs_up`, `text_in`."""

    clock: FixedClock
    post: Callable[[Callable[[], None]], None]
    commands: list[tuple[object, ...]] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    calls_stored: list[str] = field(default_factory=list)
    ringing: bool = False
    live: set[str] = field(default_factory=set)
    _ids: itertools.count[int] = field(default_factory=itertools.count)
    _on_event: Callable[[PhoneEvent], None] | None = None

    def emit(self, event: PhoneEvent) -> None:
        """Report an event, as the engine's thread would."""
        handler = self._on_event
        assert handler is not None
        self.post(lambda: handler(event))

    def start(self, on_event: Callable[[PhoneEvent], None]) -> None:
        """As the port says."""
        self._on_event = on_event
        self.emit(EngineStarted(self.clock.now()))

    def apply(self, lines: Sequence[LineAccess], audio: AudioChoice) -> None:
        """Every line registers."""
        self.commands.append(("apply", tuple(access.line.id for access in lines), audio))
        for access in lines:
            self.line(access.line.id, LineState.REGISTERED)

    def line(self, line_id: str, state: LineState, reason: LineReason = LineReason.NONE) -> None:
        """A registration changes."""
        self.emit(LineChanged(line_id, state, reason.value, 200, self.clock.now(), "sip:riley@127.0.0.1:5070"))

    def dial(self, call_id: str, line_id: str, target: str, *, caller_id: str = "") -> None:
        """As the port says; it rings at once."""
        self.commands.append(("dial", call_id, line_id, target, caller_id))
        self.live.add(call_id)
        self.emit(CallSent(call_id, self.clock.now(), f"{call_id}@sip"))
        self.emit(CallRinging(call_id, self.clock.now()))

    def answer(self, call_id: str) -> None:
        """As the port says."""
        self.commands.append(("answer", call_id))
        if call_id in self.live:
            self.far_answers(call_id)

    def reject(self, call_id: str, status: int = 486) -> None:
        """As the port says."""
        self.commands.append(("reject", call_id, status))
        self._end(call_id, status)

    def hangup(self, call_id: str) -> None:
        """As the port says."""
        self.commands.append(("hangup", call_id))
        self._end(call_id)

    def hold(self, call_id: str, on: bool) -> None:
        """As the port says."""
        self.commands.append(("hold", call_id, on))
        if call_id in self.live:
            self.emit(CallHoldChanged(call_id, self.clock.now(), on))

    def mute(self, call_id: str, on: bool) -> None:
        """As the port says."""
        self.commands.append(("mute", call_id, on))
        if call_id in self.live:
            self.emit(CallMuteChanged(call_id, self.clock.now(), on))

    def send_digits(self, call_id: str, digits: str) -> None:
        """As the port says."""
        self.commands.append(("digits", call_id, digits))

    def ring(self, on: bool) -> None:
        """As the port says."""
        self.ringing = on

    def watch_presence(self, line_id: str, uris: Sequence[str]) -> None:
        """As the port says."""
        self.commands.append(("presence", line_id, tuple(uris)))

    def watch_levels(self, on: bool) -> None:
        """As the port says."""
        self.commands.append(("levels", on))

    def test_sound(self, test: SoundTest) -> None:
        """As the port says; a test says how it goes."""
        self.commands.append(("test", test))

    def send_text(self, message_id: str, line_id: str, target: str, body: str) -> None:
        """As the port says; the test reports what became of it."""
        self.commands.append(("text", message_id, line_id, target, body))

    def text_stored(self, spool_id: str) -> None:
        """As the port says."""
        self.stored.append(spool_id)

    def call_stored(self, call_id: str) -> None:
        """As the port says."""
        self.calls_stored.append(call_id)

    def network_changed(self) -> None:
        """As the port says."""
        self.commands.append(("network",))

    def list_devices(self) -> None:
        """As the port says."""
        self.emit(DevicesChanged(("Microphone",), ("Speaker",), self.clock.now()))

    def close(self) -> None:
        """As the port says."""
        self.commands.append(("close",))

    # the far side

    def call_in(self, user: str = "+14155550142", name: str = "", line: str = "main") -> str:
        """Somebody calls; the call's id."""
        call_id = f"in-{next(self._ids)}"
        self.live.add(call_id)
        self.emit(CallArrived(call_id, line, user, "carrier.example", name, f"{call_id}@sip", self.clock.now()))
        return call_id

    def far_answers(self, call_id: str) -> None:
        """The callee picks up."""
        self.emit(CallAnswered(call_id, self.clock.now()))

    def far_ends(self, call_id: str, status: int = 200, reason: EndReason = EndReason.NONE) -> None:
        """The other side hangs up, cancels or refuses."""
        self._end(call_id, status, EndReason.BUSY if status == 486 else reason)

    def _end(self, call_id: str, status: int = 200, reason: EndReason = EndReason.NONE) -> None:
        if call_id in self.live:
            self.live.remove(call_id)
            self.emit(CallEnded(call_id, self.clock.now(), status, reason))

    def text_in(self, body: str, user: str = "+14155550142", carrier_id: str = "", line: str = "main") -> str:
        """Somebody texts; the spool id."""
        spool_id = f"spool-{next(self._ids)}"
        self.emit(
            TextArrived(
                spool_id,
                line,
                user,
                "carrier.example",
                "",
                body,
                "text/plain",
                carrier_id or f"{spool_id}@sip",
                self.clock.now(),
            )
        )
        return spool_id

    def text_result(self, message_id: str, delivery: Delivery, status: int = 200, reason: str = "") -> None:
        """The carrier answers a MESSAGE."""
        self.emit(TextProgressed(message_id, delivery, status, reason, self.clock.now()))

    def die(self) -> None:
        """The engine process ends."""
        self.emit(EngineLost(self.clock.now()))


@dataclass
class FakeCrm(FakeTasks):
    """A Salesforce in memory. ``fail`` holds errors for the next writes; ``commit_first`` loses the reply instead."""

    people: list[CrmRecord] = field(default_factory=list)
    days: dict[str, DayRecord] = field(default_factory=dict)
    fail: list[AppError] = field(default_factory=list)
    commit_first: bool = False
    writes: int = 0
    offered: list[Related] = field(default_factory=list)
    deals: tuple[Deal, ...] = ()  # of everybody
    made: list[NewRecord] = field(default_factory=list)
    deleted: list[RecordRef] = field(default_factory=list)
    unindexed: list[CrmRecord] = field(default_factory=list)
    """People made so lately that only the exact search knows them."""
    kinds: Sequence[str] = ("Contact", "Lead")
    exact_asked: int = 0
    pages: list[IndexPage] = field(default_factory=list)
    index_asked: list[tuple[IndexScope, str]] = field(default_factory=list)
    index_fail: list[AppError] = field(default_factory=list)
    """Its own, because the index is read whenever it likes."""

    def sign_in(self) -> CrmUser:
        """As the port says."""
        self._maybe_fail()
        return RILEY

    def find(self, number: PhoneNumber, region: str) -> Sequence[CrmRecord]:
        """As the port says."""
        return [p for p in self.people if any(same_number(stored, number, region) for _, stored in p.phones)]

    def search(self, text: str, limit: int = 20) -> Sequence[CrmRecord]:
        """As the port says."""
        return [p for p in self.people if text.lower() in p.name.lower()][:limit]

    def find_exact(self, number: PhoneNumber, region: str) -> Sequence[CrmRecord]:
        """As the port says."""
        self.exact_asked += 1
        return [p for p in self.unindexed if any(same_number(stored, number, region) for _, stored in p.phones)]

    def index_page(self, scope: IndexScope, mark: str = "") -> IndexPage:
        """The pages prepared, one after the other; nobody when there are none."""
        self.index_asked.append((scope, mark))
        if self.index_fail:
            raise self.index_fail.pop(0)
        return self.pages.pop(0) if self.pages else IndexPage(cursor="2026-11-20T18:00:00Z")

    def card(self, ref: RecordRef) -> Card:
        """As the port says."""
        found = next((p for p in self.people if p.ref == ref), None)
        if found is None:
            raise AppError(ErrorCode.CRM_NOT_FOUND, message="", reason="no-record")
        return Card(found, deals=self.deals)

    def log_one(self, call: CallWrite) -> TaskReceipt:
        """One call of `log_calls`."""
        log, key, sent = call.log, call.key, call.sent
        whole = fake_values(log)
        new = not sent or not log.task_id
        values = whole if new else {name: one for name, one in whole.items() if sent.get(name) != one}
        self.writes += 1
        if not self.commit_first:
            self._maybe_fail()
        self.tasks.setdefault(key, {}).update(values)
        self.stamps[key] = self.stamps.get(key, 0) + 1
        self._maybe_fail()
        return TaskReceipt(self.id_of(key), {**sent, **values})

    def keep_day(self, record: DayRecord) -> str:
        """One record of `upsert_days`."""
        self.writes += 1
        if not self.commit_first:
            self._maybe_fail()
        self.days[record.key] = replace(record)
        self._maybe_fail()
        return f"a00{len(self.days):012d}AAA"

    def related(self, text: str, *, who: RecordRef | None, account_id: str = "", limit: int = 20) -> Sequence[Related]:
        """As the port says."""
        self._maybe_fail()
        return [one for one in self.offered if text.lower() in one.name.lower()][:limit]

    def read_related(self, record_id: str) -> Related | None:
        """As the port says."""
        return next((one for one in self.offered if one.ref.id == record_id), None)

    def people_kinds(self) -> Sequence[str]:
        """As the port says."""
        return self.kinds

    def new_form(self, kind: str) -> NewForm:
        """As the port says."""
        names = {"Opportunity": ("Name", "CloseDate"), "Case": ("Subject",)}.get(kind, ("FirstName", "LastName"))
        return NewForm(kind, tuple(FormField(name, name, required=name != "FirstName") for name in names))

    def create(self, wanted: NewRecord, *, save_anyway: bool = False) -> RecordRef:
        """As the port says; a person is one of ``people`` from then on."""
        self._maybe_fail()
        self.made.append(wanted)
        if wanted.kind == PERSON_ACCOUNT:
            return self._made_person(wanted)
        prefix = {"Contact": "003", "Lead": "00Q", "Opportunity": "006", "Case": "500"}[wanted.kind]
        ref = RecordRef(wanted.kind, f"{prefix}{len(self.made):09d}new"[:15] + "AAA")
        if wanted.kind in {"Contact", "Lead"}:
            name = " ".join(wanted.values[part] for part in ("FirstName", "LastName") if wanted.values.get(part))
            phones = tuple((key, value) for key, value in wanted.values.items() if key.endswith("Phone"))
            self.people.append(CrmRecord(ref, name, phones=phones))
        self._maybe_fail()
        return ref

    def _made_person(self, wanted: NewRecord) -> RecordRef:
        account = f"001{len(self.made):09d}per"[:15] + "AAA"
        name = " ".join(wanted.values[part] for part in ("FirstName", "LastName") if wanted.values.get(part))
        phones = tuple((key, value) for key, value in wanted.values.items() if key.endswith("Phone"))
        behind = RecordRef("Contact", account.replace("001", "003", 1))
        self.people.append(CrmRecord(behind, name, account_id=account, phones=phones))
        return RecordRef("Account", account)

    def read_people(self, refs: Sequence[RecordRef]) -> Sequence[CrmRecord]:
        """As the port says."""
        return [
            person
            for ref in refs
            for person in self.people
            if person.ref == ref or (ref.kind == "Account" and person.account_id == ref.id and "per" in ref.id)
        ]

    def phone_slots(self, ref: RecordRef) -> Sequence[PhoneSlot]:
        """As the port says: the field's label is its name."""
        person = next(person for person in self.people if person.ref == ref)
        stored = dict(person.phones)
        return [PhoneSlot(name, name, stored.get(name, "")) for name in ("Phone", "MobilePhone")]

    def set_phone(self, ref: RecordRef, field: str, number: str, *, expected: str) -> None:
        """As the port says."""
        self._maybe_fail()
        for at, person in enumerate(self.people):
            if person.ref == ref:
                if dict(person.phones).get(field, "") != expected:
                    raise AppError(ErrorCode.CRM_CHANGED)
                phones = dict(person.phones) | {field: number}
                self.people[at] = replace(person, phones=tuple((k, v) for k, v in phones.items() if v))

    def delete(self, ref: RecordRef) -> None:
        """As the port says."""
        self._maybe_fail()
        self.deleted.append(ref)
        gone = self.read_people([ref])
        self.people = [person for person in self.people if person not in gone]

    def log_follow_up(
        self,
        one: FollowUp,
        log: CallLog,
        *,
        key: str,
        sent: Mapping[str, object],
        tried_at: datetime | None = None,
    ) -> TaskReceipt:
        """As the port says."""
        self._maybe_fail()
        if one.removed:
            self.tasks.pop(key, None)
            return TaskReceipt("", {})
        values: dict[str, object] = {
            "Subject": one.text,
            "ActivityDate": one.day.isoformat(),
            "WhoId": log.who.id if log.who else None,
        }
        self.tasks.setdefault(key, {}).update(values)
        return TaskReceipt(f"00T{len(self.tasks):012d}AAA", values)

    def record_url(self, ref: RecordRef) -> str:
        """As the port says."""
        return f"https://example.my.salesforce.com/{ref.id}"

    def new_contact_url(self, number: str) -> str:
        """As the port says."""
        return f"https://example.my.salesforce.com/new?{number}"

    def close(self) -> None:
        """As the port says."""

    def _maybe_fail(self) -> None:
        if self.fail:
            raise self.fail.pop(0)


def offline() -> AppError:
    """Salesforce is away."""
    return AppError(ErrorCode.CRM_OFFLINE)
