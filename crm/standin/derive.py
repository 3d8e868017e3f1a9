"""What the org fills in by itself when a record is saved: names, closed flags, stamps, copied parents."""

from __future__ import annotations

from . import files, person_accounts
from .objects_work import CLOSED_CASE, STAGES, TASK_STATUSES
from .org import Org
from .schema import Row, SObject


def derive(org: Org, sobject: SObject, row: Row, old: Row | None) -> None:
    """Completes `row` in place before it is stored; `old` is the row before, None for a new one."""
    match sobject.name:
        case "Contact" | "Lead" | "User":
            row["Name"] = _full_name(row)
        case "Account":
            person_accounts.shadow(org, row)
        case "Opportunity":
            _opportunity(row, old)
        case "Case":
            _case(org, row, old)
        case "ContentVersion":
            files.take_bytes(org, row, old)
        case "ContentDocumentLink":
            files.check_link(org, row)
        case "Task":
            _task(org, row, old)
    if old is None:
        for field in sobject.declared:
            if field.auto_number and not row.get(field.name):
                row[field.name] = field.auto_number.format(org.store.count(sobject))


def _full_name(row: Row) -> str:
    parts = [str(row[part]) for part in ("FirstName", "LastName") if row.get(part)]
    # Family name first for names written in Han or kana, as a Japanese locale shows them.
    if len(parts) == 2 and all(ord(part[0]) >= 0x3040 for part in parts):
        parts.reverse()
    return " ".join(parts)


def _opportunity(row: Row, old: Row | None) -> None:
    closed, won, probability, forecast = STAGES.get(str(row.get("StageName")), (False, False, 50, "Pipeline"))
    row["IsClosed"] = closed
    row["IsWon"] = won
    row["ForecastCategoryName"] = forecast
    moved = old is None or old.get("StageName") != row.get("StageName")
    untouched = row.get("Probability") == (old.get("Probability") if old else None)
    if moved and untouched:
        row["Probability"] = float(probability)
    amount, likely = row.get("Amount"), row.get("Probability")
    row["ExpectedRevenue"] = float(amount) * float(likely) / 100 if amount is not None and likely is not None else None


def _case(org: Org, row: Row, old: Row | None) -> None:
    row["IsClosed"] = row.get("Status") in CLOSED_CASE
    if not row["IsClosed"]:
        row["ClosedDate"] = None
    elif not row.get("ClosedDate"):
        row["ClosedDate"] = org.stamp()
    if old is None and row.get("ContactId") and not row.get("AccountId"):
        contact = org.store.find(str(row["ContactId"]))
        row["AccountId"] = contact.get("AccountId") if contact else None


def _task(org: Org, row: Row, old: Row | None) -> None:
    row["IsClosed"] = TASK_STATUSES.get(str(row.get("Status")), False)
    row["IsHighPriority"] = row.get("Priority") == "High"
    if not row["IsClosed"]:
        row["CompletedDateTime"] = None
    elif not row.get("CompletedDateTime"):
        row["CompletedDateTime"] = org.stamp()
    row["AccountId"] = _account_of(org, row)
    if row["IsClosed"] and row.get("ActivityDate"):
        for name in ("WhoId", "WhatId", "AccountId"):
            _note_activity(org, row.get(name), str(row["ActivityDate"]))


def _account_of(org: Org, row: Row) -> str | None:
    """From the Account, or what belongs to one, in WhatId; else from the Contact."""
    for name in ("WhatId", "WhoId"):
        target = row.get(name)
        if not target:
            continue
        if str(target).startswith("001"):
            return str(target)
        parent = org.store.find(str(target))
        account = parent.get("AccountId") or parent.get("Account__c") if parent else None
        if account:
            return str(account)
    return None


def _note_activity(org: Org, record_id: object, day: str) -> None:
    """Moves LastActivityDate forward; the record's own stamps stay, as in Salesforce."""
    if not record_id:
        return
    sobject = org.full_schema.of_id(str(record_id))
    parent = org.store.find(str(record_id))
    if sobject is None or parent is None or "lastactivitydate" not in sobject.fields:
        return
    if str(parent.get("LastActivityDate") or "") < day:
        org.store.put(sobject, {**parent, "LastActivityDate": day})
