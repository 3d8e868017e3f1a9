"""What SQLAlchemy takes and hands back, typed for our use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import CursorResult, Result, Row, Select

if TYPE_CHECKING:
    from typing import TypeAlias

    # A row whose columns are read by name, and a query for such rows. Known to the type checker only.
    AnyRow: TypeAlias = Row[*tuple[Any, ...]]
    AnySelect: TypeAlias = Select[*tuple[Any, ...]]


def affected(result: Result[*tuple[Any, ...]]) -> int:
    """How many rows an INSERT, UPDATE or DELETE touched."""
    return cast("CursorResult[Any]", result).rowcount
