"""The list of calls, newest first, and whole call logs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, bindparam, case, literal_column, select, tuple_
from sqlalchemy.orm import Session

from app.domain.call_log import CallLog
from app.store.calls import COLUMNS, to_call_log
from app.store.queries import keys
from app.store.queries.naming import PERSON_COLUMNS, ambiguous, few_numbers_like, numbers_like, person_of
from app.store.schema import call_log, person

if TYPE_CHECKING:
    from app.store.results import AnyRow, AnySelect

# Up to this many numbers the calls are gathered from each; beyond, the list is walked until the page is full.
_FEW = 300

_ORDER = (call_log.c.started.desc(), call_log.c.id.desc())
_SHOWN = (
    *(
        call_log.c[name]
        for name in (
            "id",
            "line",
            "number",
            "name",
            "direction",
            "state",
            "outcome",
            "reason",
            "started",
            "answered",
            "ended",
            "who_kind",
            "who_id",
            "what_kind",
            "what_id",
            "person",
            "synced",
        )
    ),
    (call_log.c.notes != literal_column("''")).label("has_notes"),
    *PERSON_COLUMNS,
)
# What decides is written into the statement: a bound value could not use the indexes made for it.
_FILTERS: dict[str, ColumnElement[bool]] = {
    "missed": call_log.c.outcome == literal_column("'missed'"),
    "in": call_log.c.direction == literal_column("'in'"),
    "out": call_log.c.direction == literal_column("'out'"),
    "undecided": and_(
        call_log.c.who_id == literal_column("''"),
        call_log.c.what_id == literal_column("''"),
        call_log.c.state == literal_column("'ended'"),
        ambiguous(call_log.c.number),
    ),
}
_LOGS = select(*COLUMNS).order_by(*_ORDER).limit(bindparam("most"))


def recents(s: Session, *, before: str, most: int, only: str, text: str, number: str = "") -> Sequence[AnyRow]:
    """Calls older than the key ``before``, newest first; ``only`` is "missed", "in", "out", "undecided" or "all".
    With ``number`` those with exactly that one, and ``text`` does not count.
    """
    values: dict[str, object] = {"most": most}
    if before:
        values["started"], values["id"] = keys.decode(before)
    if number:
        return s.execute(_of_number(only, bool(before)), {**values, "number": number}).all()
    if not text.strip():
        return s.execute(_page(only, bool(before)), values).all()
    few = few_numbers_like(s, text, _FEW)
    if few is None:
        statement, asked = numbers_like(text)
        ids = _ids(only, bool(before)).where(call_log.c.number.concat("").in_(statement))
        values |= asked
    elif few:
        ids = _ids(only, bool(before)).where(call_log.c.number.in_(bindparam("numbers", expanding=True)))
        values["numbers"] = few
    else:
        return ()
    found = list(s.execute(ids, values).scalars())
    return s.execute(_rows(), {"ids": found}).all() if found else ()


def call_logs(s: Session, most: int) -> list[CallLog]:
    """The newest logs, newest first."""
    return [to_call_log(row) for row in s.execute(_LOGS, {"most": most})]


@cache
def _page(only: str, is_later: bool) -> AnySelect:
    return _narrowed(_named(), only, is_later)


@cache
def _of_number(only: str, is_later: bool) -> AnySelect:
    return _narrowed(_named().where(call_log.c.number == bindparam("number")), only, is_later)


@cache
def _ids(only: str, is_later: bool) -> AnySelect:
    return _narrowed(select(call_log.c.id), only, is_later)


@cache
def _rows() -> AnySelect:
    return _named().where(call_log.c.id.in_(bindparam("ids", expanding=True))).order_by(*_ORDER)


def _named() -> AnySelect:
    known = case((call_log.c.who_id != literal_column("''"), call_log.c.who_id), else_=person_of(call_log.c.number))
    return select(*_SHOWN).select_from(call_log.outerjoin(person, person.c.id == known))


def _narrowed(statement: AnySelect, only: str, is_later: bool) -> AnySelect:
    if only in _FILTERS:
        statement = statement.where(_FILTERS[only])
    if is_later:
        started = bindparam("started", type_=call_log.c.started.type)
        statement = statement.where(tuple_(call_log.c.started, call_log.c.id) < tuple_(started, bindparam("id")))
    return statement.order_by(*_ORDER).limit(bindparam("most"))
