"""Functions of SOQL: date parts of one row, and aggregates over many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from . import times
from .paths import BoundPath
from .schema import NUMBER_KINDS, Field, Kind, Row, Value

AGGREGATES = frozenset({"COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"})
_DATES = (Kind.DATE, Kind.DATETIME)

_PARTS: dict[str, Callable[[date], int | str]] = {
    "CALENDAR_YEAR": lambda day: day.year,
    "CALENDAR_QUARTER": lambda day: (day.month + 2) // 3,
    "CALENDAR_MONTH": lambda day: day.month,
    "DAY_IN_MONTH": lambda day: day.day,
    "DAY_IN_WEEK": lambda day: day.isoweekday() % 7 + 1,
    "DAY_IN_YEAR": lambda day: day.timetuple().tm_yday,
    "DAY_ONLY": lambda day: date(day.year, day.month, day.day).isoformat(),
    "HOUR_IN_DAY": lambda day: day.hour if isinstance(day, datetime) else 0,
    "WEEK_IN_MONTH": lambda day: (day.day - 1) // 7 + 1,
    "WEEK_IN_YEAR": lambda day: (day.timetuple().tm_yday - 1) // 7 + 1,
}
_DATETIME_ONLY = frozenset({"DAY_ONLY", "HOUR_IN_DAY"})


def is_known(name: str) -> bool:
    """Whether there is a function of this upper-case name."""
    return name in AGGREGATES or name in _PARTS


def fits(name: str, field: Field) -> bool:
    """Whether the function can be applied to the field."""
    if name in _PARTS:
        return field.kind is Kind.DATETIME or (field.kind is Kind.DATE and name not in _DATETIME_ONLY)
    if name in ("SUM", "AVG"):
        return field.kind in NUMBER_KINDS
    if name in ("MIN", "MAX"):
        return field.filterable and field.kind not in (Kind.BOOLEAN, Kind.MULTIPICKLIST, Kind.ID, Kind.REFERENCE)
    return field.filterable and field.kind not in (Kind.BOOLEAN, Kind.MULTIPICKLIST)


def date_part(name: str, path: BoundPath) -> BoundPath:
    """`CALENDAR_YEAR(path)` as a field of its own; datetimes are taken in UTC, as Salesforce does unless told."""
    part, get = _PARTS[name], path.get
    moment = path.field.kind is Kind.DATETIME

    def value(row: Row) -> Value:
        text = get(row)
        if text is None:
            return None
        return part(times.parse_datetime(str(text)) if moment else date.fromisoformat(str(text)))

    kind = Kind.DATE if name == "DAY_ONLY" else Kind.INT
    return replace(path, field=Field(name=path.field.name, label=path.field.label, kind=kind), get=value)


def is_date_part(name: str) -> bool:
    """Whether the function gives a part of a date."""
    return name in _PARTS


def result_kind(name: str, field: Field) -> Kind:
    """The kind of value an aggregate gives."""
    if name in ("MIN", "MAX"):
        return field.kind
    return Kind.INT if name.startswith("COUNT") else Kind.DOUBLE


def aggregate(name: str, values: Iterable[Value], fold: Callable[[Value], Value]) -> Value:
    """One value of many; nulls do not count. `fold` makes values comparable."""
    there = [value for value in values if value is not None]
    match name:
        case "COUNT":
            return len(there)
        case "COUNT_DISTINCT":
            return len({fold(value) for value in there})
        case "MIN":
            return min(there, key=lambda value: _ordered(fold(value)), default=None)
        case "MAX":
            return max(there, key=lambda value: _ordered(fold(value)), default=None)
        case _:
            total = float(sum(value for value in there if isinstance(value, int | float)))
            return (total / len(there) if name == "AVG" else total) if there else None


def _ordered(value: Value) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value))
