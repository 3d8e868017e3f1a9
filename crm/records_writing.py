"""Making and deleting records by the rep's wish: people, deals, cases, follow-up tasks.

A new person, deal or case has no key of ours, so an upsert cannot make a repeat harmless. The rule instead: before
every insert Salesforce is asked for a record of this very name (and, for people, this very number) that this user
made within the last ten minutes, which is Salesforce's own limit for a request. If there is one, an answer was lost
and that record is the one. The rule needs no memory, so it holds over a restart as well.

A follow-up is a Task with a key of its own (`<user>|followup|<id>`) and written as calls are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.domain.call_log import CallLog
from app.domain.counterpart import CrmRecord, RecordRef
from app.domain.external_ids import KEY_FIELD
from app.domain.follow_up import FollowUp
from app.domain.local_time import rep_day, zone_of
from app.domain.new_record import PERSON_ACCOUNT, NewRecord
from app.domain.subject import person_of
from app.errors import AppError, ErrorCode
from app.ports.crm import TaskReceipt
from crm import rows
from crm.composite import part, queries, select
from crm.errors import UnexpectedReplyError
from crm.forms import Forms, sobject_of
from crm.ids import id18, is_id
from crm.lane import Lane, mapping_of, writable
from crm.mapping import SUBJECT_LIMIT, one_line, relation, sent_changes, utc
from crm.visible import PEOPLE, Visible
from crm.writes import TaskWriter

JUST_MADE = timedelta(minutes=10)
SAVE_ANYWAY = {"Sforce-Duplicate-Rule-Header": "allowSave=true; includeRecordDetails=true; runAsCurrentUser=true"}
KEEP_MINE = {"Sforce-Auto-Assign": "FALSE"}
"""Who makes a lead keeps it: no assignment rule takes it away. A case goes where the org's rules send it."""

# What tells one record from another: the same in all of these, made by the same user minutes ago, is the same.
_SAME: dict[str, tuple[str, ...]] = {
    "Contact": ("LastName", "FirstName", *rows.PHONE_LABELS),
    "Lead": ("LastName", "FirstName", "Company", "Phone", "MobilePhone"),
    PERSON_ACCOUNT: ("LastName", "FirstName", "Phone", "PersonMobilePhone"),
    "Opportunity": ("Name", "AccountId"),
    "Case": ("Subject", "ContactId", "AccountId"),
}


def create(lane: Lane, forms: Forms, wanted: NewRecord, user_id: str, *, save_anyway: bool = False) -> RecordRef:
    """Make a record, or find the one an earlier try made. Raises CRM_DUPLICATE with what was found like it."""
    values = {name: writable(text) for name, text in wanted.values.items() if text}
    sobject = sobject_of(wanted.kind)
    if wanted.kind == PERSON_ACCOUNT and "RecordTypeId" not in values:
        values["RecordTypeId"] = next(iter(forms.person_types(lane)), "")
    made_already = _just_made(lane, wanted.kind, values, user_id)
    if made_already:
        return RecordRef(sobject, made_already)
    headers = {**(SAVE_ANYWAY if save_anyway else {}), **(KEEP_MINE if wanted.kind == "Lead" else {})}
    answer = getattr(lane.sf, sobject).create(values, headers=headers or None)
    made = str(mapping_of(answer).get("id", ""))
    if not is_id(made):
        raise UnexpectedReplyError
    return RecordRef(sobject, id18(made))


def _just_made(lane: Lane, kind: str, values: Mapping[str, str], user_id: str) -> str:
    from simple_salesforce.format import format_soql

    given = {name: values[name] for name in _SAME[kind] if name in values}
    if not given:
        return ""
    since = utc(lane.server_now() - JUST_MADE)
    same = " AND ".join(format_soql(f"{name} = {{}}", given.get(name)) for name in (*given, *_unowned(kind, given)))
    mine = format_soql("CreatedById = {}", id18(user_id))
    newest = f"AND CreatedDate >= {since} ORDER BY CreatedDate DESC LIMIT 1"
    found = lane.query(select("Id", sobject_of(kind), "WHERE", same, "AND", mine, newest))
    return id18(rows.text(found[0], "Id")) if found else ""


def _unowned(kind: str, given: Mapping[str, str]) -> list[str]:
    """The owners that a record must not have to be the same: a "Renewal" of nobody is none of Acme's.

    Salesforce gives a case the company of its contact by itself.
    """
    owners = {"Opportunity": ("AccountId",), "Case": ("ContactId", "AccountId")}.get(kind, ())
    return [name for name in owners if name not in given and not (name == "AccountId" and "ContactId" in given)]


def read_people(lane: Lane, visible: Visible, forms: Forms, refs: Sequence[RecordRef]) -> list[CrmRecord]:
    """These people and companies as far as this user can see them, in the order asked.

    An Account that is a person comes as the Contact behind it.
    """
    from simple_salesforce.format import format_soql

    by_kind: dict[str, list[str]] = {}
    for ref in refs:
        if ref.kind in PEOPLE:
            by_kind.setdefault(ref.kind, []).append(id18(ref.id))

    if "Account" in by_kind:
        forms.learn_accounts(lane, visible)

    def ask() -> dict[str, CrmRecord]:
        wanted = {
            kind: select(visible.fields(kind), kind, format_soql("WHERE Id IN {}", ids))
            for kind, ids in by_kind.items()
            if kind in visible.people()
        }
        answer = lane.composite(queries(**wanted)) if wanted else {}
        return {id18(rows.text(row, "Id")): visible.record(row, kind) for kind in wanted for row in part(answer, kind)}

    found = visible.ask(ask)
    return [found[id18(ref.id)] for ref in refs if id18(ref.id) in found]


def delete(lane: Lane, ref: RecordRef) -> None:
    """Move a record to the recycle bin; one that is gone already is fine."""
    from simple_salesforce.exceptions import SalesforceResourceNotFound

    try:
        getattr(lane.sf, ref.kind).delete(id18(ref.id))
    except SalesforceResourceNotFound:
        return


def follow_up_values(one: FollowUp, log: CallLog) -> dict[str, object]:
    """A follow-up as the whole Task, without the key. Status and priority are left to the org's own defaults."""
    who, what = relation(log)
    person = person_of(log)
    subject = one_line(one.text) or f"Follow up with {person}".strip()
    lines = [f"From the call with {person or 'somebody'} on {rep_day(log.call.started, one.zone)}."]
    values: dict[str, object] = {
        "Subject": subject[:SUBJECT_LIMIT],
        "TaskSubtype": "Task",
        "ActivityDate": one.day.isoformat(),
        "WhoId": who,
        "WhatId": what,
        "IsReminderSet": one.at is not None,
        "ReminderDateTime": None,
    }
    if one.at is not None:
        lines.insert(0, f"Due at {one.at:%H:%M} ({one.zone}).")
        values["ReminderDateTime"] = utc(datetime.combine(one.day, one.at, zone_of(one.zone)))
    return values | {"Description": "\n".join(lines)}


def write_follow_up(
    lane: Lane,
    tasks: TaskWriter,
    one: FollowUp,
    log: CallLog,
    *,
    key: str,
    sent: Mapping[str, object],
    tried_at: datetime | None = None,
) -> TaskReceipt:
    """Make, change or take back the Task of a follow-up; only what differs from ``sent`` goes out. Safe to repeat.

    One deleted in Salesforce stays deleted.
    """
    if one.removed:
        _take_back(lane, one, key)
        return TaskReceipt("", {})
    values = follow_up_values(one, log)
    if sent and one.task_id:
        changes = sent_changes(values, sent)
        if changes:
            try:
                tasks.change(lane, one.task_id, changes)
            except AppError as error:
                if error.code is not ErrorCode.CRM_NOT_FOUND:
                    raise
                return TaskReceipt(one.task_id, dict(sent))
        return TaskReceipt(one.task_id, {**sent, **changes})
    return TaskReceipt(tasks.create(lane, key, values, tried_at), values)


def _take_back(lane: Lane, one: FollowUp, key: str) -> None:
    if one.task_id:
        delete(lane, RecordRef("Task", one.task_id))
        return
    # The answer to its insert may have been lost: it is looked for by its key, in an org without our fields too.
    for row in _by_key(lane, key):
        delete(lane, RecordRef("Task", id18(rows.text(row, "Id"))))


def _by_key(lane: Lane, key: str) -> list[dict[str, Any]]:
    from simple_salesforce.exceptions import SalesforceMalformedRequest
    from simple_salesforce.format import format_soql

    try:
        return lane.query(select("Id", "Task", format_soql(f"WHERE {KEY_FIELD} = {{}}", key)))
    except SalesforceMalformedRequest:
        return lane.query(select("Id", "Task", format_soql("WHERE CallObject = {}", key)))
