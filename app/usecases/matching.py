"""Matching: number → Match. The cache at once, Salesforce later, the number itself always."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.background import Lane
from app.domain.counterpart import NO_MATCH, Card, CrmRecord, Match, RecordKind, RecordRef
from app.domain.events import CallLogChanged, MatchChanged, OutboxChanged
from app.domain.phone_number import NumberKind, PhoneNumber, from_key
from app.errors import AppError
from app.log import logger
from app.ports.crm import CrmGateway
from app.store import outbox, records
from app.store.database import Session
from app.store.people import INDEX_STATE
from app.store.people_index import read_state
from app.usecases.lines import Lines
from app.usecases.queueing import queue_call
from app.usecases.tools import Tools

log = logger("matching")

# How long an answer from Salesforce is good for. A miss is asked again sooner: the contact may just be made.
GOOD_FOR_HIT = timedelta(hours=12)
GOOD_FOR_MISS = timedelta(minutes=10)
# Days of texts that now have a person are written again together with what else comes meanwhile.
LINK_SETTLE = timedelta(minutes=2)
# How long after its end a call that is not logged yet follows the rep's choice.
JUST_OVER = timedelta(minutes=10)
LINK_SETTLE_CALL = timedelta(seconds=4)
_CUSTOMERS = frozenset({RecordKind.CONTACT.value, RecordKind.LEAD.value, RecordKind.ACCOUNT.value})


class Matching:
    """Main thread."""

    def __init__(self, tools: Tools, *, gateway: Callable[[], CrmGateway | None], lines: Lines) -> None:
        self._reads = tools.reads
        self._writer = tools.writer
        self._background = tools.background
        self._hub = tools.hub
        self._clock = tools.clock
        self._gateway = gateway
        self._lines = lines
        self._asking: set[str] = set()
        self._asked: dict[str, datetime] = {}

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

    def refresh(self, number: str) -> None:
        """As `look_up`, for who needs no answer: what was asked a moment ago is not even read again.

        A cache that cannot be read is told; it does not undo what the caller has just done.
        """
        asked = self._asked.get(number)
        if self._gateway() is None or number in self._asking:
            return
        if asked is None or self._clock.now() - asked >= GOOD_FOR_MISS:
            try:
                self.look_up(number)
            except AppError as error:
                self._background.trouble(error)

    def is_asking(self, number: str) -> bool:
        """Is an answer from Salesforce on its way?"""
        return number in self._asking

    def choose(self, number: str, ref: RecordRef) -> None:
        """The rep said who this number is: remember it, and link calls that had nobody yet.

        The call that is on, or has just ended and is not yet logged, follows too. A logged one never does.
        """
        now = self._clock.now()

        def remember(s: Session) -> list[str]:
            records.choose(s, number, ref)
            chosen = records.match(s, number).chosen
            return list(dict.fromkeys((*_follow(s, number, chosen, now), *_link(s, number, chosen, now))))

        self._writer.write(remember, lambda changed: self._changed(number, changed))

    def learn(self, people: Sequence[CrmRecord], then: Callable[[], None] | None = None) -> None:
        """Put people into the cache."""
        region = self._lines.region()
        self._writer.write(
            lambda s: records.save_people(s, people, region), lambda _: then() if then is not None else None
        )

    def see(self, card: Card) -> None:
        """A card was opened: what it says of a person goes into the cache, where it may not be yet."""
        record = replace(card.record, has_deal=bool(card.deals))
        if record.ref.kind in _CUSTOMERS and self._reads.person(record.ref.id) != record:
            self.learn([record], lambda: self._hub.publish(MatchChanged("")))

    def forget(self) -> None:
        """Another rep, or none: what Salesforce told the last one is gone from the cache, and asked anew."""
        self._asked.clear()
        self._asking.clear()
        self._hub.publish(MatchChanged(""))

    def _ask(self, number: PhoneNumber, match: Match, *, fresh: bool) -> None:
        gateway = self._gateway()
        if gateway is None or number.kind is not NumberKind.E164 or number.value in self._asking:
            return
        if not fresh and (match.is_internal or self._is_answered(number.value, match)):
            return
        region = self._lines.region()

        def find() -> Sequence[CrmRecord]:
            # Whoever was made a minute ago is not in the search index yet; the slow way is for when the rep says so.
            return gateway.find(number, region) or (gateway.find_exact(number, region) if fresh else ())

        self._asking.add(number.value)
        self._background.run(
            Lane.INTERACTIVE,
            find,
            lambda found: self._found(number.value, found if self._gateway() is gateway else None, region),
            lambda error: self._unanswered(number.value, error),
        )

    def _is_answered(self, number: str, match: Match) -> bool:
        """Is what the cache says all that Salesforce would say?"""
        if match.records and not match.is_ambiguous and self._is_complete():
            return True
        asked = self._asked.get(number) or self._reads.looked_up(number)
        good_for = GOOD_FOR_HIT if match.records else GOOD_FOR_MISS
        return asked is not None and self._clock.now() - asked < good_for

    def _is_complete(self) -> bool:
        """Does the index hold everybody the rep can see?"""
        state = read_state(self._reads.meta(INDEX_STATE))
        return state.everything and bool(state.cursor)

    def _found(self, number: str, found: Sequence[CrmRecord] | None, region: str) -> None:
        """``found`` is None when the answer came from a sign-in that is over."""
        self._asking.discard(number)
        if found is None:
            self._hub.publish(MatchChanged(number))
            return
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


def _follow(s: Session, number: str, chosen: CrmRecord | None, now: datetime) -> list[str]:
    """The newest call with the number is the chosen one's while nobody has been told otherwise."""
    newest = next(reversed(records.links_of(s, number)), None)
    found = records.get_call_log(s, newest.call_id) if newest else None
    if found is None or chosen is None or found.task_id or records.get_sent(s, found.id):
        return []
    who, what = link_of(chosen)
    is_just_over = found.call.ended is not None and now - found.call.ended < JUST_OVER
    if not (found.call.is_live or is_just_over) or (found.who, found.what) == (who, what):
        return []
    records.set_who(s, found.id, who, what, chosen.name)
    queue_call(s, found, now + LINK_SETTLE_CALL)
    return [found.id]


def _link(s: Session, number: str, chosen: CrmRecord | None, now: datetime) -> list[str]:
    """Give the number's undecided calls their person, and send them again."""
    if chosen is None:
        return []
    who, what = link_of(chosen)
    changed = records.relink(s, number, who, what, chosen.name)
    for call_id in changed:
        log_row = records.get_call_log(s, call_id)
        if log_row is not None:
            queue_call(s, log_row, now)
    for day in records.days_of(s, number):
        outbox.put(s, "day", f"{number}|{day}", now + LINK_SETTLE)
    return changed


def link_of(record: CrmRecord) -> tuple[RecordRef | None, RecordRef | None]:
    """(WhoId, WhatId) of a Task for this record: people are who, an Account is what.

    A Salesforce user is who too, though only here: `crm.mapping` makes an internal call of it, which has no WhoId.
    """
    match record.ref.kind:
        case RecordKind.ACCOUNT:
            return None, record.ref
        case RecordKind.COLLEAGUE:
            return None, None  # known from the company's directory only: there is no record to link
        case _:
            return record.ref, None
