"""The Tasks of the Salesforce in memory, as others change them: edit, delete, undelete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.call_log import CallLog
from app.errors import AppError
from app.ports.crm import CallWrite, CrmUser, DayRecord, OrgFinding, TaskNews, TaskReceipt, TaskRow, Together
from crm import task_reading


@dataclass
class FakeTasks:
    """The part of the port that many calls at once and reading back need, over `log_one` and `keep_day`."""

    tasks: dict[str, dict[str, object]] = field(default_factory=dict)
    usage: tuple[int, int] | None = None
    requests: int = 0
    request_limit: float = 600.0
    findings: list[OrgFinding] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)  # how many calls went in each request
    refused: dict[str, AppError] = field(default_factory=dict)  # by SIP Call-ID or key of a day
    stamps: dict[str, int] = field(default_factory=dict)
    bin: set[str] = field(default_factory=set)
    tried: list[bool] = field(default_factory=list)  # whether a call came with an earlier try

    # what a colleague does there

    def edit(self, key: str, **values: object) -> None:
        """Change a Task."""
        self.tasks[key] |= values
        self.stamps[key] = self.stamps.get(key, 0) + 1

    def throw_away(self, key: str) -> None:
        """Move a Task to the recycle bin."""
        self.bin.add(key)
        self.edit(key)

    def take_out(self, key: str) -> None:
        """Undelete it."""
        self.bin.discard(key)
        self.edit(key)

    # the port

    def log_one(self, call: CallWrite) -> TaskReceipt:
        """One call; see the whole fake."""
        raise NotImplementedError

    def keep_day(self, record: DayRecord) -> str:
        """One day; see the whole fake."""
        raise NotImplementedError

    def log_calls(self, calls: Sequence[CallWrite], *, zone: str) -> list[TaskReceipt | AppError]:
        """As the port says."""
        self.requests += 1
        self.batches.append(len(calls))
        results: list[TaskReceipt | AppError] = []
        for call in calls:
            self.tried.append(call.tried_at is not None)
            error = self.refused.get(call.log.call.sip_call_id)
            if error is None and call.sent and call.log.task_id and call.key in self.bin:
                from app.errors import ErrorCode

                error = AppError(ErrorCode.CRM_NOT_FOUND, message="entity is deleted", reason="gone")
            try:
                if error is not None:
                    raise error
                results.append(self.log_one(call))
            except AppError as raised:
                results.append(raised)
        return results

    def upsert_days(self, records: Sequence[DayRecord]) -> list[str | AppError]:
        """As the port says."""
        self.requests += 1
        results: list[str | AppError] = []
        for record in records:
            error = self.refused.get(record.key)
            results.append(error if error is not None else self.keep_day(record))
        return results

    def write_together(
        self,
        calls: Sequence[CallWrite],
        days: Sequence[DayRecord],
        *,
        user: CrmUser,
        zone: str,
        since: str | None = None,
    ) -> Together:
        """As the port says."""
        logged = self.log_calls(calls, zone=zone) if calls else []
        written: list[str | AppError] = []
        try:
            written = self.upsert_days(days) if days else []
        except AppError as error:
            written = [error for _ in days]
        return Together(logged, written, self.changed_tasks(user, since) if since is not None else None)

    def read_tasks(self, task_ids: Sequence[str]) -> list[TaskRow]:
        """As the port says."""
        self.requests += 1
        return [self._row(key) for key in self.tasks if self.id_of(key) in task_ids]

    def changed_tasks(self, user: CrmUser, since: str) -> tuple[list[TaskRow], str]:
        """As the port says; everything is always new."""
        self.requests += 1
        return [self._row(key) for key in self.tasks if key.startswith(user.id)], since

    def news(self, call: CallWrite, row: TaskRow, *, zone: str) -> TaskNews:
        """As the port says."""
        return task_reading.news(fake_values(call.log), call.sent, row, call.tried)

    def shown_values(self, call: CallWrite, *, zone: str) -> dict[str, object]:
        """As the port says."""
        return {name: value for name, value in fake_values(call.log).items() if name in task_reading.FIELDS}

    def touches_notes(self, call: CallWrite, *, zone: str) -> bool:
        """As the port says."""
        return bool(call.sent and call.log.task_id) and call.sent.get("Description") != call.log.notes

    def id_of(self, key: str) -> str:
        """The id of the Task with this key."""
        return f"00T{list(self.tasks).index(key) + 1:012d}AAA"

    def _row(self, key: str) -> TaskRow:
        values = {name: value for name, value in self.tasks[key].items() if name in task_reading.FIELDS}
        stamp = f"2026-11-20T18:00:{self.stamps.get(key, 0):02d}.000+00:00"
        return TaskRow(self.id_of(key), stamp, key in self.bin, values, who_name="Somebody There")


def fake_values(log: CallLog) -> dict[str, object]:
    """A call as the fake holds it: no marker, no generated lines."""
    return {
        "Subject": log.subject,
        "Description": log.notes,
        "CallDisposition": log.disposition,
        "WhoId": log.who.id if log.who else None,
        "WhatId": log.what.id if log.what else None,
        "CallDurationInSeconds": log.call.duration,
    }
