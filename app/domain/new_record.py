"""What a rep makes in Salesforce from here: what a form asks, what was typed, and what a call can be related to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.counterpart import RecordRef

PERSON_ACCOUNT = "PersonAccount"
"""What a form and a new record are of, beside the objects themselves: an Account that is a human."""


def phone_field(kind: str, *, mobile: bool) -> str:
    """Where the number of a new record of this kind goes."""
    if not mobile:
        return "Phone"
    return "PersonMobilePhone" if kind == PERSON_ACCOUNT else "MobilePhone"


class FieldKind(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    CHOICE = "choice"  # one of ``choices``
    DATE = "date"  # ISO 8601
    NUMBER = "number"
    OTHER = "other"  # needs Salesforce's own page


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a new record. ``name`` is Salesforce's, ``label`` the org's word for it.

    ``choices`` are (value, label) pairs; ``length`` in characters, 0 for no limit.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    default: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class NewForm:
    """What a record of ``kind`` needs in this org: the usual fields in their order, then what the org requires."""

    kind: str
    fields: tuple[FormField, ...]

    @property
    def unasked(self) -> tuple[str, ...]:
        """Labels of required fields that only Salesforce's own page can ask for."""
        return tuple(one.label for one in self.fields if one.required and one.kind is FieldKind.OTHER)


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to make. ``values`` by field name, all as text; empty ones are left out."""

    kind: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Related:
    """A deal or case as it is offered for a call. ``detail`` is its stage or status."""

    ref: RecordRef
    name: str
    detail: str = ""
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class PhoneSlot:
    """A phone field of a record: name, label, and the number in it (empty when it is free)."""

    field: str
    label: str
    value: str = ""
