"""One trip on the upload lane: what is seen there, and what comes back of it. Nothing of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.errors import AppError
from app.ports.crm import TaskRow
from app.usecases.outgoing import (
    CALL,
    DAY,
    Job,
    Kind,
    Result,
    Sender,
    fit_together,
    is_general,
    send_together,
)

Jobs = Mapping[str, list[Job]]
"""What is to be sent, by kind."""


@dataclass(frozen=True, slots=True)
class Trip:
    """Results, or first a look at Tasks whose notes are to change. ``stopped``: after this nothing got through."""

    results: tuple[Result, ...] = ()
    stopped: AppError | None = None
    rows: tuple[TaskRow, ...] = ()
    looked: frozenset[str] = field(default=frozenset())
    changed: tuple[Sequence[TaskRow], str] | None = None  # what `CrmGateway.changed_tasks` gave, if it came along


def to_look_at(to: Sender, calls: Sequence[Job], looked: frozenset[str]) -> dict[str, str]:
    """Call id → Task id of those whose notes would be written over without having been read. Any thread."""
    return {
        job.item.ref: job.call.log.task_id
        for job in calls
        if job.call is not None
        and job.item.ref not in looked
        and job.call.log.task_id
        and (job.item.again or to.gateway.touches_notes(job.call, zone=to.zone))
    }


def look(to: Sender, calls: Sequence[Job], first: Mapping[str, str], looked: frozenset[str]) -> Trip:
    """Read the Tasks of ``first``."""
    try:
        rows = to.gateway.read_tasks(list(first.values()))
    except AppError as error:
        jobs = [job for job in calls if job.item.ref in first]
        return Trip(_all_failed(jobs, error), error if is_general(error.code) else None)
    return Trip(rows=tuple(rows), looked=looked | set(first))


def send_all(to: Sender, kinds: Sequence[Kind], jobs: Jobs, since: str | None = None) -> Trip:
    """Send them all. Stops at the first error after which nothing else would get through.

    ``since``: ask for changes in Salesforce too, if that costs no request of its own.
    """
    changed: tuple[Sequence[TaskRow], str] | None = None
    results: list[Result] = []
    left = [kind for kind in kinds if jobs[kind.name]]
    if (jobs[CALL] or jobs[DAY]) and fit_together(jobs[CALL], jobs[DAY], since):
        sent, changed = send_together(to, jobs[CALL], jobs[DAY], since)
        results += sent
        left = [kind for kind in left if kind.name not in {CALL, DAY}]
    while (stopped := _general(results)) is None and left:
        kind = left.pop(0)
        try:
            results += kind.send(to, jobs[kind.name])
        except AppError as error:
            results += _all_failed(jobs[kind.name], error)
    return Trip(tuple(results), stopped, changed=changed)


def broken_off(jobs: Jobs, error: AppError) -> Trip:
    """A trip nobody knows the end of: each of its jobs is tried again, and looked at once more."""
    return Trip(tuple(one for some in jobs.values() for one in _all_failed(some, error)), error)


def _general(results: Sequence[Result]) -> AppError | None:
    return next((one.error for one in results if one.error is not None and is_general(one.error.code)), None)


def _all_failed(jobs: Sequence[Job], error: AppError) -> tuple[Result, ...]:
    return tuple(Result(job, error=error) for job in jobs)
