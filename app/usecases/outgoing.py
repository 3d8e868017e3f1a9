"""What goes to Salesforce, by kind: made ready from the store, sent many at once, and remembered.

Each kind has the same three steps. `prepare` and `remember` run on the store thread inside one unit of work; `send`
on the upload lane, where nothing of the store is seen. The key a fact will have for ever is stored by `prepare`,
before the first request.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from app.domain import rollup
from app.domain.call_log import CallLog
from app.domain.counterpart import Line
from app.domain.external_ids import KEY_FIELD, call_key, day_key, owner
from app.domain.message import Message
from app.domain.subject import person_of, subject_of
from app.errors import AppError, ErrorCode
from app.ports.crm import CallWrite, CrmGateway, CrmUser, DayRecord, TaskReceipt, TaskRow
from app.store import records, reps
from app.store.database import Session
from app.store.outbox import OutboxItem
from app.store.records import SentPart
from app.store.tasks import set_task_gone
from app.usecases.follow_up import FollowUpJob, follow_up_job, keep_follow_up, send_follow_up
from app.usecases.matching import link_of
from app.usecases.queueing import FOLLOW_UP

CALL = "call"
DAY = "day"
# Where what requests without an answer wrote stands among the values sent, newest last. A Task's key stands there
# too (`KEY_FIELD`): stored before the first request, the same for ever.
TRIED = "tried"
_MOST_TRIED = 4
_MOST_PARTS = 200


def fit_together(calls: Sequence[Job], days: Sequence[Job], since: str | None) -> bool:
    """Are there several that may go in one request?"""
    parts = sum(len(job.days) for job in days)
    several = sum((bool(calls), parts > 0, since is not None)) > 1
    return several and parts <= _MOST_PARTS and len(calls) <= _MOST_PARTS


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and whereto. ``zone`` is the rep's time zone now."""

    gateway: CrmGateway
    user: CrmUser
    zone: str


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the outbox with what is to be sent for it."""

    item: OutboxItem
    call: CallWrite | None = None
    days: tuple[DayRecord, ...] = ()
    follow_up: FollowUpJob | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a job; with an ``error`` part of it may have succeeded all the same."""

    job: Job
    error: AppError | None = None
    receipt: TaskReceipt | None = None
    parts: tuple[tuple[DayRecord, str], ...] = field(default=())


class Kind(Protocol):
    """One kind of fact."""

    name: str

    def prepare(self, s: Session, item: OutboxItem, to: Sender) -> Job | None:
        """What to send; None when there is nothing to tell, and the row may go."""
        ...

    def send(self, to: Sender, jobs: Sequence[Job]) -> list[Result]:
        """Send them, in order. Raises AppError when none could be sent."""
        ...

    def remember(self, s: Session, result: Result, user: CrmUser) -> None:
        """What Salesforce confirmed. The row itself is the caller's."""
        ...


class Calls:
    """Call logs as Tasks."""

    name = CALL

    def __init__(self, line: Callable[[str], Line | None], pattern: Callable[[], str] = lambda: "") -> None:
        """``pattern``: what calls are named that the rep has given no subject; see `subject_of`."""
        self._line = line
        self._pattern = pattern

    def prepare(self, s: Session, item: OutboxItem, to: Sender) -> Job | None:
        """As `Kind` says. One whose Task was deleted in Salesforce stays deleted.

        What is tried is stored: should the answer get lost, it can be told from what others write.
        """
        call = self.write(s, item.ref, to.user)
        if call is None:
            return None
        if call.log.task_gone:
            set_task_gone(s, item.ref, True)
            return None
        earlier = call.tried if item.tried_at is not None else ()
        now = dict(to.gateway.shown_values(call, zone=to.zone))
        tried = earlier if now in earlier else (*earlier, now)[-_MOST_TRIED:]
        records.set_sent(s, item.ref, {**call.sent, KEY_FIELD: call.key, TRIED: list(tried)})
        return Job(item, call=replace(call, tried_at=item.tried_at, tried=tried))

    def write(self, s: Session, call_id: str, user: CrmUser) -> CallWrite | None:
        """A call as it is to be written now. None for one that is not here, or another rep's. Store thread."""
        call = call_write(s, call_id, user, self._line)
        return None if call is None else replace(call, log=self._named(s, call.log))

    def _named(self, s: Session, log: CallLog) -> CallLog:
        """The call with the subject it has or, by the organisation's pattern, gets."""
        pattern = self._pattern()
        if log.subject or not pattern:
            return log
        who = log.who or log.what
        record = records.get_person(s, who.id) if who is not None else None
        company = record.company if record is not None else ""
        named = subject_of(pattern, log.call, person=person_of(log), company=company, line=log.call.line)
        return replace(log, subject=named)

    def send(self, to: Sender, jobs: Sequence[Job]) -> list[Result]:
        """As `Kind` says."""
        calls = [job.call for job in jobs if job.call is not None]
        results = to.gateway.log_calls(calls, zone=to.zone)
        return [_call_result(job, one) for job, one in zip(jobs, results, strict=True)]

    def remember(self, s: Session, result: Result, user: CrmUser) -> None:
        """As `Kind` says."""
        if result.receipt is not None and result.job.call is not None:
            tried = {TRIED: list(result.job.call.tried)} if result.job.item.tried_at is not None else {}
            records.set_sent(s, result.job.item.ref, {**result.receipt.sent, KEY_FIELD: result.job.call.key, **tried})


class Days:
    """Days of texts as records of their own."""

    name = DAY

    def prepare(self, s: Session, item: OutboxItem, to: Sender) -> Job | None:
        """As `Kind` says. Only the parts that differ from what Salesforce holds, unless that is in doubt."""
        user = to.user
        number, day = item.ref.rsplit("|", 1)
        messages: Sequence[Message] = records.messages_of_day(s, number, day)
        if not messages:
            reps.put_day_of_another(s, number, day, datetime.now(UTC))
            return None
        match = records.match(s, number)
        who, what = link_of(match.chosen) if match.chosen else (None, None)
        person = match.chosen.name if match.chosen else number
        account = what.id if what else (match.chosen.account_id if match.chosen else "")
        held = {} if item.again else records.get_day_parts(s, user.id, number, day)
        parts = (
            DayRecord(
                key=day_key(user.id, number, day, part.part),
                day=day,
                number=number,
                zone=messages[0].zone,
                part=part.part,
                messages=part.messages,
                body=part.body,
                who=who,
                account_id=account,
            )
            for part in rollup.render(messages, rep=user.name, person=person)
        )
        changed = (p for p in parts if p.part not in held or held[p.part].sent_hash != fingerprint(p))
        return Job(item, days=tuple(changed))

    def send(self, to: Sender, jobs: Sequence[Job]) -> list[Result]:
        """As `Kind` says."""
        by_key: dict[str, str | AppError] = {}
        records_ = [record for job in jobs for record in job.days]
        for at in range(0, len(records_), _MOST_PARTS):
            some = records_[at : at + _MOST_PARTS]
            try:
                answers = to.gateway.upsert_days(some)
            except AppError as error:
                if not by_key:
                    raise
                by_key |= {record.key: error for record in records_[at:]}
                break
            by_key |= {record.key: one for record, one in zip(some, answers, strict=True)}
        return [_day_result(job, by_key) for job in jobs]

    def remember(self, s: Session, result: Result, user: CrmUser) -> None:
        """As `Kind` says."""
        for record, salesforce_id in result.parts:
            sent = SentPart(record.part, salesforce_id, fingerprint(record))
            records.set_day_part(s, user.id, record.number, record.day, sent)


class FollowUps:
    """Tasks for later."""

    name = FOLLOW_UP

    def prepare(self, s: Session, item: OutboxItem, to: Sender) -> Job | None:
        """As `Kind` says."""
        job = follow_up_job(s, item.ref, to.user, item.tried_at)
        return None if job is None else Job(item, follow_up=job)

    def send(self, to: Sender, jobs: Sequence[Job]) -> list[Result]:
        """As `Kind` says; they are few, and go one by one."""
        results: list[Result] = []
        for job in jobs:
            assert job.follow_up is not None
            try:
                results.append(Result(job, receipt=send_follow_up(to.gateway, job.follow_up)))
            except AppError as error:
                results.append(Result(job, error=error))
                if is_general(error.code):
                    break
        return results

    def remember(self, s: Session, result: Result, user: CrmUser) -> None:
        """As `Kind` says."""
        if result.receipt is not None and result.job.follow_up is not None:
            keep_follow_up(s, result.job.follow_up, result.receipt)


def send_together(
    to: Sender, calls: Sequence[Job], days: Sequence[Job], since: str | None
) -> tuple[list[Result], tuple[Sequence[TaskRow], str] | None]:
    """Call logs, days and the question for changes since then in one request; what became of it, and the answer."""
    writes = [job.call for job in calls if job.call is not None]
    records_ = [record for job in days for record in job.days]
    got = to.gateway.write_together(writes, records_, user=to.user, zone=to.zone, since=since)
    by_key = {record.key: one for record, one in zip(records_, got.days, strict=True)}
    results = [
        *(_call_result(job, one) for job, one in zip(calls, got.calls, strict=True)),
        *(_day_result(job, by_key) for job in days),
    ]
    return results, got.changed


def _call_result(job: Job, one: TaskReceipt | AppError) -> Result:
    return Result(job, error=one) if isinstance(one, AppError) else Result(job, receipt=one)


def _day_result(job: Job, by_key: Mapping[str, str | AppError]) -> Result:
    """A day is written when all its parts are."""
    got = [(record, by_key[record.key]) for record in job.days]
    return Result(
        job,
        error=next((one for _, one in got if isinstance(one, AppError)), None),
        parts=tuple((record, one) for record, one in got if isinstance(one, str)),
    )


def is_general(code: ErrorCode) -> bool:
    """After this nothing else will get through either."""
    return code in {ErrorCode.CRM_OFFLINE, ErrorCode.CRM_SIGNED_OUT, ErrorCode.CRM_LIMIT}


def call_write(s: Session, call_id: str, user: CrmUser, line: Callable[[str], Line | None]) -> CallWrite | None:
    """A call as it is to be written now, its key stored. None for one that is not here, or another rep's."""
    found = records.get_call_log(s, call_id)
    if found is None:
        return None
    sent = records.get_sent(s, call_id)
    tried = tuple(one for one in sent.pop(TRIED, None) or () if isinstance(one, dict))
    key = str(sent.pop(KEY_FIELD, "")) or call_key(user.id, found.call.sip_call_id)
    if owner(key) != user.id:
        reps.leave_to_owner(s, CALL, call_id, owner(key))
        return None
    if KEY_FIELD not in records.get_sent(s, call_id):
        records.set_sent(s, call_id, {**sent, KEY_FIELD: key})
    own = line(found.call.line)
    sound = records.get_call_sound(s, call_id)
    return CallWrite(found, key, own.number if own else "", sent, tried=tried, sound=sound)


def fingerprint(record: DayRecord) -> str:
    """Tells whether a part has changed since it was sent."""
    who = record.who.id if record.who else ""
    return hashlib.sha256("\x1f".join((who, record.account_id, record.zone, record.body)).encode()).hexdigest()


def is_unanswered(error: AppError) -> bool:
    """It may have been done, or may be under way in Salesforce still."""
    return bool(error.values.get("unanswered") or error.values.get("unsure"))


def is_gone(error: AppError) -> bool:
    """Somebody deleted the Task in Salesforce."""
    return error.code is ErrorCode.CRM_NOT_FOUND and error.values.get("reason") == "gone"


def words_of(error: AppError) -> tuple[str, str]:
    """(Salesforce's words, its code) of an error."""
    values: Mapping[str, object] = error.values
    return str(values.get("message", "")), str(values.get("reason", ""))
