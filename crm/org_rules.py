"""What this org takes: fields the rep may write, their lengths, the word for done. Asked daily, learnt from refusals.

1. An object is described before its first write, and again after a day (`describes`). One without our fields is
   asked for anew within the hour: the admin may just be installing the package.
2. What the rep may not write is left out, and said; a text is cut to the field's length.
3. What Salesforce refuses all the same is left out from then on, if the record makes sense without it.
4. A refused describe is no obstacle: then only 3 helps.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.external_ids import KEY_FIELD
from app.ports.crm import OrgFinding
from crm.describes import Describes
from crm.errors import Fault, read_faults
from crm.lane import Lane
from crm.mapping import COMPLETED, CREATE_ONLY, PACKAGE_PREFIX, cut

AGAIN = 3600.0  # seconds until it is looked whether what is known of an object is still good
MISSING_RECHECK = 3600.0  # seconds until an org without an object of ours is asked again

Values = dict[str, object]

_NO_COLUMN = re.compile(r"No such column '(\w+)'", re.IGNORECASE)
_FIELD_LIST = re.compile(r"fields: ([\w, ]+)\.")
_TEXT = frozenset({"string", "textarea", "combobox", "picklist", "phone", "email", "url"})


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What may be done with a field; ``length`` 0 where it has none."""

    label: str
    createable: bool
    updateable: bool
    length: int
    is_key: bool


@dataclass(frozen=True, slots=True)
class ObjectRules:
    """An object as this rep sees it. ``demanded``: labels of fields of the org's own that every record needs."""

    fields: Mapping[str, FieldRule]
    demanded: tuple[str, ...] = ()
    record_type: str = ""

    def hidden(self, names: Collection[str]) -> list[str]:
        """Which of these the rep may not write."""
        return [name for name in names if not self._takes(name)]

    def fit(self, values: Mapping[str, object]) -> Values:
        """The values that may be written, texts cut to their field."""
        kept: Values = {}
        for name, value in values.items():
            if self._takes(name):
                length = self.fields[name].length
                kept[name] = cut(value, length) if isinstance(value, str) and length else value
        return kept

    def _takes(self, name: str) -> bool:
        rule = self.fields.get(name)
        return rule is not None and (rule.createable if name in CREATE_ONLY else rule.createable and rule.updateable)


def read_describe(found: Mapping[str, Any]) -> ObjectRules:
    """A describe answer. Anything odd in it is passed over."""
    fields: dict[str, FieldRule] = {}
    demanded: list[str] = []
    for one in _listed(found.get("fields")):
        if not isinstance(one, Mapping) or not isinstance(name := one.get("name"), str):
            continue
        length = one.get("length")
        is_text = one.get("type") in _TEXT and isinstance(length, int)
        label = str(one.get("label") or name)
        fields[name] = FieldRule(
            label,
            one.get("createable") is True,
            one.get("updateable") is True,
            int(length) if is_text and isinstance(length, int) else 0,
            one.get("externalId") is True or one.get("idLookup") is True,
        )
        ours = name.startswith(PACKAGE_PREFIX) or not name.endswith("__c")
        if not ours and fields[name].createable and one.get("nillable") is False and not one.get("defaultedOnCreate"):
            demanded.append(label)
    types = [one for one in _listed(found.get("recordTypeInfos")) if isinstance(one, Mapping)]
    default = next((one for one in types if one.get("defaultRecordTypeMapping") and not one.get("master")), None)
    return ObjectRules(fields, tuple(demanded), str(default.get("name") or "") if default else "")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


@dataclass(slots=True)
class _Known:
    rules: ObjectRules | None
    until: float


class OrgRules:
    """What is known of one org, for one rep. Thread-safe."""

    def __init__(self, describes: Describes, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._describes = describes
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: dict[str, _Known] = {}
        self._refused: frozenset[tuple[str, str]] = frozenset()
        self._status = ""

    def forget(self) -> None:
        """Another rep, or an admin at work: learn everything anew."""
        with self._lock:
            self._known.clear()
            self._refused = frozenset()
            self._status = ""

    def of(self, lane: Lane, sobject: str) -> ObjectRules | None:
        """The rules of an object; None when the org has no such object, or hides it, or will not describe it."""
        with self._lock:
            known = self._known.get(sobject)
        if known is not None and self._monotonic() < known.until:
            return known.rules
        fresh = self._describe(lane, sobject)
        with self._lock:
            self._known[sobject] = fresh
        return fresh.rules

    def known(self, sobject: str) -> ObjectRules | None:
        """The rules as last read; None when they were not. Needs no network."""
        with self._lock:
            known = self._known.get(sobject)
        return known.rules if known else None

    def is_missing(self, sobject: str) -> bool:
        """Was the object looked for in vain?"""
        with self._lock:
            known = self._known.get(sobject)
        return known is not None and known.rules is None

    def fit(self, lane: Lane, sobject: str, values: Mapping[str, object]) -> Values:
        """The values as this org takes them."""
        rules = self.of(lane, sobject)
        kept = rules.fit(values) if rules else dict(values)
        return {name: value for name, value in kept.items() if (sobject, name) not in self._refused}

    def refuse(self, sobject: str, names: Collection[str]) -> None:
        """Leave these out from now on."""
        if names:
            self._describes.doubt(sobject)
        self._refused |= {(sobject, name) for name in names}

    def findings(self, sobject: str, written: Collection[str]) -> list[OrgFinding]:
        """What is worth knowing of an object of which ``written`` are the fields we have values for."""
        rules = self.known(sobject)
        if rules is None:
            return []
        hidden = [name for name in rules.hidden(written) if not name.startswith(PACKAGE_PREFIX)]
        labels = [rules.fields[name].label if name in rules.fields else name for name in hidden]
        found = [OrgFinding("field-hidden", label) for label in labels]
        found += [OrgFinding("field-required", label) for label in rules.demanded]
        if rules.record_type:
            found.append(OrgFinding("record-type", rules.record_type))
        return found

    def closed_status(self, lane: Lane) -> str:
        """The org's own word for a finished Task, asked once."""
        from simple_salesforce.exceptions import SalesforceMalformedRequest

        def ask() -> str:
            try:
                found = lane.query("SELECT MasterLabel FROM TaskStatus WHERE IsClosed = true ORDER BY SortOrder")
            except SalesforceMalformedRequest:
                found = []
            names = [str(row["MasterLabel"]) for row in found if row.get("MasterLabel")]
            return COMPLETED if COMPLETED in names or not names else names[0]

        if not self._status:
            self._status = self._describes.word("TaskStatus", ask)
        return self._status

    def _describe(self, lane: Lane, sobject: str) -> _Known:
        from simple_salesforce.exceptions import (
            SalesforceMalformedRequest,
            SalesforceRefusedRequest,
            SalesforceResourceNotFound,
        )

        try:
            described = self._describes.of(lane, sobject, awaited=KEY_FIELD if sobject == "Task" else "")
        except SalesforceRefusedRequest as error:
            if any(fault.code == "REQUEST_LIMIT_EXCEEDED" for fault in read_faults(error.content)):
                raise
            return _Known(None, self._monotonic() + MISSING_RECHECK)
        except (SalesforceResourceNotFound, SalesforceMalformedRequest):
            return _Known(None, self._monotonic() + MISSING_RECHECK)
        return _Known(read_describe(described), self._monotonic() + AGAIN)


def smaller(
    values: Values, faults: tuple[Fault, ...], is_optional: Callable[[str], bool]
) -> tuple[Values, frozenset[str]]:
    """The values without what these faults refuse, and which of that no later record need try.

    The same values come back when nothing can be left out.
    """
    never: frozenset[str] = frozenset()
    for fault in faults:
        match fault.code:
            case "INVALID_FIELD" | "INVALID_FIELD_FOR_INSERT_UPDATE":
                named = _named(fault)
                optional = {name for name in named if is_optional(name)} - CREATE_ONLY
                # What only an insert takes is right for the next insert, so that is not remembered.
                never |= optional
                values = without(values, optional | (named & CREATE_ONLY))
            case "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST":
                values = without(values, {name for name in _named(fault) if is_optional(name)})
            case "FIELD_INTEGRITY_EXCEPTION" if "whatid with lead" in fault.message.lower():
                values = {**values, "WhatId": None}
            case _:
                pass
    return values, never


def without(values: Mapping[str, object], names: Collection[str]) -> Values:
    """The values but for these."""
    return {name: value for name, value in values.items() if name not in names}


def _named(fault: Fault) -> set[str]:
    if fault.fields:
        return set(fault.fields)
    if listed := _FIELD_LIST.search(fault.message):
        return {name.strip() for name in listed[1].split(",")}
    return set(_NO_COLUMN.findall(fault.message))
