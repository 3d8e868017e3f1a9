"""Index: keeps the people of Salesforce here, so that a caller has a name before the second ring.

1. The first reading begins when the rep has signed in; later ones every two and a half hours, and a full one once a
   week. Each is put off by chance: a thousand reps must not all come at nine o'clock.
2. A reading goes page by page on the upload lane, so that calls and texts on their way to Salesforce come in between.
   Numbers are read there too; then the page goes into the store in slices of a few milliseconds.
3. How far it is goes into the store with every page: after a restart it goes on from there.
4. Who is gone is dropped. Of the merged and the converted, calls and choices go over to the heir. When Salesforce
   says of somebody that they are gone, what has changed is read at once.
5. After a full reading those it did not bring are dropped, unless they were called: nobody may see them any more.
6. When four fifths of the org's requests of the day are used, it waits: calls come first.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.background import Lane
from app.domain.counterpart import RecordRef
from app.domain.events import CallLogChanged, MatchChanged, OutboxChanged, RecordGone
from app.domain.people_index import Gone, IndexPage, IndexScope
from app.errors import AppError, ErrorCode
from app.log import logger
from app.ports.crm import CrmGateway
from app.store import outbox, people_index, records
from app.store.database import Session
from app.store.people import INDEX_STATE
from app.store.people_index import IndexState, Inherited, read_state
from app.store.people_write import Prepared, prepare, save_prepared
from app.usecases.budget import READ_BELOW
from app.usecases.lines import Lines
from app.usecases.loading import Loading, prepare_gently
from app.usecases.login import CrmState, Login
from app.usecases.outgoing import CALL
from app.usecases.queueing import FOLLOW_UP
from app.usecases.tools import Tools

log = logger("index")

EVERY = timedelta(hours=2, minutes=30)
FULL_EVERY = timedelta(days=7)
STALE = timedelta(days=14)
"""A cursor older than that may have missed what left the recycle bin since."""
_FIRST = 0.5  # seconds from the sign-in to a first reading; others wait for chance
_SPREAD = 300.0
_PAUSE = 3600.0
_RETRY = 600.0
_CONTACTED = 900
_GONE_AGAIN = timedelta(minutes=10)
"""So long nobody is looked for again because of a record that is gone: it may have been deleted, and stay so."""
_PRUNED_AT_ONCE = 500
# How long what an heir took over settles before it is told again.
_SETTLE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class _Read:
    page: IndexPage
    people: list[Prepared]


class Index:
    """Main thread."""

    def __init__(self, tools: Tools, *, login: Login, lines: Lines) -> None:
        self._reads = tools.reads
        self._writer = tools.writer
        self._background = tools.background
        self._loop = tools.loop
        self._hub = tools.hub
        self._clock = tools.clock
        self._login = login
        self._lines = lines
        self._loading = Loading(tools.writer, tools.loop)
        self._reader: CrmGateway | None = None
        self._cancel: Callable[[], None] = lambda: None
        self._looked_at: datetime | None = None
        tools.hub.subscribe(RecordGone, lambda _: self._look_for_heirs())
        login.when_signed_in(self.start)
        login.when_signed_out(self._stop)

    @property
    def is_reading(self) -> bool:
        """Is a reading under way?"""
        return self._reader is not None

    def start(self) -> None:
        """Plan the next reading, by when the last one was."""
        if self._reader is not None and self._reader is self._login.gateway():
            return
        state = self._state()
        if not state.cursor and not state.mark:
            self._later(_FIRST * (1 + random.random()))
        elif state.mark or not state.at:
            self._later(_SPREAD * random.random() / 10)
        else:
            since = (self._clock.now() - datetime.fromisoformat(state.at)).total_seconds()
            left = EVERY.total_seconds() - max(0.0, since)
            self._later(left if left > 0 else _SPREAD * random.random())

    def refresh(self) -> None:
        """Read now what has changed."""
        self._cancel()
        self._begin()

    def _look_for_heirs(self) -> None:
        now = self._clock.now()
        if self._looked_at is None or now - self._looked_at >= _GONE_AGAIN:
            self._looked_at = now
            self.refresh()

    # one reading

    def _begin(self) -> None:
        gateway = self._login.gateway()
        if gateway is None or self._reader is gateway or self._login.status.state is not CrmState.SIGNED_IN:
            return
        if _is_enough(gateway):
            log.info("not read: the org has used most of its requests")
            self._later(_PAUSE * (0.5 + random.random()))
            return
        self._reader = gateway
        everything, region = self._lines.machine.index_all, self._lines.region()
        state = self._state()
        if state.everything != everything or state.region != region:
            # Others are wanted, or the numbers mean something else now: from the beginning.
            state = IndexState(round=state.round, everything=everything, region=region)
        if not state.mark:
            is_full = self._must_be_full(state)
            state = replace(
                state,
                is_full=is_full,
                since="" if is_full else state.cursor,
                round=state.round + 1 if is_full else state.round,
            )
        # Whom the rep has called is asked for only now: the writer's queue has what was just called.
        self._writer.write(
            lambda s: tuple(people_index.contacted(s, _CONTACTED)),
            lambda contacted: self._next(gateway, state, contacted),
            self._broken,
        )

    def _must_be_full(self, state: IndexState) -> bool:
        if not state.cursor or not state.full_at or not state.at:
            return True
        now = self._clock.now()
        return (
            now - datetime.fromisoformat(state.full_at) >= FULL_EVERY or now - datetime.fromisoformat(state.at) >= STALE
        )

    def _next(self, gateway: CrmGateway, state: IndexState, contacted: tuple[str, ...]) -> None:
        if self._is_over(gateway):
            return
        scope = IndexScope(state.since, state.everything, contacted)

        def read() -> _Read:
            page = gateway.index_page(scope, state.mark)
            # What was read is let go of: thousands of objects more make the collector of garbage stop everything.
            return _Read(replace(page, people=()), prepare_gently(page.people, state.region))

        self._background.run(
            Lane.UPLOAD,
            read,
            lambda found: self._got(gateway, state, contacted, found),
            lambda error: self._failed(gateway, state, error),
        )

    def _got(self, gateway: CrmGateway, state: IndexState, contacted: tuple[str, ...], found: _Read) -> None:
        if self._is_over(gateway):
            return
        page = found.page
        after = replace(state, mark=page.next)
        self._loading.run(
            [
                (found.people, lambda s, some: save_prepared(s, some, state.round)),
                (page.gone, self._leave),
                ([after], lambda s, some: people_index.set_state(s, some[0])),
            ],
            lambda: self._stored(gateway, after, contacted, page),
            self._broken,
            until=lambda: self._login.gateway() is not gateway,
        )

    def _stored(self, gateway: CrmGateway, state: IndexState, contacted: tuple[str, ...], page: IndexPage) -> None:
        if self._is_over(gateway):
            return
        if not page.next:
            self._finish(gateway, state, page.cursor)
        elif _is_enough(gateway):
            self._reader = None
            self._later(_PAUSE * (0.5 + random.random()))
        else:
            self._loop.later(page.wait, lambda: self._next(gateway, state, contacted))

    def _finish(self, gateway: CrmGateway, state: IndexState, cursor: str) -> None:
        now = self._clock.now().isoformat()
        done = replace(
            state,
            mark="",
            cursor=cursor,
            at=now,
            full_at=now if state.is_full else state.full_at,
            since="",
            is_full=False,
        )
        after = 0 if state.is_full else None
        self._writer.write(
            lambda s: people_index.set_state(s, done), lambda _: self._prune(gateway, state.round, after), self._broken
        )

    def _prune(self, gateway: CrmGateway, round: int, after: int | None) -> None:
        if self._is_over(gateway):
            return
        if after is None:
            self._done()
            return
        self._writer.write(
            lambda s: people_index.prune(s, round, after, _PRUNED_AT_ONCE),
            lambda key: self._prune(gateway, round, key),
            self._broken,
        )

    def _done(self) -> None:
        self._reader = None
        log.info("people read")
        self._hub.publish(MatchChanged(""))
        self._later(EVERY.total_seconds() * (0.95 + random.random() / 10))

    # who is gone

    def _leave(self, s: Session, gone: Sequence[Gone]) -> None:
        """On the store thread: hand over, and tell the days of texts of the heirs again."""
        now = self._clock.now()
        told = people_index.leave(s, gone)
        for one in told:
            for number in one.numbers:
                for day in records.days_of(s, number):
                    outbox.put(s, "day", f"{number}|{day}", now + _SETTLE)
            for call_id in one.calls:
                self._send_again(s, call_id, now)
        unknown = [one.heir for one in told if not people_index.is_known(s, one.heir)]
        if told:
            self._loop.post(lambda: self._inherited(told, unknown))

    def _send_again(self, s: Session, call_id: str, now: datetime) -> None:
        """What was refused because of who is gone goes to the heir."""
        outbox.hasten(s, CALL, call_id, now)
        for one in records.follow_ups_of(s, call_id):
            outbox.hasten(s, FOLLOW_UP, one.id, now)

    def _inherited(self, told: Sequence[Inherited], unknown: Sequence[RecordRef]) -> None:
        for one in told:
            for number in one.numbers:
                self._hub.publish(MatchChanged(number))
            for call_id in one.calls:
                self._hub.publish(CallLogChanged(call_id))
        self._hub.publish(OutboxChanged())
        gateway = self._login.gateway()
        if unknown and gateway is not None:
            region = self._lines.region()
            self._background.run(
                Lane.UPLOAD,
                lambda: prepare(gateway.read_people(list(dict.fromkeys(unknown))), region),
                self._learn,
                lambda error: log.info("heirs not read: %s", error.code.value),
            )

    def _learn(self, people: Sequence[Prepared]) -> None:
        self._writer.write(lambda s: save_prepared(s, people), lambda _: self._hub.publish(MatchChanged("")))

    # when it cannot go on

    def _failed(self, gateway: CrmGateway, state: IndexState, error: AppError) -> None:
        if self._is_over(gateway):
            return
        self._reader = None
        log.info("people not read: %s", error.code.value)
        after = error.values.get("retry_after")
        match error.code:
            case ErrorCode.CRM_SIGNED_OUT:
                self._login.noticed(error)
            case ErrorCode.CRM_LIMIT:
                wait = max(float(after) if isinstance(after, int | float) else 0.0, _PAUSE / 2)
                self._later(wait * (1 + random.random()))
            case ErrorCode.CRM_OFFLINE | ErrorCode.CRM_BUSY:
                self._login.noticed(error)
                self._later(_RETRY * (0.5 + random.random()))
            case _:
                # What led on has expired, or something is not allowed: from the cursor on, another time.
                fresh = replace(state, mark="", since="", is_full=False)
                pause = _PAUSE * (0.5 + random.random())
                self._writer.write(
                    lambda s: people_index.set_state(s, fresh), lambda _: self._later(pause), self._broken
                )

    def _broken(self, error: AppError) -> None:
        log.warning("index not stored: %s", error.code.value)
        self._reader = None
        self._later(_PAUSE)

    def _is_over(self, gateway: CrmGateway) -> bool:
        """Has the rep left, or another one come, while this was going on?"""
        if self._login.gateway() is gateway:
            return False
        if self._reader is gateway:
            self._reader = None
        return True

    def _stop(self) -> None:
        self._cancel()
        self._reader = None

    def _state(self) -> IndexState:
        return read_state(self._reads.meta(INDEX_STATE))

    def _later(self, seconds: float) -> None:
        self._cancel()
        self._cancel = self._loop.later(seconds, self._begin)


def _is_enough(gateway: CrmGateway) -> bool:
    usage = gateway.usage
    return usage is not None and usage[1] > 0 and usage[0] >= READ_BELOW * usage[1]
