"""What happens to records besides create, change and delete: merge, undelete, purge, conversion of a Lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import caller, ids, records, times
from .errors import refuse
from .org import Org
from .schema import Kind, Row, SObject, Value

MERGEABLE = ("Account", "Contact", "Lead")
_MOST_LOSERS = 2
_CONVERTED = "Closed - Converted"
# Lead field: Contact field.
_TO_CONTACT = {
    "FirstName": "FirstName",
    "LastName": "LastName",
    "Salutation": "Salutation",
    "Title": "Title",
    "Phone": "Phone",
    "MobilePhone": "MobilePhone",
    "Fax": "Fax",
    "Email": "Email",
    "LeadSource": "LeadSource",
    "DoNotCall": "DoNotCall",
    "HasOptedOutOfEmail": "HasOptedOutOfEmail",
    "OwnerId": "OwnerId",
}


def merge(org: Org, sobject: SObject, master_id: str, loser_ids: Sequence[str], values: Mapping[str, Any]) -> Row:
    """Merges one or two records into the master: they go to the recycle bin with `MasterRecordId`, what
    points to them then points to the master, which takes over `values`. Returns the master. Raises ApiError.
    """
    if sobject.name not in MERGEABLE:
        raise refuse("INVALID_TYPE", f"{sobject.name} records cannot be merged")
    with org.store.transaction():
        master = records.existing(org, sobject, master_id)
        losers = [records.existing(org, sobject, one) for one in dict.fromkeys(loser_ids)]
        if not 1 <= len(losers) <= _MOST_LOSERS or any(one["Id"] == master["Id"] for one in losers):
            raise refuse("INVALID_INPUT", f"one to {_MOST_LOSERS} other records can be merged into a master")
        stamp = _stamps(org)
        for loser in losers:
            _repoint(org, sobject, str(loser["Id"]), str(master["Id"]))
            gone = {**loser, "IsDeleted": True, "MasterRecordId": master["Id"], **stamp}
            org.store.put(sobject, gone)
            behind = loser.get("PersonContactId"), master.get("PersonContactId")
            if all(behind):
                merge(org, records.object_named(org, "Contact"), str(behind[1]), [str(behind[0])], {})
        if values:
            records.update(org, sobject, str(master["Id"]), values)
        else:
            org.store.put(sobject, {**records.existing(org, sobject, master_id), **stamp})
        return records.existing(org, sobject, master_id)


def undelete(org: Org, record_ids: Sequence[str]) -> list[str]:
    """Takes records out of the recycle bin and returns their ids. Raises ApiError."""
    restored: list[str] = []
    with org.store.transaction():
        for one in record_ids:
            sobject, row = _any(org, one)
            if not row.get("IsDeleted"):
                raise refuse("UNDELETE_FAILED", "Entity is not in the recycle bin", [])
            if row.get("MasterRecordId"):
                raise refuse("UNDELETE_FAILED", "A merged record cannot be restored", [])
            org.store.put(sobject, {**row, "IsDeleted": False, **_stamps(org)})
            restored.append(str(row["Id"]))
            for name in records.BELONGS.get(sobject.name, ()):
                child = records.object_named(org, name)
                # What was deleted before its company stays deleted.
                for belonging in org.store.keyed(child, "AccountId", str(row["Id"])):
                    if belonging.get("IsDeleted") and str(belonging["SystemModstamp"]) >= str(row["SystemModstamp"]):
                        org.store.put(child, {**belonging, "IsDeleted": False, **_stamps(org)})
    return restored


def empty_bin(org: Org) -> int:
    """Removes deleted records for good; from now on nobody can learn of them. Returns how many."""
    gone = 0
    with org.store.transaction():
        for sobject in org.schema.objects:
            for row in org.store.rows(sobject):
                if row.get("IsDeleted"):
                    org.store.drop(sobject, str(row["Id"]))
                    gone += 1
    org.bin_emptied = org.now()
    return gone


def convert(org: Org, lead_id: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Converts a Lead: into `accountId` and `contactId` if given, else into new records; with a deal of the name
    `opportunityName`. Its Tasks move to the Contact. Returns the ids. Raises ApiError.
    """
    lead_object = records.object_named(org, "Lead")
    with org.store.transaction():
        lead = records.existing(org, lead_object, lead_id)
        if lead.get("IsConverted"):
            raise refuse("CANNOT_UPDATE_CONVERTED_LEAD", "this lead has already been converted", [])
        account = _given(org, "Account", wanted.get("accountId")) or _made(
            org, "Account", {"Name": lead["Company"], "Phone": lead.get("Phone"), "OwnerId": lead.get("OwnerId")}
        )
        contact = _given(org, "Contact", wanted.get("contactId")) or _made(
            org,
            "Contact",
            {"AccountId": account} | {theirs: lead.get(ours) for ours, theirs in _TO_CONTACT.items()},
        )
        name = wanted.get("opportunityName")
        deal = _deal(org, str(name), account, contact) if name else None
        today = org.now().astimezone(times.zone(org.user_zone())).date().isoformat()
        converted: Row = {
            "IsConverted": True,
            "Status": _CONVERTED,
            "ConvertedDate": today,
            "ConvertedAccountId": account,
            "ConvertedContactId": contact,
            "ConvertedOpportunityId": deal,
        }
        org.store.put(lead_object, {**lead, **converted, **_stamps(org)})
        moved = _move_tasks(org, str(lead["Id"]), contact)
        answer = {"leadId": lead["Id"], "accountId": account, "contactId": contact, "opportunityId": deal}
        return {**answer, "tasksMoved": moved}


# -- helpers


def _stamps(org: Org) -> dict[str, Value]:
    stamp = org.stamp()
    return {"LastModifiedDate": stamp, "LastModifiedById": caller.user_id(), "SystemModstamp": stamp}


def _repoint(org: Org, target: SObject, old: str, new: str) -> None:
    """Lets every live record that refers to one record refer to another."""
    for child in org.schema.objects:
        lookups = [
            one.name
            for one in child.declared
            if one.kind is Kind.REFERENCE and target.name in one.refers_to and one.name != "MasterRecordId"
        ]
        for row in org.store.rows(child) if lookups else ():
            changed: dict[str, Value] = {name: new for name in lookups if row.get(name) == old}
            if changed and not row.get("IsDeleted"):
                org.store.put(child, {**row, **changed, **_stamps(org)})


def _move_tasks(org: Org, lead: str, contact: str) -> int:
    task = records.object_named(org, "Task")
    rows = [row for row in org.store.rows(task) if row.get("WhoId") == lead and not row.get("IsDeleted")]
    person = org.store.find(contact) or {}
    for row in rows:
        account = row.get("AccountId") or person.get("AccountId")
        org.store.put(task, {**row, "WhoId": contact, "AccountId": account, **_stamps(org)})
    return len(rows)


def _any(org: Org, record_id: str) -> tuple[SObject, Row]:
    """The row of an id of any object, deleted or not. Raises ApiError."""
    full = ids.normalise(record_id) or ""
    sobject = org.schema.of_id(full)
    row = org.store.get(sobject, full) if sobject else None
    if sobject is None or row is None:
        raise refuse("NOT_FOUND", "The requested resource does not exist", status=404)
    return sobject, row


def _given(org: Org, name: str, record_id: object) -> str | None:
    if not isinstance(record_id, str):
        return None
    return str(records.existing(org, records.object_named(org, name), record_id)["Id"])


def _made(org: Org, name: str, values: Mapping[str, Value]) -> str:
    given = {field: value for field, value in values.items() if value is not None}
    return records.create(org, records.object_named(org, name), given)


def _deal(org: Org, name: str, account: str, contact: str) -> str:
    close = org.now().date().replace(month=12, day=31).isoformat()
    deal = _made(
        org, "Opportunity", {"AccountId": account, "Name": name, "StageName": "Prospecting", "CloseDate": close}
    )
    _made(org, "OpportunityContactRole", {"OpportunityId": deal, "ContactId": contact, "IsPrimary": True})
    return deal
