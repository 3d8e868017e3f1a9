"""WHERE to a Python predicate: values checked against the field, then compared as Salesforce compares."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from . import ids, soql_functions, times
from .errors import ApiError, refuse
from .org import Org
from .paths import BoundPath, NoSuchColumnError, bind_path
from .schema import ID_KINDS, NUMBER_KINDS, TEXT_KINDS, Field, Kind, Row, SObject, Value
from .soql_lexer import LIKE_ESCAPE, located
from .soql_tree import (
    Call,
    Compare,
    Condition,
    Every,
    Includes,
    Literal,
    LiteralKind,
    Member,
    Negation,
    Operand,
    Path,
    Query,
    Some,
)

Predicate = Callable[[Row], bool]
# Values of a semi-join's inner query, comparable with the outer field.
InnerQuery = Callable[[Query], set[Value]]

_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
# What an equality on is answered by an index. A field read through another record has none.
_INDEXED = frozenset({*ID_KINDS, Kind.PHONE, Kind.EMAIL})
_WORDS = {Kind.DATETIME: "dateTime", Kind.PICKLIST: "string", Kind.TEXTAREA: "string", Kind.COMBOBOX: "string"}


class Conditions:
    """Turns the conditions of one statement over one object into predicates."""

    def __init__(
        self, org: Org, sobject: SObject, statement: str, *, alias: str | None = None, inner: InnerQuery | None = None
    ) -> None:
        self._org = org
        self._sobject = sobject
        self._statement = statement
        self._alias = alias
        self._inner = inner

    def path(self, path: Operand) -> BoundPath:
        """The bound field or date part. Raises INVALID_FIELD at its place."""
        if isinstance(path, Call):
            return self._called(path)
        try:
            return bind_path(self._org, self._sobject, path.parts, self._alias)
        except NoSuchColumnError as missing:
            raise located(self._statement, path.at, "INVALID_FIELD", missing.sentence()) from None

    def _called(self, call: Call) -> BoundPath:
        bound = self.path(call.argument)
        if not soql_functions.is_date_part(call.name):
            raise located(self._statement, call.at, "MALFORMED_QUERY", f"unexpected token: '{call.name}'")
        if not soql_functions.fits(call.name, bound.field):
            raise located(
                self._statement,
                call.at,
                "INVALID_FIELD",
                f"field {bound.field.name} does not support function {call.name}",
            )
        return soql_functions.date_part(call.name, bound)

    def predicate(self, condition: Condition | None) -> Predicate:
        """Whether a row meets the condition. Raises ApiError for one that makes no sense."""
        match condition:
            case None:
                return lambda _row: True
            case Every(parts):
                every = [self.predicate(part) for part in parts]
                return lambda row: all(one(row) for one in every)
            case Some(parts):
                some = [self.predicate(part) for part in parts]
                return lambda row: any(one(row) for one in some)
            case Negation(part):
                inside = self.predicate(part)
                return lambda row: not inside(row)
            case Compare():
                return self._compare(condition)
            case Member():
                return self._member(condition)
            case Includes():
                return self._includes(condition)

    def keys(self, condition: Condition | None) -> tuple[Field, list[str]] | None:
        """An indexed field and the only values it may have, when the condition pins one; spares a full scan."""
        match condition:
            case Every(parts):
                return next((found for part in parts if (found := self.keys(part))), None)
            case Compare(Path((_,)) as path, "=", Literal(LiteralKind.STRING, text)) if text:
                return self._key(path, [text])
            case Member(Path((_,)) as path, False, tuple() as values) if all(one.text for one in values):
                if all(one.kind is LiteralKind.STRING for one in values):
                    return self._key(path, [one.text for one in values])
        return None

    def _key(self, path: Path, values: list[str]) -> tuple[Field, list[str]] | None:
        field = self._sobject.fields.get(path.parts[0].lower())
        if field is None or field.via or not (field.kind in _INDEXED or field.external_id or field.name_field):
            return None
        return field, values

    # -- one condition

    def _filterable(self, path: Operand) -> BoundPath:
        bound = self.path(path)
        if not bound.field.filterable:
            raise located(
                self._statement,
                path.at,
                "INVALID_FIELD",
                f"field '{bound.field.name}' can not be filtered in a query call",
            )
        return bound

    def _compare(self, condition: Compare) -> Predicate:
        bound = self._filterable(condition.path)
        field, get, operator = bound.field, bound.get, condition.operator
        if operator == "LIKE":
            return self._like(bound, condition)
        if field.kind is Kind.MULTIPICKLIST and operator not in ("=", "!="):
            raise self._bad_operator(field)
        # Ids have an order: `Id > :last ORDER BY Id` is the usual way to go through many rows.
        if field.kind is Kind.BOOLEAN and operator not in ("=", "!="):
            raise self._bad_operator(field)
        if condition.literal.kind is LiteralKind.RELATIVE:
            return self._relative(bound, condition)
        wanted, folded = self.value(field, condition.literal), folding(field)
        if operator in ("=", "!="):
            positive = operator == "="
            return lambda row: (folded(get(row)) == wanted) is positive
        if wanted is None:
            raise self._bad_operator(field)
        compare = _ORDERED[operator]
        return lambda row: (value := folded(get(row))) is not None and compare(value, wanted)

    def _like(self, bound: BoundPath, condition: Compare) -> Predicate:
        if bound.field.kind not in TEXT_KINDS:
            raise self._bad_operator(bound.field)
        if condition.literal.kind is not LiteralKind.STRING:
            raise self._wrong_type(bound.field, condition.literal)
        pattern = re.compile(like_pattern(condition.literal.text), re.IGNORECASE | re.DOTALL)
        get = bound.get
        return lambda row: (value := get(row)) is not None and pattern.fullmatch(str(value)) is not None

    def _relative(self, bound: BoundPath, condition: Compare) -> Predicate:
        field, get, literal = bound.field, bound.get, condition.literal
        if field.kind not in (Kind.DATE, Kind.DATETIME):
            raise self._wrong_type(field, literal)
        zone = times.zone(self._org.user_zone())
        try:
            today = self._org.moment().astimezone(zone).date()
            first, after = times.span(literal.text, literal.count, today, self._org.week_start())
        except (OverflowError, ValueError):
            raise located(
                self._statement, literal.at, "MALFORMED_QUERY", f"{literal.text}: the number is out of range"
            ) from None
        if field.kind is Kind.DATE:
            start, end = first.isoformat(), after.isoformat()
        else:
            start, end = (
                times.wire(datetime.combine(one, time(), tzinfo=zone).astimezone(UTC)) for one in (first, after)
            )
        tests: dict[str, Callable[[str], bool]] = {
            "=": lambda value: start <= value < end,
            "<": lambda value: value < start,
            "<=": lambda value: value < end,
            ">": lambda value: value >= end,
            ">=": lambda value: value >= start,
        }
        if condition.operator == "!=":
            return lambda row: (value := get(row)) is None or not start <= str(value) < end
        test = tests[condition.operator]
        return lambda row: (value := get(row)) is not None and test(str(value))

    def _member(self, condition: Member) -> Predicate:
        bound = self._filterable(condition.path)
        get, positive, folded = bound.get, not condition.negated, folding(bound.field)
        if bound.field.kind is Kind.BOOLEAN:
            raise self._bad_operator(bound.field)
        if isinstance(condition.values, Query):
            if bound.field.kind not in ID_KINDS:
                raise located(
                    self._statement,
                    condition.path.at,
                    "MALFORMED_QUERY",
                    "The left operand field in the where expression for outer query should be an id field, "
                    f"cannot use: '{bound.field.name}'",
                )
            if self._inner is None:
                raise located(self._statement, condition.at, "MALFORMED_QUERY", "a subquery is not allowed here")
            wanted = self._inner(condition.values)
        else:
            wanted = {self.value(bound.field, one) for one in condition.values}
        return lambda row: (folded(get(row)) in wanted) is positive

    def _includes(self, condition: Includes) -> Predicate:
        bound = self._filterable(condition.path)
        if bound.field.kind is not Kind.MULTIPICKLIST:
            raise self._bad_operator(bound.field)
        get, positive = bound.get, not condition.negated
        groups = [
            {part.strip().lower() for part in str(self.value(bound.field, one) or "").split(";")}
            for one in condition.values
        ]

        def included(row: Row) -> bool:
            chosen = {part.strip().lower() for part in str(get(row) or "").split(";")}
            return any(group <= chosen for group in groups) is positive

        return included

    # -- values

    def value(self, field: Field, literal: Literal) -> Value:
        """A literal as the field compares it, texts folded. Raises ApiError for one of another type."""
        kind, text = literal.kind, literal.text
        if kind is LiteralKind.NULL:
            return None
        if kind is LiteralKind.STRING and LIKE_ESCAPE in text:
            raise located(self._statement, literal.at, "MALFORMED_QUERY", "Invalid string literal: illegal escape")
        if field.kind in ID_KINDS and kind is LiteralKind.STRING:
            full = ids.normalise(text)
            if full is None and text:
                raise refuse("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {text}")
            return full
        if field.kind in (*TEXT_KINDS, Kind.MULTIPICKLIST) and kind is LiteralKind.STRING:
            # An empty string is stored as null.
            return (text if field.case_sensitive else text.lower()) or None
        if field.kind in NUMBER_KINDS and kind is LiteralKind.NUMBER:
            return float(text)
        if field.kind is Kind.BOOLEAN and kind is LiteralKind.BOOLEAN:
            return text == "true"
        if field.kind is Kind.DATE and kind is LiteralKind.DATE:
            return self._moment(field, literal).date().isoformat()
        if field.kind is Kind.DATETIME and kind is LiteralKind.DATETIME:
            return times.wire(self._moment(field, literal))
        raise self._wrong_type(field, literal)

    def _moment(self, field: Field, literal: Literal) -> datetime:
        try:
            return times.parse_datetime(literal.text.upper())
        except ValueError:
            raise self._wrong_type(field, literal) from None

    def _wrong_type(self, field: Field, literal: Literal) -> ApiError:
        quoted = field.kind in (*TEXT_KINDS, *ID_KINDS, Kind.MULTIPICKLIST)
        word = _WORDS.get(field.kind, field.kind.value)
        return located(
            self._statement,
            literal.at,
            "INVALID_FIELD",
            f"value of filter criterion for field '{field.name}' must be of type {word} and should "
            f"{'be' if quoted else 'not be'} enclosed in quotes",
        )

    @staticmethod
    def _bad_operator(field: Field) -> ApiError:
        return refuse("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on {field.kind.value} field")


def folding(field: Field) -> Callable[[Value], Value]:
    """How a stored value of this field is made comparable: text loses its case, ids and stamps do not."""
    if (field.kind in TEXT_KINDS or field.kind is Kind.MULTIPICKLIST) and not field.case_sensitive:
        return lambda value: value.lower() if isinstance(value, str) else value
    return lambda value: value


def like_pattern(text: str) -> str:
    """A LIKE pattern as a regular expression: % any run, _ one character, escaped ones themselves."""
    out: list[str] = []
    letters = iter(text)
    for letter in letters:
        if letter == LIKE_ESCAPE:
            out.append(re.escape(next(letters, "")))
        else:
            out.append({"%": ".*", "_": "."}.get(letter) or re.escape(letter))
    return "".join(out)
