"""Dates and datetimes on the wire, and the relative date literals of SOQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SUNDAY = 6
# Territories whose calendars begin the week with Sunday; the others begin it with Monday.
_SUNDAY_TERRITORIES = frozenset(("AU", "BR", "CA", "HK", "IL", "IN", "JP", "KR", "MX", "PH", "TH", "TW", "US", "ZA"))
_UNITS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_QUARTER", "FISCAL_YEAR")
_PLAIN = {
    "TODAY",
    "YESTERDAY",
    "TOMORROW",
    "LAST_90_DAYS",
    "NEXT_90_DAYS",
    *(f"{which}_{unit}" for which in ("LAST", "THIS", "NEXT") for unit in _UNITS if unit != "DAY"),
}
_COUNTED = {
    *(f"{which}_N_{unit}S" for which in ("LAST", "NEXT") for unit in _UNITS),
    *(f"N_{unit}S_AGO" for unit in _UNITS),
}
_COUNTED_NAME = re.compile(r"(?:(LAST|NEXT)_N|N)_([A-Z_]+?)S(?:_AGO)?")
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
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def is_literal(name: str) -> bool:
    """Whether the upper-case name is a literal that stands alone (`TODAY`)."""
    return name in _PLAIN


def is_counted_literal(name: str) -> bool:
    """Whether the upper-case name is a literal that takes a number (`LAST_N_DAYS:7`)."""
    return name in _COUNTED


def week_start(locale: str) -> int:
    """The weekday a locale such as `en_US` begins its week with; Monday is 0."""
    return SUNDAY if locale.rpartition("_")[2] in _SUNDAY_TERRITORIES else 0


def span(name: str, count: int, today: date, first_weekday: int = SUNDAY) -> tuple[date, date]:
    """First day and the day after the last of a relative literal. ValueError or OverflowError beyond the calendar."""
    day = timedelta(days=1)
    match name:
        case "TODAY" | "YESTERDAY" | "TOMORROW":
            first = today + day * ("YESTERDAY", "TODAY", "TOMORROW").index(name) - day
            return first, first + day
        case "LAST_90_DAYS":
            return today - 90 * day, today + day
        case "NEXT_90_DAYS":
            return today + day, today + 91 * day
        # The days of LAST_N_DAYS reach up to today; every longer unit leaves the current one out.
        case "LAST_N_DAYS":
            return today - count * day, today + day
    counted = _COUNTED_NAME.fullmatch(name)
    if counted is not None and name in _COUNTED:
        unit = _unit(counted.group(2), today, first_weekday)
        match counted.group(1):
            case "LAST":
                return unit(-count), unit(0)
            case "NEXT":
                return unit(1), unit(count + 1)
            case _:
                return unit(-count), unit(1 - count)
    which, _, rest = name.partition("_")
    if name not in _PLAIN:
        raise ValueError(f"no such date literal: {name}")
    unit = _unit(rest, today, first_weekday)
    step = {"LAST": -1, "THIS": 0, "NEXT": 1}[which]
    return unit(step), unit(step + 1)


def _unit(name: str, today: date, first_weekday: int) -> Callable[[int], date]:
    """The first day of the unit so many units from the current one. The fiscal year is the calendar's."""
    match name.removeprefix("FISCAL_"):
        case "DAY":
            return lambda step: today + timedelta(days=step)
        case "WEEK":
            week = today - timedelta(days=(today.weekday() - first_weekday) % 7)
            return lambda step: week + timedelta(days=7 * step)
        case "MONTH":
            return lambda step: _months(today.replace(day=1), step)
        case "QUARTER":
            quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
            return lambda step: _months(quarter, 3 * step)
        case _:
            return lambda step: _months(today.replace(month=1, day=1), 12 * step)


def _months(first: date, step: int) -> date:
    total = first.year * 12 + first.month - 1 + step
    return date(total // 12, total % 12 + 1, 1)
