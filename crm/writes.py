"""Writing Tasks and day records so that each exists exactly once, however often and however badly it is tried.

With our package every write is an upsert by external id: a repeat finds what the first try made. Without it
1. the key travels in the Task's CallObject, and a Task is looked up by it before it is inserted;
2. after an insert whose answer was lost nothing is inserted for ten minutes, Salesforce's own limit for one request:
   until then the lost one may still come through;
3. a double that is found all the same is marked as one, and the oldest stays the Task of the call.
Many records go in one request; what is refused for a field it could do without goes once more, without.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.external_ids import KEY_FIELD
from app.errors import AppError, ErrorCode
from app.ports.crm import DayRecord
from crm import batch
from crm.batch import Outcome
from crm.composite import select
from crm.errors import Fault, app_error, read_faults, surely_unsent
from crm.ids import id18
from crm.lane import Lane, Part
from crm.mapping import COMPLETED, CREATE_ONLY, PACKAGE_PREFIX, SUBJECT_LIMIT, day_values
from crm.org_rules import OrgRules, Values, smaller, without
from crm.task_reading import read_tasks

REQUEST_LIMIT = 600.0  # seconds a request may take inside Salesforce
PACKAGE_RECHECK = 3600.0  # seconds until an org without the package is asked again
DAY_OBJECT = "Ringdown_Day__c"

_log = logging.getLogger(__name__)
_KEYS_A_QUERY = 60  # a request line takes 16 KB
_TASK_OPTIONAL = frozenset({"Type", "TaskSubtype"})
_DAY_OPTIONAL = frozenset({"Zone__c", "Part__c", "Contact__c", "Lead__c", "Account__c"})
_HOLDER = re.compile(r"record with id: ([a-zA-Z0-9]{15,18})")
# A Task that is not there to be changed says one of these; so does a record it points at.
_LOST = frozenset({"ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY"})
_PASSING = frozenset({"UNKNOWN_EXCEPTION", "SERVER_UNAVAILABLE"})


@dataclass(frozen=True, slots=True)
class Change:
    """Values for one Task: a new one by its ``key``, a known one by its ``task_id``."""

    values: Mapping[str, object]
    key: str = ""
    task_id: str = ""
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A record Salesforce holds now, and what it took of the values."""

    id: str
    values: Mapping[str, object]


Result = Written | AppError


class TaskWriter:
    """Tasks by their key, with or without our package in the org. Any crm thread."""

    def __init__(
        self, rules: OrgRules, *, limit: float = REQUEST_LIMIT, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """``limit``: seconds a request may take inside Salesforce."""
        self._rules = rules
        self._limit = limit
        self._monotonic = monotonic
        self._missing_until = 0.0
        self._inserting = threading.Lock()
        self._unsure_until: dict[str, float] = {}

    def forget(self) -> None:
        """Another user or org, or an admin at work: learn everything anew. What is unsure stays unsure."""
        self._missing_until = 0.0

    @property
    def package_missing(self) -> bool:
        """The org was found to be without our fields (or to hide them)."""
        return self._monotonic() < self._missing_until

    def is_unsure(self, key: str) -> bool:
        """Was this Task sent, and its answer lost?"""
        return self._unsure_until.get(key, 0.0) > self._monotonic()

    def ready(self, lane: Lane, values: Mapping[str, object]) -> Values:
        """The values as this org takes them, in its own words."""
        plain = dict(values)
        if plain.get("Status") == COMPLETED:
            plain["Status"] = self._rules.closed_status(lane)
        return self._rules.fit(lane, "Task", plain)

    def create(self, lane: Lane, key: str, values: Mapping[str, object], tried_at: datetime | None = None) -> str:
        """The id of the Task with this key, made from ``values`` or, if it is there, brought up to them.

        ``tried_at``: when an earlier process may have sent it without seeing the answer. Raises AppError.
        """
        (result,) = self.create_all(lane, [Change(self.ready(lane, values), key, tried_at=tried_at)])
        if isinstance(result, AppError):
            raise result
        return result.id

    def change(self, lane: Lane, task_id: str, values: Mapping[str, object]) -> None:
        """Bring one Task up to ``values``. Raises AppError; one deleted in Salesforce stays deleted: CRM_NOT_FOUND."""
        (result,) = self.change_all(lane, [Change(self.ready(lane, values), task_id=task_id)])
        if isinstance(result, AppError):
            raise result

    def create_all(self, lane: Lane, changes: Sequence[Change]) -> list[Result]:
        """Make the Tasks with these keys or, where they are there, bring them up to the values. Values are `ready`."""
        self._recall(changes)
        self._notice_package(lane)
        results: dict[int, Result] = {}
        # Two of one key in one request are refused both: the second goes after the first.
        for some in _by_key(changes):
            results |= zip(some, self._create(lane, [changes[at] for at in some]), strict=True)
        return [results[at] for at in range(len(changes))]

    def first_parts(self, lane: Lane, fresh: Sequence[Change], known: Sequence[Change]) -> list[Part]:
        """What `create_all` and `change_all` will ask first."""
        self._notice_package(lane)
        parts: list[Part] = []
        if fresh and not self.package_missing:
            once = [fresh[at] for at in next(_by_key(fresh))]
            parts.append(batch.first_upsert("Task", KEY_FIELD, _keyed(once)))
        if known:
            parts.append(batch.first_update("Task", _known(known)))
        return parts

    def change_all(self, lane: Lane, changes: Sequence[Change]) -> list[Result]:
        """Bring known Tasks up to the values. One deleted in Salesforce stays deleted: CRM_NOT_FOUND, "gone"."""
        outcomes, values = self._adapted(
            lambda some: batch.update(lane, "Task", some),
            _known(changes),
        )
        lost = [one.task_id for one, outcome in zip(changes, outcomes, strict=True) if _codes(outcome) & _LOST]
        rows = {row.task_id: row for row in read_tasks(lane, self._rules.known("Task"), lost)} if lost else {}
        results: list[Result] = []
        for one, outcome, sent in zip(changes, outcomes, values, strict=True):
            if _codes(outcome) & _LOST:
                row = rows.get(id18(one.task_id))
                if row is None or row.deleted:
                    gone = "gone" if row else "hidden"
                    results.append(AppError(ErrorCode.CRM_NOT_FOUND, message=outcome.faults[0].message, reason=gone))
                    continue
            results.append(_result(outcome, without(sent, {"id"})))
        return results

    def _notice_package(self, lane: Lane) -> None:
        if not self.package_missing:
            rules = self._rules.of(lane, "Task")
            if rules is not None and (KEY_FIELD not in rules.fields or not rules.fields[KEY_FIELD].is_key):
                self._missing_until = self._monotonic() + PACKAGE_RECHECK

    def _recall(self, changes: Sequence[Change]) -> None:
        for one in changes:
            if one.tried_at is not None:
                since = max(0.0, (datetime.now(UTC) - one.tried_at).total_seconds())
                self._unsure_until.setdefault(one.key, self._monotonic() + self._limit - since)

    def _create(self, lane: Lane, changes: Sequence[Change]) -> list[Result]:
        from simple_salesforce.exceptions import SalesforceResourceNotFound

        if not self.package_missing:
            try:
                return self._by_external_id(lane, changes)
            except SalesforceResourceNotFound as error:
                if not read_faults(error.content):
                    raise
                self._missing_until = self._monotonic() + PACKAGE_RECHECK
        return self._by_call_object(lane, changes)

    def _by_external_id(self, lane: Lane, changes: Sequence[Change]) -> list[Result]:
        outcomes, values = self._adapted(
            lambda some: batch.upsert(lane, "Task", KEY_FIELD, some),
            _keyed(changes),
        )
        results: list[Result] = []
        for one, outcome, sent in zip(changes, outcomes, values, strict=True):
            sent = without(sent, {KEY_FIELD})
            codes = _codes(outcome)
            if "DUPLICATE_EXTERNAL_ID" in codes:
                found = _rows(lane, KEY_FIELD, [one.key]).get(one.key.lower(), [])
                results.append(self._settle(lane, KEY_FIELD, found, sent))
            elif "DUPLICATE_VALUE" in codes and (holder := _holder(outcome)):
                results += self.change_all(lane, [Change(without(sent, CREATE_ONLY), task_id=holder)])
            else:
                results.append(_result(outcome, sent))
            if outcome.id:
                self._unsure_until.pop(one.key, None)
        return results

    def _by_call_object(self, lane: Lane, changes: Sequence[Change]) -> list[Result]:
        with self._inserting:
            found = _rows(lane, "CallObject", [one.key for one in changes])
            results: dict[str, Result] = {}
            fresh: list[Change] = []
            for one in changes:
                plain = {name: value for name, value in one.values.items() if not name.startswith(PACKAGE_PREFIX)}
                if rows := found.get(one.key.lower()):
                    self._unsure_until.pop(one.key, None)
                    results[one.key] = self._settle(lane, "CallObject", rows, plain)
                elif self.is_unsure(one.key):
                    wait = self._unsure_until[one.key] - self._monotonic()
                    results[one.key] = AppError(ErrorCode.CRM_BUSY, message="", reason="unsure", retry_after=wait)
                else:
                    fresh.append(Change({**plain, "CallObject": one.key}, one.key))
            if fresh:
                results |= zip([one.key for one in fresh], self._insert(lane, fresh), strict=True)
        return [results[one.key] for one in changes]

    def _insert(self, lane: Lane, fresh: Sequence[Change]) -> list[Result]:
        import requests
        from simple_salesforce.exceptions import SalesforceError

        try:
            outcomes, values = self._adapted(
                lambda some: batch.create(lane, "Task", some), [dict(one.values) for one in fresh]
            )
        except (SalesforceError, requests.exceptions.RequestException) as error:
            if not surely_unsent(error):
                self._unsure_until |= {one.key: self._monotonic() + self._limit for one in fresh}
            raise
        for one in fresh:
            self._unsure_until.pop(one.key, None)
        return [_result(outcome, without(sent, {"CallObject"})) for outcome, sent in zip(outcomes, values, strict=True)]

    def _adapted(
        self, send: Callable[[Sequence[Values]], list[Outcome]], records: Sequence[Values]
    ) -> tuple[list[Outcome], list[Values]]:
        return adapted(self._rules, "Task", send, records, _is_optional)

    def _settle(self, lane: Lane, field: str, found: Sequence[Mapping[str, Any]], values: Values) -> Result:
        """Update the oldest of the rows with this key; take the key off the others and say what they are."""
        if not found:
            return AppError(ErrorCode.CRM_REFUSED, message="", reason="several")
        oldest = id18(str(found[0].get("Id", "")))
        (result,) = self.change_all(lane, [Change(without(values, CREATE_ONLY), task_id=oldest)])
        doubles: list[Values] = [
            {
                "id": str(row.get("Id", "")),
                "Subject": f"Duplicate: {row.get('Subject') or ''}"[:SUBJECT_LIMIT],
                field: None,
            }
            for row in found[1:]
        ]
        if doubles:
            marked = batch.update(lane, "Task", doubles)
            _log.warning("doubles of a Task: %d found, %d marked", len(doubles), sum(bool(one.id) for one in marked))
        return result


class DayWriter:
    """Day records by their key. Without our package there is nowhere to put them. Any crm thread."""

    def __init__(self, rules: OrgRules) -> None:
        self._rules = rules

    def first_parts(self, lane: Lane, records: Sequence[DayRecord]) -> list[Part]:
        """What `upsert` will ask first."""
        if not records or self._rules.of(lane, DAY_OBJECT) is None:
            return []
        return [batch.first_upsert(DAY_OBJECT, "Key__c", self._values(lane, records))]

    def _values(self, lane: Lane, records: Sequence[DayRecord]) -> list[Values]:
        return [
            {"Key__c": record.key, **without(self._rules.fit(lane, DAY_OBJECT, day_values(record)), {"Key__c"})}
            for record in records
        ]

    def upsert(self, lane: Lane, records: Sequence[DayRecord]) -> list[Result]:
        """One result each. Raises AppError CRM_PACKAGE_MISSING."""
        from simple_salesforce.exceptions import SalesforceResourceNotFound

        if self._rules.of(lane, DAY_OBJECT) is None:
            raise AppError(ErrorCode.CRM_PACKAGE_MISSING, message="", reason="no-object")
        try:
            outcomes, values = adapted(
                self._rules,
                DAY_OBJECT,
                lambda some: batch.upsert(lane, DAY_OBJECT, "Key__c", some),
                self._values(lane, records),
                _DAY_OPTIONAL.__contains__,
            )
        except SalesforceResourceNotFound as error:
            faults = read_faults(error.content)
            if not any(fault.code == "NOT_FOUND" for fault in faults):
                raise
            raise AppError(ErrorCode.CRM_PACKAGE_MISSING, message=faults[0].message, reason="no-object") from None
        return [_result(outcome, sent) for outcome, sent in zip(outcomes, values, strict=True)]


def adapted(
    rules: OrgRules,
    sobject: str,
    send: Callable[[Sequence[Values]], list[Outcome]],
    records: Sequence[Values],
    is_optional: Callable[[str], bool],
) -> tuple[list[Outcome], list[Values]]:
    """Send the records, and those refused for what they can do without once more; the outcomes and what was sent."""
    values = [dict(record) for record in records]
    outcomes = send(values)
    raced: set[int] = set()
    while True:
        again: list[int] = []
        for at, outcome in enumerate(outcomes):
            if not outcome.faults:
                continue
            less, never = smaller(values[at], outcome.faults, is_optional)
            rules.refuse(sobject, never)
            if less != values[at]:
                values[at] = less
                again.append(at)
            elif at not in raced and "DUPLICATE_VALUE" in _codes(outcome):
                raced.add(at)  # somebody made it between Salesforce's look and insert: now it is an update
                again.append(at)
        if not again:
            return outcomes, values
        for at, outcome in zip(again, send([values[at] for at in again]), strict=True):
            outcomes[at] = outcome


def _keyed(changes: Sequence[Change]) -> list[Values]:
    return [{KEY_FIELD: one.key, **one.values} for one in changes]


def _known(changes: Sequence[Change]) -> list[Values]:
    return [{"id": one.task_id, **one.values} for one in changes]


def _is_optional(name: str) -> bool:
    return name.startswith(PACKAGE_PREFIX) or name in _TASK_OPTIONAL


def _by_key(changes: Sequence[Change]) -> Iterator[list[int]]:
    """Places of changes with no key twice in one list."""
    left = list(range(len(changes)))
    while left:
        first = {changes[at].key.lower(): at for at in reversed(left)}
        now = sorted(first.values())
        yield now
        left = [at for at in left if at not in now]


def _codes(outcome: Outcome) -> set[str]:
    return {fault.code for fault in outcome.faults}


def _holder(outcome: Outcome) -> str:
    """The id of the record that has the value already, as far as Salesforce tells it."""
    for fault in outcome.faults:
        if fault.code == "DUPLICATE_VALUE" and (found := _HOLDER.search(fault.message)):
            return id18(found[1])
    return ""


def _result(outcome: Outcome, values: Mapping[str, object]) -> Result:
    if outcome.id:
        return Written(outcome.id, values)
    if _codes(outcome) & _PASSING:
        return AppError(ErrorCode.CRM_BUSY, message=_words(outcome.faults), reason=outcome.faults[0].code)
    return app_error(400, outcome.faults, None)


def _words(faults: Sequence[Fault]) -> str:
    return "; ".join(fault.message for fault in faults if fault.message)


def _rows(lane: Lane, field: str, keys: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The Tasks with these keys, by key in lower case, oldest first."""
    from simple_salesforce.format import format_soql

    found: dict[str, list[dict[str, Any]]] = {}
    for at in range(0, len(keys), _KEYS_A_QUERY):
        where = format_soql(f"WHERE {field} IN {{}} ORDER BY CreatedDate, Id", list(keys[at : at + _KEYS_A_QUERY]))
        for row in lane.query(select(f"Id, Subject, {field}", "Task", where)):
            found.setdefault(str(row.get(field) or "").lower(), []).append(row)
    return found
