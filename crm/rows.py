"""Rows as Salesforce returns them, read into the words of the app. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.counterpart import CrmCase, CrmRecord, Deal, RecordRef, TimelineEntry
from crm.ids import id18

Row = Mapping[str, Any]

_MOST = 1e18  # Salesforce's own limit of a number; what is no number at all is not less than it either

PHONE_LABELS = {
    "Phone": "Phone",
    "MobilePhone": "Mobile",
    "HomePhone": "Home",
    "OtherPhone": "Other",
    "AssistantPhone": "Assistant",
}
# The same for what only some objects have. A fax is called by nobody, so it comes last everywhere.
MORE_PHONE_LABELS = {
    "PersonMobilePhone": "Mobile",
    "PersonHomePhone": "Home",
    "PersonOtherPhone": "Other",
    "PersonAssistantPhone": "Assistant",
    "Extension": "Extension",
    "Fax": "Fax",
}


def kind_of(row: Row) -> str:
    """API name of the object a row is of."""
    attributes = row.get("attributes")
    return str(attributes.get("type", "")) if isinstance(attributes, Mapping) else ""


def text(row: Row, path: str) -> str:
    """A field's text, over relationships (``Account.Name``); empty when unset, hidden or not asked for."""
    value: Any = row
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return ""
        value = value.get(name)
    return "" if value is None else str(value)


def record(row: Row, kind: str = "", *, phones: Mapping[str, str] = PHONE_LABELS, me: str = "") -> CrmRecord:
    """A Contact, Lead, Account or User; of any other object the name. ``me`` is the signed-in user's id.

    ``phones`` are the phone fields with their labels. A person account is the Contact behind it: only that can be the
    who of a Task, and both rows are one human.
    """
    kind = kind or kind_of(row)
    own_id = id18(text(row, "Id"))
    is_account = kind == "Account"
    person = id18(text(row, "PersonContactId")) if is_account and row.get("IsPersonAccount") is True else ""
    name = text(row, "Name") or text(row, "Subject") or text(row, "CaseNumber")
    company = text(row, "Company") or text(row, "Account.Name")
    return CrmRecord(
        ref=RecordRef("Contact", person) if person else RecordRef(kind, own_id),
        name=name,
        title=text(row, "Title"),
        company=company if company != name else "",  # a person account is its own company
        account_id=own_id if is_account else id18(text(row, "AccountId")),
        email=text(row, "Email") or text(row, "PersonEmail"),
        owner=text(row, "Owner.Name"),
        status=text(row, "Status") or text(row, "StageName"),
        phones=tuple((label, stored) for field, label in phones.items() if (stored := text(row, field))),
        do_not_call=row.get("DoNotCall") is True or row.get("PersonDoNotCall") is True,
        own=bool(me) and id18(text(row, "OwnerId")) == id18(me),
        active_on=text(row, "LastActivityDate"),
        extension=text(row, "Extension"),
        department=text(row, "Department") if kind == "User" else "",
        is_active=row.get("IsActive") is not False,
    )


def deal(row: Row) -> Deal:
    """An Opportunity."""
    amount = row.get("Amount")
    return Deal(
        id=id18(text(row, "Id")),
        name=text(row, "Name"),
        stage=text(row, "StageName"),
        amount=float(amount) if isinstance(amount, int | float) and abs(amount) < _MOST else None,
        close_date=text(row, "CloseDate"),
    )


def case(row: Row) -> CrmCase:
    """A Case."""
    return CrmCase(
        id=id18(text(row, "Id")),
        number=text(row, "CaseNumber"),
        subject=text(row, "Subject"),
        status=text(row, "Status"),
        priority=text(row, "Priority"),
    )


def task_entry(row: Row) -> TimelineEntry:
    """A Task on the timeline: its day, or when it was made if it has none."""
    is_call = text(row, "TaskSubtype") == "Call" or bool(text(row, "CallType"))
    return TimelineEntry(
        id=id18(text(row, "Id")),
        kind="call" if is_call else "task",
        subject=text(row, "Subject"),
        when=text(row, "ActivityDate") or instant(text(row, "CreatedDate")),
        owner=text(row, "Owner.Name"),
        detail=(text(row, "CallDisposition") if is_call else "") or text(row, "Status"),
    )


def day_entry(row: Row) -> TimelineEntry:
    """A day of texts on the timeline; ``detail`` is the number it was with."""
    return TimelineEntry(
        id=id18(text(row, "Id")),
        kind="texts",
        subject="",
        when=text(row, "Day__c"),
        owner=text(row, "Owner.Name"),
        detail=text(row, "Counterpart__c"),
        texts=_whole(row.get("Messages__c"), 0),
        part=_whole(row.get("Part__c"), 1),
    )


def _whole(value: object, otherwise: int) -> int:
    return int(value) if isinstance(value, int | float) and abs(value) < _MOST else otherwise


def instant(stamp: str) -> str:
    """Salesforce's ``2026-05-07T22:07:19.000+0000`` as ``2026-05-07T22:07:19Z``; anything else as it is."""
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at.tzinfo else stamp
