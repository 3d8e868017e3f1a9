"""SOQL statements answered from the store: bind, scan, sort, cut, shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import ids
from .errors import refuse
from .org import Org
from .paths import NoSuchColumnError, Shape, bind_path
from .schema import Kind, Row, SObject, Value
from .soql_conditions import Conditions, Predicate, folding
from .soql_lexer import located
from .soql_parser import parse
from .soql_tree import AllFields, Order, Path, Query

_FIELDS_LIMIT = 200
_STANDARD_ONLY = "The SOQL FIELDS function must have a LIMIT of at most 200"


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement bound to the org: what to show of the rows it finds."""

    org: Org
    sobject: SObject
    shape: Shape
    counting: bool
    rows: Callable[[Predicate | None], list[Row]]

    def records(self, base: str, extra: Predicate | None = None) -> list[dict[str, Any]]:
        """The rows as JSON records."""
        return [self.shape.render(self.org, row, base) for row in self.rows(extra)]


def plan(org: Org, statement: str, base: str, *, deleted: bool = False) -> Plan:
    """Binds a statement; `deleted` includes the recycle bin. Raises ApiError."""
    return bind(org, parse(statement), base, deleted=deleted)


def bind(org: Org, query: Query, base: str, *, deleted: bool, sobject: SObject | None = None) -> Plan:
    """Binds a parsed query, to the given object when it names a child relationship."""
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

    def inner(subquery: Query) -> set[Value]:
        if len(subquery.items) != 1 or not isinstance(subquery.items[0], Path):
            raise refuse("MALFORMED_QUERY", "a semi-join must select exactly one field")
        bound = bind(org, subquery, base, deleted=deleted)
        path = Conditions(org, bound.sobject, subquery.statement, alias=subquery.alias).path(subquery.items[0])
        fold = folding(path.field)
        return {fold(path.get(row)) for row in bound.rows(None)} - {None}

    conditions = Conditions(org, sobject, query.statement, alias=query.alias, inner=inner)
    shape = _shape(org, query, sobject, conditions, base, deleted=deleted)
    predicate = conditions.predicate(query.where)
    sorts = [_sort_key(conditions, order, query.statement) for order in query.order]
    key = conditions.keys(query.where)
    source = sobject

    def rows(extra: Predicate | None) -> list[Row]:
        found = [
            row
            for row in _candidates(org, source, key)
            if (deleted or not row.get("IsDeleted")) and predicate(row) and (extra is None or extra(row))
        ]
        for get, order in reversed(sorts):
            found = _sorted(found, get, order)
        end = None if query.limit is None else query.offset + query.limit
        return found[query.offset : end]

    return Plan(org, sobject, shape, query.counting, rows)


def _candidates(org: Org, sobject: SObject, key: Any) -> list[Row]:
    if key is None:
        return org.store.rows(sobject)
    field, values = key
    found: dict[str, Row] = {}
    for value in values:
        if field.kind is Kind.ID:
            row = org.store.get(sobject, ids.normalise(value) or "")
            matching = [row] if row else []
        else:
            matching = org.store.keyed(sobject, field.name, value) or []
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


def _shape(org: Org, query: Query, sobject: SObject, conditions: Conditions, base: str, *, deleted: bool) -> Shape:
    shape = Shape(sobject)
    for item in query.items:
        match item:
            case Path():
                if not shape.add(conditions.path(item)):
                    raise located(
                        query.statement, item.at, "INVALID_FIELD", f"duplicate field selected: {item.parts[-1]}"
                    )
            case AllFields(which):
                if which != "STANDARD" and (query.limit is None or query.limit > _FIELDS_LIMIT):
                    raise located(query.statement, item.at, "MALFORMED_QUERY", _STANDARD_ONLY)
                for field in sobject.declared:
                    if which == "ALL" or (which == "CUSTOM") is field.name.endswith("__c"):
                        shape.add(bind_path(org, sobject, [field.name]))
            case Query():
                _add_children(org, shape, item, base, deleted=deleted)
    return shape


def _add_children(org: Org, shape: Shape, query: Query, base: str, *, deleted: bool) -> None:
    wanted = query.source.lower()
    found = [one for one in org.schema.children_of(shape.sobject) if str(one[1].children).lower() == wanted]
    if not found:
        missing = NoSuchColumnError(query.source, shape.sobject.name, relationship=True)
        raise located(query.statement, query.source_at, "INVALID_TYPE", missing.sentence())
    child, field = found[0]
    bound = bind(org, query, base, deleted=deleted, sobject=child)

    def children(row: Row) -> dict[str, Any] | None:
        found = bound.records(base, lambda one: one.get(field.name) == row["Id"])
        return {"totalSize": len(found), "done": True, "records": found} if found else None

    shape.children[field.children or query.source] = children
