"""Relation: the deal or case a call is linked to. Found among what the card shows at once, in Salesforce as one types.

A Task of a lead takes no deal or case: Salesforce refuses it, so it is not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.background import Lane
from app.domain.call_log import CallLog
from app.domain.counterpart import CrmRecord, RecordKind, RecordRef
from app.domain.local_time import rep_day
from app.domain.new_record import NewForm, NewRecord, Related
from app.domain.record_ids import can_be_related_to, kind_of_id
from app.errors import AppError, ErrorCode
from app.log import logger
from app.ports.crm import CrmGateway
from app.usecases.cards import Cards
from app.usecases.login import CrmState, Login
from app.usecases.tools import Tools
from app.usecases.wrapup import Wrapup

log = logger("relation")
CLOSES_IN = timedelta(days=30)  # what a new deal is given until the rep says otherwise


class Bar(StrEnum):
    """Why a call cannot be related to anything now."""

    NONE = ""
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Party:
    """Whose deals and cases are offered: the call's person and company, as far as known."""

    who: RecordRef | None = None
    account_id: str = ""
    name: str = ""


class Relation:
    """Main thread."""

    def __init__(self, tools: Tools, *, login: Login, cards: Cards, wrapup: Wrapup) -> None:
        self._reads = tools.reads
        self._background = tools.background
        self._clock = tools.clock
        self._login = login
        self._cards = cards
        self._wrapup = wrapup
        self._named: set[str] = set()

    def bar(self, log: CallLog) -> Bar:
        """Why this call takes no relation; NONE when it does."""
        return Bar.LEAD if log.who is not None and log.who.kind == RecordKind.LEAD else Bar.NONE

    def now(self, log: CallLog) -> Related | None:
        """What the call is related to: what was chosen, else the record it was said to be about when dialling."""
        if log.what is not None and log.what.kind != RecordKind.ACCOUNT:
            return Related(log.what, log.what_name)
        if can_be_related_to(log.about) and kind_of_id(log.about) != RecordKind.ACCOUNT:
            shown = next((one for one in self.known(log) if one.ref.id == log.about), None)
            return shown or Related(RecordRef("", log.about), log.what_name)
        return None

    def party(self, log: CallLog) -> Party:
        """Whose deals and cases are meant."""
        ref = log.who or (log.what if log.what is not None and log.what.kind == RecordKind.ACCOUNT else None)
        if ref is None:
            return Party(name=log.person)
        known = self._record(ref)
        if ref.kind == RecordKind.ACCOUNT:
            return Party(ref, ref.id, log.person)
        return Party(ref, known.account_id if known is not None else "", log.person)

    def known(self, log: CallLog) -> tuple[Related, ...]:
        """The open deals and cases of the card, without asking anybody."""
        party = self.party(log)
        refs = [ref for ref in (party.who, _account(party.account_id)) if ref is not None]
        found: dict[RecordRef, Related] = {}
        for ref in refs:
            card = self._cards.known(ref)
            if card is None:
                continue
            for deal in card.deals:
                one = Related(RecordRef("Opportunity", deal.id), deal.name, deal.stage)
                found.setdefault(one.ref, one)
            for case in card.cases:
                name = " ".join(part for part in (case.number, case.subject) if part)
                one = Related(RecordRef("Case", case.id), name, case.status)
                found.setdefault(one.ref, one)
        return tuple(found.values())

    def search(
        self,
        log: CallLog,
        text: str,
        then: Callable[[Sequence[Related]], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Deals and cases of the call's person and company that fit ``text``, open and closed."""
        gateway = self._ready(failed)
        if gateway is None:
            return
        party = self.party(log)
        self._background.run(
            Lane.INTERACTIVE,
            lambda: gateway.related(text, who=party.who, account_id=party.account_id),
            then,
            lambda error: self._failed(error, failed),
        )

    def form(self, kind: str, then: Callable[[NewForm], None], failed: Callable[[AppError], None]) -> None:
        """What a new deal or case needs in this org."""
        gateway = self._ready(failed)
        if gateway is not None:
            self._background.run(
                Lane.INTERACTIVE, lambda: gateway.new_form(kind), then, lambda error: self._failed(error, failed)
            )

    def first_close(self) -> str:
        """The close date a new deal begins with, ISO 8601, in the rep's zone."""
        return rep_day(self._clock.now() + CLOSES_IN, self._login.zone())

    def create(
        self,
        log: CallLog,
        wanted: NewRecord,
        then: Callable[[Related], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Make a deal or case of the call's person and company, and relate the call to it. Safe to repeat."""
        gateway = self._ready(failed)
        if gateway is None:
            return
        party = self.party(log)
        whose = {"AccountId": party.account_id}
        if party.who is not None and party.who.kind == RecordKind.CONTACT:
            whose["ContactId"] = party.who.id
        name = wanted.values.get("Name") or wanted.values.get("Subject") or ""
        whole = NewRecord(wanted.kind, {**whose, **wanted.values})

        def make() -> Related:
            ref = gateway.create(whole)
            return _read(gateway, ref) or Related(ref, name)

        def made(related: Related) -> None:
            for ref in (party.who, _account(party.account_id)):
                if ref is not None and self._cards.known(ref) is not None:
                    self._cards.load(ref, fresh=True)
            self._wrapup.set_relation(log.id, related, lambda: then(related), failed)

        self._background.run(Lane.INTERACTIVE, make, made, lambda error: self._failed(error, failed))

    def choose(
        self, call_id: str, related: Related | None, then: Callable[[], None], failed: Callable[[AppError], None]
    ) -> None:
        """Relate the call to this one, or to none. Works offline."""
        self._wrapup.set_relation(call_id, related, then, failed)

    def name(self, log: CallLog) -> None:
        """Learn what the record is called that the call was said to be about. Asks once for each call."""
        related = self.now(log)
        gateway = self._login.gateway()
        if related is None or related.name or log.id in self._named or gateway is None:
            return
        if self._login.status.state is not CrmState.SIGNED_IN:
            return
        self._named.add(log.id)
        self._background.run(
            Lane.INTERACTIVE,
            lambda: gateway.read_related(related.ref.id),
            lambda found: self._wrapup.set_relation(log.id, found) if found is not None else None,
            lambda error: self._unnamed(log.id, error),
        )

    def _unnamed(self, call_id: str, error: AppError) -> None:
        self._named.discard(call_id)
        self._login.noticed(error)

    def _record(self, ref: RecordRef) -> CrmRecord | None:
        card = self._cards.known(ref)
        return card.record if card is not None else self._reads.person(ref.id)

    def _ready(self, failed: Callable[[AppError], None]) -> CrmGateway | None:
        gateway = self._login.gateway()
        if gateway is None:
            failed(self._login.status.problem or AppError(ErrorCode.CRM_SIGNED_OUT))
        return gateway

    def _failed(self, error: AppError, failed: Callable[[AppError], None]) -> None:
        log.info("relation: %s", error.code.value)
        self._login.noticed(error)
        failed(error)


def _read(gateway: CrmGateway, ref: RecordRef) -> Related | None:
    """A record that was just made; None when it cannot be read back: to say that it was not made would make another."""
    try:
        return gateway.read_related(ref.id)
    except AppError as error:
        log.info("not read back: %s", error.code.value)
        return None


def _account(account_id: str) -> RecordRef | None:
    return RecordRef(RecordKind.ACCOUNT, account_id) if account_id else None
