"""Several queries in one composite request, which counts once against the org's daily limit."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crm.errors import Fault, app_error, read_faults
from crm.lane import API_VERSION, rows_of, writable
from crm.visible import ABSENT

Answer = dict[str, tuple[int, Any]]
"""(HTTP status, body) of each part by its name."""

# An object or field this user may not see, or an org without our package: that part is simply empty.
_ABSENT = frozenset(
    {"INVALID_TYPE", "INVALID_FIELD", "NOT_FOUND", "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY"}
)


def queries(**soql: str) -> list[dict[str, Any]]:
    """The parts, one query each, named by its keyword. Salesforce takes five."""
    base = f"/services/data/v{API_VERSION}/query/?q="
    return [
        {"method": "GET", "url": base + quote(writable(text), safe=""), "referenceId": name}
        for name, text in soql.items()
    ]


def select(fields: str, source: str, *rest: str) -> str:
    """The text of a query. Whoever calls it has quoted the values in ``rest`` with `format_soql`."""
    return " ".join(("SELECT", fields, "FROM", source, *rest))


def part(answer: Answer, name: str, *, needed: bool = False) -> list[dict[str, Any]]:
    """Rows of one part. Nothing for one that was not asked or is absent in this org; else its error is raised."""
    from simple_salesforce.exceptions import SalesforceMalformedRequest

    status, body = answer.get(name, (0, None))
    if status == 200:
        return rows_of(body)
    if not needed and (status == 0 or is_absent(body)):
        return []
    faults = read_faults(body)
    if any(fault.code in ABSENT for fault in faults):
        # As a query of its own would raise it, so that the retry without it serves both.
        raise SalesforceMalformedRequest("", status, name, body)
    raise app_error(status, faults or (Fault("UNKNOWN_EXCEPTION"),))


def is_absent(body: Any) -> bool:
    """Does this error only say that something is not there for this user?"""
    return any(fault.code in _ABSENT for fault in read_faults(body))
