"""Wrap-up, relations and new people by hand: everything is stored at once, and written down."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.call import CallState, Direction
from app.domain.call_log import CallLog
from app.domain.counterpart import CrmRecord, Match, RecordRef
from app.domain.events import CallLogChanged, MatchChanged
from app.domain.follow_up import FollowUp, follow_ups
from app.domain.local_time import local
from app.domain.new_record import PERSON_ACCOUNT, FieldKind, FormField, NewForm, NewRecord, PhoneSlot, Related
from app.domain.notes_merge import typed_over
from app.errors import AppError, ErrorCode
from app.usecases.new_people import Change
from app.usecases.relation import Bar, Party

if TYPE_CHECKING:
    from tests.ui_shell.fake_desk import FakeDesk

Then = Callable[[], None] | None
Failed = Callable[[AppError], None] | None
_ids = (f"f{n}" for n in itertools.count(1))

DEAL_FORM = NewForm(
    "Opportunity",
    (
        FormField("Name", "Opportunity Name", required=True, length=120),
        FormField(
            "StageName",
            "Stage",
            FieldKind.CHOICE,
            required=True,
            choices=(("Prospecting", "Prospecting"), ("Won", "Closed Won")),
            default="Prospecting",
        ),
        FormField("CloseDate", "Close Date", FieldKind.DATE, required=True),
    ),
)
CASE_FORM = NewForm("Case", (FormField("Subject", "Subject", required=True, length=255),))
CONTACT_FORM = NewForm(
    "Contact",
    (
        FormField("FirstName", "First Name"),
        FormField("LastName", "Last Name", required=True),
        FormField("Email", "Email"),
    ),
)
LEAD_FORM = NewForm(
    "Lead",
    (
        FormField("FirstName", "First Name"),
        FormField("LastName", "Last Name", required=True),
        FormField("Company", "Company", required=True),
        FormField("Email", "Email"),
    ),
)
PERSON_FORM = NewForm(
    PERSON_ACCOUNT,
    (
        FormField("FirstName", "First Name"),
        FormField("LastName", "Last Name", required=True),
        FormField("PersonEmail", "Email"),
    ),
)
FORMS = {form.kind: form for form in (DEAL_FORM, CASE_FORM, CONTACT_FORM, LEAD_FORM, PERSON_FORM)}


class FakeWrapup:
    """Stores notes when the test says so, or at once; everything else at once."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk = desk
        self.at_once = True
        self.asked: list[tuple[str, str]] = []
        self.logged: list[str] = []
        self.left: list[str] = []
        self.refuse: AppError | None = None
        self.follow_ups: dict[str, tuple[FollowUp, ...]] = {}
        self._done: set[str] = set()
        self._waiting: list[tuple[str, str, str | None, Then, Failed]] = []

    def settled(self, then: Callable[[], None]) -> None:
        self.store()
        then()

    def set_notes(
        self, call_id: str, text: str, then: Then = None, failed: Failed = None, *, base: str | None = None
    ) -> None:
        self.asked.append((call_id, text))
        self._waiting.append((call_id, text, base, then, failed))
        if self.at_once:
            self.store()

    def store(self) -> None:
        """The store writes what it was asked to."""
        waiting, self._waiting = self._waiting, []
        for call_id, typed, base, then, _ in waiting:
            here = local(self._desk.clock.now(), "UTC")
            stored = self._desk.reads.logs[call_id].notes
            text = typed if base is None else typed_over(typed, stored, base=base, day=here.date().isoformat())
            kept = self.follow_ups.get(call_id, ())
            self.follow_ups[call_id] = follow_ups(
                text, kept, call_id=call_id, now=here, zone="UTC", new_id=lambda: next(_ids)
            )
            self._set(call_id, then, notes=text)

    def fail(self, error: AppError) -> None:
        """The store cannot."""
        waiting, self._waiting = self._waiting, []
        for *_, failed in waiting:
            if failed is not None:
                failed(error)

    def set_subject(self, call_id: str, subject: str, then: Then = None, failed: Failed = None) -> None:
        self._set(call_id, then, failed, subject=subject)

    def set_disposition(self, call_id: str, disposition: str, then: Then = None, failed: Failed = None) -> None:
        self._set(call_id, then, failed, disposition=disposition)

    def set_relation(self, call_id: str, related: Related | None, then: Then = None, failed: Failed = None) -> None:
        about = {} if related is not None else {"about": ""}
        name = related.name if related is not None else ""
        self._set(call_id, then, failed, what=related.ref if related is not None else None, what_name=name, **about)

    def set_who(self, call_id: str, person: CrmRecord, then: Then = None, failed: Failed = None) -> None:
        number = self._desk.reads.logs[call_id].call.number
        match = self._desk.reads.matches[number]
        self._desk.reads.matches[number] = replace(match, chosen=person)
        self._set(call_id, then, failed, who=person.ref, person=person.name)
        self._desk.hub.publish(MatchChanged(number))

    def drop_follow_up(self, call_id: str, id: str) -> None:
        rows = self.follow_ups[call_id]
        self.follow_ups[call_id] = tuple(replace(one, removed=one.removed or one.id == id) for one in rows)
        self._desk.hub.publish(CallLogChanged(call_id))

    def unfinished(self) -> tuple[str, ...]:
        ended = (log.call for log in self._desk.reads.logs.values() if log.call.state is CallState.ENDED)
        worth = (call for call in ended if call.answered is not None or call.direction is Direction.OUT)
        return tuple(call.id for call in worth if call.id not in self._done)

    def log(self, call_id: str, then: Then = None) -> None:
        self.logged.append(call_id)
        self._done.add(call_id)

    def later(self, call_id: str) -> None:
        self.left.append(call_id)
        self._done.add(call_id)

    def _set(self, call_id: str, then: Then = None, failed: Failed = None, **values: object) -> None:
        if self.refuse is not None:
            if failed is not None:
                failed(self.refuse)
            return
        log: CallLog = self._desk.reads.logs[call_id]
        self._desk.reads.logs[call_id] = replace(log, **values)  # type: ignore[arg-type]
        self._desk.hub.publish(CallLogChanged(call_id))
        if then is not None:
            then()


class FakeRelation:
    """Deals and cases as the test offers them."""

    def __init__(self, wrapup: FakeWrapup) -> None:
        self._wrapup = wrapup
        self.cached: tuple[Related, ...] = ()
        self.offered: list[Related] = []
        self.searched: list[str] = []
        self.made: list[NewRecord] = []
        self.named: list[str] = []
        self.refuse: AppError | None = None
        self.form_of = dict(FORMS)

    def bar(self, log: CallLog) -> Bar:
        return Bar.LEAD if log.who is not None and log.who.kind == "Lead" else Bar.NONE

    def now(self, log: CallLog) -> Related | None:
        if log.what is not None and log.what.kind != "Account":
            return Related(log.what, log.what_name)
        return Related(RecordRef("", log.about), log.what_name) if log.about[:3] in {"006", "500"} else None

    def party(self, log: CallLog) -> Party:
        return Party(log.who)

    def known(self, log: CallLog) -> tuple[Related, ...]:
        return self.cached

    def search(
        self, log: CallLog, text: str, then: Callable[[Sequence[Related]], None], failed: Callable[[AppError], None]
    ) -> None:
        self.searched.append(text)
        if self.refuse is not None:
            failed(self.refuse)
        else:
            then([one for one in self.offered if text.lower() in one.name.lower()])

    def form(self, kind: str, then: Callable[[NewForm], None], failed: Callable[[AppError], None]) -> None:
        failed(self.refuse) if self.refuse is not None else then(self.form_of[kind])

    def first_close(self) -> str:
        return "2026-12-20"

    def create(
        self,
        log: CallLog,
        wanted: NewRecord,
        then: Callable[[Related], None],
        failed: Callable[[AppError], None],
    ) -> None:
        if self.refuse is not None:
            failed(self.refuse)
            return
        self.made.append(wanted)
        prefix = "006" if wanted.kind == "Opportunity" else "500"
        name = wanted.values.get("Name") or wanted.values["Subject"]
        one = Related(RecordRef(wanted.kind, f"{prefix}000000000099AAA"), name)
        self._wrapup.set_relation(log.id, one)
        then(one)

    def choose(self, call_id: str, related: Related | None, then: Then, failed: Failed) -> None:
        self._wrapup.set_relation(call_id, related, then, failed)

    def name(self, log: CallLog) -> None:
        self.named.append(log.id)


class FakeNewPeople:
    """A Salesforce that takes everything, or refuses as the test says."""

    def __init__(self, matched: Callable[[str, Match], None], now: Callable[[], object]) -> None:
        """``matched`` puts a match into the cache and tells of it."""
        self._matched = matched
        self._now = now
        self.offered: Sequence[str] = ("Contact", "Lead")
        self.forms = dict(FORMS)
        self.made: list[tuple[NewRecord, bool]] = []
        self.added: list[tuple[RecordRef, PhoneSlot]] = []
        self.undone: list[str] = []
        self.refuse: AppError | None = None
        self.alike: tuple[CrmRecord, ...] = ()
        self.accounts: list[CrmRecord] = []
        self.phone_slots: dict[RecordRef, tuple[PhoneSlot, ...]] = {}
        self.people: dict[RecordRef, CrmRecord] = {}
        self.change: Change | None = None

    def kinds(self, then: Callable[[Sequence[str]], None], failed: Callable[[AppError], None]) -> None:
        then(self.offered)

    def form(self, kind: str, then: Callable[[NewForm], None], failed: Callable[[AppError], None]) -> None:
        away = self.refuse is not None and self.refuse.code is ErrorCode.CRM_OFFLINE
        failed(self.refuse) if self.refuse is not None and away else then(self.forms[kind])

    def companies(
        self, text: str, then: Callable[[Sequence[CrmRecord]], None], failed: Callable[[AppError], None]
    ) -> None:
        then([one for one in self.accounts if text.lower() in one.name.lower()])

    def create(
        self,
        number: str,
        wanted: NewRecord,
        then: Callable[[CrmRecord], None],
        failed: Callable[[AppError, Sequence[CrmRecord]], None],
        *,
        save_anyway: bool = False,
    ) -> None:
        if self.refuse is not None and not save_anyway:
            failed(self.refuse, self.alike)
            return
        self.made.append((wanted, save_anyway))
        name = f"{wanted.values.get('FirstName', '')} {wanted.values['LastName']}".strip()
        prefix = "003" if wanted.kind == "Contact" else "00Q"
        record = CrmRecord(RecordRef(wanted.kind, f"{prefix}000000000077AAA"), name, phones=(("Phone", number),))
        self._took(number, record, None)
        then(record)

    def slots(
        self, ref: RecordRef, then: Callable[[Sequence[PhoneSlot]], None], failed: Callable[[AppError], None]
    ) -> None:
        then(self.phone_slots.get(ref, (PhoneSlot("Phone", "Phone", ""),)))

    def add(
        self,
        number: str,
        ref: RecordRef,
        slot: PhoneSlot,
        then: Callable[[CrmRecord], None],
        failed: Callable[[AppError], None],
    ) -> None:
        if self.refuse is not None and not self.alike:
            failed(self.refuse)
            return
        self.added.append((ref, slot))
        record = self.people.get(ref, CrmRecord(ref, "Somebody", phones=((slot.label, number),)))
        self._took(number, record, slot)
        then(record)

    def adopt(self, number: str, record: CrmRecord, then: Callable[[CrmRecord], None]) -> None:
        self._took(number, record, PhoneSlot("", ""))
        then(record)

    def undoable(self, number: str) -> Change | None:
        return self.change if self.change is not None and self.change.number == number else None

    def undo(self, number: str, then: Callable[[], None], failed: Callable[[AppError], None]) -> None:
        if self.refuse is not None:
            failed(self.refuse)
            return
        self.undone.append(number)
        self.change = None
        self._matched(number, Match())
        then()

    def _took(self, number: str, record: CrmRecord, slot: PhoneSlot | None) -> None:
        self.change = Change(number, record, self._now(), (), (), slot)  # type: ignore[arg-type]
        self._matched(number, Match((record,), record))


class FakeTypedForms:
    """Forms kept in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, str]] = {}

    def get(self, place: str) -> Mapping[str, str]:
        return self.kept.get(place, {})

    def keep(self, place: str, values: Mapping[str, str]) -> None:
        self.kept.pop(place, None)
        if any(values.values()):
            self.kept[place] = dict(values)
