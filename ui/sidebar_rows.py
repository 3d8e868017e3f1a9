"""What Salesforce and this computer know → lines of the sidebar. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication

from app.domain.call import Direction, Outcome
from app.domain.counterpart import Card, CrmRecord, RecordKind, RecordRef, TimelineEntry
from app.domain.phone_number import parse
from app.errors import AppError
from app.reads.rows import MessageRow, RecentRow
from ui.design.tokens import ColourRole
from ui.present import (
    day_text,
    duration_text,
    moment_text,
    money_text,
    number_text,
    outcome_word,
    short_date,
    stamp_text,
)
from ui.sidebar_about import NOTHING, About, act_of
from ui.sidebar_parts import CallTarget, Entry, PhoneEntry, ThreadTarget

__all__ = ["cases", "deals", "history", "kind_word", "owner_line", "phones", "timeline"]

_ICONS = {"call": "phone", "texts": "message", "task": "check"}
_OBJECTS = {"texts": "Ringdown_Day__c"}
_SHOWN = 6  # days of texts and calls of this computer


def phones(record: CrmRecord, here: str, region: str) -> list[PhoneEntry]:
    """The numbers of a record. ``here`` is the number of the call or thread: it comes first when the record
    does not have it."""
    # Salesforce's own names of its phone fields; one that an admin made stays as it is.
    found = [
        _phone(QCoreApplication.translate("PhoneField", label), stored, here, region) for label, stored in record.phones
    ]
    if here and not any(entry.here for entry in found):
        label = QCoreApplication.translate("Sidebar", "This number, not in Salesforce")
        found.insert(0, PhoneEntry(here, number_text(here, region), label, here=True))
    return found


def _phone(label: str, stored: str, here: str, region: str) -> PhoneEntry:
    try:
        number = parse(stored, region)
    except AppError:
        # Not a number anybody can dial: it is shown as it stands in Salesforce.
        return PhoneEntry(stored, stored, label, usable=False)
    shown = number_text(number.value, region)
    if number.extension:
        text = QCoreApplication.translate("Sidebar", "{number} ext. {extension}")
        shown = text.format(number=shown, extension=number.extension)
    return PhoneEntry(stored, shown, label, here=number.value == here)


def kind_word(record: CrmRecord) -> str:
    """What sort of record it is, with a Lead's status."""
    match record.ref.kind:
        case RecordKind.CONTACT:
            word = QCoreApplication.translate("Sidebar", "Contact")
        case RecordKind.LEAD:
            word = QCoreApplication.translate("Sidebar", "Lead")
        case RecordKind.ACCOUNT:
            word = QCoreApplication.translate("Sidebar", "Account")
        case RecordKind.USER | RecordKind.COLLEAGUE:
            word = QCoreApplication.translate("Sidebar", "Colleague")
        case other:
            word = other
    return " · ".join(part for part in (word, record.status) if part)


def owner_line(record: CrmRecord) -> str:
    """Kind and owner."""
    owner = QCoreApplication.translate("Sidebar", "owned by {name}").format(name=record.owner) if record.owner else ""
    return " · ".join(part for part in (kind_word(record), owner) if part)


def deals(card: Card, today: str, about: About = NOTHING) -> list[Entry]:
    """Open Opportunities: name and amount, then stage and when it should close. ``today``: the rep's, ISO 8601."""
    return [
        Entry(
            ref := RecordRef("Opportunity", deal.id),
            deal.name,
            " · ".join(part for part in (deal.stage, _closes(deal.close_date, today)) if part),
            end=money_text(deal.amount),
            icon="briefcase",
            strong=True,
            act=act_of(about, ref, deal.name),
        )
        for deal in card.deals
    ]


def _closes(day: str, today: str) -> str:
    if not day:
        return ""
    try:
        shown = short_date(datetime.fromisoformat(day).date(), date.fromisoformat(today))
    except ValueError:
        return day
    return QCoreApplication.translate("Sidebar", "closes {date}").format(date=shown)


def cases(card: Card, about: About = NOTHING) -> list[Entry]:
    """Open Cases: number and subject, then status and priority."""
    return [
        Entry(
            ref := RecordRef("Case", case.id),
            name := " ".join(part for part in (case.number, case.subject) if part),
            " · ".join(part for part in (case.status, case.priority) if part),
            icon="ticket",
            act=act_of(about, ref, name),
        )
        for case in card.cases
    ]


def timeline(card: Card, now: datetime, today: str, region: str) -> list[Entry]:
    """What was done with this record, by whom, newest first. ``today`` is the rep's date (ISO 8601)."""
    return [
        Entry(
            RecordRef(_OBJECTS.get(entry.kind, "Task"), entry.id),
            _texts(entry) if entry.kind == "texts" else entry.subject,
            " · ".join(part for part in (entry.owner, _detail(entry, region)) if part),
            stamp_text(entry.when, now, today),
            _ICONS.get(entry.kind, "check"),
        )
        for entry in card.timeline
    ]


def _texts(entry: TimelineEntry) -> str:
    if entry.part > 1:
        words = QCoreApplication.translate("Sidebar", "1 text, part {part}")
        if entry.texts != 1:
            words = QCoreApplication.translate("Sidebar", "{count} texts, part {part}")
        return words.format(count=entry.texts, part=entry.part)
    if entry.texts == 1:
        return QCoreApplication.translate("Sidebar", "1 text")
    return QCoreApplication.translate("Sidebar", "{count} texts").format(count=entry.texts)


def _detail(entry: TimelineEntry, region: str) -> str:
    return number_text(entry.detail, region) if entry.kind == "texts" and entry.detail else entry.detail


def history(calls: Iterable[RecentRow], texts: Sequence[MessageRow], now: datetime, today: str) -> list[Entry]:
    """What this computer remembers of a number: its calls, and its texts by the day; newest first.

    ``today`` is the rep's date (ISO 8601).
    """
    found: list[tuple[datetime, Entry]] = []
    for call in calls:
        talked = duration_text(call.duration) if call.duration else ""
        word = outcome_word(call.outcome, call.reason) if call.outcome else ""
        detail = talked if call.outcome is Outcome.ANSWERED and talked else word
        if call.direction is Direction.IN:
            title, icon = QCoreApplication.translate("Sidebar", "Call in"), "phone-in"
        else:
            title, icon = QCoreApplication.translate("Sidebar", "Call out"), "phone-out"
        role = ColourRole.MUTED
        if call.outcome is Outcome.MISSED:
            icon, role = "phone-missed", ColourRole.DANGER_TEXT
        when = moment_text(call.started, now)
        found.append((call.started, Entry(CallTarget(call.id), title, detail, when, icon, role)))
    days: dict[tuple[str, str], list[MessageRow]] = {}
    for text in texts:
        days.setdefault((text.line, text.day), []).append(text)
    for (line, day), of_day in days.items():
        last = of_day[-1]
        target = ThreadTarget(line, last.number)
        when = day_text(day, today, short=True)
        found.append(
            (last.time, Entry(target, QCoreApplication.translate("Sidebar", "Texts"), last.body, when, "message"))
        )
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0], reverse=True)[:_SHOWN]]
