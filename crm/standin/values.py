"""One incoming JSON value against one field: what is stored, or the problem Salesforce would name."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from . import ids, times
from .errors import Problem
from .schema import NUMBER_KINDS, Field, Kind, Value

_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")


class BadValueError(Exception):
    """The value cannot be stored in the field."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def coerce(field: Field, raw: Any) -> Value:
    """The stored form of a JSON value; None for null and the empty string. Raises BadValueError."""
    if raw is None or raw == "":
        return False if field.kind is Kind.BOOLEAN and raw is None and field.default is not None else None
    if isinstance(raw, dict | list):
        raise BadValueError(
            _unreadable(field.kind.value, "START_OBJECT" if isinstance(raw, dict) else "START_ARRAY", raw)
        )
    if field.kind is Kind.BOOLEAN:
        return _boolean(raw)
    if field.kind in NUMBER_KINDS:
        return _number(field, raw)
    if not isinstance(raw, str):
        raise BadValueError(_unreadable("string" if field.kind not in _DATES else field.kind.value, _token(raw), raw))
    match field.kind:
        case Kind.DATE:
            return _date(raw)
        case Kind.DATETIME:
            return _datetime(raw)
        case Kind.BASE64:
            return raw
        case Kind.REFERENCE | Kind.ID:
            return reference(field, raw)
        case _:
            return _text(field, raw)


_DATES = (Kind.DATE, Kind.DATETIME)


def reference(field: Field, raw: str) -> str:
    """The 18-character form of a reference. Raises BadValueError for text that is no id."""
    full = ids.normalise(raw.strip())
    if full is None:
        raise BadValueError(wrong_id("MALFORMED_ID", field, raw))
    return full


def wrong_id(code: str, field: Field, raw: str) -> Problem:
    """`Account ID: id value of incorrect type: 003…`."""
    return Problem(code, f"{field.label}: id value of incorrect type: {raw}", (field.name,))


def _text(field: Field, raw: str) -> Value:
    stripped = raw.strip()
    if not stripped:
        return None
    # Counted as UTF-16 units, the stricter of the two possible readings: an emoji is two.
    if field.length and len(stripped.encode("utf-16-le", "surrogatepass")) // 2 > field.length:
        raise BadValueError(
            Problem(
                "STRING_TOO_LONG",
                f"{field.label}: data value too large: {stripped} (max length={field.length})",
                (field.name,),
            )
        )
    if field.restricted:
        for allowed in field.values:
            if allowed.lower() == stripped.lower():
                return allowed
        raise BadValueError(
            Problem(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                f"{field.label}: bad value for restricted picklist field: {stripped}",
                (field.name,),
            )
        )
    if field.kind is Kind.EMAIL and not _EMAIL.fullmatch(stripped):
        raise BadValueError(
            Problem("INVALID_EMAIL_ADDRESS", f"{field.label}: invalid email address: {stripped}", (field.name,))
        )
    return stripped


def _boolean(raw: Any) -> bool:
    match raw:
        case bool():
            return raw
        case str() if raw.lower() in ("true", "false"):
            return raw.lower() == "true"
        case _:
            raise BadValueError(_unreadable("boolean", _token(raw), raw))


def _number(field: Field, raw: Any) -> Value:
    wanted = "int" if field.kind is Kind.INT else "double"
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise BadValueError(_unreadable(wanted, _token(raw), raw))
    try:
        exact = Decimal(str(raw))
    except InvalidOperation:
        raise BadValueError(_unreadable(wanted, _token(raw), raw)) from None
    if not exact.is_finite() or (field.kind is Kind.INT and exact != exact.to_integral_value()):
        raise BadValueError(_unreadable(wanted, _token(raw), raw))
    if field.digits and abs(exact) >= Decimal(10) ** field.digits:
        raise BadValueError(
            Problem(
                "NUMBER_OUTSIDE_VALID_RANGE",
                f"{field.label}: value outside of valid range on numeric field: {raw}",
                (field.name,),
            )
        )
    return int(exact) if field.kind is Kind.INT else float(exact)


def _date(raw: str) -> str:
    try:
        return date.fromisoformat(raw[:10]).isoformat()
    except ValueError:
        raise BadValueError(_unreadable("date", "VALUE_STRING", raw)) from None


def _datetime(raw: str) -> str:
    try:
        return times.wire(times.parse_datetime(raw))
    except (ValueError, OverflowError):
        raise BadValueError(_unreadable("datetime", "VALUE_STRING", raw)) from None


def _token(raw: Any) -> str:
    match raw:
        case bool():
            return f"VALUE_{str(raw).upper()}"
        case int():
            return "VALUE_NUMBER_INT"
        case float():
            return "VALUE_NUMBER_FLOAT"
        case dict():
            return "START_OBJECT"
        case list():
            return "START_ARRAY"
        case _:
            return "VALUE_STRING"


def _unreadable(wanted: str, token: str, raw: Any) -> Problem:
    return Problem(
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {wanted} from {token} value {raw} or request may be missing a required field",
    )
