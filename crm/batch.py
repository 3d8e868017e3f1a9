"""Up to 200 records in one request, each with a result of its own: one bad record never stops the others.

An HTTP 400 for the whole means that the request could not even be read, and does not say which record is to blame:
the halves are then sent apart, so that in the end only that one is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crm.errors import Fault, UnexpectedReplyError, read_faults
from crm.ids import id18
from crm.lane import Lane, Part

MOST = 200

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record: its id, or why it was refused."""

    id: str = ""
    faults: tuple[Fault, ...] = ()


def upsert(lane: Lane, sobject: str, key_field: str, records: Sequence[Record]) -> list[Outcome]:
    """Make or change records by their external id, which each carries; no two the same."""
    path = f"composite/sobjects/{sobject}/{key_field}"
    return _in_pieces(records, lambda some: _send(lane, "PATCH", path, sobject, some))


def create(lane: Lane, sobject: str, records: Sequence[Record]) -> list[Outcome]:
    """Make records. Not safe to repeat."""
    return _in_pieces(records, lambda some: _send(lane, "POST", "composite/sobjects", sobject, some))


def update(lane: Lane, sobject: str, records: Sequence[Record]) -> list[Outcome]:
    """Change records by the ``id`` each carries."""
    return _in_pieces(records, lambda some: _send(lane, "PATCH", "composite/sobjects", sobject, some))


def first_upsert(sobject: str, key_field: str, records: Sequence[Record]) -> Part:
    """What the first request of `upsert` will be."""
    return Part("PATCH", f"composite/sobjects/{sobject}/{key_field}", _body(sobject, records[:MOST]))


def first_update(sobject: str, records: Sequence[Record]) -> Part:
    """What the first request of `update` will be."""
    return Part("PATCH", "composite/sobjects", _body(sobject, records[:MOST]))


def _in_pieces(
    records: Sequence[Record], send: Callable[[Sequence[Record]], list[Outcome]], most: int = MOST
) -> list[Outcome]:
    from simple_salesforce.exceptions import SalesforceMalformedRequest

    outcomes: list[Outcome] = []
    for some in _slices(records, most):
        try:
            outcomes += send(some)
        except SalesforceMalformedRequest as error:
            faults = read_faults(error.content)
            if len(some) > 1:
                outcomes += _in_pieces(some, send, (len(some) + 1) // 2)
            elif faults:
                outcomes.append(Outcome(faults=faults))
            else:
                raise
    return outcomes


def _slices(records: Sequence[Record], most: int) -> Iterator[Sequence[Record]]:
    for at in range(0, len(records), most):
        yield records[at : at + most]


def _send(lane: Lane, method: str, path: str, sobject: str, records: Sequence[Record]) -> list[Outcome]:
    answer = lane.send(Part(method, path, _body(sobject, records)))
    if not isinstance(answer, list) or len(answer) != len(records):
        raise UnexpectedReplyError
    return [_outcome(one) for one in answer]


def _body(sobject: str, records: Sequence[Record]) -> dict[str, Any]:
    return {"allOrNone": False, "records": [{"attributes": {"type": sobject}, **record} for record in records]}


def _outcome(one: Any) -> Outcome:
    if not isinstance(one, dict):
        raise UnexpectedReplyError
    if one.get("success") is True and isinstance(one.get("id"), str):
        return Outcome(id=id18(one["id"]))
    faults = read_faults(one)
    if not faults:
        raise UnexpectedReplyError
    return Outcome(faults=faults)
