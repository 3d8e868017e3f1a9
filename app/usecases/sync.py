"""Sync: drains the outbox to Salesforce, each fact exactly once.

1. Every fact and its outbox row were stored in one transaction; a row names a fact, it holds no copy of it.
2. Due rows are claimed in order, many at once. The key a fact will have for ever, and that it is being tried, are
   stored before the first request.
3. What is sent is rendered from the fact as it is now: the whole the first time, later only what changed here. Before
   notes are changed in a Task that exists, it is read: what somebody wrote there meanwhile is merged first. After a
   request without an answer everything is looked at once more when that request must be over.
4. Every request is an upsert by that key. Whether the reply arrives or not, sending again makes no second record.
5. Done: what was sent is remembered, and the row is removed, unless the fact changed meanwhile (its version moved).
   One refused fact does not hold up the others of its request.
6. Refused for good: the row stays, marked failed with Salesforce's words, until the rep or a change tries again.
7. Otherwise the row is due again after a random part of a growing pause. Where nothing gets through, the first failure
   ends the round and all rest; a used-up allowance rests long, also over a restart, until the rep says otherwise.
8. Where Salesforce fails on a whole request, the next one is half as big, so that one fact it cannot digest ends up
   alone.
9. One round at a time, on the upload lane; the store lane reads and settles. Rounds nobody asked for keep a distance
   (`budget`), and what is due within that distance goes along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from app.background import Lane
from app.domain.advice import names_gone
from app.domain.events import CallLogChanged, OutboxChanged, RecordGone
from app.domain.external_ids import KEY_FIELD, call_key, call_key_again
from app.errors import AppError, ErrorCode
from app.log import logger
from app.reads.rows import OutboxCount
from app.store import outbox, records, tasks
from app.store.database import Session
from app.usecases.budget import Allowance, Budget
from app.usecases.ledger import claim, put_off_first, settle
from app.usecases.lines import Lines
from app.usecases.login import CrmState, Login
from app.usecases.outgoing import (
    CALL,
    Calls,
    Days,
    FollowUps,
    Kind,
    Sender,
    words_of,
)
from app.usecases.pauses import Pauses
from app.usecases.read_back import ReadBack
from app.usecases.sync_state import SyncState
from app.usecases.tools import Tools
from app.usecases.trip import Jobs, Trip, broken_off, look, send_all

log = logger("sync")
_LIMITED = "limited_until"
_SPENT = "requests_today"


class Sync:
    """Main thread."""

    def __init__(self, tools: Tools, *, login: Login, lines: Lines) -> None:
        self.sent = 0
        self.budget = Budget(tools.reads.meta(_SPENT))
        self._reads = tools.reads
        self._writer = tools.writer
        self._background = tools.background
        self._loop = tools.loop
        self._hub = tools.hub
        self._clock = tools.clock
        self._login = login
        calls = Calls(lines.get, lambda: lines.settings.call_subject)
        self._kinds: tuple[Kind, ...] = (calls, Days(), FollowUps())
        self._jobs: Jobs = {}
        self._running = False
        self._more = False  # somebody wants a round while one runs
        self._pauses = Pauses(tools.reads.meta(_LIMITED))
        self._cancel: Callable[[], None] = lambda: None
        self._idle: list[Callable[[], None]] = []
        self.read_back = ReadBack(
            tools,
            login=login,
            budget=self.budget,
            write=calls.write,
            is_sending=self._is_sending,
        )
        tools.hub.subscribe(OutboxChanged, lambda _: self._soon())
        login.when_signed_in(self.start)

    # what others may ask

    def start(self) -> None:
        """Send what is due; also called after each sign-in."""
        self._pauses.signed_in()
        self._soon(0.0)

    def push(self, then: Callable[[], None] | None = None) -> None:
        """Everything waiting or failed is due now, by the rep's wish. ``then`` runs after the round."""
        user = self._login.user()

        def due(s: Session) -> None:
            outbox.retry_all(s, user=user.id if user else "")

        def go(_: None) -> None:
            if then is not None:
                self._idle.append(then)
            self._waive()
            self._round()

        self._writer.write(due, go)

    def retry(self, kind: str, ref: str) -> None:
        """Try one item again now, by the rep's wish."""
        now = self._clock.now()

        def due(s: Session) -> None:
            if not outbox.hasten(s, kind, ref, now):
                outbox.put(s, kind, ref, now)

        def go(_: None) -> None:
            self._waive()
            self._hub.publish(OutboxChanged())
            self._round()

        self._writer.write(due, go)

    def flush(self, seconds: float, then: Callable[[], None]) -> None:
        """The app closes: send what waits if that is possible at once, for ``seconds`` at most. Then ``then``."""
        done: list[bool] = []

        def end() -> None:
            if not done:
                done.append(True)
                then()

        def hurried(waiting: int) -> None:
            if not waiting or self._pauses.is_resting(self._clock.now()) or not self.is_connected():
                end()
                return
            self._loop.later(seconds, end)
            self._idle.append(end)
            self._round()

        self._writer.write(outbox.hurry, hurried, lambda _: end())

    def opened(self, call_id: str) -> None:
        """The rep looks at a call: read its Task again, and show what became of it."""
        self.read_back.opened(call_id)

    def log_again(self, call_id: str) -> None:
        """Make a new Task for a call whose Task was deleted in Salesforce, under a key of its own.

        The old key stays with the deleted one: in the recycle bin it still belongs to it.
        """
        now, user = self._clock.now(), self._login.user()

        def renew(s: Session) -> bool:
            found = records.get_call_log(s, call_id)
            if found is None or not found.task_gone or user is None:
                return False
            old = str(records.get_sent(s, call_id).get(KEY_FIELD, "")) or call_key(user.id, found.call.sip_call_id)
            tasks.forget_task(s, call_id, {KEY_FIELD: call_key_again(old)})
            outbox.put(s, CALL, call_id, now)
            return True

        def renewed(is_new: bool) -> None:
            if is_new:
                self._hub.publish(CallLogChanged(call_id))
                self._waive()
                self._round()

        self._writer.write(renew, renewed)

    def count(self) -> OutboxCount:
        """What waits and what failed."""
        return self._reads.outbox_count()

    def is_connected(self) -> bool:
        """Is Salesforce there right now, as far as anybody knows?"""
        return self._login.status.state is CrmState.SIGNED_IN

    @property
    def state(self) -> SyncState:
        """What the rep may see of the work."""
        now, gateway = self._clock.now(), self._login.gateway()
        resting = self._pauses.is_resting(now)
        return SyncState(
            sending=frozenset((job.item.kind, job.item.ref) for jobs in self._jobs.values() for job in jobs),
            resting_until=self._pauses.until if resting else None,
            why=self._pauses.why if resting else None,
            allowance=self.budget.allowance(now),
            used=self.budget.used,
            total=self.budget.total,
            today=self.budget.today,
            findings=tuple(gateway.findings) if gateway is not None else (),
        )

    # when

    def _soon(self, seconds: float | None = None) -> None:
        """Wake when the next row is due. Called on every change; asks the store only when nothing is running."""
        if self._running:
            return  # the end of the round asks again
        if seconds is not None:
            self._later(seconds)
            return
        user, kinds = self._login.user(), self._wanted()
        self._writer.write(lambda s: outbox.next_due(s, user=user.id if user else "", kinds=kinds), self._wake)

    def _wake(self, due: datetime | None) -> None:
        if due is None or self._running or self._login.sender() is None:
            return  # the end of the round asks again, and so does a sign-in
        at = self._pauses.earliest(due, 0.0 if due == outbox.AT_ONCE else self.budget.pace())
        self._later(max(0.0, (at - self._clock.now()).total_seconds()))

    def _later(self, seconds: float) -> None:
        self._cancel()
        self._cancel = self._loop.later(min(seconds, 3600.0), self._round)

    def _waive(self) -> None:
        """By the rep's wish: no rest, no distance, and what was said of the company's requests is asked anew."""
        self._pauses.waived()
        self.budget.waived()

    def _wanted(self) -> list[str]:
        """The kinds that may go out now, in their order."""
        if self.budget.allowance(self._clock.now()) is Allowance.CALLS:
            return [CALL]
        return [kind.name for kind in self._kinds]

    # one round

    def _round(self, looked: frozenset[str] = frozenset()) -> None:
        if self._running:
            self._more = True
            return
        now, found = self._clock.now(), self._login.sender()
        if found is None or self._pauses.is_resting(now):
            self._finish()
            return
        to = Sender(*found, self._login.zone())
        self._running = True
        self._cancel()
        self._writer.write(
            lambda s: self._claim(s, to, looked), lambda claimed: self._upload(to, *claimed, looked), self._broken
        )

    def _broken(self, error: AppError) -> None:
        """The store cannot be read or written, or a fact cannot be made ready: not again at once."""
        log.warning("outbox cannot be read: %s", error.code.value)
        now, was_alone = self._clock.now(), self._pauses.size == 1
        self._pauses.failed(error, now)
        self._end()
        if error.code is ErrorCode.INTERNAL and was_alone:
            self._put_off(error, now)
        else:
            self._finish()

    def _put_off(self, error: AppError, now: datetime) -> None:
        user, names = self._login.user(), self._wanted()
        self._writer.write(
            lambda s: put_off_first(s, user.id if user else "", names, error, now),
            lambda _: self._finish(),
            lambda _: self._finish(),
        )

    def _claim(self, s: Session, to: Sender, looked: frozenset[str]) -> tuple[Jobs, dict[str, str]]:
        ahead = self.budget.pace() if self._pauses.last is not None else 0.0
        return claim(
            s,
            to,
            self._kinds,
            names=self._wanted(),
            now=self._clock.now(),
            ahead=timedelta(seconds=ahead),
            most=self._pauses.size,
            looked=looked,
        )

    def _upload(self, to: Sender, jobs: Jobs, first: Mapping[str, str], looked: frozenset[str]) -> None:
        if not any(jobs.values()):
            self._end()
            self._finish()
            return
        self._jobs = jobs
        self._hub.publish(OutboxChanged())
        since = self.read_back.wanted_soon(to)
        self._background.run(
            Lane.UPLOAD,
            lambda: look(to, jobs[CALL], first, looked) if first else send_all(to, self._kinds, jobs, since),
            lambda done: self._sent(to, done),
            lambda error: self._sent(to, broken_off(jobs, error)),
        )

    def _sent(self, to: Sender, done: Trip) -> None:
        now = self._clock.now()
        self.budget.note(to.gateway.usage, to.gateway.requests, now)
        if done.looked:
            self._writer.write(
                lambda s: self.read_back.apply(s, done.rows, to, queue=False),
                lambda changed: self._looked(changed, done.looked),
                self._broken,
            )
            return
        self.read_back.written(one.job.call.log.task_id for one in done.results if one.job.call is not None)
        if done.stopped is not None:
            log.info("sync rests: %s", done.stopped.code.value)
            self._pauses.failed(done.stopped, now)
        else:
            self._pauses.succeeded()
        limited = self._pauses.stored
        if done.changed is not None:
            self.read_back.came_along(to, *done.changed)

        def store(s: Session) -> None:
            for result in done.results:
                settle(s, result, to, self._kind(result.job.item.kind), now)
            records.set_meta(s, _SPENT, self.budget.stored)
            records.set_meta(s, _LIMITED, limited)

        self._writer.write(store, lambda _: self._settled(done), self._broken)

    def _looked(self, changed: Sequence[str], looked: frozenset[str]) -> None:
        self._end()
        self.read_back.tell(changed)
        self._round(looked)

    def _settled(self, done: Trip) -> None:
        self._end()
        self._pauses.last = self._clock.now()
        self.sent += sum(result.error is None for result in done.results)
        if done.stopped is not None or done.results:
            self._login.noticed(done.stopped)
        for result in done.results:
            if result.job.item.kind == CALL:
                self._hub.publish(CallLogChanged(result.job.item.ref))
        self._hub.publish(OutboxChanged())
        self._tell_gone(done)
        if done.stopped is None:
            self._round()
        else:
            self._finish()

    def _tell_gone(self, done: Trip) -> None:
        for result in done.results:
            call, error = result.job.call, result.error
            if call is not None and call.log.who is not None and error is not None and names_gone(words_of(error)[1]):
                self._hub.publish(RecordGone(call.log.who))

    def _end(self) -> None:
        self._running = False
        self._jobs = {}

    def _finish(self) -> None:
        if self._more:
            self._more = False
            self._round()
            return
        waiting, self._idle = self._idle, []
        for then in waiting:
            then()
        self._hub.publish(OutboxChanged()) if waiting else self._soon()

    def _kind(self, name: str) -> Kind:
        return next(kind for kind in self._kinds if kind.name == name)

    def _is_sending(self, task_id: str) -> bool:
        return any(job.call is not None and job.call.log.task_id == task_id for job in self._jobs.get(CALL, ()))
