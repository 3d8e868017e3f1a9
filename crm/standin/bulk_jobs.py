"""Query jobs of Bulk API 2.0: what one remembers, and how it comes of age."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from . import ids
from .errors import refuse
from .schema import Row, Value

_JOBS_KEPT = 100
_DELIMITERS = {"BACKQUOTE": "`", "CARET": "^", "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "TAB": "\t"}
_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}


class JobState(StrEnum):
    """The states of a query job, by the names on the wire."""

    UPLOAD_COMPLETE = "UploadComplete"
    IN_PROGRESS = "InProgress"
    JOB_COMPLETE = "JobComplete"
    ABORTED = "Aborted"
    FAILED = "Failed"


FINAL = frozenset({JobState.JOB_COMPLETE, JobState.ABORTED, JobState.FAILED})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the answer: its header and how a row's value is read."""

    name: str
    get: Callable[[Row], Value]
    is_datetime: bool


@dataclass(slots=True)
class Job:
    """One query job. `find` runs the query; `rows` are its answer once the job is complete."""

    job_id: str
    operation: str
    sobject: str
    api_version: float
    delimiter: str
    ending: str
    created: str
    created_by: str
    born: float
    columns: Sequence[Column]
    find: Callable[[], list[Row]]
    state: JobState = JobState.UPLOAD_COMPLETE
    changed: str = ""
    milliseconds: int = 0
    rows: list[Row] = field(default_factory=list)

    @property
    def delimiter_text(self) -> str:
        """The character between two values."""
        return _DELIMITERS[self.delimiter]

    @property
    def ending_text(self) -> str:
        """What ends a line."""
        return _ENDINGS[self.ending]

    def grow(self, now: float, stamp: str, *, seconds: float, fails: bool) -> None:
        """Moves the job on: half of `seconds` it waits, half it runs, then it is done or has failed."""
        if self.state in FINAL:
            return
        age = now - self.born
        if age >= seconds:
            self.state = JobState.FAILED if fails else JobState.JOB_COMPLETE
            self.rows = [] if fails else self.find()
            self.milliseconds = max(1, int(age * 1000))
            self.changed = stamp
        elif age >= seconds / 2:
            self.state = JobState.IN_PROGRESS
            self.changed = stamp

    def as_new(self) -> dict[str, Any]:
        """What the call that makes or aborts it answers."""
        return {
            "id": self.job_id,
            "operation": self.operation,
            "object": self.sobject,
            "createdById": self.created_by,
            "createdDate": self.created,
            "systemModstamp": self.changed or self.created,
            "state": self.state.value,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": self.api_version,
            "lineEnding": self.ending,
            "columnDelimiter": self.delimiter,
        }

    def as_info(self) -> dict[str, Any]:
        """What asking after it answers; the counts are there once it has ended."""
        info = {**self.as_new(), "jobType": "V2Query", "isPkChunkingSupported": True}
        if self.state in FINAL:
            info |= {
                "numberRecordsProcessed": len(self.rows),
                "retries": 0,
                "totalProcessingTime": self.milliseconds,
            }
        return info


class Jobs:
    """The org's query jobs, newest last. Only under the store's lock."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._count = 0

    def next_id(self) -> str:
        """The id of the next job."""
        self._count += 1
        return ids.make("750", self._count)

    def add(self, job: Job) -> None:
        """Remembers a job; the oldest is forgotten when there are too many."""
        self._jobs[job.job_id] = job
        while len(self._jobs) > _JOBS_KEPT:
            self._jobs.popitem(last=False)

    def find(self, job_id: str) -> Job:
        """The job of a 15- or 18-character id. Raises ApiError."""
        found = self._jobs.get(ids.normalise(job_id) or "")
        if found is None:
            raise refuse("NOT_FOUND", "The requested resource does not exist", status=404)
        return found

    def remove(self, job: Job) -> None:
        """Forgets a job and its results."""
        del self._jobs[job.job_id]

    def listed(self) -> list[Job]:
        """Every job, newest first."""
        return list(reversed(self._jobs.values()))

    def clear(self) -> None:
        """Forgets all; counting starts again."""
        self._jobs.clear()
        self._count = 0


def known_delimiter(name: str) -> bool:
    """Whether a column delimiter has this name."""
    return name in _DELIMITERS


def known_ending(name: str) -> bool:
    """Whether a line ending has this name."""
    return name in _ENDINGS
