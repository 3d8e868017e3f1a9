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
    alias: str | None = None

    @property
    def text(self) -> str:
        """As written, with dots."""
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Call:
    """`MAX(CreatedDate)` or `CALENDAR_YEAR(CreatedDate)`: an upper-case name around a field."""

    name: str
    argument: Path
    at: int
    alias: str | None = None

    @property
    def text(self) -> str:
        """As written, the name in capitals."""
        return f"{self.name}({self.argument.text})"


Operand = Path | Call


@dataclass(frozen=True, slots=True)
class Compare:
    """path = < > LIKE … literal."""

    path: Operand
    operator: str
    literal: Literal
    at: int


@dataclass(frozen=True, slots=True)
class Member:
    """path [NOT] IN (values) or (SELECT …)."""

    path: Operand
    negated: bool
    values: tuple[Literal, ...] | Query
    at: int


@dataclass(frozen=True, slots=True)
class Includes:
    """multi-select path INCLUDES or EXCLUDES ('a;b', 'c')."""

    path: Operand
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
class TypeOf:
    """TYPEOF lookup WHEN Object THEN fields … ELSE fields END."""

    lookup: str
    cases: tuple[tuple[str, tuple[Path, ...]], ...]
    otherwise: tuple[Path, ...] | None
    at: int


@dataclass(frozen=True, slots=True)
class Order:
    """One ORDER BY item."""

    path: Operand
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """One SELECT. `counting` is `SELECT count()`, then `items` is empty. `mine` is USING SCOPE mine."""

    statement: str
    items: tuple[Path | Call | AllFields | TypeOf | Query, ...]
    counting: bool
    source: str
    source_at: int
    alias: str | None
    where: Condition | None
    order: tuple[Order, ...]
    limit: int | None
    offset: int
    group: tuple[Operand, ...] = ()
    having: Condition | None = None
    mine: bool = False
