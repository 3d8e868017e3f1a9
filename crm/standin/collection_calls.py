"""`/composite/sobjects`: up to 200 records in one call, an HTTP 200 with one result each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import groupby
from typing import Any

from . import records, rows
from .errors import ApiError, Problem, not_found, refuse, row_locked
from .org import Org
from .schema import SObject
from .web import Request, Response

_MOST_RECORDS = 200
_MOST_CHUNKS = 10
Result = dict[str, Any]


class _RolledBackError(Exception):
    """Ends an all-or-none transaction."""


def handle(org: Org, request: Request, rest: tuple[str, ...]) -> Response:
    """Answers what lies under `/composite/sobjects`. Raises ApiError when the call itself is malformed."""
    match request.method, rest:
        case "POST", ():
            given, every = _given(request)
            chunks = [name for name, _ in groupby(_type_of(one) for one in given)]
            if len(chunks) > _MOST_CHUNKS:
                raise refuse("LIMIT_EXCEEDED", f"more than {_MOST_CHUNKS} chunks of object types in one call")
            return _run(org, request, given, every, lambda one: _create(org, one))
        case "PATCH", ():
            given, every = _given(request)
            return _run(org, request, given, every, lambda one: _update(org, one))
        case "DELETE", ():
            names = [{"id": one} for one in request.query.get("ids", "").split(",") if one]
            _bounded(names)
            every = request.query.get("allOrNone", "").lower() == "true"
            return _run(org, request, names, every, lambda one: _delete(org, one["id"]))
        case "PATCH", (name, field):
            return _upsert_all(org, request, records.object_named(org, name), field)
        case "GET", (name,):
            wanted = request.query.get("ids", "").split(",")
            return _read_all(org, request, records.object_named(org, name), wanted, request.query.get("fields"))
        case "POST", (name,):
            body = request.record()
            wanted, fields = request.text_list(body, "ids"), request.text_list(body, "fields")
            return _read_all(org, request, records.object_named(org, name), wanted, ",".join(fields))
        case _:
            raise not_found()


def _given(request: Request) -> tuple[list[Any], bool]:
    body = request.record()
    given = body.get("records")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise refuse("JSON_PARSER_ERROR", "records must be a list of objects")
    _bounded(given)
    return given, body.get("allOrNone") is True


def _bounded(given: list[Any]) -> None:
    if len(given) > _MOST_RECORDS:
        raise refuse(
            "EXCEEDED_ID_LIMIT", f"record limit reached. cannot submit more than {_MOST_RECORDS} records into this call"
        )


def _run(
    org: Org,
    request: Request,
    given: list[Any],
    every: bool,
    work: Callable[[Any], Result],
    *,
    with_created: bool = False,
) -> Response:
    results: list[Result] = []
    try:
        with org.store.transaction():
            for place, one in enumerate(given):
                results.append(_attempt(org, request, place, one, work))
            if every and not all(result["success"] for result in results):
                raise _RolledBackError
    except _RolledBackError:
        innocent = Problem(
            "ALL_OR_NONE_OPERATION_ROLLED_BACK",
            "Record rolled back because not all records were valid and the request was using AllOrNone header",
            (),
        )
        results = [_failure([innocent]) if result["success"] else result for result in results]
    if with_created:
        results = [{**result, "created": False} if not result["success"] else result for result in results]
    return Response(body=results)


def _attempt(org: Org, request: Request, place: int, one: Any, work: Callable[[Any], Result]) -> Result:
    if request.hits(place):
        return _failure([row_locked()])
    try:
        with org.store.transaction():
            return work(one)
    except ApiError as error:
        return _failure(error.problems)
    except records.SeveralFoundError as several:
        named = ", ".join(str(row["Id"]) for row in several.rows)
        return _failure(
            [Problem("DUPLICATE_EXTERNAL_ID", f"more than one record found for external id field: [{named}]", ())]
        )


def _failure(problems: tuple[Problem, ...] | list[Problem]) -> Result:
    return {"success": False, "errors": [problem.as_record_error() for problem in problems]}


def _success(record_id: str) -> Result:
    return {"id": record_id, "success": True, "errors": []}


def _type_of(body: dict[str, Any]) -> str:
    attributes = body.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    if not isinstance(name, str):
        raise refuse("INVALID_INPUT", "each record needs attributes with a type")
    return name


def _object_of(org: Org, body: dict[str, Any]) -> SObject:
    name = _type_of(body)
    found = org.schema.find(name)
    if found is None:
        raise refuse("INVALID_TYPE", f"sObject type '{name}' is not supported.", [])
    return found


def _create(org: Org, body: dict[str, Any]) -> Result:
    return _success(records.create(org, _object_of(org, body), body))


def _update(org: Org, body: dict[str, Any]) -> Result:
    sobject = _object_of(org, body)
    record_id = next((value for name, value in body.items() if name.lower() == "id"), None)
    if not isinstance(record_id, str):
        raise refuse("MISSING_ARGUMENT", "Id not specified in an update call", [])
    rest = {name: value for name, value in body.items() if name.lower() != "id"}
    return _success(records.update(org, sobject, record_id, rest))


def _delete(org: Org, record_id: str) -> Result:
    sobject = org.schema.of_id(record_id)
    if sobject is None:
        raise refuse("MALFORMED_ID", f"malformed id {record_id}", [])
    return _success(records.delete(org, sobject, record_id))


def _upsert_all(org: Org, request: Request, sobject: SObject, field_name: str) -> Response:
    field = sobject.fields.get(field_name.lower())
    if field is None or not (field.external_id or field.name == "Id"):
        raise not_found(f"Provided external ID field does not exist or is not accessible: {field_name}")
    given, every = _given(request)
    for one in given:
        if _type_of(one).lower() != sobject.name.lower():
            raise refuse("INVALID_INPUT", f"all records must be of type {sobject.name}")
    fold = str if field.case_sensitive else str.lower
    seen = Counter(fold(str(_key_of(one, field.name))) for one in given)

    def work(body: dict[str, Any]) -> Result:
        key = _key_of(body, field.name)
        if key is None or key == "":
            raise refuse("MISSING_ARGUMENT", f"{field.name} not specified", [])
        if seen[fold(str(key))] > 1:
            raise refuse("DUPLICATE_VALUE", f"Duplicate external id specified: {key}", [field.name])
        rest = {name: value for name, value in body.items() if name.lower() != field.name.lower()}
        if any(name.lower() == "id" for name in rest):
            raise refuse("INVALID_FIELD", "The Id field should not be specified in the sobject data.", ["Id"])
        record_id, created = records.upsert(org, sobject, field.name, str(key), rest)
        return {**_success(record_id), "created": created}

    return _run(org, request, given, every, work, with_created=True)


def _key_of(body: dict[str, Any], field: str) -> Any:
    return next((value for name, value in body.items() if name.lower() == field.lower()), None)


def _read_all(org: Org, request: Request, sobject: SObject, wanted: list[str], fields: str | None) -> Response:
    found: list[Any] = []
    for one in wanted:
        try:
            row = records.existing(org, sobject, one)
        except ApiError:
            found.append(None)
            continue
        found.append(rows.render(org, sobject, row, fields or "Id", request.base))
    return Response(body=found)
