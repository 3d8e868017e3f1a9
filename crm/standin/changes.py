"""`/sobjects/X/updated` and `/sobjects/X/deleted`: which records changed in a span of time."""

from __future__ import annotations

from datetime import datetime, timedelta

from . import times
from .errors import ApiError, refuse
from .org import Org
from .schema import Row, SObject
from .web import Request, Response

_WINDOW = timedelta(days=30)
_MINUTE = timedelta(minutes=1)


def updated(org: Org, request: Request, sobject: SObject) -> Response:
    """Ids of the live records written in the span, new ones included. Raises ApiError."""
    start, end = _span(org, request)
    rows = [row for row in _written(org, sobject, start, end) if not row.get("IsDeleted")]
    return Response(body={"ids": [row["Id"] for row in rows], "latestDateCovered": _covered(org, end)})


def deleted(org: Org, request: Request, sobject: SObject) -> Response:
    """Ids and moments of the records deleted in the span and still in the recycle bin. Raises ApiError."""
    start, end = _span(org, request)
    if start < _earliest(org):
        raise _wrong("startDate precedes earliestDateAvailable: deletions of that time are no longer known")
    rows = [row for row in _written(org, sobject, start, end) if row.get("IsDeleted")]
    return Response(
        body={
            "deletedRecords": [{"id": row["Id"], "deletedDate": row["SystemModstamp"]} for row in rows],
            "earliestDateAvailable": times.wire(_earliest(org)),
            "latestDateCovered": _covered(org, end),
        }
    )


def _written(org: Org, sobject: SObject, start: datetime, end: datetime) -> list[Row]:
    """The rows stamped from start on and before end, as far as the replication has come."""
    first, last = times.wire(start), times.wire(min(end, _known(org) + timedelta(seconds=1)))
    rows = [row for row in org.store.rows(sobject) if first <= str(row["SystemModstamp"]) < last and org.sees(row)]
    most = org.settings.changes_limit
    if len(rows) > most:
        raise refuse("EXCEEDED_ID_LIMIT", f"exceeded max number of ids: {most}, reduce the time span")
    return sorted(rows, key=lambda row: (str(row["SystemModstamp"]), str(row["Id"])))


def _known(org: Org) -> datetime:
    """Up to when changes are known: what is written later may still be in a transaction."""
    return org.now() - timedelta(seconds=org.settings.changes_lag)


def _covered(org: Org, end: datetime) -> str:
    return times.wire(min(end, _whole_minute(_known(org))))


def _earliest(org: Org) -> datetime:
    """Since when deletions are known: thirty days, or less if the recycle bin was emptied."""
    begin = _whole_minute(org.now() - _WINDOW)
    return max(begin, _whole_minute(org.bin_emptied)) if org.bin_emptied else begin


def _span(org: Org, request: Request) -> tuple[datetime, datetime]:
    start, end = _minute(request, "start"), _minute(request, "end")
    if start < _whole_minute(org.now() - _WINDOW):
        raise _wrong("startDate cannot be more than 30 days ago")
    if end - start < _MINUTE:
        raise _wrong("endDate must be at least one minute greater than startDate")
    if start > org.now():
        raise _wrong("startDate cannot be in the future")
    return start, end


def _minute(request: Request, name: str) -> datetime:
    """A moment of the query, its seconds ignored. A bare `+` in an address means a space."""
    try:
        return _whole_minute(times.parse_datetime(request.query[name].replace(" ", "+")))
    except (KeyError, ValueError, OverflowError):
        raise _wrong(f"{name} is missing or not a date") from None


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _wrong(message: str) -> ApiError:
    return refuse("INVALID_REPLICATION_DATE", message)
