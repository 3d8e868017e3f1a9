"""Dates and datetimes on the wire, and the relative date literals of SOQL."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_PLAIN = {
    "TODAY",
    "YESTERDAY",
    "TOMORROW",
    "THIS_WEEK",
    "LAST_WEEK",
    "NEXT_WEEK",
    "THIS_MONTH",
    "LAST_MONTH",
    "NEXT_MONTH",
    "THIS_YEAR",
    "LAST_YEAR",
    "NEXT_YEAR",
    "LAST_90_DAYS",
    "NEXT_90_DAYS",
}
_COUNTED = {"LAST_N_DAYS", "NEXT_N_DAYS", "N_DAYS_AGO", "LAST_N_WEEKS", "LAST_N_MONTHS"}
_OFFSET_WITHOUT_COLON = re.compile(r"([+-]\d\d)(\d\d)$")


def wire(moment: datetime) -> str:
    """`2013-05-07T22:07:19.000+0000`: UTC, milliseconds always zero, so text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def parse_datetime(text: str) -> datetime:
    """Reads any ISO 8601 datetime (a date alone is midnight UTC). ValueError when it is none."""
    cleaned = _OFFSET_WITHOUT_COLON.sub(r"\1:\2", text) if "T" in text else text
    moment = datetime.fromisoformat(cleaned)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_http_date(text: str) -> datetime | None:
    """The moment of an HTTP date header, or None when it is not one."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def zone(name: str) -> tzinfo:
    """The named zone; UTC on a machine without zone data."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def is_literal(name: str) -> bool:
    """Whether the upper-case name is a literal that stands alone (`TODAY`)."""
    return name in _PLAIN


def is_counted_literal(name: str) -> bool:
    """Whether the upper-case name is a literal that takes a number (`LAST_N_DAYS:7`)."""
    return name in _COUNTED


def span(name: str, count: int, today: date) -> tuple[date, date]:
    """First day and the day after the last of a relative literal."""
    day = timedelta(days=1)
    week = today - timedelta(days=(today.weekday() + 1) % 7)
    month = today.replace(day=1)
    year = today.replace(month=1, day=1)
    match name:
        case "TODAY":
            return today, today + day
        case "YESTERDAY":
            return today - day, today
        case "TOMORROW":
            return today + day, today + 2 * day
        case "THIS_WEEK":
            return week, week + 7 * day
        case "LAST_WEEK":
            return week - 7 * day, week
        case "NEXT_WEEK":
            return week + 7 * day, week + 14 * day
        case "THIS_MONTH":
            return month, _months(month, 1)
        case "LAST_MONTH":
            return _months(month, -1), month
        case "NEXT_MONTH":
            return _months(month, 1), _months(month, 2)
        case "THIS_YEAR":
            return year, _months(year, 12)
        case "LAST_YEAR":
            return _months(year, -12), year
        case "NEXT_YEAR":
            return _months(year, 12), _months(year, 24)
        case "LAST_90_DAYS":
            return today - 90 * day, today + day
        case "NEXT_90_DAYS":
            return today + day, today + 91 * day
        case "LAST_N_DAYS":
            return today - count * day, today + day
        case "NEXT_N_DAYS":
            return today + day, today + (count + 1) * day
        case "N_DAYS_AGO":
            return today - count * day, today - (count - 1) * day
        case "LAST_N_WEEKS":
            return week - 7 * count * day, week
        case "LAST_N_MONTHS":
            return _months(month, -count), month
        case _:
            raise ValueError(f"no such date literal: {name}")


def _months(first: date, step: int) -> date:
    total = first.year * 12 + first.month - 1 + step
    return date(total // 12, total % 12 + 1, 1)
