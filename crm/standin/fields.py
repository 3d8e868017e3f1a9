"""Short ways to declare fields, used by the object files."""

from __future__ import annotations

from .schema import Field, Kind, Value


def text(name: str, label: str, length: int, *, required: bool = False, default: Value = None) -> Field:
    """A plain text field."""
    return Field(name=name, label=label, kind=Kind.STRING, length=length, required=required, default=default)


def long_text(name: str, label: str, length: int, *, required: bool = False) -> Field:
    """A text area; beyond 255 characters it cannot be filtered."""
    return Field(name=name, label=label, kind=Kind.TEXTAREA, length=length, required=required)


def phone(name: str, label: str) -> Field:
    """A phone field: 40 characters, stored as typed."""
    return Field(name=name, label=label, kind=Kind.PHONE, length=40)


def email(name: str, label: str) -> Field:
    """An e-mail address."""
    return Field(name=name, label=label, kind=Kind.EMAIL, length=80)


def pick(
    name: str, label: str, *values: str, default: Value = None, required: bool = False, restricted: bool = False
) -> Field:
    """A picklist; only a restricted one refuses other values."""
    return Field(
        name=name,
        label=label,
        kind=Kind.PICKLIST,
        length=255,
        values=values,
        default=default,
        required=required,
        restricted=restricted,
    )


def flag(name: str, label: str, *, default: bool = False, writable: bool = True) -> Field:
    """A checkbox, never null."""
    return Field(name=name, label=label, kind=Kind.BOOLEAN, default=default, createable=writable, updateable=writable)


def number(name: str, label: str, kind: Kind = Kind.INT, *, digits: int = 9, writable: bool = True) -> Field:
    """A number with at most that many digits before the point."""
    return Field(name=name, label=label, kind=kind, digits=digits, createable=writable, updateable=writable)


def day(name: str, label: str, *, required: bool = False, writable: bool = True) -> Field:
    """A calendar date."""
    return Field(name=name, label=label, kind=Kind.DATE, required=required, createable=writable, updateable=writable)


def moment(name: str, label: str, *, writable: bool = True) -> Field:
    """A point in time."""
    return Field(name=name, label=label, kind=Kind.DATETIME, createable=writable, updateable=writable)


def ref(
    name: str,
    label: str,
    *targets: str,
    children: str | None = None,
    required: bool = False,
    createable: bool = True,
    updateable: bool = True,
) -> Field:
    """A lookup; its relationship name is the field's without `Id` (or with `__r`)."""
    relationship = f"{name[:-3]}__r" if name.endswith("__c") else name.removesuffix("Id")
    return Field(
        name=name,
        label=label,
        kind=Kind.REFERENCE,
        length=18,
        refers_to=targets,
        relationship=relationship,
        children=children,
        required=required,
        createable=createable,
        updateable=updateable,
    )


def shown(name: str, label: str, kind: Kind, length: int, via: tuple[str, str] | None = None) -> Field:
    """A read-only text, perhaps read through a lookup: ("ContactId", "Phone")."""
    return Field(name=name, label=label, kind=kind, length=length, createable=False, updateable=False, via=via)


def name_shown(label: str, length: int = 121, *, auto_number: str | None = None) -> Field:
    """A Name that the org composes or counts by itself."""
    return Field(
        name="Name",
        label=label,
        kind=Kind.STRING,
        length=length,
        createable=False,
        updateable=False,
        name_field=True,
        auto_number=auto_number,
    )


def owner(*targets: str) -> Field:
    """OwnerId; who makes the record owns it unless said otherwise."""
    return ref("OwnerId", "Owner ID", *(targets or ("User",)))


def system(label: str) -> tuple[Field, ...]:
    """The fields every record has."""
    return (
        Field(name="Id", label=f"{label} ID", kind=Kind.ID, length=18, createable=False, updateable=False),
        flag("IsDeleted", "Deleted", writable=False),
        moment("CreatedDate", "Created Date", writable=False),
        ref("CreatedById", "Created By ID", "User", createable=False, updateable=False),
        moment("LastModifiedDate", "Last Modified Date", writable=False),
        ref("LastModifiedById", "Last Modified By ID", "User", createable=False, updateable=False),
        moment("SystemModstamp", "System Modstamp", writable=False),
    )
