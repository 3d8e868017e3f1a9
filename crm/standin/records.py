"""Create, change, delete and upsert of single records, with the checks and words of Salesforce."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import caller, files, ids, person_accounts, saving
from .derive import derive
from .errors import ApiError, Problem, not_found, read_only, refuse
from .org import Org
from .schema import Field, Kind, Row, SObject, Value
from .values import BadValueError, coerce, wrong_id

Body = Mapping[str, Any]
# What is deleted and restored together with a record of the object.
BELONGS = {"Account": ("Contact", "Opportunity")}


class SeveralFoundError(Exception):
    """An external id names several records."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        super().__init__(len(rows))
        self.rows = rows


def object_named(org: Org, name: str) -> SObject:
    """The object, or 404."""
    found = org.schema.find(name)
    if found is None:
        raise not_found()
    return found


def existing(org: Org, sobject: SObject, record_id: str, *, changing: bool = False) -> Row:
    """The live row of a 15- or 18-character id, or the 404 (400 for another object's id) that says why not.

    With `changing` also whether the caller may change or delete it.
    """
    full = ids.normalise(record_id)
    if full is None:
        raise not_found(f"Provided external ID field does not exist or is not accessible: {record_id}")
    if full[:3] != sobject.prefix:
        raise refuse("MALFORMED_ID", f"{sobject.label} ID: id value of incorrect type: {record_id}", ["Id"])
    row = org.store.get(sobject, full)
    if row is None:
        raise not_found()
    if row.get("IsDeleted"):
        raise refuse("ENTITY_IS_DELETED", "entity is deleted", [], status=404)
    if not org.sees(row):
        raise no_access(org, full) if changing else not_found()
    if changing and not org.may_change(row):
        raise read_only(org.settings.access_status)
    return row


def no_access(org: Org, record_id: str) -> ApiError:
    """A record that is there but not shared with the caller."""
    return refuse(
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        f"insufficient access rights on cross-reference id: {record_id[:15]}",
        [],
        status=org.settings.access_status,
    )


def create(org: Org, sobject: SObject, body: Body) -> str:
    """Stores a new record and returns its id. Raises ApiError."""
    if not sobject.createable:
        raise refuse("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be inserted: {sobject.label}", [])
    if any(name.lower() == "id" for name in body):
        raise refuse("INVALID_FIELD", "cannot specify Id in an insert call", ["Id"])
    given = _read(sobject, body, new=True)
    with org.store.transaction():
        full = whole(org, sobject)
        row = with_defaults(full, given)
        saving.give_type(org, full, row, given, new=True)
        saving.assign(org, full, row, given)
        person_accounts.prepare(org, full, row, given)
        _require(full, row)
        _check(org, full, row, given)
        stamp = org.stamp()
        row |= {
            "Id": org.store.new_id(sobject),
            "CreatedDate": stamp,
            "CreatedById": caller.user_id(),
            "LastModifiedDate": stamp,
            "LastModifiedById": caller.user_id(),
            "SystemModstamp": stamp,
        }
        saving.check(org, full, row, None)
        derive(org, full, row, None)
        org.store.put(full, row)
    return str(row["Id"])


def update(org: Org, sobject: SObject, record_id: str, body: Body) -> str:
    """Changes a record and returns its id. Raises ApiError."""
    if not sobject.updateable:
        raise refuse("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be updated: {sobject.label}", [])
    if any(name.lower() == "id" for name in body):
        raise refuse("INVALID_FIELD", "The Id field should not be specified in the sobject data.", ["Id"])
    with org.store.transaction():
        full = whole(org, sobject)
        old = existing(org, sobject, record_id, changing=True)
        person_accounts.spare_shadow(org, sobject, old)
        if old.get("IsConverted"):
            raise _converted()
        given = _read(sobject, body, new=False)
        row: Row = {**old, **given}
        saving.give_type(org, full, row, given, new=False)
        person_accounts.prepare(org, full, row, given)
        _require(full, row)
        _check(org, full, row, given)
        stamp = org.stamp()
        row |= {"LastModifiedDate": stamp, "LastModifiedById": caller.user_id(), "SystemModstamp": stamp}
        saving.check(org, full, row, old)
        derive(org, full, row, old)
        org.store.put(full, row)
    return str(old["Id"])


def whole(org: Org, sobject: SObject) -> SObject:
    """The object with the fields the caller may not see, which saving must not lose."""
    return org.full_schema.find(sobject.name) or sobject


def delete(org: Org, sobject: SObject, record_id: str) -> str:
    """Moves a record to the recycle bin and returns its id. Raises ApiError."""
    if not sobject.deletable:
        raise read_only(org.settings.access_status)
    with org.store.transaction():
        old = existing(org, sobject, record_id, changing=True)
        person_accounts.spare_shadow(org, sobject, old)
        _remove(org, sobject, old)
    return str(old["Id"])


def _remove(org: Org, sobject: SObject, old: Row) -> None:
    stamp = org.stamp()
    org.store.put(sobject, {**old, "IsDeleted": True, "LastModifiedDate": stamp, "SystemModstamp": stamp})
    if sobject.name == "ContentDocument":
        files.removed(org, old, stamp)
    for child, field in org.full_schema.children_of(sobject):
        if field.name.endswith("__c"):
            for row in org.store.rows(child):
                if row.get(field.name) == old["Id"] and not row.get("IsDeleted"):
                    org.store.put(child, {**row, field.name: None, "SystemModstamp": stamp})
    _take_along(org, sobject, old)


def _take_along(org: Org, sobject: SObject, row: Row) -> None:
    """With an Account go its Contacts, the one behind a person among them, and its deals, whoever may see them."""
    for name in BELONGS.get(sobject.name, ()):
        child = org.full_schema.find(name)
        for one in org.store.keyed(child, "AccountId", str(row["Id"])) if child else ():
            if child and not one.get("IsDeleted"):
                _remove(org, child, one)


def by_key(org: Org, sobject: SObject, field_name: str, value: str) -> Row | None:
    """The live record with this external id, or None. Raises SeveralFoundError, and ApiError for a wrong field."""
    field = sobject.fields.get(field_name.lower())
    if field is None or not (field.external_id or field.kind is Kind.ID):
        raise not_found("Provided external ID field does not exist or is not accessible: " + field_name)
    if field.kind is Kind.ID:
        return existing(org, sobject, value)
    found = org.store.keyed(sobject, field.name, value) or ()
    rows = [row for row in found if not row.get("IsDeleted") and org.sees(row)]
    if len(rows) > 1:
        raise SeveralFoundError(tuple(rows))
    return rows[0] if rows else None


def upsert(
    org: Org, sobject: SObject, field_name: str, value: str, body: Body, *, update_only: bool = False
) -> tuple[str, bool]:
    """Changes the record with this external id or makes it: (id, created). Raises ApiError or SeveralFoundError."""
    with org.store.transaction():
        found = by_key(org, sobject, field_name, value)
        field = sobject.fields[field_name.lower()]
        for name in body:
            if name.lower() in (field.name.lower(), "id"):
                raise refuse(
                    "INVALID_FIELD",
                    f"The {name} field should not be specified in the sobject data.",
                    [name],
                )
        if found is not None:
            return update(org, sobject, str(found["Id"]), body), False
        if update_only:
            raise not_found()
        return create(org, sobject, {**body, field.name: value}), True


def load(org: Org, sobject: SObject, bodies: list[Any]) -> list[str]:
    """Stores records as given, read-only fields included; only types and keys are checked. All or nothing.

    A record with the Id of one that is there changes it, as a colleague or an admin might.
    """
    made: list[str] = []
    with org.store.transaction():
        for place, body in enumerate(bodies):
            if not isinstance(body, dict):
                raise refuse("JSON_PARSER_ERROR", f"record {place} is not an object")
            made.append(_load_one(org, sobject, _read(sobject, body, new=None)))
    return made


def _load_one(org: Org, sobject: SObject, given: Row) -> str:
    record_id = str(given.get("Id") or org.store.new_id(sobject))
    if record_id[:3] != sobject.prefix:
        raise refuse("MALFORMED_ID", f"{sobject.label} ID: id value of incorrect type: {record_id}", ["Id"])
    org.store.reserve(sobject, record_id)
    old = org.store.get(sobject, record_id)
    stamp = org.stamp()
    if old is None:
        row = with_defaults(sobject, given)
        row |= {
            "CreatedDate": given.get("CreatedDate") or stamp,
            "CreatedById": given.get("CreatedById") or caller.user_id(),
        }
        stamp = str(row["CreatedDate"])
    else:
        row = {**old, **given}
    person_accounts.prepare(org, sobject, row, given, checked=False)
    row["Id"] = record_id
    row["LastModifiedDate"] = given.get("LastModifiedDate") or stamp
    row["LastModifiedById"] = given.get("LastModifiedById") or caller.user_id()
    row["SystemModstamp"] = given.get("SystemModstamp") or row["LastModifiedDate"]
    _check_unique(org, sobject, row, given)
    derive(org, sobject, row, old)
    org.store.put(sobject, row)
    return record_id


def with_defaults(sobject: SObject, given: Row) -> Row:
    """The row with the default of every field that was not given."""
    row: Row = {one.name: one.default for one in sobject.declared if one.default is not None}
    if "ownerid" in sobject.fields:
        row["OwnerId"] = caller.user_id()
    return {**row, **{name: one for name, one in given.items() if one is not None}}


def _read(sobject: SObject, body: Body, *, new: bool | None) -> Row:
    """Checks names and types. `new` None allows read-only fields, which only `load` may set."""
    fields: list[tuple[Field, Any]] = []
    for name, raw in body.items():
        if name.lower() == "attributes":
            continue
        field = sobject.fields.get(name.lower())
        if field is None or field.via:
            raise refuse("INVALID_FIELD", f"No such column '{name}' on sobject of type {sobject.name}")
        fields.append((field, raw))
    if new is not None:
        closed = [one.name for one, _ in fields if not (one.createable if new else one.updateable)]
        if closed:
            raise refuse(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                f"Unable to create/update fields: {', '.join(closed)}. Please check the security settings of this "
                "field and verify that it is read/write for your profile or permission set.",
                closed,
            )
    row: dict[str, Value] = {}
    problems: list[Problem] = []
    for field, raw in fields:
        try:
            row[field.name] = coerce(field, raw)
        except BadValueError as bad:
            problems.append(bad.problem)
    if problems:
        raise ApiError(400, problems)
    return row


def _require(sobject: SObject, row: Row) -> None:
    missing = [one.name for one in sobject.declared if one.required and row.get(one.name) is None]
    if missing:
        raise refuse("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(missing)}]", missing)


def _check(org: Org, sobject: SObject, row: Row, given: Row) -> None:
    for field in sobject.declared:
        value = given.get(field.name)
        if field.kind is Kind.REFERENCE and value is not None:
            _check_reference(org, field, str(value))
    if sobject.name == "Task" and row.get("WhatId") and str(row.get("WhoId") or "").startswith("00Q"):
        raise refuse("FIELD_INTEGRITY_EXCEPTION", "cannot specify whatID with lead whoID", ["WhatId"])
    _check_unique(org, sobject, row, given)


def _check_reference(org: Org, field: Field, value: str) -> None:
    target = org.full_schema.of_id(value)
    if target is None or target.name not in field.refers_to:
        code = "FIELD_INTEGRITY_EXCEPTION" if field.name in ("WhoId", "WhatId") else "MALFORMED_ID"
        raise ApiError(400, [wrong_id(code, field, value)])
    found = org.store.find(value)
    if found is None:
        raise refuse("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [field.name])
    if not org.sees(found):
        raise no_access(org, value)
    if found.get("IsConverted") and field.name == "WhoId":
        raise _converted()


def _converted() -> ApiError:
    return refuse("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", [])


def _check_unique(org: Org, sobject: SObject, row: Row, given: Row) -> None:
    for field in sobject.declared:
        value = given.get(field.name)
        if not field.unique or value is None:
            continue
        for other in org.store.keyed(sobject, field.name, str(value)) or ():
            if other["Id"] != row.get("Id") and not other.get("IsDeleted"):
                # Another user's row is not named to one who may not see it.
                shown = (field.name, str(other["Id"])[:15]) if org.sees(other) else ("<unknown>", "<unknown>")
                raise refuse(
                    "DUPLICATE_VALUE",
                    "duplicate value found: {} duplicates value on record with id: {}".format(*shown),
                    [field.name],
                )
