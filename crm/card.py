"""The sidebar's card: a record, its open deals and cases, its timeline, in one request.

A composite request counts once against the org's limit and takes five queries: the record (with the deals a contact
has a role in), deals of the account, cases, Tasks, days of texts.
"""

from __future__ import annotations

import re

from app.domain.counterpart import Card, RecordRef
from app.errors import AppError, ErrorCode
from crm import rows
from crm.composite import Answer, is_absent, part, queries, select
from crm.errors import read_faults
from crm.ids import id18, is_id
from crm.lane import Lane, rows_of
from crm.visible import PEOPLE, Visible

_NAMES = {"Opportunity": "Id, Name, StageName, AccountId", "Case": "Id, CaseNumber, Subject, Status, AccountId"}
_ROLES = "OpportunityContactRoles"


class Cards:
    """Reads cards; remembers what this user's org does not have. Thread-safe."""

    def __init__(self, visible: Visible) -> None:
        self._visible = visible
        self._absent: frozenset[str] = frozenset()

    def forget(self) -> None:
        """Ask for everything again: an admin may have installed or shown something."""
        self._absent = frozenset()

    def read(self, lane: Lane, ref: RecordRef) -> Card:
        """The card of a record. Raises AppError CRM_NOT_FOUND when the user cannot see it."""
        if not is_id(ref.id) or not re.fullmatch(r"[A-Za-z]\w*", ref.kind):
            raise AppError(ErrorCode.CRM_NOT_FOUND, message="", reason="bad-id")
        answer = self._ask(lane, ref)
        found = part(answer, "record", needed=True)
        if not found:
            raise AppError(ErrorCode.CRM_NOT_FOUND, message="", reason="no-record")
        deals = {deal.id: deal for deal in map(rows.deal, [*_role_deals(found[0]), *part(answer, "deals")])}
        # Of one day with one number the newest part first; not by Salesforce, which may hide its field.
        days = sorted(
            map(rows.day_entry, part(answer, "days")), key=lambda e: (e.owner, e.detail, e.part), reverse=True
        )
        timeline = [*map(rows.task_entry, part(answer, "tasks")), *days]
        return Card(
            record=self._visible.record(found[0], ref.kind),
            deals=tuple(deals.values()),
            cases=tuple(map(rows.case, part(answer, "cases"))),
            timeline=tuple(sorted(timeline, key=lambda entry: entry.when[:10], reverse=True)),
        )

    def _ask(self, lane: Lane, ref: RecordRef) -> Answer:
        """One request, and another one only when a part named a field or relationship this user cannot see."""
        while True:
            wanted = {name: soql for name, soql in self._queries(ref).items() if name not in self._absent}
            answer = lane.composite(queries(**wanted))
            adapted = [self._adapt(name, body) for name, (status, body) in answer.items() if status >= 300]
            if not any(adapted):
                return answer

    def _adapt(self, name: str, body: object) -> bool:
        """Learn from a failed part; True when asking again will go better."""
        messages = [fault.message for fault in read_faults(body) if fault.code == "INVALID_FIELD"]
        hidden = [self._visible.hide(message) for message in messages]
        if any(hidden):
            return True
        if name != "record":
            if is_absent(body):
                self._absent |= {name}
            return False
        if _ROLES not in self._absent and any(f"'{_ROLES[:-1]}" in message for message in messages):
            self._absent |= {_ROLES}
            return True
        return False

    def _queries(self, ref: RecordRef) -> dict[str, str]:
        from simple_salesforce.format import format_soql

        own, see = id18(ref.id), self._visible
        where = format_soql("WHERE Id = {}", own)
        fields = see.fields(ref.kind) if ref.kind in {*PEOPLE, "User"} else _NAMES.get(ref.kind, "Id, Name")
        if ref.kind == "Contact" and _ROLES not in self._absent:
            deal = ", ".join(f"Opportunity.{field}" for field in see.names("Opportunity"))
            fields += f", ({select(deal, _ROLES, 'WHERE Opportunity.IsClosed = false')})"
        asked = {"record": select(fields, ref.kind, where)}
        deals = select(see.fields("Opportunity"), "Opportunity", "WHERE IsClosed = false AND AccountId")
        next_deals = "ORDER BY CloseDate LIMIT 20"
        cases = select(see.fields("Case"), "Case", "WHERE IsClosed = false AND")
        new_cases = "ORDER BY CreatedDate DESC LIMIT 20"
        match ref.kind:
            case "Contact":
                asked["deals"] = f"{deals} IN ({select('AccountId', 'Contact', where)}) {next_deals}"
                asked["cases"] = format_soql(f"{cases} ContactId = {{}} {new_cases}", own)
                related = format_soql("WhoId = {}", own)
            case "Account":
                asked["deals"] = format_soql(f"{deals} = {{}} {next_deals}", own)
                asked["cases"] = format_soql(f"{cases} AccountId = {{}} {new_cases}", own)
                related = format_soql("(AccountId = {} OR WhatId = {})", own, own)
            case "Lead":
                related = format_soql("WhoId = {}", own)
            case _:
                related = format_soql("WhatId = {}", own)
        newest = "ORDER BY ActivityDate DESC NULLS LAST, CreatedDate DESC LIMIT 20"
        asked["tasks"] = select(see.fields("Task"), "Task", "WHERE", related, newest)
        if ref.kind in PEOPLE:
            linked = format_soql(f"WHERE {ref.kind}__c = {{}} ORDER BY Day__c DESC, CreatedDate DESC LIMIT 10", own)
            asked["days"] = select(see.fields("Ringdown_Day__c"), "Ringdown_Day__c", linked)
        return asked


def _role_deals(record: rows.Row) -> list[rows.Row]:
    """The deals a contact has a role in; a child query without rows comes back as null."""
    children = record.get(_ROLES)
    listed = rows_of(children) if isinstance(children, dict) else []
    return [deal for row in listed if isinstance(deal := row.get("Opportunity"), dict)]
