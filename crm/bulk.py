"""Bulk API 2.0 query jobs: for reading hundreds of thousands of rows without a request for every two thousand.

A job gathers its rows inside Salesforce and keeps them for days; they are fetched as CSV, page by page, by a locator.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import Any

from crm.errors import UnexpectedReplyError
from crm.lane import API_VERSION, Lane, mapping_of

_PATH = f"/services/data/v{API_VERSION}/jobs/query"
_LONGEST_LINE = 1_000_000  # characters: fields hold 131,072, and only short ones are asked for
_TRUE_OR_FALSE = {"true": True, "false": False}


class JobState(StrEnum):
    """How far a job is."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"


def start(lane: Lane, soql: str) -> str:
    """Begin a job; its id. What may be asked: no sub-queries, no functions, parent fields by their path."""
    body = {"operation": "query", "query": soql}
    job = mapping_of(lane.restful("jobs/query", "POST", body)).get("id")
    if not isinstance(job, str) or not job:
        raise UnexpectedReplyError
    return job


def state(lane: Lane, job: str) -> JobState:
    """How far it is."""
    match lane.get(f"{_PATH}/{job}").get("state"):
        case "JobComplete":
            return JobState.COMPLETE
        case "Failed" | "Aborted":
            return JobState.FAILED
        case _:
            return JobState.RUNNING


def page(lane: Lane, job: str, kind: str, locator: str, most: int) -> tuple[list[dict[str, Any]], str]:
    """Some rows as a query would give them, and the locator of the next page; empty at the end."""
    query = f"?maxRecords={most}" + (f"&locator={locator}" if locator else "")
    with lane.open(f"{_PATH}/{job}/results{query}", accept="text/csv") as response:
        response.raw.decode_content = True
        response.raw.auto_close = False  # else it would close under the text reader at its last byte
        try:
            found = list(islice(rows(_lines(io.TextIOWrapper(response.raw, "utf-8", newline="")), kind), most + 1))
        except (csv.Error, ValueError) as error:  # no such table, or not in UTF-8
            raise UnexpectedReplyError from error
        if len(found) > most:
            raise UnexpectedReplyError
        following = response.headers.get("Sforce-Locator", "")
    return found, "" if following == "null" else following


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise ValueError("a line without an end")
        yield line


def rows(lines: Iterator[str], kind: str) -> Iterator[dict[str, Any]]:
    """CSV read while it comes: paths become nested, empty values None, true and false themselves."""
    reader = csv.reader(lines)
    paths = [name.split(".") for name in next(reader, [])]
    for values in reader:
        row: dict[str, Any] = {"attributes": {"type": kind}}
        for path, value in zip(paths, values, strict=True):
            inner = row
            for name in path[:-1]:
                if not isinstance(inner := inner.setdefault(name, {}), dict):
                    raise ValueError("a field that is a parent too")
            inner[path[-1]] = _TRUE_OR_FALSE.get(value, value or None)
        yield row
