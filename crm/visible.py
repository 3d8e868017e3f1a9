"""Which objects and fields the user can read. What an admin hides looks to the API as if it did not exist."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from crm.errors import read_faults

T = TypeVar("T")

PEOPLE = ("Contact", "Lead", "Account")
FIELDS: dict[str, tuple[str, ...]] = {
    "Contact": (
        *("Id", "Name", "Title", "AccountId", "Account.Name", "Email", "Owner.Name", "DoNotCall"),
        *("Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone"),
    ),
    "Lead": ("Id", "Name", "Title", "Company", "Email", "Owner.Name", "Status", "DoNotCall", "Phone", "MobilePhone"),
    "Account": ("Id", "Name", "Owner.Name", "Phone"),
    "Opportunity": ("Id", "Name", "StageName", "Amount", "CloseDate"),
    "Case": ("Id", "CaseNumber", "Subject", "Status", "Priority"),
    "Task": (
        *("Id", "Subject", "Status", "ActivityDate", "CreatedDate", "TaskSubtype"),
        *("CallType", "CallDisposition", "Owner.Name"),
    ),
    "Ringdown_Day__c": ("Id", "Day__c", "Messages__c", "Counterpart__c", "Owner.Name"),
}
ABSENT = frozenset({"INVALID_FIELD", "INVALID_TYPE"})
_NEEDED = frozenset({"Id", "Name"})
_NO_COLUMN = re.compile(r"No such column '([\w.]+)' on (?:entity|sobject of type) '?(\w+)'?", re.IGNORECASE)
_NO_OBJECT = re.compile(r"sObject type '(\w+)' is not supported", re.IGNORECASE)
_NO_RELATION = re.compile(r"Didn't understand relationship '(\w+)' in field path", re.IGNORECASE)


class Visible:
    """Remembers what turned out hidden. Thread-safe: the set is replaced, never changed."""

    def __init__(self) -> None:
        self._hidden: frozenset[tuple[str, str]] = frozenset()

    def forget(self) -> None:
        """Ask for everything again."""
        self._hidden = frozenset()

    def people(self) -> list[str]:
        """The objects of people and companies to look in: a service org may hide its leads."""
        return [kind for kind in PEOPLE if (kind, "") not in self._hidden]

    def names(self, kind: str) -> list[str]:
        """The fields of an object to ask for."""
        return [name for name in FIELDS[kind] if (kind, name) not in self._hidden]

    def fields(self, kind: str) -> str:
        """The same as the text of a query."""
        return ", ".join(self.names(kind))

    def hide(self, message: str) -> bool:
        """Leave out what an INVALID_FIELD or INVALID_TYPE message names; False when that changes nothing."""
        if found := _NO_OBJECT.search(message):
            hit = {(kind, "") for kind in PEOPLE if kind.lower() == found[1].lower()}
            hit = hit if len(self.people()) > 1 else set()
        elif found := _NO_COLUMN.search(message):
            column, kind = found[1].lower(), found[2].lower()
            hit = {(k, f) for k, names in FIELDS.items() for f in names if (k.lower(), f.lower()) == (kind, column)}
        elif found := _NO_RELATION.search(message):
            prefix = found[1].lower() + "."
            hit = {(k, f) for k, names in FIELDS.items() for f in names if f.lower().startswith(prefix)}
        else:
            return False
        fresh = {(k, f) for k, f in hit if f not in _NEEDED} - self._hidden
        self._hidden |= fresh
        return bool(fresh)

    def ask(self, work: Callable[[], T]) -> T:
        """Run ``work``; again without what Salesforce says is not there, until it passes or nothing is left."""
        from simple_salesforce.exceptions import SalesforceMalformedRequest

        while True:
            try:
                return work()
            except SalesforceMalformedRequest as error:
                faults = read_faults(error.content)
                hidden = [self.hide(fault.message) for fault in faults if fault.code in ABSENT]
                if not any(hidden):
                    raise
