"""What a Salesforce id tells by itself: its first three characters name the object, the same in every org. Pure."""

from __future__ import annotations

from app.domain.counterpart import RecordKind

PREFIXES = {
    "001": RecordKind.ACCOUNT.value,
    "003": RecordKind.CONTACT.value,
    "005": RecordKind.USER.value,
    "006": "Opportunity",
    "00Q": RecordKind.LEAD.value,
    "00T": "Task",
    "00U": "Event",
    "500": "Case",
    "701": "Campaign",
}
PEOPLE = frozenset({RecordKind.CONTACT.value, RecordKind.LEAD.value})
"""Who a Task can be with."""
_NEVER_RELATED = PEOPLE | {RecordKind.USER.value, "Task", "Event"}


def kind_of_id(record_id: str) -> str:
    """The object a record is of; empty for one that only this org knows, and for no id."""
    return PREFIXES.get(record_id[:3], "")


def is_person(record_id: str) -> bool:
    """Is it a Contact's or a Lead's?"""
    return kind_of_id(record_id) in PEOPLE


def can_be_related_to(record_id: str) -> bool:
    """Can a Task be about this? Of the org's own objects Salesforce says so itself."""
    return bool(record_id) and kind_of_id(record_id) not in _NEVER_RELATED
