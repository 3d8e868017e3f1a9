"""Phone fields of people and companies: what stands in them, and one changed by the rep's wish.

1. Who is a person account shows as a Contact, but Salesforce changes that Contact only by itself: numbers are read
   from, and written to, the Account it follows.
2. A field is written only while it holds what the rep saw, and the record is as it was when that was looked at
   (`If-Unmodified-Since`): a colleague's newer number is never written over. The header has whole seconds only: where
   Salesforce refuses it for a record that still has the same date, what was just read once more is good enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from app.domain.counterpart import RecordRef
from app.domain.new_record import PhoneSlot
from app.errors import AppError, ErrorCode
from crm import rows
from crm.composite import part, queries, select
from crm.forms import Forms
from crm.ids import id18
from crm.lane import Lane
from crm.visible import PEOPLE, Visible

_LOOKS = 3
"""So often a record that goes on changing under our hands is read again."""
_CHANGED_AT = "LastModifiedDate"
_OF_PERSONS = {
    "Phone": rows.PHONE_LABELS["Phone"],
    **{name: label for name, label in rows.MORE_PHONE_LABELS.items() if name.startswith("Person")},
}


def phone_slots(lane: Lane, visible: Visible, forms: Forms, ref: RecordRef) -> list[PhoneSlot]:
    """The phone fields of a record that this user may change, with what stands in them."""
    kind, row = _read(lane, visible, forms, ref)
    labels = _labels(kind, row)
    usable = forms.updateable(lane, kind, [name for name in labels if name in visible.names(kind)])
    return [PhoneSlot(name, labels[name], rows.text(row, name)) for name in usable]


def set_phone(
    lane: Lane, visible: Visible, forms: Forms, ref: RecordRef, field: str, number: str, *, expected: str
) -> None:
    """Put a number (empty clears) into a phone field that holds ``expected``. Safe to repeat.

    Raises CRM_CHANGED when somebody put another number there meanwhile.
    """
    from simple_salesforce.exceptions import SalesforceGeneralError

    seen = ""
    for look in range(1, _LOOKS + 1):
        kind, row = _read(lane, visible, forms, ref)
        if field not in _labels(kind, row):
            raise AppError(ErrorCode.CRM_REFUSED, message="", reason="no-phone-field")
        holds = rows.text(row, field)
        if holds == number:
            return
        if holds != expected:
            raise AppError(ErrorCode.CRM_CHANGED, message=holds, reason="changed")
        headers = {} if rows.text(row, _CHANGED_AT) == seen else _unless_newer(row)
        seen = rows.text(row, _CHANGED_AT)
        try:
            getattr(lane.sf, kind).update(id18(rows.text(row, "Id")), {field: number or None}, headers=headers)
        except SalesforceGeneralError as error:
            if error.status != 412 or look == _LOOKS:
                raise
        else:
            return


def _labels(kind: str, row: rows.Row) -> Mapping[str, str]:
    return _OF_PERSONS if kind == "Account" and row.get("IsPersonAccount") is True else rows.PHONE_LABELS


def _unless_newer(row: rows.Row) -> dict[str, str]:
    try:
        at = datetime.fromisoformat(rows.text(row, _CHANGED_AT))
    except ValueError:
        return {}
    return {"If-Unmodified-Since": format_datetime(at.astimezone(UTC), usegmt=True)}


def _read(lane: Lane, visible: Visible, forms: Forms, ref: RecordRef) -> tuple[str, rows.Row]:
    """The row whose fields are written, and its object: the record's own, or the Account of a person."""
    from simple_salesforce.format import format_soql

    if ref.kind not in PEOPLE:
        raise AppError(ErrorCode.CRM_NOT_FOUND, message="", reason="no-person")
    if ref.kind != "Lead":
        forms.learn_accounts(lane, visible)

    def ask() -> list[tuple[str, rows.Row]]:
        wanted = {ref.kind: format_soql("WHERE Id = {}", id18(ref.id))}
        if ref.kind == "Contact" and visible.has("Account", "PersonContactId"):
            wanted["Account"] = format_soql("WHERE PersonContactId = {}", id18(ref.id))
        asked = {kind: select(f"{visible.fields(kind)}, {_CHANGED_AT}", kind, where) for kind, where in wanted.items()}
        answer = lane.composite(queries(**asked))
        return [(kind, row) for kind in reversed(wanted) for row in part(answer, kind, needed=True)]

    found = visible.ask(ask)
    if not found:
        raise AppError(ErrorCode.CRM_NOT_FOUND, message="", reason="no-record")
    return found[0]
