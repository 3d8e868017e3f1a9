"""What an admin has made of the org: fields of their own, record types, validation and duplicate rules, assignment.

Kept as the JSON the control interface takes (see `admin_control`), read again where it is used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .disk import Disk
from .errors import refuse
from .fields import ref
from .schema import Field, Kind, Row, Schema, SObject

_META = "custom"
_CHANGEABLE = ("label", "length", "required", "values", "restricted", "default")
_INSERT, _ALWAYS = ("insert",), ("insert", "update")
_SPELLINGS = ("duplicateResut", "duplicateResult")
_LENGTHS = {Kind.STRING: 255, Kind.PHONE: 40, Kind.EMAIL: 80, Kind.URL: 255, Kind.TEXTAREA: 255, Kind.PICKLIST: 255}


@dataclass(frozen=True, slots=True)
class Validation:
    """A validation rule: records that meet `when` (a SOQL condition) are refused with the admin's own words."""

    object: str
    when: str
    message: str
    name: str = ""
    field: str | None = None
    on: tuple[str, ...] = _ALWAYS


@dataclass(frozen=True, slots=True)
class Match:
    """With which records a duplicate rule compares: `every` field equal, or `some` one of them."""

    object: str
    rule: str
    every: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    confidence: float = 100.0


@dataclass(frozen=True, slots=True)
class Duplicates:
    """A duplicate rule: `allow_save` True only warns, False blocks for good."""

    object: str
    matches: tuple[Match, ...]
    name: str
    message: str = "Use one of these records?"
    allow_save: bool = True
    on: tuple[str, ...] = _INSERT


class Custom:
    """Everything an admin changed. Reads from any thread; changed under the store's lock."""

    def __init__(self, disk: Disk | None) -> None:
        self._disk = disk
        kept = disk.meta(_META) if disk else None
        self._kept: dict[str, Any] = json.loads(kept) if kept else _nothing()

    def as_json(self) -> dict[str, Any]:
        """All of it, as it was given."""
        copied: dict[str, Any] = json.loads(json.dumps(self._kept))
        return copied

    def clear(self) -> None:
        """The org as Salesforce delivers it."""
        self._kept = _nothing()
        self._save()

    def _save(self) -> None:
        if self._disk is not None:
            self._disk.set_meta(_META, json.dumps(self._kept))

    def _add(self, what: str, given: Mapping[str, Any]) -> None:
        self._kept[what].append(dict(given))
        self._save()

    # -- fields

    def add_field(self, schema: Schema, given: Mapping[str, Any]) -> None:
        """A field of the admin's own, or a change to one that is there. Raises ApiError."""
        sobject = schema.find(str(given.get("object", "")))
        if sobject is None:
            raise refuse("INVALID_INPUT", f"no such object: {given.get('object')}")
        _field(sobject, given)
        self._add("fields", {**given, "object": sobject.name})

    def extend(self, schema: Schema, types: list[Row]) -> Schema:
        """The schema with the admin's fields, and RecordTypeId where there are record types."""
        typed = {str(row.get("SobjectType")) for row in types}
        return Schema(self._extended(one, has_types=one.name in typed) for one in schema.objects)

    def _extended(self, sobject: SObject, *, has_types: bool) -> SObject:
        declared = {one.name.lower(): one for one in sobject.declared}
        if has_types and "recordtypeid" not in declared:
            declared["recordtypeid"] = ref("RecordTypeId", "Record Type ID", "RecordType")
        for given in self._kept["fields"]:
            if given["object"] == sobject.name:
                made = _field(replace(sobject, declared=tuple(declared.values())), given)
                declared[made.name.lower()] = made
        return replace(sobject, declared=tuple(declared.values()))

    # -- rules

    def add_validation(self, given: Mapping[str, Any]) -> None:
        """Adds a validation rule. Raises ApiError."""
        _validation(given)
        self._add("validation", given)

    def validations(self, sobject: str, event: str) -> list[Validation]:
        """The validation rules for an object on "insert" or "update"."""
        rules = [_validation(one) for one in self._kept["validation"]]
        return [one for one in rules if one.object.lower() == sobject.lower() and event in one.on]

    def add_duplicates(self, given: Mapping[str, Any]) -> None:
        """Adds a duplicate rule. Raises ApiError."""
        _duplicates(given)
        self._add("duplicates", given)

    def duplicates(self, sobject: str, event: str) -> list[Duplicates]:
        """The duplicate rules for an object on "insert" or "update"."""
        rules = [_duplicates(one) for one in self._kept["duplicates"]]
        return [one for one in rules if one.object.lower() == sobject.lower() and event in one.on]

    @property
    def spelling(self) -> str:
        """The key a blocked duplicate comes under; Salesforce misspells it."""
        return str(self._kept["spelling"])

    @spelling.setter
    def spelling(self, word: str) -> None:
        if word not in _SPELLINGS:
            raise refuse("INVALID_INPUT", f"spelling is one of {', '.join(_SPELLINGS)}")
        self._kept["spelling"] = word
        self._save()

    # -- record types and assignment

    def set_type(self, type_id: str, *, default: bool, users: list[str] | None) -> None:
        """How a record type is handed out: to all users or those (ids), and whether new records get it."""
        self._kept["types"][type_id] = {"default": default, "users": users}
        self._save()

    def available(self, type_id: str, user: str) -> bool:
        """Whether the user may give this record type to a record."""
        users = self._kept["types"].get(type_id, {}).get("users")
        return users is None or user in users

    def is_default(self, type_id: str) -> bool:
        """Whether records get this type when none is given."""
        return bool(self._kept["types"].get(type_id, {}).get("default"))

    def assign(self, sobject: str, owner: str | None) -> None:
        """The owner the active assignment rule of Lead or Case gives; None for no rule."""
        self._kept["assignment"][sobject.lower()] = owner
        self._save()

    def assigned(self, sobject: str) -> str | None:
        """Who gets new records of this object, or None."""
        owner = self._kept["assignment"].get(sobject.lower())
        return None if owner is None else str(owner)


def _nothing() -> dict[str, Any]:
    return {
        "fields": [],
        "validation": [],
        "duplicates": [],
        "types": {},
        "assignment": {},
        "spelling": _SPELLINGS[0],
    }


def _field(sobject: SObject, given: Mapping[str, Any]) -> Field:
    name = str(given.get("name", ""))
    changes: dict[str, Any] = {key: given[key] for key in _CHANGEABLE if key in given}
    if "values" in changes:
        changes["values"] = tuple(changes["values"])
    there = sobject.fields.get(name.lower())
    if there is not None:
        return replace(there, **changes)
    if not name.endswith("__c"):
        raise refuse("INVALID_INPUT", "a field of the admin's own ends in __c")
    try:
        kind = Kind(given.get("type", "string"))
    except ValueError:
        raise refuse("INVALID_INPUT", f"no such type: {given.get('type')}") from None
    changes.setdefault("label", name.removesuffix("__c").replace("_", " "))
    if kind is Kind.REFERENCE:
        return replace(ref(name, changes["label"], *given["references"]), required=bool(changes.get("required")))
    changes.setdefault("length", _LENGTHS.get(kind, 0))
    if kind is Kind.BOOLEAN:
        changes.setdefault("default", False)
    return Field(name=name, kind=kind, **changes)


def _validation(given: Mapping[str, Any]) -> Validation:
    try:
        return Validation(**{**given, "on": tuple(given.get("on", _ALWAYS))})
    except (TypeError, AttributeError) as error:
        raise refuse("INVALID_RULE", f"unreadable validation rule: {error}") from error


def _duplicates(given: Mapping[str, Any]) -> Duplicates:
    try:
        matches = tuple(
            Match(**{**one, "every": tuple(one.get("every", ())), "some": tuple(one.get("some", ()))})
            for one in given["matches"]
        )
        rest = {"name": f"Standard_{given['object']}_Duplicate_Rule", **given}
        return Duplicates(**{**rest, "matches": matches, "on": tuple(given.get("on", _INSERT))})
    except (TypeError, KeyError, AttributeError) as error:
        raise refuse("INVALID_RULE", f"unreadable duplicate rule: {error}") from error
