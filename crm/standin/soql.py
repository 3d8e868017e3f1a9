"""SOQL statements answered from the store: bind, scan, sort, cut, shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, overload

from . import caller, files, ids, sharing
from .errors import refuse
from .org import Org
from .paths import NoSuchColumnError, Shape, bind_path, target_of
from .schema import ID_KINDS, Field, Kind, Row, SObject, Value
from .soql_conditions import Conditions, Predicate, folding
from .soql_groups import Groups, is_grouped
from .soql_lexer import located
from .soql_parser import parse
from .soql_tree import AllFields, Call, Order, Path, Query, TypeOf

PAGE = 2000
_FIELDS_LIMIT = 200
_FIELDS_UNBOUNDED = "The SOQL FIELDS function must have a LIMIT of at most 200"


class Finder(Protocol):
    """Finds the rows of a statement."""

    def __call__(self, extra: Predicate | None = None, among: Iterable[Row] | None = None) -> list[Row]:
        """The rows in order, those that also pass `extra`, taken from `among` instead of the whole object."""


class Rendered(Sequence[dict[str, Any]]):
    """Rows that become JSON records when they are asked for: a long answer is rendered page by page."""

    def __init__(self, org: Org, shape: Shape, rows: Sequence[Row], base: str) -> None:
        self._org = org
        self._shape = shape
        self._rows = rows
        self._base = base

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, place: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(place, slice):
            return [self._shape.render(self._org, row, self._base) for row in self._rows[place]]
        return self._shape.render(self._org, self._rows[place], self._base)


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement bound to the org: how its rows are found, and what to show of them, or of their groups."""

    org: Org
    sobject: SObject
    shape: Shape
    counting: bool
    rows: Finder
    groups: Groups | None = None

    def records(
        self, base: str, extra: Predicate | None = None, among: Iterable[Row] | None = None
    ) -> Sequence[dict[str, Any]]:
        """The rows as JSON records. Raises ApiError for too many groups."""
        rows = self.rows(extra, among)
        return Rendered(self.org, self.shape, rows, base) if self.groups is None else self.groups.records(rows)


def plan(org: Org, statement: str, base: str, *, deleted: bool = False, page: int = PAGE) -> Plan:
    """Binds a statement; `deleted` includes the recycle bin and the archive. Raises ApiError."""
    return bind(org, parse(statement), base, deleted=deleted, page=page)


def bind(org: Org, query: Query, base: str, *, deleted: bool, sobject: SObject | None = None, page: int = PAGE) -> Plan:
    """Binds a parsed query, to the given object when it names a child relationship."""
    nested = sobject is not None
    sobject = sobject or org.schema.find(query.source)
    if sobject is None:
        raise located(
            query.statement,
            query.source_at,
            "INVALID_TYPE",
            f"sObject type '{query.source}' is not supported. If you are attempting to use a custom object, be sure to "
            "append the '__c' after the entity name. Please reference your WSDL or the describe call for the "
            "appropriate names.",
        )
    if not nested:
        files.check_filter(query, sobject)

    def inner(subquery: Query) -> set[Value]:
        return _inner_values(org, subquery, base, deleted=deleted)

    conditions = Conditions(org, sobject, query.statement, alias=query.alias, inner=inner)
    predicate = conditions.predicate(query.where)
    groups = Groups(org, sobject, query, conditions) if is_grouped(query) else None
    shape = _shape(org, query, sobject, conditions, base, deleted=deleted, page=page) if not groups else Shape(sobject)
    sorts = [] if groups else [_sort_key(conditions, order, query.statement) for order in query.order]
    key = conditions.keys(query.where)
    source = sobject
    tests = [predicate]
    shared = sharing.seen(org, sobject)
    if shared is not None:
        tests.append(shared)
    if query.mine:
        tests.append(_owned_by(caller.user_id()))

    def rows(extra: Predicate | None = None, among: Iterable[Row] | None = None) -> list[Row]:
        asked = [*tests, extra] if extra is not None else tests
        found = [
            row
            for row in (_candidates(org, source, key) if among is None else among)
            if (deleted or not (row.get("IsDeleted") or row.get("IsArchived"))) and all(test(row) for test in asked)
        ]
        if groups is not None:
            return found
        for get, order in reversed(sorts):
            found = _sorted(found, get, order)
        end = None if query.limit is None else query.offset + query.limit
        return found[query.offset : end]

    return Plan(org, sobject, shape, query.counting, rows, groups)


def _owned_by(user: str) -> Predicate:
    return lambda row: row.get("OwnerId") == user


def _inner_values(org: Org, query: Query, base: str, *, deleted: bool) -> set[Value]:
    """What a semi-join's inner query selects, comparable with the outer field."""
    if len(query.items) != 1 or not isinstance(query.items[0], Path):
        raise refuse("MALFORMED_QUERY", "a semi-join must select exactly one field")
    bound = bind(org, query, base, deleted=deleted)
    path = Conditions(org, bound.sobject, query.statement, alias=query.alias).path(query.items[0])
    if path.field.kind not in ID_KINDS:
        raise located(
            query.statement,
            query.items[0].at,
            "MALFORMED_QUERY",
            f"The selected field '{path.field.name}' in the subquery must be an id field",
        )
    return {path.get(row) for row in bound.rows()} - {None}


def _candidates(org: Org, sobject: SObject, key: tuple[Field, list[str]] | None) -> list[Row]:
    if key is None:
        return org.store.rows(sobject)
    field, values = key
    found: dict[str, Row] = {}
    for value in values:
        if field.kind is Kind.ID:
            row = org.store.get(sobject, ids.normalise(value) or "")
            matching = [row] if row else []
        else:
            wanted = (ids.normalise(value) or value) if field.kind is Kind.REFERENCE else value
            matching = org.store.keyed(sobject, field.name, wanted)
        found |= {str(row["Id"]): row for row in matching}
    return [found[one] for one in sorted(found)]


def _sorted(rows: list[Row], get: Callable[[Row], Any], order: Order) -> list[Row]:
    empty = [row for row in rows if get(row) is None]
    full = sorted((row for row in rows if get(row) is not None), key=get, reverse=order.descending)
    return full + empty if order.nulls_last else empty + full


def _sort_key(conditions: Conditions, order: Order, statement: str) -> tuple[Callable[[Row], Value], Order]:
    bound = conditions.path(order.path)
    if not bound.field.filterable or bound.field.kind is Kind.MULTIPICKLIST:
        raise located(
            statement, order.path.at, "INVALID_FIELD", f"field '{bound.field.name}' can not be sorted in a query call"
        )
    fold, get = folding(bound.field), bound.get
    return (lambda row: fold(get(row))), order


# -- what is shown


def _shape(
    org: Org, query: Query, sobject: SObject, conditions: Conditions, base: str, *, deleted: bool, page: int
) -> Shape:
    shape = Shape(sobject)
    for item in query.items:
        match item:
            case Path():
                if item.alias is not None:
                    raise located(
                        query.statement, item.at, "MALFORMED_QUERY", "only aggregate expressions use field aliasing"
                    )
                if not shape.add(conditions.path(item)):
                    raise located(
                        query.statement, item.at, "INVALID_FIELD", f"duplicate field selected: {item.parts[-1]}"
                    )
            case Call():
                raise located(query.statement, item.at, "MALFORMED_QUERY", f"unexpected token: '{item.name}'")
            case AllFields(which):
                if which != "STANDARD" and (query.limit is None or query.limit > _FIELDS_LIMIT):
                    raise located(query.statement, item.at, "MALFORMED_QUERY", _FIELDS_UNBOUNDED)
                for field in sobject.declared:
                    if which == "ALL" or (which == "CUSTOM") is field.name.endswith("__c"):
                        shape.add(bind_path(org, sobject, [field.name]))
            case TypeOf():
                _add_cases(org, shape, item, query.statement)
            case Query():
                _add_children(org, shape, item, base, deleted=deleted, page=page)
    return shape


def _add_cases(org: Org, shape: Shape, item: TypeOf, statement: str) -> None:
    lookup = shape.sobject.by_relationship.get(item.lookup.lower())
    if lookup is None or not lookup.polymorphic:
        raise located(
            statement, item.at, "INVALID_FIELD", f"{item.lookup} is not a polymorphic relationship: TYPEOF needs one"
        )
    shapes: dict[str, Shape] = {}
    for name, paths in item.cases:
        found = org.schema.find(name)
        if found is None or found.name not in lookup.refers_to:
            raise located(
                statement, item.at, "INVALID_TYPE", f"{name} is not an allowed type of relationship {item.lookup}"
            )
        shapes[found.name] = _plain_shape(org, found, paths, statement)
    name_object = target_of(org, lookup)
    other = _plain_shape(org, name_object, item.otherwise, statement) if item.otherwise and name_object else None
    shape.cases[lookup.relationship or lookup.name] = (lookup, shapes, other)


def _plain_shape(org: Org, sobject: SObject, paths: Iterable[Path], statement: str) -> Shape:
    shape, conditions = Shape(sobject), Conditions(org, sobject, statement)
    for path in paths:
        shape.add(conditions.path(path))
    return shape


def _add_children(org: Org, shape: Shape, query: Query, base: str, *, deleted: bool, page: int) -> None:
    wanted = query.source.lower()
    found = [one for one in org.schema.children_of(shape.sobject) if str(one[1].children).lower() == wanted]
    if not found:
        missing = NoSuchColumnError(query.source, shape.sobject.name, relationship=True)
        raise located(query.statement, query.source_at, "INVALID_TYPE", missing.sentence())
    child, field = found[0]
    bound = bind(org, query, base, deleted=deleted, sobject=child)

    def children(row: Row) -> dict[str, Any] | None:
        rows = bound.rows(among=org.store.keyed(child, field.name, str(row["Id"])))
        if not rows:
            return None
        if bound.counting:
            return {"totalSize": len(rows), "done": True, "records": []}
        records = Rendered(org, bound.shape, rows, base)
        if len(records) <= page:
            return {"totalSize": len(records), "done": True, "records": records[:]}
        more = f"{base}/query/{org.keep_cursor(records)}-{page}"
        return {"totalSize": len(records), "done": False, "nextRecordsUrl": more, "records": records[:page]}

    shape.children[field.children or query.source] = children
