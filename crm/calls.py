"""Calls as Tasks: what is sent of each, in few requests, and what comes back of it. Any crm thread."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.external_ids import KEY_FIELD
from app.errors import AppError
from app.ports.crm import CallWrite, CrmUser, OrgFinding, TaskNews, TaskReceipt, TaskRow
from crm import task_reading
from crm.ids import id18
from crm.lane import Lane, Part, query_part
from crm.mapping import sent_changes, task_values
from crm.org_rules import OrgRules, Values
from crm.writes import DAY_OBJECT, Change, TaskWriter


class CallSync:
    """The calls of one rep in one org."""

    def __init__(self, rules: OrgRules, tasks: TaskWriter) -> None:
        self._rules = rules
        self._tasks = tasks
        self._written: frozenset[str] = frozenset()

    def write(self, lane: Lane, calls: Sequence[CallWrite], zone: str) -> list[TaskReceipt | AppError]:
        """One result each. With ``sent`` and a Task's id only the differences go out, else the whole."""
        fresh, known = self._split(lane, calls, zone)
        moving = {at for at, _ in (*fresh, *known)}
        results: dict[int, TaskReceipt | AppError] = {
            at: TaskReceipt(id18(call.log.task_id), call.sent) for at, call in enumerate(calls) if at not in moving
        }
        if fresh:
            written = self._tasks.create_all(lane, [change for _, change in fresh])
            for (at, change), one in zip(fresh, written, strict=True):
                sent = {} if isinstance(one, AppError) else {**change.values, **one.values}
                results[at] = one if isinstance(one, AppError) else TaskReceipt(one.id, sent)
        if known:
            written = self._tasks.change_all(lane, [change for _, change in known])
            for (at, _), one in zip(known, written, strict=True):
                results[at] = (
                    one if isinstance(one, AppError) else TaskReceipt(one.id, {**calls[at].sent, **one.values})
                )
        return [results[at] for at in range(len(calls))]

    def first_parts(self, lane: Lane, calls: Sequence[CallWrite], zone: str) -> list[Part]:
        """What `write` will ask first."""
        fresh, known = self._split(lane, calls, zone)
        return self._tasks.first_parts(lane, [one for _, one in fresh], [one for _, one in known])

    def _split(
        self, lane: Lane, calls: Sequence[CallWrite], zone: str
    ) -> tuple[list[tuple[int, Change]], list[tuple[int, Change]]]:
        """New Tasks and changes of known ones, each with its place among the calls."""
        fresh: list[tuple[int, Change]] = []
        known: list[tuple[int, Change]] = []
        for at, call in enumerate(calls):
            whole = _whole(call, zone)
            self._written |= whole.keys()
            values = self._tasks.ready(lane, whole)
            if not (call.sent and call.log.task_id):
                fresh.append((at, Change(values, call.key, tried_at=call.tried_at)))
            elif changes := sent_changes(values, call.sent):
                known.append((at, Change(changes, task_id=call.log.task_id)))
        return fresh, known

    def unanswered(self, calls: Sequence[CallWrite], error: AppError) -> list[TaskReceipt | AppError]:
        """What stopped a whole `write`, as the result of each; ``unsure`` where a Task may have been made."""
        results: list[TaskReceipt | AppError] = []
        for call in calls:
            unsure = {"unsure": True} if self._tasks.is_unsure(call.key) else {}
            results.append(AppError(error.code, **error.values, **unsure))
        return results

    def read(self, lane: Lane, task_ids: Sequence[str]) -> list[TaskRow]:
        """These Tasks."""
        return task_reading.read_tasks(lane, self._rules.of(lane, "Task"), task_ids)

    def changed(self, lane: Lane, user: CrmUser, since: str) -> tuple[list[TaskRow], str]:
        """The user's calls changed since the mark."""
        return task_reading.changed_tasks(lane, lambda after: self._changed_query(lane, user, since, after), since)

    def changed_part(self, lane: Lane, user: CrmUser, since: str) -> Part:
        """What `changed` will ask."""
        return query_part(self._changed_query(lane, user, since), deleted=True)

    def _changed_query(self, lane: Lane, user: CrmUser, since: str, after: TaskRow | None = None) -> str:
        rules = self._rules.of(lane, "Task")
        by_key = rules is None or KEY_FIELD in rules.fields
        by_key = by_key and not self._tasks.package_missing
        return task_reading.changed_query(rules, id18(user.id), since, by_key=by_key, after=after)

    def news(self, call: CallWrite, row: TaskRow, zone: str) -> TaskNews:
        """What of the row is to be taken over."""
        return task_reading.news(self._known(call, zone), call.sent, row, call.tried)

    def shown(self, call: CallWrite, zone: str) -> Values:
        """What people could edit of it, as it would be written now."""
        return {name: value for name, value in self._known(call, zone).items() if name in task_reading.FIELDS}

    def touches_notes(self, call: CallWrite, zone: str) -> bool:
        """Would writing this call change the Description of a Task that exists?"""
        if not (call.sent and call.log.task_id):
            return False
        return "Description" in sent_changes(self._known(call, zone), call.sent)

    def findings(self) -> list[OrgFinding]:
        """What the writes found out about the org."""
        missing = self._tasks.package_missing or self._rules.is_missing(DAY_OBJECT)
        found = [OrgFinding("package-missing")] if missing else []
        return found + self._rules.findings("Task", self._written)

    def _known(self, call: CallWrite, zone: str) -> Values:
        """The call as it would be written, as far as the org is known without asking."""
        whole = _whole(call, zone)
        rules = self._rules.known("Task")
        return rules.fit(whole) if rules else whole


def _whole(call: CallWrite, zone: str) -> Values:
    return task_values(call.log, zone=zone, line_number=call.line_number, sound=call.sound)
