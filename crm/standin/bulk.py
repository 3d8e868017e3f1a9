"""`/jobs/query`: Bulk API 2.0 queries, answered as CSV in pages."""

from __future__ import annotations

import base64
import binascii
import time
from typing import Any

from .bulk_jobs import FINAL, Column, Job, JobState, known_delimiter, known_ending
from .errors import ApiError, not_found, refuse
from .org import USER_ID, Org
from .paths import BoundPath
from .schema import Kind, Row, Value
from .soql import bind
from .soql_conditions import Conditions
from .soql_groups import is_grouped
from .soql_parser import parse
from .soql_tree import Path, Query
from .web import Request, Response

_OPERATIONS = ("query", "queryAll")
_UNSUPPORTED = frozenset({"TaskStatus"})


def handle(org: Org, request: Request, rest: tuple[str, ...]) -> Response:
    """Answers what lies under `/jobs/query`. Raises ApiError."""
    match request.method, rest:
        case "POST", ():
            return Response(body=_create(org, request).as_new())
        case "GET", ():
            jobs = [_grown(org, job).as_info() for job in org.jobs.listed()]
            return Response(body={"done": True, "records": jobs, "nextRecordsUrl": None})
        case "GET", (job_id,):
            return Response(body=_grown(org, org.jobs.find(job_id)).as_info())
        case "PATCH", (job_id,):
            return _abort(org, request, _grown(org, org.jobs.find(job_id)))
        case "DELETE", (job_id,):
            job = _grown(org, org.jobs.find(job_id))
            if job.state not in FINAL:
                raise refuse("API_ERROR", "Error encountered when deleting the job because the job is not terminated")
            org.jobs.remove(job)
            return Response(204)
        case "GET", (job_id, "results"):
            return _results(org, request, _grown(org, org.jobs.find(job_id)))
        case _, () | (_,) | (_, "results"):
            raise refuse("METHOD_NOT_ALLOWED", f"HTTP Method '{request.method}' not allowed.", status=405)
        case _:
            raise not_found()


def _create(org: Org, request: Request) -> Job:
    body = request.record()
    operation, statement = body.get("operation"), body.get("query")
    if operation not in _OPERATIONS:
        raise refuse("INVALIDOPERATION", f"Unsupported operation: {operation}")
    if not isinstance(statement, str) or not statement.strip():
        raise refuse("INVALIDJOB", "A query is required for a query job")
    delimiter = _choice(body, "columnDelimiter", "COMMA")
    ending = _choice(body, "lineEnding", "LF")
    if not known_delimiter(delimiter) or not known_ending(ending) or _choice(body, "contentType", "CSV") != "CSV":
        raise refuse("INVALIDJOB", "Unsupported contentType, columnDelimiter or lineEnding")
    try:
        query = parse(statement)
        _supported(query)
        plan = bind(org, query, request.base, deleted=operation == "queryAll")
    except ApiError as error:
        # Bulk has one code of its own for every mistake in the statement; the usual one stands in the text.
        raise refuse("API_ERROR", "; ".join(f"{one.code}: {one.message}" for one in error.problems)) from error
    if plan.sobject.name in _UNSUPPORTED:
        raise refuse("INVALIDENTITY", f"Entity '{plan.sobject.name}' is not supported by the Bulk API.")
    conditions = Conditions(org, plan.sobject, query.statement, alias=query.alias)
    columns = [_column(conditions.path(item)) for item in query.items if isinstance(item, Path)]
    if org.settings.bulk_sorts_columns:
        columns.sort(key=lambda one: one.name)
    job = Job(
        job_id=org.jobs.next_id(),
        operation=operation,
        sobject=plan.sobject.name,
        api_version=request.version,
        delimiter=delimiter,
        ending=ending,
        created=org.stamp(),
        created_by=USER_ID,
        born=time.monotonic(),
        columns=columns,
        find=plan.rows,
    )
    org.jobs.add(job)
    return job


def _choice(body: dict[str, Any], name: str, default: str) -> str:
    return str(body.get(name) or default)


def _supported(query: Query) -> None:
    """Refuses what Bulk API 2.0 has no columns for."""
    for asked, what in (
        (query.counting, "COUNT()"),
        (is_grouped(query), "GROUP BY or an aggregate function"),
        (query.offset, "OFFSET"),
        (any(isinstance(item, Query) for item in query.items), "parent-to-child relationship queries"),
        (any(not isinstance(item, Path | Query) for item in query.items), "functions and TYPEOF in the SELECT list"),
    ):
        if asked:
            raise refuse("FEATURENOTENABLED", f"{what} is not supported by Bulk API queries")


def _column(path: BoundPath) -> Column:
    names = [lookup.relationship or lookup.name for lookup, _ in path.lookups]
    return Column(".".join((*names, path.field.name)), path.get, path.field.kind is Kind.DATETIME)


def _grown(org: Org, job: Job) -> Job:
    settings = org.settings
    job.grow(time.monotonic(), org.stamp(), seconds=settings.bulk_seconds, fails=settings.bulk_fails)
    return job


def _abort(org: Org, request: Request, job: Job) -> Response:
    if request.record().get("state") != JobState.ABORTED.value:
        raise refuse("INVALIDJOBSTATE", "The only state a query job can be set to is Aborted")
    if job.state in FINAL:
        raise refuse("INVALIDJOBSTATE", f"Aborting already {job.state.value} Job not allowed")
    job.state, job.changed = JobState.ABORTED, org.stamp()
    return Response(body=job.as_new())


# -- results


def _results(org: Org, request: Request, job: Job) -> Response:
    if job.state is not JobState.JOB_COMPLETE:
        raise refuse("INVALIDJOBSTATE", f"Results are not available: the job is {job.state.value}")
    start = _offset(request.query.get("locator", ""), len(job.rows))
    wanted = request.query.get("maxRecords", "")
    if wanted and (not wanted.isdigit() or int(wanted) == 0):
        raise refuse("API_ERROR", "maxRecords must be a positive number")
    size = min(int(wanted), org.settings.bulk_page) if wanted else org.settings.bulk_page
    rows = job.rows[start : start + size]
    after = start + len(rows)
    headers = {
        "Sforce-Locator": _locator(after) if after < len(job.rows) else "null",
        "Sforce-NumberOfRecords": str(len(rows)),
    }
    return Response(headers=headers, text=_csv(job, rows), content_type="text/csv;charset=UTF-8")


def _locator(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode().rstrip("=")


def _offset(locator: str, most: int) -> int:
    if not locator:
        return 0
    try:
        text = base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        text = ""
    if not text.isdigit() or int(text) >= most:
        raise refuse("INVALID_QUERY_LOCATOR", "invalid query locator")
    return int(text)


def _csv(job: Job, rows: list[Row]) -> str:
    """Every page starts with the header line, which Salesforce's own command line skips on all but the first;
    every value is quoted, null is the empty text.
    """
    join, ending = job.delimiter_text.join, job.ending_text
    lines = [join(_quoted(column.name) for column in job.columns)]
    columns = [(column.get, column.is_datetime) for column in job.columns]
    lines.extend(join(_quoted(_shown(get(row), moment)) for get, moment in columns) for row in rows)
    return ending.join(lines) + ending


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if '"' in text else f'"{text}"'


def _shown(value: Value, moment: bool) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            # Only here do datetimes end in Z.
            return value.replace("+0000", "Z") if moment else value
        case _:
            return str(value)
