"""What a parsed SOQL statement is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LiteralKind(StrEnum):
    """The kinds of value a condition compares with."""

    STRING = "string"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    NULL = "null"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written; `count` belongs to `LAST_N_DAYS:count`."""

    kind: LiteralKind
    text: str
    at: int
    count: int = 0


@dataclass(frozen=True, slots=True)
class Path:
    """`Account.Owner.Name` and where it stands."""

    parts: tuple[str, ...]
    at: int

    @property
    def text(self) -> str:
        """As written, with dots."""
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Compare:
    """path = < > LIKE … literal."""

    path: Path
    operator: str
    literal: Literal
    at: int


@dataclass(frozen=True, slots=True)
class Member:
    """path [NOT] IN (values) or (SELECT …)."""

    path: Path
    negated: bool
    values: tuple[Literal, ...] | Query
    at: int


@dataclass(frozen=True, slots=True)
class Includes:
    """multi-select path INCLUDES or EXCLUDES ('a;b', 'c')."""

    path: Path
    negated: bool
    values: tuple[Literal, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """The part does not hold."""

    part: Condition


Condition = Compare | Member | Includes | Every | Some | Negation


@dataclass(frozen=True, slots=True)
class AllFields:
    """FIELDS(ALL | STANDARD | CUSTOM)."""

    which: str
    at: int


@dataclass(frozen=True, slots=True)
class Order:
    """One ORDER BY item."""

    path: Path
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """One SELECT. `counting` is `SELECT count()`, then `items` is empty."""

    statement: str
    items: tuple[Path | AllFields | Query, ...]
    counting: bool
    source: str
    source_at: int
    alias: str | None
    where: Condition | None
    order: tuple[Order, ...]
    limit: int | None
    offset: int
