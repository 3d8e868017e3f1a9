"""Person accounts: one Account that is a human, and the Contact that follows it like a shadow."""

from __future__ import annotations

from . import caller
from .errors import read_only, refuse
from .org import Org
from .person_fields import PERSON_TYPE_NAME, SHADOWED
from .schema import Row, SObject

_NO_NAMES = ("FirstName", "LastName", "Salutation")


def prepare(org: Org, sobject: SObject, row: Row, given: Row, *, checked: bool = True) -> None:
    """Before an Account is checked: names a person, and refuses a person's names on a company. Raises ApiError.

    Without `checked`, as when loading, a LastName is enough to be a person.
    """
    if sobject.name != "Account" or not org.settings.person_accounts:
        return
    if not checked and row.get("LastName") and not row.get("RecordTypeId"):
        row["RecordTypeId"] = person_type(org)
    person = bool(row.get("RecordTypeId")) and row.get("RecordTypeId") == person_type(org)
    row["IsPersonAccount"] = person
    wrong = ["Name"] if person and given.get("Name") else []
    if not person:
        wrong = [name for name in _NO_NAMES if given.get(name)]
    if wrong and checked:
        raise refuse(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            f"Account: bad field names on insert/update call: {', '.join(wrong)}",
            wrong,
        )
    if person:
        if not row.get("LastName"):
            raise refuse("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", ["LastName"])
        row["Name"] = " ".join(str(row[part]) for part in ("FirstName", "LastName") if row.get(part))


def shadow(org: Org, row: Row) -> None:
    """When a person Account is saved: makes or changes the Contact behind it, with the Account's stamps."""
    contacts = org.full_schema.find("Contact")
    if not row.get("IsPersonAccount") or contacts is None:
        return
    behind = org.store.find(str(row.get("PersonContactId") or ""))
    if behind is None:
        behind = {
            "Id": org.store.new_id(contacts),
            "CreatedDate": row["CreatedDate"],
            "CreatedById": row["CreatedById"],
        }
        row["PersonContactId"] = behind["Id"]
    stamps = {name: row[name] for name in ("LastModifiedDate", "LastModifiedById", "SystemModstamp")}
    copied = {theirs: row.get(ours) for ours, theirs in SHADOWED.items()}
    org.store.put(
        contacts,
        {**behind, **copied, **stamps, "Name": row["Name"], "AccountId": row["Id"], "IsPersonAccount": True},
    )


def spare_shadow(org: Org, sobject: SObject, row: Row) -> None:
    """The Contact behind a person is changed and deleted through the Account only. Raises ApiError."""
    if sobject.name == "Contact" and row.get("IsPersonAccount"):
        raise read_only(org.settings.access_status)


def plant_types(org: Org) -> None:
    """Makes the two record types of Account in an org whose person accounts were just switched on."""
    types = org.full_schema.find("RecordType")
    if types is None or not org.settings.person_accounts or person_type(org):
        return
    stamp, user = org.stamp(), caller.user_id()
    with org.store.transaction():
        for name, developer_name in (("Business Account", "Business_Account"), ("Person Account", PERSON_TYPE_NAME)):
            org.store.put(
                types,
                {
                    "Id": org.store.new_id(types),
                    "Name": name,
                    "DeveloperName": developer_name,
                    "SobjectType": "Account",
                    "IsActive": True,
                    "IsPersonType": developer_name == PERSON_TYPE_NAME,
                    "CreatedDate": stamp,
                    "CreatedById": user,
                    "LastModifiedDate": stamp,
                    "LastModifiedById": user,
                    "SystemModstamp": stamp,
                },
            )
    org.apply(org.settings)


def person_type(org: Org) -> str | None:
    """The id of the record type that makes an Account a person."""
    types = org.full_schema.find("RecordType")
    for row in org.store.rows(types) if types else ():
        if row.get("DeveloperName") == PERSON_TYPE_NAME:
            return str(row["Id"])
    return None
