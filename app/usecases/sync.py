"""Sync: drains the outbox to Salesforce, each fact exactly once.

1. Every fact and its outbox row were stored in one transaction; a row names a fact, it holds no copy of it.
2. Due rows are claimed in order. The key a fact will have for ever is stored before the first request.
3. What is sent is rendered from the fact as it is now: the whole the first time, later only what changed here.
4. Every request is an upsert by that key. Whether the reply arrives or not, sending again makes no second record.
5. Done: what was sent is remembered, and the row is removed, unless the fact changed meanwhile (its version moved).
6. Refused for good: the row stays, marked failed with Salesforce's words, until the rep or a change tries again.
7. Otherwise the row is due again after a growing, jittered pause. Offline, nothing is lost and nothing is tried in
   vain: the first failure ends the round.
8. One round at a time, on the upload lane; the store lane reads and settles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.background import Background, Lane
from app.domain import rollup
from app.domain.call_log import CallLog, Synced
from app.domain.events import CallLogChanged, OutboxChanged
from app.domain.message import Message
from app.domain.policies import next_attempt
from app.errors import AppError, ErrorCode
from app.hub import Hub
from app.log import logger
from app.ports import Clock, CrmGateway, CrmUser, DayRecord, MainLoop, TaskReceipt
from app.reads.reads import Reads
from app.reads.rows import OutboxCount
from app.store import outbox, records
from app.store.database import Session
from app.store.outbox import OutboxItem
from app.store.records import SentPart
from app.store.writer import Writer
from app.usecases.lines import Lines
from app.usecases.login import CrmState, Login
from app.usecases.matching import link_of

log = logger("sync")
_BATCH = 20
# Where a Task's key stands among the values sent: stored before the first request, the same for ever.
_KEY = "Ringdown_Key__c"
# After these nothing else will get through either.
_STOP = {ErrorCode.CRM_OFFLINE, ErrorCode.CRM_SIGNED_OUT, ErrorCode.CRM_LIMIT}


@dataclass(frozen=True, slots=True)
class _CallJob:
    item: OutboxItem
    log: CallLog
    key: str
    line_number: str
    sent: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _DayJob:
    item: OutboxItem
    user: str
    parts: tuple[DayRecord, ...]


@dataclass(frozen=True, slots=True)
class _Result:
    item: OutboxItem
    receipt: TaskReceipt | None = None
    key: str = ""
    days: tuple[tuple[DayRecord, str], ...] = ()
    user: str = ""
    error: AppError | None = None


class Sync:
    """Main thread."""

    def __init__(
        self,
        *,
        login: Login,
        lines: Lines,
        reads: Reads,
        writer: Writer,
        background: Background,
        loop: MainLoop,
        hub: Hub,
        clock: Clock,
    ) -> None:
        self.sent = 0
        self._login = login
        self._lines = lines
        self._reads = reads
        self._writer = writer
        self._background = background
        self._loop = loop
        self._hub = hub
        self._clock = clock
        self._running = False
        self._again = False
        self._cancel: Callable[[], None] = lambda: None
        self._idle: list[Callable[[], None]] = []
        hub.subscribe(OutboxChanged, lambda _: self._soon())
        login.when_signed_in(self.start)

    def start(self) -> None:
        """Send what is due; also called after each sign-in."""
        self._soon(0.0)

    def push(self, then: Callable[[], None] | None = None) -> None:
        """Everything waiting or failed is due now. ``then`` runs after the round."""

        def due(s: Session) -> None:
            outbox.retry_all(s)

        def go(_: None) -> None:
            if then is not None:
                self._idle.append(then)
            self._round()

        self._writer.write(due, go)

    def retry(self, kind: str, ref: str) -> None:
        """Try one failed item again, by the rep's wish."""
        now = self._clock.now()
        self._writer.write(lambda s: outbox.put(s, kind, ref, now), lambda _: self._hub.publish(OutboxChanged()))

    def count(self) -> OutboxCount:
        """What waits and what failed."""
        return self._reads.outbox_count()

    def _soon(self, seconds: float | None = None) -> None:
        """Wake when the next row is due. Called on every change; asks the store only when nothing is running."""
        if self._running:
            self._again = True
            return
        if seconds is not None:
            self._cancel()
            self._cancel = self._loop.later(seconds, self._round)
            return
        self._writer.write(outbox.next_due, self._wake)

    def _wake(self, due: datetime | None) -> None:
        if due is not None and not self._running:
            wait = max(0.0, (due - self._clock.now()).total_seconds())
            self._cancel()
            self._cancel = self._loop.later(min(wait, 3600.0), self._round)

    def _round(self) -> None:
        if self._running:
            self._again = True
            return
        gateway, user = self._login.gateway(), self._login.user()
        if gateway is None or user is None:
            self._finish()
            return
        self._running = True
        self._cancel()
        self._writer.write(lambda s: self._claim(s, user), lambda jobs: self._upload(gateway, user, jobs), self._broken)

    def _broken(self, error: AppError) -> None:
        log.warning("outbox cannot be read: %s", error.code.value)
        self._running = False
        self._finish()

    def _claim(self, s: Session, user: CrmUser) -> list[_CallJob | _DayJob]:
        jobs: list[_CallJob | _DayJob] = []
        for item in outbox.claim(s, self._clock.now(), _BATCH):
            job = self._call_job(s, item, user) if item.kind == "call" else self._day_job(s, item, user)
            if job is None:
                outbox.done(s, item)  # the fact is gone: nothing to tell
            else:
                jobs.append(job)
        return jobs

    def _call_job(self, s: Session, item: OutboxItem, user: CrmUser) -> _CallJob | None:
        found = records.get_call_log(s, item.ref)
        if found is None:
            return None
        sent = records.get_sent(s, item.ref)
        key = str(sent.pop(_KEY, "")) or _key(user.id, found.call.sip_call_id)
        records.set_sent(s, item.ref, {**sent, _KEY: key})
        line = self._lines.get(found.call.line)
        return _CallJob(item, found, key, line.number if line else "", sent)

    def _day_job(self, s: Session, item: OutboxItem, user: CrmUser) -> _DayJob | None:
        number, day = item.ref.rsplit("|", 1)
        messages: Sequence[Message] = records.messages_of_day(s, number, day)
        if not messages:
            return None
        match = records.match(s, number)
        who, what = link_of(match.chosen) if match.chosen else (None, None)
        person = match.chosen.name if match.chosen else number
        account = what.id if what else (match.chosen.account_id if match.chosen else "")
        parts = tuple(
            DayRecord(
                key=_key(user.id, f"{number.lower()}|{day}|{part.part}"),
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
        held = records.get_day_parts(s, user.id, number, day)
        changed = tuple(p for p in parts if p.part not in held or held[p.part].sent_hash != _fingerprint(p))
        return _DayJob(item, user.id, changed)

    def _upload(self, gateway: CrmGateway, user: CrmUser, jobs: Sequence[_CallJob | _DayJob]) -> None:
        if not jobs:
            self._running = False
            self._finish()
            return
        zone = self._login.zone()

        def send_all() -> list[_Result]:
            results: list[_Result] = []
            for job in jobs:
                result = _send(gateway, user, zone, job)
                results.append(result)
                if result.error is not None and result.error.code in _STOP:
                    break
            return results

        self._background.run(Lane.UPLOAD, send_all, self._settle)

    def _settle(self, results: Sequence[_Result]) -> None:
        now = self._clock.now()

        def store(s: Session) -> None:
            for result in results:
                self._remember(s, result)
                if result.error is None:
                    is_done = outbox.done(s, result.item)
                    if result.receipt is not None:
                        state = Synced.DONE if is_done else Synced.WAITING
                        records.set_synced(s, result.item.ref, state, task_id=result.receipt.task_id)
                    continue
                after = result.error.values.get("retry_after")
                attempt = next_attempt(
                    result.item.tries, result.error.code, float(after) if isinstance(after, int | float) else None
                )
                words = str(result.error.values.get("message", ""))
                if attempt.seconds is None:
                    if outbox.fail(s, result.item, result.error.code, words) and result.item.kind == "call":
                        records.set_synced(s, result.item.ref, Synced.FAILED, error=words or result.error.code.value)
                else:
                    due = now + timedelta(seconds=attempt.seconds)
                    outbox.postpone(s, result.item, due, result.error.code, words)

        def settled(_: None) -> None:
            self._running = False
            good = [result for result in results if result.error is None]
            self.sent += len(good)
            bad = next((result.error for result in results if result.error is not None), None)
            stopped = bad is not None and bad.code in _STOP
            self._login.noticed(bad if stopped else None)
            for result in results:
                if result.item.kind == "call":
                    self._hub.publish(CallLogChanged(result.item.ref))
            if stopped:
                log.info("sync paused: %s", bad.code.value if bad else "")
                self._finish()
            else:
                self._hub.publish(OutboxChanged())
                self._round()

        self._writer.write(store, settled, self._broken)

    def _remember(self, s: Session, result: _Result) -> None:
        """What Salesforce confirmed, also of a row whose later parts failed."""
        if result.receipt is not None:
            records.set_sent(s, result.item.ref, {**result.receipt.sent, _KEY: result.key})
        for record, salesforce_id in result.days:
            sent = SentPart(record.part, salesforce_id, _fingerprint(record))
            records.set_day_part(s, result.user, record.number, record.day, sent)

    def _finish(self) -> None:
        waiting, self._idle = self._idle, []
        for then in waiting:
            then()
        self._again = False
        self._hub.publish(OutboxChanged()) if waiting else self._soon()

    def is_connected(self) -> bool:
        """Is Salesforce there right now, as far as anybody knows?"""
        return self._login.status.state is CrmState.SIGNED_IN


def _send(gateway: CrmGateway, user: CrmUser, zone: str, job: _CallJob | _DayJob) -> _Result:
    if isinstance(job, _CallJob):
        try:
            receipt = gateway.log_call(
                job.log, key=job.key, user=user, zone=zone, line_number=job.line_number, sent=job.sent
            )
        except AppError as error:
            return _Result(job.item, error=error)
        return _Result(job.item, receipt, job.key)
    written: list[tuple[DayRecord, str]] = []
    for part in job.parts:
        try:
            written.append((part, gateway.upsert_day(part)))
        except AppError as error:
            return _Result(job.item, days=tuple(written), user=job.user, error=error)
    return _Result(job.item, days=tuple(written), user=job.user)


def _key(user_id: str, rest: str) -> str:
    """An external id: 255 characters at most, so a longer SIP Call-ID stands there as its hash."""
    key = f"{user_id}|{rest}"
    return key if len(key) <= 255 else f"{user_id}|sha256:{hashlib.sha256(rest.encode()).hexdigest()}"


def _fingerprint(record: DayRecord) -> str:
    who = record.who.id if record.who else ""
    return hashlib.sha256("\x1f".join((who, record.account_id, record.zone, record.body)).encode()).hexdigest()
