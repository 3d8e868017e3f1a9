"""What a rep can do about something Salesforce will not take. Pure."""

from __future__ import annotations

from enum import StrEnum


class Advice(StrEnum):
    """The one thing to try; the window has a sentence for each."""

    NONE = "none"
    WAIT = "wait"  # nothing to do: it is tried again by itself
    PERMISSION = "permission"  # an admin must allow something
    RULE = "rule"  # a rule of the org: change subject, result or notes, then retry
    REQUIRED = "required"  # the org demands a field that Ringdown does not fill
    PARENT = "parent"  # the record it belongs to is gone or hidden: choose another
    AUTOMATION = "automation"  # a flow or trigger of the org failed: an admin must look
    HIDDEN = "hidden"  # the Task is there no more for this rep
    PACKAGE = "package"  # the org lacks Ringdown's package


_BY_REASON = {
    Advice.PERMISSION: (
        "INSUFFICIENT_ACCESS",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "INVALID_FIELD",
        "INVALID_TYPE",
        "API_DISABLED_FOR_ORG",
        "API_CURRENTLY_DISABLED",
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY_PERMISSION",
    ),
    Advice.RULE: (
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "STRING_TOO_LONG",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "BAD_CUSTOM_ENTITY_PARENT_DOMAIN",
    ),
    Advice.REQUIRED: ("REQUIRED_FIELD_MISSING",),
    Advice.PARENT: (
        "INVALID_CROSS_REFERENCE_KEY",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "ENTITY_IS_DELETED",
        "CANNOT_UPDATE_CONVERTED_LEAD",
        "FIELD_INTEGRITY_EXCEPTION",
        "MALFORMED_ID",
    ),
    Advice.AUTOMATION: ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CANNOT_EXECUTE_FLOW_TRIGGER", "APEX_ERROR"),
    Advice.HIDDEN: ("hidden",),
    Advice.PACKAGE: ("no-object",),
}
_ADVICE = {reason: advice for advice, reasons in _BY_REASON.items() for reason in reasons}


_GONE = frozenset({"INVALID_CROSS_REFERENCE_KEY", "ENTITY_IS_DELETED", "CANNOT_UPDATE_CONVERTED_LEAD"})


def names_gone(reason: str) -> bool:
    """Salesforce refused something because a record it points at is no longer there: perhaps it has an heir."""
    return reason in _GONE


def advice_for(reason: str, *, failed: bool) -> Advice:
    """What to do about a refusal by its ``reason`` (Salesforce's error code, or one of ours)."""
    return _ADVICE.get(reason, Advice.NONE if failed else Advice.WAIT)
