"""What people changed in Salesforce comes back: on opening a call, and for all calls every half an hour.

1. The Task is read with everything that may have been edited, also from the recycle bin.
2. One found there was deleted: the call says so, and what waited for it is dropped. One that cannot be found may just
   be hidden: nothing is concluded.
3. Each field is compared with what Salesforce was last known to hold (`CrmGateway.news`). Changed only there: it is
   taken over. Changed here too: the rep's wins as long as it is unsent, and of notes both are kept (`notes_merge`).
4. What is read counts as what Salesforce holds from then on, so nothing taken over is sent back.
5. Notes that had to be merged are queued; sending them looks once more before it writes.
6. What was read before something was written there is old: it is read again, not taken for somebody's change.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.background import Lane
from app.domain.call_log import CallLog
from app.domain.events import CallLogChanged, OutboxChanged
from app.domain.external_ids import KEY_FIELD
from app.domain.local_time import rep_day
from app.domain.notes_merge import merge_notes
from app.domain.record_ids import is_person
from app.errors import AppError
from app.log import logger
from app.ports.crm import CallWrite, CrmUser, TaskNews, TaskRow
from app.store import outbox, records
from app.store.database import Session
from app.store.tasks import calls_of_tasks, has_tasks, set_task_gone, set_task_stamp
from app.usecases.budget import Allowance, Budget
from app.usecases.login import Login
from app.usecases.outgoing import CALL, TRIED, Sender
from app.usecases.tools import Tools

log = logger("read-back")
EVERY = 1800.0
FIRST = 60.0  # seconds after the sign-in, and up to five times that: a thousand reps sign in at nine
AGAIN = timedelta(seconds=60)  # opening a call again within this shows what is known
MERGE_SETTLE = timedelta(seconds=4)
ALONG = timedelta(minutes=15)  # so long before it is due the look goes with something else, and costs no request
_MARK = "tasks_mark|"


class ReadBack:
    """Main thread."""

    def __init__(
        self,
        tools: Tools,
        *,
        login: Login,
        budget: Budget,
        write: Callable[[Session, str, CrmUser], CallWrite | None],
        is_sending: Callable[[str], bool],
    ) -> None:
        """``write`` gives a call as it would be written now.

        ``is_sending(task_id)``: it is on its way right now, and is better not touched.
        """
        self._reads = tools.reads
        self._writer = tools.writer
        self._background = tools.background
        self._loop = tools.loop
        self._hub = tools.hub
        self._clock = tools.clock
        self._login = login
        self._budget = budget
        self._write = write
        self._is_sending = is_sending
        self._looked: dict[str, datetime] = {}
        self._asked: dict[str, bool] = {}  # Tasks being read for `opened`, and whether they were written since
        self._reading = False
        self._next: datetime | None = None
        self._cancel: Callable[[], None] = lambda: None
        login.when_signed_in(self._plan_first)

    def opened(self, call_id: str) -> None:
        """The rep looks at a call: see what became of its Task meanwhile."""
        to, now = self._sender(), self._clock.now()
        looked = self._looked.get(call_id)
        if to is None or (looked is not None and now - looked < AGAIN):
            return
        if self._budget.allowance(now) is not Allowance.ALL:
            return
        found = self._reads.call_log(call_id)
        if found is None or not found.task_id:
            return
        self._looked = {one: at for one, at in self._looked.items() if now - at < AGAIN} | {call_id: now}
        task_id = found.task_id

        def got(rows: Sequence[TaskRow]) -> None:
            if self._asked.pop(task_id, False):
                self._looked.pop(call_id, None)
                self.opened(call_id)
            else:
                self._take(to, rows)

        def failed(error: AppError) -> None:
            self._asked.pop(task_id, None)
            log.info("Task not read: %s", error.code.value)

        self._asked[task_id] = False
        self._background.run(Lane.INTERACTIVE, lambda: to.gateway.read_tasks([task_id]), got, failed)

    def written(self, task_ids: Iterable[str]) -> None:
        """These were just sent: what was asked for before that is old."""
        self._asked |= {task_id: True for task_id in task_ids if task_id in self._asked}

    def look(self, then: Callable[[], None] = lambda: None) -> None:
        """Ask for all that changed since the last time, now."""
        to, now = self._sender(), self._clock.now()
        if to is None or self._reading or self._budget.allowance(now) is not Allowance.ALL:
            self._plan(EVERY)
            then()
            return
        self._reading = True
        mark = _MARK + to.user.id
        since = self._reads.meta(mark)

        def read() -> tuple[Sequence[TaskRow], str]:
            return to.gateway.changed_tasks(to.user, since)

        def ended() -> None:
            self._reading = False
            self._plan(EVERY)
            then()

        def got(answer: tuple[Sequence[TaskRow], str]) -> None:
            rows, seen = answer
            self._take(to, rows, seen, ended)

        def failed(error: AppError) -> None:
            log.info("Tasks not read: %s", error.code.value)
            ended()

        def ask(known: bool) -> None:
            if known:
                self._background.run(Lane.UPLOAD, read, got, failed)
            else:
                ended()

        self._writer.write(has_tasks, ask, failed)

    def wanted_soon(self, to: Sender) -> str | None:
        """The mark, when it will be asked for changes within minutes anyway: what goes now may take that along."""
        now = self._clock.now()
        if self._next is None or self._next - now > ALONG or self._reading:
            return None
        return self._reads.meta(_MARK + to.user.id) if self._budget.allowance(now) is Allowance.ALL else None

    def came_along(self, to: Sender, rows: Sequence[TaskRow], seen: str) -> None:
        """The answer to that."""
        self._plan(EVERY)
        self._take(to, rows, seen)

    def apply(self, s: Session, rows: Sequence[TaskRow], to: Sender, *, queue: bool = True) -> list[str]:
        """Take over what these rows hold; the ids of the calls that changed by it. Store thread.

        ``queue``: put the calls whose notes had to be merged into the outbox; they may be there already.
        """
        # Also rows with a stamp seen before: it has whole seconds only, and two changes fit into one.
        known = calls_of_tasks(s, [row.task_id for row in rows])
        there = [(known[row.task_id], row) for row in rows if row.task_id in known]
        return [call_id for call_id, row in there if self._apply(s, call_id, row, to, queue)]

    def _apply(self, s: Session, call_id: str, row: TaskRow, to: Sender, queue: bool) -> bool:
        before = records.get_call_log(s, call_id)
        call = self._write(s, call_id, to.user) if before is not None else None
        if before is None or call is None:
            return False
        set_task_stamp(s, call_id, row.stamp)
        if row.deleted != before.task_gone:
            set_task_gone(s, call_id, row.deleted)
        if row.deleted:
            outbox.drop(s, CALL, call_id)
            return not before.task_gone
        found = to.gateway.news(call, row, zone=to.zone)
        after, is_merged = taken(replace(before, task_gone=False), found, call.sent, _day_of(row, to))
        if after != replace(before, task_gone=False):
            records.save_call_log(s, after)
        tried = {TRIED: list(call.tried)} if call.tried else {}
        records.set_sent(s, call_id, {**found.sent, KEY_FIELD: call.key, **tried})
        if queue and (is_merged or found.unsent):
            outbox.put(s, CALL, call_id, self._clock.now() + MERGE_SETTLE)
        return after != before

    def _take(
        self,
        to: Sender,
        rows: Sequence[TaskRow],
        seen: str = "",
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """``seen``: the mark to go on from, when all changes were asked for."""
        settled = [row for row in rows if not self._is_sending(row.task_id)]
        # What is on its way may get a new stamp by arriving, or be refused: it is read again in any case.
        mark = min([seen, *(row.stamp for row in rows if self._is_sending(row.task_id))])

        def store(s: Session) -> list[str]:
            if seen:
                records.set_meta(s, _MARK + to.user.id, mark)
            return self.apply(s, settled, to)

        def told(changed: Sequence[str]) -> None:
            self.tell(changed)
            then()

        self._writer.write(store, told, lambda _: then())

    def tell(self, changed: Sequence[str]) -> None:
        """These calls are not what they were."""
        for call_id in changed:
            self._hub.publish(CallLogChanged(call_id))
        if changed:
            self._hub.publish(OutboxChanged())

    def _sender(self) -> Sender | None:
        found = self._login.sender()
        return Sender(*found, self._login.zone()) if found else None

    def _plan_first(self) -> None:
        self._plan(FIRST * (1 + 4 * random.random()))

    def _plan(self, seconds: float) -> None:
        self._cancel()
        seconds *= 0.95 + random.random() / 10
        self._next = self._clock.now() + timedelta(seconds=seconds)
        self._cancel = self._loop.later(seconds, self.look)


def taken(log_: CallLog, found: TaskNews, sent: object, day: str) -> tuple[CallLog, bool]:
    """The log with what is to be taken over, and whether its notes now differ from Salesforce's."""
    is_merged = False
    if found.notes is not None:
        there = found.notes.there
        notes = merge_notes(log_.notes, there, base=found.notes.base, day=day) if found.notes.also_here else there
        is_merged = notes != there
        log_ = replace(log_, notes=notes)
    if found.subject is not None:
        log_ = replace(log_, subject=found.subject)
    if found.disposition is not None:
        log_ = replace(log_, disposition=found.disposition)
    if (found.who is not None or found.what is not None) and not log_.subject and isinstance(sent, dict):
        # The generated subject names the person: with another one it would change, and nobody asked for that.
        log_ = replace(log_, subject=str(sent.get("Subject") or ""))
    if found.who is not None:
        about = "" if is_person(log_.about) else log_.about
        log_ = replace(log_, who=found.who.ref, person=found.who.name or log_.person, about=about)
    if found.what is not None:
        person = found.what.name if log_.who is None and found.what.ref and found.what.ref.kind == "Account" else ""
        name = found.what.name if found.what.ref else ""
        about = log_.about if is_person(log_.about) else ""
        log_ = replace(log_, what=found.what.ref, what_name=name, person=person or log_.person, about=about)
    return log_, is_merged


def _day_of(row: TaskRow, to: Sender) -> str:
    """The rep's day of a change in Salesforce."""
    try:
        return rep_day(datetime.fromisoformat(row.stamp), to.zone)
    except ValueError:
        return ""
