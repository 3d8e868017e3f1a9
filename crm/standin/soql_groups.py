"""GROUP BY, aggregate functions and HAVING: rows to groups, groups to AggregateResults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import soql_functions
from .errors import refuse
from .org import Org
from .paths import BoundPath
from .schema import Field, Kind, Row, SObject, Value
from .soql_conditions import Conditions, folding
from .soql_lexer import located
from .soql_tree import Call, Operand, Path, Query

_MOST_GROUPS = 2000
_NO_MORE = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch"


def is_grouped(query: Query) -> bool:
    """Whether the statement gives AggregateResults."""
    aggregates = any(isinstance(item, Call) and item.name in soql_functions.AGGREGATES for item in query.items)
    return bool(query.group) or aggregates or query.having is not None


class Groups:
    """The groups of one statement, bound to the org. Raises ApiError when it makes no sense."""

    def __init__(self, org: Org, sobject: SObject, query: Query, conditions: Conditions) -> None:
        self._query = query
        self._conditions = conditions
        self._keys = [(self._text(one), self._key(one)) for one in query.group]
        self._aggregates: dict[str, tuple[str, BoundPath]] = {}
        self._columns: list[tuple[str, str]] = []
        self._columns = self._named_columns()
        having = _GroupConditions(org, sobject, query.statement, groups=self)
        self._having = having.predicate(query.having)
        self._sorts = [(self.path(one.path), one) for one in query.order]

    @staticmethod
    def _text(expression: Operand) -> str:
        return expression.text.lower()

    def _key(self, expression: Operand) -> BoundPath:
        bound = self._conditions.path(expression)
        if isinstance(expression, Call) and not soql_functions.is_date_part(expression.name):
            raise located(
                self._query.statement, expression.at, "MALFORMED_QUERY", f"unexpected token: '{expression.name}'"
            )
        moment = isinstance(expression, Path) and bound.field.kind is Kind.DATETIME
        if moment or not bound.field.filterable or bound.field.kind is Kind.MULTIPICKLIST:
            raise located(
                self._query.statement,
                expression.at,
                "INVALID_FIELD",
                f"field '{bound.field.name}' can not be grouped in a query call",
            )
        return bound

    def _named_columns(self) -> list[tuple[str, str]]:
        """(name in the answer, slot of the group) of every column."""
        columns: list[tuple[str, str]] = []
        unnamed = 0
        for item in self._query.items:
            if not isinstance(item, Path | Call):
                raise refuse("MALFORMED_QUERY", "Grouped query cannot use subqueries, TYPEOF or the FIELDS function")
            field = self.path(item).field
            name = item.alias or (field.name.rpartition(".")[2] if isinstance(item, Path) else f"expr{unnamed}")
            unnamed += isinstance(item, Call) and item.alias is None
            if name.lower() in {one.lower() for one, _ in columns}:
                raise located(self._query.statement, item.at, "MALFORMED_QUERY", f"duplicate alias: {name}")
            columns.append((name, self._text(item)))
        return columns

    def path(self, expression: Operand) -> BoundPath:
        """A grouped field or an aggregate, read from a group. Raises ApiError for anything else."""
        slot = self._text(expression)
        for text, bound in self._keys:
            if text == slot:
                return BoundPath((), bound.field, lambda group: group.get(slot))
        if isinstance(expression, Path):
            named = {name.lower(): there for name, there in self._columns}
            if expression.text.lower() in named:
                return self._aggregate(named[expression.text.lower()])
            self._conditions.path(expression)
            raise located(
                self._query.statement,
                expression.at,
                "MALFORMED_QUERY",
                f"Field must be grouped or aggregated: {expression.text}",
            )
        bound = self._conditions.path(expression.argument)
        if expression.name not in soql_functions.AGGREGATES:
            raise located(
                self._query.statement,
                expression.at,
                "MALFORMED_QUERY",
                f"Field must be grouped or aggregated: {expression.text}",
            )
        if not soql_functions.fits(expression.name, bound.field):
            raise located(
                self._query.statement,
                expression.at,
                "MALFORMED_QUERY",
                f"field {bound.field.name} does not support aggregate operator {expression.name}",
            )
        self._aggregates[slot] = (expression.name, bound)
        return self._aggregate(slot)

    def _aggregate(self, slot: str) -> BoundPath:
        for text, bound in self._keys:
            if text == slot:
                return BoundPath((), bound.field, lambda group: group.get(slot))
        name, bound = self._aggregates[slot]
        kind = soql_functions.result_kind(name, bound.field)
        return BoundPath((), Field(name=slot, label=slot, kind=kind), lambda group: group.get(slot))

    def records(self, rows: list[Row]) -> list[dict[str, Any]]:
        """The AggregateResults of the rows. Raises ApiError when there are too many."""
        groups = [group for group in self._made(rows) if self._having(group)]
        for bound, order in reversed(self._sorts):
            fold, get = folding(bound.field), bound.get
            empty = [group for group in groups if get(group) is None]
            full = sorted(
                (group for group in groups if get(group) is not None),
                key=_comparable(get, fold),
                reverse=order.descending,
            )
            groups = full + empty if order.nulls_last else empty + full
        end = None if self._query.limit is None else self._query.offset + self._query.limit
        groups = groups[self._query.offset : end]
        if len(groups) > _MOST_GROUPS:
            raise refuse("EXCEEDED_ID_LIMIT", _NO_MORE)
        return [
            {"attributes": {"type": "AggregateResult"}, **{name: group.get(slot) for name, slot in self._columns}}
            for group in groups
        ]

    def _made(self, rows: list[Row]) -> list[Row]:
        if not self._keys:
            return [self._summed(rows)]
        parts: dict[tuple[Value, ...], list[Row]] = {}
        readers = [(bound.get, folding(bound.field)) for _, bound in self._keys]
        for row in rows:
            parts.setdefault(tuple(fold(get(row)) for get, fold in readers), []).append(row)
        made: list[Row] = []
        for members in parts.values():
            keys = {text: bound.get(members[0]) for text, bound in self._keys}
            made.append({**keys, **self._summed(members)})
        return made

    def _summed(self, rows: list[Row]) -> Row:
        return {
            slot: soql_functions.aggregate(name, (bound.get(row) for row in rows), folding(bound.field))
            for slot, (name, bound) in self._aggregates.items()
        }


class _GroupConditions(Conditions):
    """HAVING: conditions that read groups instead of rows."""

    def __init__(self, org: Org, sobject: SObject, statement: str, *, groups: Groups) -> None:
        super().__init__(org, sobject, statement)
        self._groups = groups

    def path(self, path: Operand) -> BoundPath:
        """The grouped field or aggregate."""
        return self._groups.path(path)


def _comparable(get: Callable[[Row], Value], fold: Callable[[Value], Value]) -> Callable[[Row], Any]:
    return lambda group: fold(get(group))
