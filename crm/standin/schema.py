"""What an object and a field are: everything describe says and validation needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

Value = str | int | float | bool | None
Row = dict[str, Value]


class Kind(StrEnum):
    """Field types, by the names describe uses."""

    ID = "id"
    STRING = "string"
    TEXTAREA = "textarea"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    PICKLIST = "picklist"
    MULTIPICKLIST = "multipicklist"
    COMBOBOX = "combobox"
    BOOLEAN = "boolean"
    INT = "int"
    DOUBLE = "double"
    CURRENCY = "currency"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    REFERENCE = "reference"
    BASE64 = "base64"


TEXT_KINDS = frozenset({Kind.STRING, Kind.TEXTAREA, Kind.PHONE, Kind.EMAIL, Kind.URL, Kind.PICKLIST, Kind.COMBOBOX})
NUMBER_KINDS = frozenset({Kind.INT, Kind.DOUBLE, Kind.CURRENCY, Kind.PERCENT})
ID_KINDS = frozenset({Kind.ID, Kind.REFERENCE})
_LONGEST_FILTERABLE_TEXT = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. `via` reads another record's field instead of storing one; `package` fields belong to ours,
    `person` ones to orgs with person accounts.
    """

    name: str
    label: str
    kind: Kind
    length: int = 0
    digits: int = 0
    required: bool = False
    createable: bool = True
    updateable: bool = True
    unique: bool = False
    external_id: bool = False
    case_sensitive: bool = False
    restricted: bool = False
    values: tuple[str, ...] = ()
    default: Value = None
    refers_to: tuple[str, ...] = ()
    relationship: str | None = None
    children: str | None = None
    via: tuple[str, str] | None = None
    package: bool = False
    person: bool = False
    name_field: bool = False
    auto_number: str | None = None

    @property
    def filterable(self) -> bool:
        """Long text can be neither filtered nor sorted by."""
        return not (self.kind is Kind.BASE64 or (self.kind is Kind.TEXTAREA and self.length > _LONGEST_FILTERABLE_TEXT))

    @property
    def polymorphic(self) -> bool:
        """Whether the reference may point to several kinds of object."""
        return len(self.refers_to) > 1


@dataclass(frozen=True)
class SObject:
    """One object: its fields by lower-case name, in declared order."""

    name: str
    label: str
    plural: str
    prefix: str
    declared: tuple[Field, ...]
    createable: bool = True
    updateable: bool = True
    deletable: bool = True
    searchable: bool = True
    package: bool = False
    person: bool = False

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Fields by lower-case API name."""
        return {one.name.lower(): one for one in self.declared}

    @cached_property
    def by_relationship(self) -> dict[str, Field]:
        """Reference fields by lower-case relationship name."""
        return {one.relationship.lower(): one for one in self.declared if one.relationship}

    @cached_property
    def name_field(self) -> Field | None:
        """The field that names a record to people."""
        return next((one for one in self.declared if one.name_field), None)

    @property
    def custom(self) -> bool:
        """Whether the name ends like a custom object's."""
        return self.name.endswith("__c")


class Schema:
    """The objects one org shows, found by name in any case or by key prefix."""

    def __init__(self, objects: Iterable[SObject]) -> None:
        self.objects = tuple(objects)
        self._by_name = {one.name.lower(): one for one in self.objects}
        self._by_prefix = {one.prefix: one for one in self.objects}

    def find(self, name: str) -> SObject | None:
        """The object of that name, any case."""
        return self._by_name.get(name.lower())

    def of_id(self, record_id: str) -> SObject | None:
        """The object a record id belongs to."""
        return self._by_prefix.get(record_id[:3])

    def children_of(self, parent: SObject) -> list[tuple[SObject, Field]]:
        """Every (child object, reference field) that may point to the parent."""
        return [
            (child, one)
            for child in self.objects
            for one in child.declared
            if parent.name in one.refers_to and one.children
        ]


def narrowed(objects: Iterable[SObject], *, package: bool, unique_task_key: bool, person: bool = False) -> Schema:
    """The schema of an org with or without our package, a unique key on Task, and person accounts."""
    shown: list[SObject] = []
    for one in objects:
        if (one.package and not package) or (one.person and not person):
            continue
        fields = tuple(each for each in one.declared if (package or not each.package) and (person or not each.person))
        if one.name == "Task" and not unique_task_key:
            fields = tuple(replace(each, unique=False) if each.unique else each for each in fields)
        shown.append(replace(one, declared=fields))
    return Schema(shown)
