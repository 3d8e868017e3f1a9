"""Rows → words, times and figures. Pure functions: they work without an application and then speak English.

Times are shown in the computer's zone unless one is given, in the language's own form.
"""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from app.domain.call import Call, CallState, Direction, EndReason, Outcome
from app.domain.counterpart import Match
from app.domain.message import Delivery
from app.domain.phone_number import country, parse, readable
from app.errors import AppError
from ui.components.plain import clean_line
from ui.words import end_reason

__all__ = [
    "call_state_text",
    "clock_text",
    "country_name",
    "date_text",
    "day_text",
    "delivery_text",
    "duration_text",
    "is_number",
    "local_day",
    "match_title",
    "moment_text",
    "money_text",
    "number_text",
    "outcome_text",
    "person_title",
    "reason_text",
    "segments",
    "short_date",
    "stamp_text",
    "time_text",
]

_SHORT = QLocale.FormatType.ShortFormat
_LONG = QLocale.FormatType.LongFormat
_WITHHELD = "sip:anonymous@"

# What a language's long form of a date has beside day and month: "dddd, d 'de' MMMM 'de' yyyy", "yyyy年M月d日dddd".
_LOOSE = " ,،.\u202f"
_WEEKDAY = re.compile(r"[ ,،.]*dddd(?:ที่| 'den')?[,،]? *")
_YEAR = re.compile(r"(?:,| '\w+')? *yyyy(?:[年년]|\('e'\))?[. \u202f]*(?:'\w+')?[. ]*")

# GSM 03.38 §6.2.1: the default alphabet and its extension, whose characters take two places.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("\f^{}\\[~]|€")


# numbers and people


def number_text(value: str, region: str = "") -> str:
    """A number for people: national inside ``region``, international elsewhere. Never raises, never cut."""
    if not value or value.startswith(_WITHHELD):
        return QCoreApplication.translate("Present", "No caller ID")
    return _number_text(value, region)


@lru_cache(maxsize=1000)
def _number_text(value: str, region: str) -> str:
    """Kept: the same few numbers are shown all over the window, and each is a look into the numbering plan."""
    return clean_line(readable(value, region))


def is_number(value: str) -> bool:
    """Can this be called or texted? Not when the caller withheld it."""
    return bool(value) and not value.startswith(_WITHHELD)


def country_name(value: str) -> str:
    """The country of an E.164 number in words; empty when it has none."""
    try:
        code = country(parse(value, "")) if value.startswith("+") else ""
    except AppError:
        return ""
    territory = QLocale.codeToTerritory(code)
    if not code or territory == QLocale.Country.AnyTerritory:
        return ""
    return QCoreApplication.translate("Country", QLocale.territoryToString(territory))


def person_title(match: Match, call: Call, region: str = "") -> str:
    """Who a call is with: the person, several people, what the network says, or the number."""
    return match_title(match, clean_line(call.name) or number_text(call.number, region))


def match_title(match: Match, otherwise: str) -> str:
    """Who a number belongs to: the person, several people, or ``otherwise``."""
    if match.chosen is not None:
        return clean_line(match.chosen.name) or otherwise
    names = [clean_line(record.name) for record in match.records]
    match names:
        case [one, other]:
            return QCoreApplication.translate("Present", "{one} or {other}").format(one=one, other=other)
        case [first, *others] if others:
            return QCoreApplication.translate("Present", "{name} or {count} others").format(
                name=first, count=len(others)
            )
        case [only]:
            return only
        case _:
            return otherwise


# times


def duration_text(seconds: int) -> str:
    """ "02:14", "1:02:14"; a negative length (a clock set back) is zero."""
    minutes, left = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def time_text(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """When something was. Today: the time; the last seven days: day and time; else the full date and time.

    Both instants know their zone. ``zone`` is the zone to show them in, the computer's when None.
    """
    then, today = at.astimezone(zone), now.astimezone(zone).date()
    days = (today - then.date()).days
    if days == 0:
        return clock_text(at, zone)
    if 0 < days <= 7:
        day = QLocale().toString(_qdate(then.date()), "ddd")
        return f"{day} {clock_text(at, zone)}"
    return f"{date_text(then.date())} {clock_text(at, zone)}"


def moment_text(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """As `time_text` where there is little room: what is older than seven days gets a short date alone."""
    then, here = at.astimezone(zone).date(), now.astimezone(zone).date()
    return time_text(at, now, zone) if 0 <= (here - then).days <= 7 else short_date(then, here)


def stamp_text(when: str, now: datetime, today: str, zone: tzinfo | None = None) -> str:
    """As `moment_text` for ISO 8601 text: a date alone is a day without a time. Unreadable text as it is.

    A date alone is a day of the rep in Salesforce, whose present one is ``today`` (ISO 8601): the computer may stand in
    another zone.
    """
    if len(when) <= 10:
        return day_text(when, today, short=True)
    try:
        return moment_text(datetime.fromisoformat(when), now, zone)
    except ValueError:
        return clean_line(when)


def clock_text(at: datetime, zone: tzinfo | None = None) -> str:
    """The time of day: "10:42 AM", "10:42"."""
    local = at.astimezone(zone)
    # CLDR puts a narrow blank before AM, which many fonts do not have.
    return QLocale().toString(QTime(local.hour, local.minute), _SHORT).replace("\u202f", "\u00a0")


def date_text(day: date) -> str:
    """A date in figures with all of its year."""
    form = QLocale().dateFormat(_SHORT)
    if form == QLocale.c().dateFormat(_SHORT):
        return day.isoformat()  # a computer that names no way to write dates would write "8 12 2026"
    if "yyyy" not in form:
        form = form.replace("yy", "yyyy")
    return QLocale().toString(_qdate(day), form)


def short_date(day: date, today: date) -> str:
    """A date for people, as short as it is clear: "Dec 11", "12月11日"; with its year when that is not ``today``'s."""
    form = _WEEKDAY.sub("", QLocale().dateFormat(_LONG)).replace("MMMM", "MMM")
    if day.year == today.year:
        form = _YEAR.sub("", form)
    return QLocale().toString(_qdate(day), form.strip(_LOOSE))


def day_text(day: str, today: str, *, short: bool = False) -> str:
    """ "Today", "Yesterday", the weekday within a week, else the full date; both ISO 8601 dates.

    ``short`` gives the date as short as it is clear.
    """
    try:
        then, now = date.fromisoformat(day), date.fromisoformat(today)
    except ValueError:
        return clean_line(day)
    match (now - then).days:
        case 0:
            return QCoreApplication.translate("Present", "Today")
        case 1:
            return QCoreApplication.translate("Present", "Yesterday")
        case days if 1 < days < 7:
            return QLocale().toString(_qdate(then), "dddd")
        case _:
            return short_date(then, now) if short else QLocale().toString(_qdate(then), _LONG)


def local_day(at: datetime, zone: tzinfo | None = None) -> str:
    """The date of an instant as ISO 8601."""
    return at.astimezone(zone).date().isoformat()


# calls and texts


def call_state_text(call: Call) -> str:
    """What a call is doing now, in a word or two."""
    if not call.is_live:
        return outcome_text(call)
    if call.hanging_up:
        return QCoreApplication.translate("Present", "Ending…")
    match call.state:
        case CallState.DIALING:
            return QCoreApplication.translate("Present", "Calling…")
        case CallState.RINGING if call.direction is Direction.IN:
            return QCoreApplication.translate("Present", "Incoming call")
        case CallState.RINGING:
            return QCoreApplication.translate("Present", "Ringing…")
        case CallState.HELD:
            return QCoreApplication.translate("Present", "On hold")
        case _ if call.remote_held:
            return QCoreApplication.translate("Present", "Put on hold")
        case _:
            return QCoreApplication.translate("Present", "On a call")


def outcome_text(call: Call) -> str:
    """How a call ended, with the reason of a bad end; empty while it lives."""
    if call.outcome is None:
        return ""
    said = outcome_word(call.outcome, call.reason)
    reason = reason_text(call.reason) if went_wrong(call.outcome, call.reason) else ""
    if not reason:
        return said
    return QCoreApplication.translate("Present", "{outcome}: {reason}").format(outcome=said, reason=reason)


def went_wrong(outcome: Outcome | None, reason: str) -> bool:
    """Something failed. Nobody at home is no failure, though the phone service answers it with an error."""
    return outcome is Outcome.FAILED and reason != EndReason.NO_ANSWER


def outcome_word(outcome: Outcome, reason: str = "") -> str:
    """How a call ended, in a word."""
    match outcome:
        case Outcome.ANSWERED:
            return QCoreApplication.translate("Present", "Answered")
        case Outcome.MISSED:
            return QCoreApplication.translate("Present", "Missed")
        case Outcome.ELSEWHERE:
            return QCoreApplication.translate("Present", "Answered elsewhere")
        case Outcome.DECLINED:
            return QCoreApplication.translate("Present", "Declined")
        case Outcome.BUSY:
            return QCoreApplication.translate("Present", "Busy")
        case Outcome.CANCELLED:
            return QCoreApplication.translate("Present", "Cancelled")
        case Outcome.FAILED if reason == EndReason.NO_ANSWER:
            return QCoreApplication.translate("Present", "No answer")
        case Outcome.FAILED:
            return QCoreApplication.translate("Present", "Failed")
        case Outcome.VOICEMAIL:
            return QCoreApplication.translate("Present", "Voicemail")
        case Outcome.SCREENED:
            return QCoreApplication.translate("Present", "Screened")
        case Outcome.BLOCKED:
            return QCoreApplication.translate("Present", "Blocked")
        case Outcome.FORWARDED:
            return QCoreApplication.translate("Present", "Forwarded")


def reason_text(code: str) -> str:
    """Why a call or text did not go well, as the second half of a sentence; empty for a code nobody knows."""
    if not code or code not in set(EndReason):
        return ""
    return end_reason(code)


def delivery_text(delivery: Delivery, reason: str = "") -> str:
    """How far a text has come; ``reason`` is the code of a failure."""
    match delivery:
        case Delivery.HELD:
            return QCoreApplication.translate("Present", "Held until they agree to texts")
        case Delivery.QUEUED:
            return QCoreApplication.translate("Present", "Waiting for the line")
        case Delivery.SENDING:
            return QCoreApplication.translate("Present", "Sending")
        case Delivery.SENT:
            return QCoreApplication.translate("Present", "Sent")
        case Delivery.DELIVERED:
            return QCoreApplication.translate("Present", "Delivered")
        case Delivery.UNKNOWN:
            return QCoreApplication.translate("Present", "Unknown: may not have left")
        case Delivery.FAILED if why := _text_reason(reason):
            return QCoreApplication.translate("Present", "Not sent: {reason}").format(reason=why)
        case _:
            return QCoreApplication.translate("Present", "Not sent")


def _text_reason(code: str) -> str:
    match code:
        case "too-long":
            return QCoreApplication.translate("Present", "it is too long.")
        case EndReason.FORBIDDEN:
            return QCoreApplication.translate("Present", "your phone service does not allow this text.")
        case EndReason.DECLINED:
            return QCoreApplication.translate("Present", "it was declined.")
        case EndReason.ENGINE_LOST:
            return QCoreApplication.translate("Present", "the phone engine stopped.")
        case EndReason.APP_STOPPED:
            return QCoreApplication.translate("Present", "Ringdown was closed.")
        case _:
            return reason_text(code)


def money_text(amount: float | None) -> str:
    """An amount at a glance: "$42k", "$1.2m"; empty when there is none."""
    if amount is None or amount != amount:  # noqa: PLR0124 - not a number
        return ""
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    for unit, suffix in ((1e9, "b"), (1e6, "m"), (1e3, "k")):
        # What rounds up to the next unit belongs to it: 999,960 is $1m.
        if size >= unit * 0.9995:
            return f"{sign}${_short(size / unit)}{suffix}"
    return f"{sign}${_short(size, 2)}"


def _short(value: float, places: int = 1) -> str:
    shown = f"{value:.{0 if value >= 100 and places == 1 else places}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def segments(text: str) -> tuple[int, int, bool]:
    """How a carrier cuts a text: (parts, characters left in the last one, is Unicode).

    3GPP TS 23.040 §9.2.3.24: 160 septets or 70 UTF-16 units alone, 153 or 67 in each of several parts. No part
    ends inside a character.
    """
    twice = [character in _GSM_TWICE for character in text]
    wide = not all(two or character in _GSM for character, two in zip(text, twice, strict=True))
    sizes = [1 + (ord(c) > 0xFFFF) for c in text] if wide else [1 + two for two in twice]
    alone, each = (70, 67) if wide else (160, 153)
    if sum(sizes) <= alone:
        return int(bool(text)), alone - sum(sizes), wide
    parts, used = 1, 0
    for size in sizes:
        if used + size > each:
            parts, used = parts + 1, 0
        used += size
    return parts, each - used, wide


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
