"""`/composite/tree/X`: records with their children in one call, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import records
from .errors import ApiError, Problem, refuse, row_locked
from .org import Org
from .schema import SObject
from .web import Request, Response

_MOST_RECORDS = 200
_MOST_LEVELS = 5
_MOST_TYPES = 5


@dataclass(frozen=True, slots=True)
class _Node:
    """One record of the tree; `parent` is the place of the record it belongs to, under the lookup `field`."""

    sobject: SObject
    reference: str
    values: dict[str, Any]
    parent: int | None = None
    field: str = ""


class _RefusedError(Exception):
    """Ends the transaction."""


def handle(org: Org, request: Request, name: str) -> Response:
    """Creates every record, or none: 201 with the ids, 400 with what is wrong with which. Raises ApiError."""
    root = records.object_named(org, name)
    nodes = _checked(list(_walk(org, root, request.record(), None, "", 1, [])))
    made: list[str] = []
    wrong: list[dict[str, Any]] = []
    try:
        with org.store.transaction():
            for place, node in enumerate(nodes):
                problems = _create(org, node, made, locked=request.hits(place))
                if problems:
                    errors = [problem.as_record_error() for problem in problems]
                    wrong.append({"referenceId": node.reference, "errors": errors})
                    # What hangs below it cannot be tried.
                    raise _RefusedError
    except _RefusedError:
        return Response(400, {"hasErrors": True, "results": wrong})
    results = [{"referenceId": node.reference, "id": one} for node, one in zip(nodes, made, strict=True)]
    return Response(201, {"hasErrors": False, "results": results})


def _create(org: Org, node: _Node, made: list[str], *, locked: bool) -> tuple[Problem, ...]:
    if locked:
        return (row_locked(),)
    values = node.values if node.parent is None else {**node.values, node.field: made[node.parent]}
    try:
        made.append(records.create(org, node.sobject, values))
    except ApiError as error:
        return error.problems
    return ()


def _walk(
    org: Org, sobject: SObject, body: dict[str, Any], parent: int | None, field: str, level: int, seen: list[_Node]
) -> Iterator[_Node]:
    """The records level by level as they stand, each before its children."""
    given = body.get("records")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise refuse("JSON_PARSER_ERROR", "records must be a list of objects")
    if level > _MOST_LEVELS:
        raise refuse("INVALID_INPUT", f"a record tree has at most {_MOST_LEVELS} levels")
    children = {str(one.children).lower(): (child, one.name) for child, one in org.schema.children_of(sobject)}
    for one in given:
        attributes = one.get("attributes")
        if not isinstance(attributes, dict) or str(attributes.get("type", "")).lower() != sobject.name.lower():
            raise refuse("INVALID_INPUT", f"each record needs attributes with the type {sobject.name}")
        reference = attributes.get("referenceId")
        if not isinstance(reference, str) or not reference:
            raise refuse("INVALID_INPUT", "Include a referenceId for each record in the request.")
        below = {key: value for key, value in one.items() if isinstance(value, dict) and key != "attributes"}
        values = {key: value for key, value in one.items() if key not in below and key != "attributes"}
        node = _Node(sobject, reference, values, parent, field)
        place = len(seen)
        seen.append(node)
        yield node
        for key, value in below.items():
            child = children.get(key.lower())
            if child is None:
                raise refuse("INVALID_FIELD", f"No such relation '{key}' on sobject of type {sobject.name}")
            yield from _walk(org, child[0], value, place, child[1], level + 1, seen)


def _checked(nodes: list[_Node]) -> list[_Node]:
    if len(nodes) > _MOST_RECORDS:
        raise refuse("INVALID_INPUT", f"a record tree has at most {_MOST_RECORDS} records")
    if len({node.sobject.name for node in nodes}) > _MOST_TYPES:
        raise refuse("INVALID_INPUT", f"a record tree has at most {_MOST_TYPES} kinds of record")
    references = [node.reference for node in nodes]
    if len(set(references)) < len(references):
        raise refuse("INVALID_INPUT", "Duplicate ReferenceId provided in the request.")
    return nodes
