"""Cards: what the sidebar shows of a record. The last known card at once, a fresh one when it is old."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from app.background import Lane
from app.domain.counterpart import Card, CrmRecord, RecordKind, RecordRef
from app.domain.events import CardChanged, RecordGone
from app.errors import AppError, ErrorCode
from app.ports.crm import CrmGateway
from app.usecases.login import Login
from app.usecases.tools import Tools

FRESH_FOR = timedelta(seconds=90)
_KEPT = 200


class Cards:
    """Main thread."""

    def __init__(self, tools: Tools, *, login: Login) -> None:
        self._background = tools.background
        self._hub = tools.hub
        self._clock = tools.clock
        self._login = login
        self._cards: dict[RecordRef, tuple[Card, datetime]] = {}
        self._problems: dict[RecordRef, AppError] = {}
        self._loading: set[RecordRef] = set()

    def known(self, ref: RecordRef) -> Card | None:
        """The card as last loaded; None when it never was."""
        found = self._cards.get(ref)
        return found[0] if found else None

    def problem(self, ref: RecordRef) -> AppError | None:
        """Why the last load failed, None when it did not."""
        return self._problems.get(ref)

    def is_loading(self, ref: RecordRef) -> bool:
        """Is an answer on its way?"""
        return ref in self._loading

    def load(self, ref: RecordRef, *, fresh: bool = False) -> Card | None:
        """The card as known; loads it anew when it is missing or old. `CardChanged` tells the answer.

        A colleague has none: no deals, no cases, and what the list knows is all there is.
        """
        if ref.kind in {RecordKind.USER, RecordKind.COLLEAGUE}:
            return None
        found = self._cards.get(ref)
        now = self._clock.now()
        gateway = self._login.gateway()
        old = fresh or found is None or now - found[1] > FRESH_FOR
        if gateway is not None and old and ref not in self._loading:
            self._loading.add(ref)
            self._background.run(
                Lane.INTERACTIVE,
                lambda: gateway.card(ref),
                lambda card: self._loaded(ref, card) if self._is_now(gateway, ref) else None,
                lambda error: self._failed(ref, error) if self._is_now(gateway, ref) else None,
            )
        return found[0] if found else None

    def forget(self, ref: RecordRef) -> None:
        """Something of it was changed from here: load anew next time."""
        self._cards.pop(ref, None)

    def forget_all(self) -> None:
        """Nobody is signed in any more, or somebody else."""
        self._cards.clear()
        self._problems.clear()
        self._loading.clear()

    def url(self, ref: RecordRef) -> str:
        """Where the record opens in the browser; empty while signed out."""
        gateway = self._login.gateway()
        return gateway.record_url(ref) if gateway is not None else ""

    def new_contact_url(self, number: str) -> str:
        """Where the browser makes a Contact with this number; empty while signed out."""
        gateway = self._login.gateway()
        return gateway.new_contact_url(number) if gateway is not None else ""

    def search(self, text: str, then: Callable[[Sequence[CrmRecord]], None]) -> None:
        """People and companies by name, from Salesforce. Nothing comes back while it is away."""
        gateway = self._login.gateway()
        if gateway is not None:
            self._background.run(Lane.INTERACTIVE, lambda: gateway.search(text), then, self._login.noticed)

    def _is_now(self, gateway: CrmGateway, ref: RecordRef) -> bool:
        """Is the answer about ``ref`` one of the sign-in of now? Another one is of no use, and keeps nobody waiting."""
        if self._login.gateway() is gateway:
            return True
        if ref in self._loading:
            self._loading.discard(ref)
            self._hub.publish(CardChanged(ref))
        return False

    def _loaded(self, ref: RecordRef, card: Card) -> None:
        self._loading.discard(ref)
        self._problems.pop(ref, None)
        self._cards.pop(ref, None)
        self._cards[ref] = (card, self._clock.now())
        while len(self._cards) > _KEPT:
            self._cards.pop(next(iter(self._cards)))
        self._login.noticed(None)
        self._hub.publish(CardChanged(ref))

    def _failed(self, ref: RecordRef, error: AppError) -> None:
        self._loading.discard(ref)
        self._problems[ref] = error
        self._login.noticed(error)
        self._hub.publish(CardChanged(ref))
        if error.code is ErrorCode.CRM_NOT_FOUND:
            self._hub.publish(RecordGone(ref))
