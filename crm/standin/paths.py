"""Field paths (`Account.Owner.Name`) bound to the schema: reading them, and rendering rows as nested JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .org import Org
from .schema import Field, Kind, Row, SObject, Value

Getter = Callable[[Row], Value]
_MAX_PARENTS = 5

# What a lookup that may point to several objects offers of its target.
NAME_OBJECT = SObject(
    "Name",
    "Name",
    "Names",
    "",
    tuple(
        Field(name=name, label=name, kind=kind, length=255)
        for name, kind in (
            ("Id", Kind.ID),
            ("Name", Kind.STRING),
            ("Type", Kind.PICKLIST),
            ("FirstName", Kind.STRING),
            ("LastName", Kind.STRING),
            ("Email", Kind.EMAIL),
            ("Phone", Kind.PHONE),
            ("Title", Kind.STRING),
            ("Username", Kind.STRING),
            ("Alias", Kind.STRING),
            ("IsActive", Kind.BOOLEAN),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class BoundPath:
    """A path that exists: the lookups it goes through, the field at its end, and how to read it."""

    lookups: tuple[tuple[Field, SObject], ...]
    field: Field
    get: Getter


class NoSuchColumnError(Exception):
    """The path does not exist; `part` is the piece that is wrong, `entity` where it was looked for."""

    def __init__(self, part: str, entity: str, *, relationship: bool) -> None:
        super().__init__(part)
        self.part = part
        self.entity = entity
        self.relationship = relationship

    def sentence(self) -> str:
        """As Salesforce says it."""
        if self.relationship:
            return (
                f"Didn't understand relationship '{self.part}' in field path. If you are attempting to use a custom "
                "relationship, be sure to append the '__r' after the custom relationship name. Please reference your "
                "WSDL or the describe call for the appropriate names."
            )
        return (
            f"No such column '{self.part}' on entity '{self.entity}'. If you are attempting to use a custom field, be "
            "sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call "
            "for the appropriate names."
        )


def bind_path(org: Org, sobject: SObject, parts: Sequence[str], alias: str | None = None) -> BoundPath:
    """The path seen from an object. A leading alias or object name is allowed. Raises NoSuchColumnError."""
    names = list(parts)
    own_names = {sobject.name.lower(), (alias or sobject.name).lower()} - set(sobject.by_relationship)
    if len(names) > 1 and names[0].lower() in own_names:
        names = names[1:]
    here = sobject
    lookups: list[tuple[Field, SObject]] = []
    for name in names[:-1]:
        lookup = here.by_relationship.get(name.lower())
        target = target_of(org, lookup) if lookup else None
        if lookup is None or target is None or len(lookups) == _MAX_PARENTS:
            raise NoSuchColumnError(name, here.name, relationship=True)
        lookups.append((lookup, target))
        here = target
    last = here.fields.get(names[-1].lower())
    if last is None:
        raise NoSuchColumnError(names[-1], here.name, relationship=False)
    return BoundPath(tuple(lookups), last, _getter(org, [one for one, _ in lookups], here, last))


def target_of(org: Org, lookup: Field) -> SObject | None:
    """What a path through this lookup sees; None when its object is not in this org."""
    if lookup.polymorphic:
        return NAME_OBJECT
    return org.schema.find(lookup.refers_to[0])


def _getter(org: Org, lookups: list[Field], sobject: SObject, last: Field) -> Getter:
    if not lookups and not last.via and last.kind is not Kind.BOOLEAN:
        name = last.name
        return lambda row: row.get(name)

    def get(row: Row) -> Value:
        here: Row | None = row
        for lookup in lookups:
            target = here.get(lookup.name) if here else None
            here = org.seen(str(target)) if target else None
        return None if here is None else value_of(org, sobject, here, last)

    return get


def value_of(org: Org, sobject: SObject, row: Row, one: Field) -> Value:
    """A row's value of a field as seen through an object, which may be the general Name."""
    if sobject is NAME_OBJECT and one.name == "Type":
        return type_name(org, row)
    if sobject is NAME_OBJECT and one.name == "Name":
        return name_of(org, row)
    if one.via:
        parent = org.store.find(str(row.get(one.via[0]) or ""))
        return parent.get(one.via[1]) if parent else None
    value = row.get(one.name)
    return False if value is None and one.kind is Kind.BOOLEAN else value


def type_name(org: Org, row: Row) -> str:
    """The object's API name of a row."""
    sobject = org.schema.of_id(str(row["Id"]))
    return sobject.name if sobject else "Name"


@dataclass(slots=True)
class Shape:
    """Which columns of a row are wanted, parents nested, child queries by relationship name.

    `cases` are the parents of a TYPEOF: a shape by object name, and one for all others.
    """

    sobject: SObject
    columns: list[Field] = field(default_factory=list)
    parents: dict[str, tuple[Field, Shape]] = field(default_factory=dict)
    children: dict[str, Callable[[Row], dict[str, Any] | None]] = field(default_factory=dict)
    cases: dict[str, tuple[Field, dict[str, Shape], Shape | None]] = field(default_factory=dict)

    def add(self, path: BoundPath) -> bool:
        """Adds a column; False when it is there already."""
        shape = self
        for lookup, target in path.lookups:
            name = lookup.relationship or lookup.name
            shape = shape.parents.setdefault(name, (lookup, Shape(target)))[1]
        if path.field in shape.columns:
            return False
        shape.columns.append(path.field)
        return True

    def render(self, org: Org, row: Row, base: str) -> dict[str, Any]:
        """The row as JSON, `attributes` first."""
        actual = type_name(org, row)
        shown = actual if self.sobject is not NAME_OBJECT else "Name"
        out: dict[str, Any] = {"attributes": {"type": shown, "url": f"{base}/sobjects/{actual}/{row['Id']}"}}
        for one in self.columns:
            out[one.name] = value_of(org, self.sobject, row, one)
            if one.kind is Kind.BASE64:
                out[one.name] = f"{base}/sobjects/{actual}/{row['Id']}/{one.name}"
        for name, (lookup, shape) in self.parents.items():
            parent = org.seen(str(row.get(lookup.name) or ""))
            out[name] = shape.render(org, parent, base) if parent else None
        for name, (lookup, shapes, other) in self.cases.items():
            parent = org.seen(str(row.get(lookup.name) or ""))
            fitting = shapes.get(type_name(org, parent), other) if parent else None
            out[name] = fitting.render(org, parent, base) if parent and fitting else None
        for name, child in self.children.items():
            out[name] = child(row)
        return out


def name_of(org: Org, row: Row) -> Value:
    """What names this record to people, whichever object it is of."""
    sobject = org.schema.of_id(str(row["Id"]))
    named = sobject.name_field if sobject else None
    return row.get(named.name) if named else None
