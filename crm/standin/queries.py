"""`/query`, `/queryAll`, `/search` and `/parameterizedSearch`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import soql, sosl
from .errors import refuse
from .org import Org
from .web import Request, Response

_SMALLEST_PAGE = 200
_BATCH = re.compile(r"batchSize\s*=\s*(\d+)", re.IGNORECASE)


def query(org: Org, request: Request, *, deleted: bool) -> Response:
    """The first page of a statement. Raises ApiError."""
    statement = request.query.get("q", "")
    if not statement.strip():
        raise refuse("MALFORMED_QUERY", "unexpected token: '<EOF>'")
    size = _page_size(request)
    plan = soql.plan(org, statement, request.base, deleted=deleted, page=size)
    if plan.counting:
        return Response(body={"totalSize": len(plan.rows()), "done": True, "records": []})
    records = plan.records(request.base)
    if len(records) <= size or plan.groups is not None:
        return Response(body={"totalSize": len(records), "done": True, "records": list(records)})
    return Response(body=_page(request, org.keep_cursor(records), records, 0, size))


def more(org: Org, request: Request, locator: str) -> Response:
    """The page a `nextRecordsUrl` leads to. Raises ApiError."""
    name, _, offset = locator.partition("-")
    if not offset.isdigit():
        raise refuse("INVALID_QUERY_LOCATOR", "invalid query locator")
    return Response(body=_page(request, name, org.cursor(name), int(offset), _page_size(request)))


def _page(request: Request, cursor: str, records: Sequence[dict[str, Any]], offset: int, size: int) -> dict[str, Any]:
    after = offset + size
    done = after >= len(records)
    page: dict[str, Any] = {"totalSize": len(records), "done": done}
    if not done:
        page["nextRecordsUrl"] = f"{request.base}/query/{cursor}-{after}"
    return {**page, "records": list(records[offset:after])}


def _page_size(request: Request) -> int:
    wanted = _BATCH.search(request.headers.get("sforce-query-options", ""))
    return min(max(int(wanted.group(1)), _SMALLEST_PAGE), soql.PAGE) if wanted else soql.PAGE


def search(org: Org, request: Request) -> Response:
    """A SOSL statement. Raises ApiError."""
    return Response(body={"searchRecords": sosl.search(org, request.query.get("q", ""), request.base)})


def parameterized(org: Org, request: Request) -> Response:
    """The search without a language. Raises ApiError."""
    if request.method == "POST":
        body = request.record()
        default = request.text_list(body, "fields") or ["Id"]
        objects = body.get("sobjects") or []
        if not isinstance(objects, list) or not all(isinstance(one, dict) and "name" in one for one in objects):
            raise refuse("JSON_PARSER_ERROR", "sobjects must be a list of objects with a name")
        wanted = [
            _wanted(
                str(one["name"]),
                request.text_list(one, "fields") or default,
                one.get("where"),
                one.get("limit") or body.get("defaultLimit"),
            )
            for one in objects
        ]
        text, scope, overall = body.get("q"), body.get("in"), body.get("overallLimit")
    else:
        asked = request.query
        names = [name for name in asked.get("sobject", "").split(",") if name]
        default = asked.get("fields", "Id").split(",")
        wanted = [
            _wanted(
                name,
                asked.get(f"{name}.fields", ",".join(default)).split(","),
                asked.get(f"{name}.where"),
                asked.get(f"{name}.limit") or asked.get("defaultLimit"),
            )
            for name in names
        ]
        text, scope, overall = asked.get("q"), asked.get("in"), asked.get("overallLimit")
    if not isinstance(text, str):
        raise refuse("MALFORMED_SEARCH", "parameter q is missing")
    most = int(str(overall)) if str(overall).isdigit() else None
    found = sosl.find(org, text, str(scope or "ALL").upper(), wanted, request.base, overall=most)
    return Response(body={"searchRecords": found})


def _wanted(name: str, fields: Sequence[object], where: object, limit: object) -> sosl.Wanted:
    inside = ",".join(str(one) for one in fields)
    if where:
        inside += f" WHERE {where}"
    if limit:
        inside += f" LIMIT {limit}"
    return sosl.Wanted(name, inside)
