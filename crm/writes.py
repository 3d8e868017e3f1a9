"""Writing Tasks and day records so that each exists exactly once, however often and however badly it is tried.

With our package every write is an upsert by external id: a repeat finds what the first try made. Without it
1. the key travels in the Task's CallObject, and a Task is looked up by it before it is inserted;
2. after an insert whose answer was lost nothing is inserted for ten minutes, Salesforce's own limit for one request:
   until then the lost one may still come through;
3. a double that is found all the same is marked as one, and the oldest stays the Task of the call.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.errors import AppError, ErrorCode
from app.ports import DayRecord
from crm.composite import select
from crm.errors import Fault, UnexpectedReplyError, read_faults, surely_unsent
from crm.ids import id18
from crm.lane import Lane, mapping_of
from crm.mapping import COMPLETED, CREATE_ONLY, KEY_FIELD, PACKAGE_PREFIX, SUBJECT_LIMIT, day_values

T = TypeVar("T")
Values = dict[str, object]

REQUEST_LIMIT = 600.0  # seconds a request may take inside Salesforce
PACKAGE_RECHECK = 3600.0  # seconds until an org without the package is asked again

_log = logging.getLogger(__name__)
_NO_COLUMN = re.compile(r"No such column '(\w+)'", re.IGNORECASE)
_FIELD_LIST = re.compile(r"fields: ([\w, ]+)\.")
_TASK_OPTIONAL = frozenset({"Type", "TaskSubtype"})
_DAY_OPTIONAL = frozenset({"Zone__c", "Part__c", "Contact__c", "Lead__c", "Account__c"})


class Adapter:
    """Sends values again without what this org or user does not take, and remembers it. Thread-safe."""

    def __init__(self, is_optional: Callable[[str], bool]) -> None:
        self._is_optional = is_optional
        self._refused: frozenset[str] = frozenset()

    def forget(self) -> None:
        """Try every field again."""
        self._refused = frozenset()

    def send(self, values: Mapping[str, object], work: Callable[[Values], T]) -> T:
        """Run ``work`` with as many of the values as Salesforce takes."""
        from simple_salesforce.exceptions import SalesforceError

        left = {name: value for name, value in values.items() if name not in self._refused}
        raced = False
        while True:
            try:
                return work(left)
            except SalesforceError as error:
                faults = read_faults(error.content)
                if not raced and any(fault.code == "DUPLICATE_VALUE" for fault in faults):
                    raced = True  # somebody made it between our look and our insert: now it is an update
                    continue
                smaller = self._smaller(left, faults)
                if smaller == left:
                    raise
                left = smaller

    def _smaller(self, values: Values, faults: tuple[Fault, ...]) -> Values:
        for fault in faults:
            match fault.code:
                case "INVALID_FIELD" | "INVALID_FIELD_FOR_INSERT_UPDATE":
                    named = _named(fault)
                    create_only = named & CREATE_ONLY  # right for the next insert, so not remembered
                    optional = {name for name in named if self._is_optional(name)} - CREATE_ONLY
                    self._refused |= optional
                    values = _without(values, create_only | optional)
                case "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST":
                    values = _without(values, {name for name in _named(fault) if self._is_optional(name)})
                case "FIELD_INTEGRITY_EXCEPTION" if "whatid with lead" in fault.message.lower():
                    values = {**values, "WhatId": None}
                case _:
                    pass
        return values


def _named(fault: Fault) -> set[str]:
    if fault.fields:
        return set(fault.fields)
    if listed := _FIELD_LIST.search(fault.message):
        return {name.strip() for name in listed[1].split(",")}
    return set(_NO_COLUMN.findall(fault.message))


def _without(values: Values, names: Collection[str]) -> Values:
    return {name: value for name, value in values.items() if name not in names}


class TaskWriter:
    """Tasks by their key, with or without our package in the org. Any crm thread."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._adapter = Adapter(lambda name: name.startswith(PACKAGE_PREFIX) or name in _TASK_OPTIONAL)
        self._monotonic = monotonic
        self._missing_until = 0.0
        self._inserting = threading.Lock()
        self._unsure_until: dict[str, float] = {}
        self._status = ""

    def forget(self) -> None:
        """Another user or org, or an admin at work: learn everything anew. What is unsure stays unsure."""
        self._adapter.forget()
        self._missing_until = 0.0
        self._status = ""

    @property
    def package_missing(self) -> bool:
        """The org was found to be without our fields (or to hide them)."""
        return self._monotonic() < self._missing_until

    def is_unsure(self, key: str) -> bool:
        """Was this Task sent, and its answer lost?"""
        return self._unsure_until.get(key, 0.0) > self._monotonic()

    def create(self, lane: Lane, key: str, values: Mapping[str, object], tried_at: datetime | None = None) -> str:
        """The id of the Task with this key, made from ``values`` or, if it is there, brought up to them.

        ``tried_at``: when an earlier process may have sent it without seeing the answer.
        """
        values = self._own_words(lane, values)
        if tried_at is not None:
            since = (datetime.now(UTC) - tried_at).total_seconds()
            self._unsure_until.setdefault(key, self._monotonic() + REQUEST_LIMIT - since)
        return self._by_call_object(lane, key, values) if self.package_missing else self._by_key(lane, key, values)

    def change(self, lane: Lane, task_id: str, values: Mapping[str, object]) -> None:
        """Bring one Task up to ``values``. One deleted in Salesforce stays deleted: NOT_FOUND."""
        self._adapter.send(self._own_words(lane, values), lambda v: lane.sf.Task.update(task_id, v))

    def _own_words(self, lane: Lane, values: Mapping[str, object]) -> Values:
        plain = _without(dict(values), {KEY_FIELD})
        return {**plain, "Status": self._closed_status(lane)} if plain.get("Status") == COMPLETED else plain

    def _by_key(self, lane: Lane, key: str, values: Values) -> str:
        from simple_salesforce.exceptions import SalesforceMoreThanOneRecord, SalesforceResourceNotFound
        from simple_salesforce.format import format_external_id

        path = format_external_id(KEY_FIELD, key)
        try:
            made = self._adapter.send(values, lambda v: lane.sf.Task.upsert(path, v, raw_response=True))
        except SalesforceMoreThanOneRecord:
            return self._settle(lane, KEY_FIELD, key, _rows(lane, KEY_FIELD, key), values)
        except SalesforceResourceNotFound as error:
            fault = next(iter(read_faults(error.content)), None)
            if fault is None:
                raise
            if fault.code == "ENTITY_IS_DELETED":
                # Something the Task points at is gone, not the Task: this would have made it.
                raise AppError(ErrorCode.CRM_REFUSED, message=fault.message, reason=fault.code) from None
            self._missing_until = self._monotonic() + PACKAGE_RECHECK
            return self._by_call_object(lane, key, values)
        self._unsure_until.pop(key, None)
        return _made_id(made)

    def _by_call_object(self, lane: Lane, key: str, values: Values) -> str:
        import requests
        from simple_salesforce.exceptions import SalesforceError

        plain = {name: value for name, value in values.items() if not name.startswith(PACKAGE_PREFIX)}
        with self._inserting:
            if found := _rows(lane, "CallObject", key):
                self._unsure_until.pop(key, None)
                return self._settle(lane, "CallObject", key, found, plain)
            if self.is_unsure(key):
                wait = self._unsure_until[key] - self._monotonic()
                raise AppError(ErrorCode.CRM_BUSY, message="", reason="unsure", retry_after=wait)
            try:
                made = self._adapter.send({**plain, "CallObject": key}, lane.sf.Task.create)
            except (SalesforceError, requests.exceptions.RequestException) as error:
                if not surely_unsent(error):
                    self._unsure_until[key] = self._monotonic() + REQUEST_LIMIT
                raise
            self._unsure_until.pop(key, None)
            return id18(str(mapping_of(made).get("id", "")))

    def _settle(self, lane: Lane, field: str, key: str, found: list[dict[str, Any]], values: Values) -> str:
        """Update the oldest of the rows with this key; take the key off the others and say what they are."""
        if not found:
            raise AppError(ErrorCode.CRM_REFUSED, message="", reason="several")
        oldest = id18(str(found[0].get("Id", "")))
        if kept := _without(values, CREATE_ONLY):
            self._adapter.send(kept, lambda v: lane.sf.Task.update(oldest, v))
        for row in found[1:]:
            self._flag(lane, field, key, row)
        return oldest

    def _flag(self, lane: Lane, field: str, key: str, row: Mapping[str, Any]) -> None:
        from simple_salesforce.exceptions import (
            SalesforceMalformedRequest,
            SalesforceRefusedRequest,
            SalesforceResourceNotFound,
        )

        subject = f"Duplicate: {row.get('Subject') or ''}"[:SUBJECT_LIMIT]
        try:
            lane.sf.Task.update(str(row.get("Id", "")), {"Subject": subject, field: None})
        except (SalesforceMalformedRequest, SalesforceRefusedRequest, SalesforceResourceNotFound):
            _log.warning("a double Task could not be marked")
        else:
            _log.warning("a double Task was found and marked")

    def _closed_status(self, lane: Lane) -> str:
        """The org's own word for a finished Task, asked once."""
        from simple_salesforce.exceptions import SalesforceMalformedRequest

        if self._status:
            return self._status
        try:
            found = lane.query("SELECT MasterLabel FROM TaskStatus WHERE IsClosed = true")
        except SalesforceMalformedRequest:
            found = []
        names = [str(row["MasterLabel"]) for row in found if row.get("MasterLabel")]
        self._status = COMPLETED if COMPLETED in names or not names else names[0]
        return self._status


class DayWriter:
    """Day records by their key. Without our package there is nowhere to put them. Any crm thread."""

    def __init__(self) -> None:
        self._adapter = Adapter(lambda name: name in _DAY_OPTIONAL)

    def forget(self) -> None:
        """Try every field again."""
        self._adapter.forget()

    def upsert(self, lane: Lane, record: DayRecord) -> str:
        """Its id. Raises AppError CRM_PACKAGE_MISSING."""
        from simple_salesforce.exceptions import SalesforceResourceNotFound
        from simple_salesforce.format import format_external_id

        path = format_external_id("Key__c", record.key)
        try:
            made = self._adapter.send(
                day_values(record), lambda v: lane.sf.Ringdown_Day__c.upsert(path, v, raw_response=True)
            )
        except SalesforceResourceNotFound as error:
            faults = read_faults(error.content)
            if not any(fault.code == "NOT_FOUND" for fault in faults):
                raise
            raise AppError(ErrorCode.CRM_PACKAGE_MISSING, message=faults[0].message, reason="no-object") from None
        return _made_id(made)


def _rows(lane: Lane, field: str, key: str) -> list[dict[str, Any]]:
    from simple_salesforce.format import format_soql

    where = format_soql(f"WHERE {field} = {{}} ORDER BY CreatedDate, Id LIMIT 20", key)
    return lane.query(select("Id, Subject", "Task", where))


def _made_id(response: Any) -> str:
    record_id = mapping_of(response.json()).get("id")
    if not isinstance(record_id, str) or not record_id:
        raise UnexpectedReplyError
    return id18(record_id)
