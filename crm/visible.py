"""Which objects and fields the user can read. What an admin hides looks to the API as if it did not exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from app.domain.counterpart import CrmRecord
from crm import rows
from crm.errors import read_faults

T = TypeVar("T")

PEOPLE = ("Contact", "Lead", "Account")
FIELDS: dict[str, tuple[str, ...]] = {
    "Contact": (
        *("Id", "Name", "Title", "AccountId", "Account.Name", "Email", "OwnerId", "Owner.Name", "DoNotCall"),
        *("LastActivityDate", "Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone"),
    ),
    "Lead": (
        *("Id", "Name", "Title", "Company", "Email", "OwnerId", "Owner.Name", "Status", "DoNotCall"),
        *("LastActivityDate", "Phone", "MobilePhone"),
    ),
    "Account": ("Id", "Name", "OwnerId", "Owner.Name", "LastActivityDate", "Phone"),
    "User": ("Id", "Name", "Title", "Department", "Email", "IsActive", "Phone", "MobilePhone", "Extension"),
    "Opportunity": ("Id", "Name", "StageName", "Amount", "CloseDate"),
    "Case": ("Id", "CaseNumber", "Subject", "Status", "Priority"),
    "Task": (
        *("Id", "Subject", "Status", "ActivityDate", "CreatedDate", "TaskSubtype"),
        *("CallType", "CallDisposition", "Owner.Name"),
    ),
    "Ringdown_Day__c": ("Id", "Day__c", "Part__c", "Messages__c", "Counterpart__c", "Owner.Name"),
}
# Only in orgs with person accounts; elsewhere naming them is an error.
_PERSON_ACCOUNT = ("IsPersonAccount", "PersonContactId", "PersonEmail", "PersonDoNotCall")
ABSENT = frozenset({"INVALID_FIELD", "INVALID_TYPE"})
_NEEDED = frozenset({"Id", "Name"})
_NAME = re.compile(r"[A-Za-z]\w{0,79}", re.ASCII)
_NO_COLUMN = re.compile(r"No such column '([\w.]+)' on (?:entity|sobject of type) '?(\w+)'?", re.IGNORECASE)
_NO_OBJECT = re.compile(r"sObject type '(\w+)' is not supported", re.IGNORECASE)
_NO_RELATION = re.compile(r"Didn't understand relationship '(\w+)' in field path", re.IGNORECASE)


class Visible:
    """Remembers what turned out hidden, and what describe told. Thread-safe: values are replaced, never changed."""

    def __init__(self) -> None:
        self.user_id = ""
        """Who is signed in: their records are ``own``."""
        self._hidden: frozenset[tuple[str, str]] = frozenset()
        self._phones: Mapping[str, Mapping[str, str]] = {}
        self._fields: Mapping[str, frozenset[str]] = {}

    def forget(self) -> None:
        """Ask for everything again."""
        self._hidden = frozenset()
        self._phones, self._fields = {}, {}

    def described(self, kind: str) -> bool:
        """Has describe told what this object has?"""
        return kind in self._fields

    def has(self, kind: str, field: str) -> bool:
        """Did describe list this field?"""
        return field in self._fields.get(kind, ())

    def learn(self, kind: str, fields: Sequence[Mapping[str, Any]]) -> None:
        """The fields of an object as describe gives them: every one for phone numbers is looked in from now on."""
        phones = [one for one in fields if _is_phone(one)]
        found = {str(one.get("name")): str(one.get("label") or one.get("name")) for one in phones}
        known = {**rows.PHONE_LABELS, **rows.MORE_PHONE_LABELS}
        order = [*rows.PHONE_LABELS, *(name for name in rows.MORE_PHONE_LABELS if name != "Fax")]
        own = [name for name in found if name not in known]
        fax = [name for name in own if "fax" in name.lower()]
        listed = [*order, *(name for name in own if name not in fax), *fax, "Fax"]
        labels = {name: known.get(name) or found[name] for name in listed if name in found}
        self._phones = {**self._phones, kind: labels}
        self._fields = {**self._fields, kind: frozenset(str(one.get("name")) for one in fields)}

    def phones(self, kind: str) -> Mapping[str, str]:
        """The phone fields of an object with their labels, the usual ones first; a fax last."""
        return self._phones.get(kind) or {**rows.PHONE_LABELS, **rows.MORE_PHONE_LABELS}

    def record(self, row: rows.Row, kind: str = "") -> CrmRecord:
        """A row read with every phone field of its object."""
        kind = kind or rows.kind_of(row)
        return rows.record(row, kind, phones=self.phones(kind), me=self.user_id)

    def people(self) -> list[str]:
        """The objects of people and companies to look in: a service org may hide its leads."""
        return [kind for kind in PEOPLE if (kind, "") not in self._hidden]

    def names(self, kind: str) -> list[str]:
        """The fields of an object to ask for."""
        names = [name for name in FIELDS[kind] if (kind, name) not in self._hidden]
        if kind == "Account":
            names += [name for name in _PERSON_ACCOUNT if self.has(kind, name)]
        return names + [name for name in self._phones.get(kind, ()) if name not in FIELDS[kind]]

    def fields(self, kind: str) -> str:
        """The same as the text of a query."""
        return ", ".join(self.names(kind))

    def hide_object(self, kind: str) -> None:
        """Leave out one of the objects of people, unless it is the last."""
        if kind in self.people() and len(self.people()) > 1:
            self._hidden |= {(kind, "")}

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


def _is_phone(described: Mapping[str, Any]) -> bool:
    if described.get("type") != "phone" or described.get("deprecatedAndHidden") is True:
        return False
    return _NAME.fullmatch(str(described.get("name"))) is not None  # it becomes part of queries
