"""Matching: number → Match. The cache at once, Salesforce later, the number itself always."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from app.background import Background, Lane
from app.domain.call_log import Synced
from app.domain.counterpart import NO_MATCH, CrmRecord, Match, RecordRef
from app.domain.events import CallLogChanged, MatchChanged, OutboxChanged
from app.domain.phone_number import NumberKind, PhoneNumber, from_key
from app.errors import AppError
from app.hub import Hub
from app.log import logger
from app.ports import Clock, CrmGateway
from app.reads.reads import Reads
from app.store import outbox, records
from app.store.database import Session
from app.store.writer import Writer
from app.usecases.lines import Lines

log = logger("matching")

# How long an answer from Salesforce is good for. A miss is asked again sooner: the contact may just be made.
GOOD_FOR_HIT = timedelta(hours=12)
GOOD_FOR_MISS = timedelta(minutes=10)
# Days of texts that now have a person are written again together with what else comes meanwhile.
LINK_SETTLE = timedelta(minutes=2)


class Matching:
    """Main thread."""

    def __init__(
        self,
        *,
        reads: Reads,
        writer: Writer,
        background: Background,
        gateway: Callable[[], CrmGateway | None],
        lines: Lines,
        hub: Hub,
        clock: Clock,
    ) -> None:
        self._reads = reads
        self._writer = writer
        self._background = background
        self._gateway = gateway
        self._lines = lines
        self._hub = hub
        self._clock = clock
        self._asking: set[str] = set()
        self._asked: dict[str, datetime] = {}
        self._refreshed = False

    def known(self, number: str) -> Match:
        """What the cache says now; never waits."""
        if not number or number in self._lines.own_numbers():
            return NO_MATCH
        return self._reads.match(number)

    def look_up(self, number: str, *, fresh: bool = False) -> Match:
        """What the cache says now, and ask Salesforce when that is old or nothing. `MatchChanged` tells the answer."""
        match = self.known(number)
        if number and number not in self._lines.own_numbers():
            self._ask(from_key(number), match, fresh=fresh)
        return match

    def is_asking(self, number: str) -> bool:
        """Is an answer from Salesforce on its way?"""
        return number in self._asking

    def choose(self, number: str, ref: RecordRef) -> None:
        """The rep said who this number is: remember it, and link calls that had nobody yet."""

        def remember(s: Session) -> list[str]:
            records.choose(s, number, ref)
            return _link(s, number, records.match(s, number).chosen, self._clock.now())

        self._writer.write(remember, lambda changed: self._changed(number, changed))

    def learn(self, people: Sequence[CrmRecord], then: Callable[[], None] | None = None) -> None:
        """Put people into the cache."""
        region = self._lines.region()
        self._writer.write(
            lambda s: records.save_people(s, people, region), lambda _: then() if then is not None else None
        )

    def refresh_people(self) -> None:
        """Fill the cache with the rep's own and recent people, once a start."""
        gateway = self._gateway()
        if gateway is None or self._refreshed:
            return
        self._refreshed = True
        self._background.run(
            Lane.UPLOAD,
            gateway.recent_people,
            lambda people: self.learn(people, lambda: self._hub.publish(MatchChanged(""))),
            lambda error: log.info("people not refreshed: %s", error.code.value),
        )

    def _ask(self, number: PhoneNumber, match: Match, *, fresh: bool) -> None:
        gateway = self._gateway()
        if gateway is None or number.kind is not NumberKind.E164 or number.value in self._asking:
            return
        good_for = GOOD_FOR_HIT if match.records else GOOD_FOR_MISS
        asked = self._asked.get(number.value)
        if not fresh and asked is not None and self._clock.now() - asked < good_for:
            return
        region = self._lines.region()
        self._asking.add(number.value)
        self._background.run(
            Lane.INTERACTIVE,
            lambda: gateway.find(number, region),
            lambda found: self._found(number.value, found, region),
            lambda error: self._unanswered(number.value, error),
        )

    def _found(self, number: str, found: Sequence[CrmRecord], region: str) -> None:
        self._asking.discard(number)
        now = self._clock.now()
        self._asked[number] = now

        def store(s: Session) -> list[str]:
            before = records.match(s, number).chosen
            records.save_people(s, found, region)
            records.set_looked_up(s, number, now)
            after = records.match(s, number).chosen
            is_news = after is not None and (before is None or before.ref != after.ref)
            return _link(s, number, after, now) if is_news else []

        self._writer.write(store, lambda changed: self._changed(number, changed))

    def _unanswered(self, number: str, error: AppError) -> None:
        # The number is shown as it is; the login use case shows that Salesforce is away.
        self._asking.discard(number)
        log.info("look-up unanswered: %s", error.code.value)
        self._hub.publish(MatchChanged(number))

    def _changed(self, number: str, changed: Sequence[str]) -> None:
        self._hub.publish(MatchChanged(number))
        for call_id in changed:
            self._hub.publish(CallLogChanged(call_id))
        if changed:
            self._hub.publish(OutboxChanged())


def _link(s: Session, number: str, chosen: CrmRecord | None, now: datetime) -> list[str]:
    """Give the number's undecided calls their person, and send them again."""
    if chosen is None:
        return []
    who, what = link_of(chosen)
    changed = records.relink(s, number, who, what, chosen.name)
    for call_id in changed:
        log_row = records.get_call_log(s, call_id)
        if log_row is not None and not log_row.call.is_live:
            records.set_synced(s, call_id, Synced.WAITING)
            outbox.put(s, "call", call_id, now)
    for day in records.days_of(s, number):
        outbox.put(s, "day", f"{number}|{day}", now + LINK_SETTLE)
    return changed


def link_of(record: CrmRecord) -> tuple[RecordRef | None, RecordRef | None]:
    """(WhoId, WhatId) of a Task for this record: people are who, an Account is what."""
    if record.ref.kind == "Account":
        return None, record.ref
    return record.ref, None
