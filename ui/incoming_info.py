"""What is shown of a caller while it rings: from what the cache knows, at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.domain.call import Call, CallState, Direction, Outcome
from app.errors import AppError
from ui import present

if TYPE_CHECKING:
    from app.desk import Desk
    from app.domain.counterpart import Card, Match, RecordRef


@dataclass(frozen=True, slots=True)
class IncomingInfo:
    """The words of one ringing call. ``why`` is the one line of why it matters."""

    title: str
    title_is_number: bool
    company: str
    number: str
    country: str
    why: str
    via: str
    record: RecordRef | None
    can_text: bool


def rings(call: Call) -> bool:
    """Is it somebody calling in, not answered yet?"""
    return call.direction is Direction.IN and call.state is CallState.RINGING


def incoming_info(desk: Desk, call: Call) -> IncomingInfo:
    """Read what is known of a caller now. Takes a few milliseconds; raises nothing."""
    region = desk.lines.region(call.line)
    match = desk.matching.known(call.number)
    title = present.person_title(match, call, region)
    number = present.number_text(call.number, region)
    chosen = match.chosen
    lines = desk.lines.all()
    line = desk.lines.get(call.line)
    via = ""
    if line is not None and len(lines) > 1:
        name = present.number_text(line.number, line.region) if line.number else line.id
        via = QCoreApplication.translate("Incoming", "via {line}").format(line=name)
    return IncomingInfo(
        title=title,
        title_is_number=title == number and present.is_number(call.number),
        company=_company(match, call),
        number="" if title == number else number,
        country=present.country_name(call.number),
        why=_why(desk, call, match),
        via=via,
        record=chosen.ref if chosen else None,
        can_text=present.is_number(call.number),
    )


def _company(match: Match, call: Call) -> str:
    if match.chosen is not None:
        return " · ".join(part for part in (match.chosen.company, match.chosen.title) if part)
    if match.records:
        return _many(len(match.records))
    return QCoreApplication.translate("Incoming", "No one with this number") if present.is_number(call.number) else ""


def _why(desk: Desk, call: Call, match: Match) -> str:
    if match.chosen is not None:
        card = desk.cards.known(match.chosen.ref)
        said = _of_card(card) if card is not None else ""
        if said:
            return said
    try:
        last = desk.reads.last_contact(call.number, call.id) if call.number else None
    except AppError:
        return ""  # who calls matters more than when they last did; the store's trouble is told elsewhere
    if last is None:
        return ""
    when = present.time_text(last.time, desk.clock.now())
    if last.kind == "text":
        who = (
            QCoreApplication.translate("Incoming", "You")
            if last.direction is Direction.OUT
            else QCoreApplication.translate("Incoming", "Text")
        )
        return QCoreApplication.translate("Incoming", "{who}, {when}: {text}").format(
            who=who, when=when, text=last.detail
        )
    outcome = present.outcome_word(Outcome(last.detail)) if last.detail in set(Outcome) else ""
    return (
        QCoreApplication.translate("Incoming", "Last call {when}: {outcome}")
        .format(when=when, outcome=outcome.lower())
        .rstrip(": ")
    )


def _of_card(card: Card) -> str:
    if card.deals:
        deal = card.deals[0]
        said = " · ".join(part for part in (deal.name, deal.stage) if part)
        # The amount first: whatever is too long for the card, it is not this.
        amount = present.money_text(deal.amount)
        if amount:
            return QCoreApplication.translate("Incoming", "Deal {amount}: {deal}").format(amount=amount, deal=said)
        return QCoreApplication.translate("Incoming", "Deal: {deal}").format(deal=said)
    if card.cases:
        case = card.cases[0]
        said = " · ".join(part for part in (case.subject, case.status) if part)
        return QCoreApplication.translate("Incoming", "Case {number}: {case}").format(number=case.number, case=said)
    return ""


def _many(count: int) -> str:
    return QCoreApplication.translate("Incoming", "{count} people have this number").format(count=count)
