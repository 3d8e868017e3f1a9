"""What an admin's own set-up does to a record that is saved: record type, assignment, validation, duplicates.

Rules run as the org itself: they see fields and rows the user does not.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from . import caller
from .custom import Duplicates, Match, Validation
from .errors import ApiError, Problem, refuse
from .org import Org
from .paths import Shape, bind_path
from .schema import Field, Kind, Row, SObject
from .soql_conditions import Conditions, Predicate
from .soql_parser import parse

MASTER_TYPE = "012000000000000AAA"
_TRUE = re.compile(r"\s*(\w+)\s*=\s*true\s*", re.IGNORECASE)


def give_type(org: Org, sobject: SObject, row: Row, given: Row, *, new: bool) -> None:
    """Sets the record type a new record gets by itself, and refuses one the user does not have. Raises ApiError."""
    if "recordtypeid" not in sobject.fields:
        return
    wanted = given.get("RecordTypeId")
    if wanted is None:
        if new and not row.get("RecordTypeId"):
            row["RecordTypeId"] = default_type(org, sobject)
        return
    if wanted == MASTER_TYPE:
        row["RecordTypeId"] = given["RecordTypeId"] = None
        return
    found = org.store.find(str(wanted))
    mine = found is not None and found.get("SobjectType") == sobject.name and found.get("IsActive") is not False
    if not mine or not org.custom.available(str(wanted), caller.user_id()):
        raise refuse(
            "INVALID_CROSS_REFERENCE_KEY",
            f"Record Type ID: this ID value isn't valid for the user: {wanted}",
            ["RecordTypeId"],
        )


def default_type(org: Org, sobject: SObject) -> str | None:
    """The record type the user's new records get, or None for the master type."""
    for row in types_of(org, sobject):
        type_id = str(row["Id"])
        if org.custom.is_default(type_id) and org.custom.available(type_id, caller.user_id()):
            return type_id
    return None


def types_of(org: Org, sobject: SObject) -> list[Row]:
    """The record types of an object."""
    types = org.full_schema.find("RecordType")
    return [row for row in org.store.rows(types) if row.get("SobjectType") == sobject.name] if types else []


def assign(org: Org, sobject: SObject, row: Row, given: Row) -> None:
    """Lets the assignment rule of Lead and Case choose the owner, unless `Sforce-Auto-Assign: FALSE` was sent."""
    owner = org.custom.assigned(sobject.name)
    off = caller.header("sforce-auto-assign").strip().lower() == "false"
    if owner is not None and not off and sobject.name in ("Lead", "Case") and not given.get("OwnerId"):
        row["OwnerId"] = owner


def check(org: Org, sobject: SObject, row: Row, old: Row | None) -> None:
    """Runs validation rules, then duplicate rules, over a row about to be stored. Raises ApiError."""
    event = "insert" if old is None else "update"
    with caller.acting_as(None):
        broken = [
            Problem("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, (rule.field,) if rule.field else ())
            for rule in org.custom.validations(sobject.name, event)
            if condition(org, sobject, rule)(row)
        ]
    if broken:
        raise ApiError(400, broken)
    for rule in org.custom.duplicates(sobject.name, event):
        _check_duplicates(org, sobject, row, old, rule)


def condition(org: Org, sobject: SObject, rule: Validation) -> Predicate:
    """The rule's condition. Unlike a query's it may look at long text. Raises ApiError for one that cannot be read."""
    readable = replace(sobject, declared=tuple(_short(one) for one in sobject.declared))
    statement = " ".join(("SELECT Id FROM", sobject.name, "WHERE", rule.when))
    return Conditions(org, readable, statement).predicate(parse(statement).where)


def _short(field: Field) -> Field:
    return replace(field, length=255) if field.kind is Kind.TEXTAREA else field


def _check_duplicates(org: Org, sobject: SObject, row: Row, old: Row | None, rule: Duplicates) -> None:
    options = _options()
    if rule.allow_save and "allowsave" in options:
        return
    results = [
        result
        for match in rule.matches
        if (result := _result(org, row, match, as_user="runascurrentuser" in options, details=options)) is not None
    ]
    if not results or (old is not None and not _moved(row, old, rule)):
        return
    found = {
        "allowSave": rule.allow_save,
        "duplicateRule": rule.name,
        "duplicateRuleEntityType": sobject.name,
        "errorMessage": rule.message,
        "matchResults": results,
    }
    raise ApiError(400, [Problem("DUPLICATES_DETECTED", rule.message, None, {org.custom.spelling: found})])


def _options() -> set[str]:
    """The lower-case names set to true in the duplicate rule header."""
    parts = caller.header("sforce-duplicate-rule-header").split(";")
    return {match.group(1).lower() for part in parts if (match := _TRUE.fullmatch(part))}


def _moved(row: Row, old: Row, rule: Duplicates) -> bool:
    """Whether a change touches what the rule compares; other changes are not looked at."""
    names = {name for match in rule.matches for name in (*match.every, *match.some)}
    return any(row.get(name) != old.get(name) for name in names)


def _result(org: Org, row: Row, match: Match, *, as_user: bool, details: set[str]) -> dict[str, Any] | None:
    target = org.full_schema.find(match.object)
    if target is None:
        return None
    found = [
        other
        for other in org.store.rows(target)
        if not other.get("IsDeleted")
        and other["Id"] != row.get("Id")
        and _alike(target, row, other, match)
        and (not as_user or org.sees(other))
    ]
    if not found:
        return None
    return {
        "entityType": target.name,
        "errors": [],
        "matchEngine": "FuzzyMatchEngine",
        "matchRecords": [
            {
                "additionalInformation": [],
                "fieldDiffs": [],
                "matchConfidence": match.confidence,
                "record": _shown(org, target, one, full="includerecorddetails" in details),
            }
            for one in found
        ],
        "rule": match.rule,
        "size": len(found),
        "success": True,
    }


def _alike(target: SObject, row: Row, other: Row, match: Match) -> bool:
    every = [_same(target, row, other, name) for name in match.every]
    some = [_same(target, row, other, name) for name in match.some]
    return (bool(every) or bool(some)) and all(every) and (not some or any(some))


def _same(target: SObject, row: Row, other: Row, name: str) -> bool:
    field = target.fields.get(name.lower())
    mine, theirs = row.get(name), other.get(field.name) if field else None
    if field is None or mine is None or theirs is None:
        return False
    if field.kind is Kind.PHONE:
        return re.sub(r"\D", "", str(mine)) == re.sub(r"\D", "", str(theirs))
    return str(mine).casefold() == str(theirs).casefold()


def _shown(org: Org, target: SObject, row: Row, *, full: bool) -> dict[str, Any]:
    shape = Shape(target)
    visible = org.schema.find(target.name) or target
    for one in visible.declared if full else (visible.fields["id"],):
        shape.add(bind_path(org, visible, [one.name]))
    return shape.render(org, row, "/services/data/v66.0")
