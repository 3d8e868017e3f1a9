"""`/sobjects/…`: single records, by id or external id, and the describe calls."""

from __future__ import annotations

import hashlib
import json
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from . import changes, describe, files, records, times
from .errors import not_found, refuse
from .org import Org
from .paths import NoSuchColumnError, Shape, bind_path
from .schema import Row, SObject
from .web import Request, Response

_BODY_ON_UPDATE_SINCE = 46.0


def handle(org: Org, request: Request, rest: tuple[str, ...]) -> Response:
    """Answers what lies under `/sobjects`. Raises ApiError."""
    match request.method, rest:
        case "GET", ():
            return _fresh(org, request) or _dated(org, describe.everything(org, request.base))
        case "GET", (name,):
            sobject = records.object_named(org, name)
            return Response(body={"objectDescribe": describe.summary(sobject, request.base), "recentItems": []})
        case "POST", (name,):
            return _create(org, request, records.object_named(org, name))
        case "GET", (name, "describe"):
            sobject = records.object_named(org, name)
            return _fresh(org, request) or _dated(org, describe.one_object(org, sobject, request.base))
        case "GET", (name, "updated"):
            return changes.updated(org, request, records.object_named(org, name))
        case "GET", (name, "deleted"):
            return changes.deleted(org, request, records.object_named(org, name))
        case "GET", (name, record_id):
            sobject = records.object_named(org, name)
            return _read(org, request, sobject, records.existing(org, sobject, record_id))
        case "PATCH", (name, record_id):
            sobject = records.object_named(org, name)
            body = request.record()
            with org.store.lock:
                _unmodified(request, sobject, records.existing(org, sobject, record_id, changing=True))
                records.update(org, sobject, record_id, body)
            return Response(204)
        case "DELETE", (name, record_id):
            records.delete(org, records.object_named(org, name), record_id)
            return Response(204)
        case "GET", (name, record_id, field) if name.lower() == "contentversion" and field.lower() == "versiondata":
            return files.download(org, record_id)
        case _, (name, field, value):
            return _keyed(org, request, records.object_named(org, name), field, value)
        case _, () | (_,) | (_, _):
            raise refuse(
                "METHOD_NOT_ALLOWED",
                f"HTTP Method '{request.method}' not allowed. Allowed are HEAD,GET,POST,PATCH,DELETE",
                status=405,
            )
        case _:
            raise not_found()


def _create(org: Org, request: Request, sobject: SObject) -> Response:
    upload = sobject.name == "ContentVersion"
    record_id = records.create(org, sobject, files.body_of(request) if upload else request.record())
    return Response(
        201,
        {"id": record_id, "success": True, "errors": []},
        {"Location": f"{request.base}/sobjects/{sobject.name}/{record_id}"},
    )


def _keyed(org: Org, request: Request, sobject: SObject, field: str, value: str) -> Response:
    try:
        match request.method:
            case "GET":
                found = records.by_key(org, sobject, field, value)
                if found is None:
                    raise not_found()
                return _read(org, request, sobject, found)
            case "DELETE":
                found = records.by_key(org, sobject, field, value)
                if found is None:
                    raise not_found()
                records.delete(org, sobject, str(found["Id"]))
                return Response(204)
            case "PATCH":
                return _upsert(org, request, sobject, field, value)
            case _:
                raise refuse("METHOD_NOT_ALLOWED", f"HTTP Method '{request.method}' not allowed.", status=405)
    except records.SeveralFoundError as several:
        addresses = [f"{request.base}/sobjects/{sobject.name}/{row['Id']}" for row in several.rows]
        return Response(300, addresses)


def _upsert(org: Org, request: Request, sobject: SObject, field: str, value: str) -> Response:
    update_only = request.query.get("updateOnly", "").lower() == "true"
    record_id, created = records.upsert(org, sobject, field, value, request.record(), update_only=update_only)
    body: dict[str, Any] = {"id": record_id, "success": True, "errors": []}
    location = {"Location": f"{request.base}/sobjects/{sobject.name}/{quote(record_id)}"} if created else {}
    if request.version >= _BODY_ON_UPDATE_SINCE:
        return Response(201 if created else 200, {**body, "created": created}, location)
    return Response(201, body, location) if created else Response(204)


def _read(org: Org, request: Request, sobject: SObject, row: Row) -> Response:
    since = times.parse_http_date(request.headers.get("if-modified-since", ""))
    if since and times.parse_datetime(str(row["LastModifiedDate"])) <= since:
        return Response(304)
    mark = _mark(sobject, row)
    if mark and mark in request.headers.get("if-none-match", ""):
        return Response(304, headers={"ETag": mark})
    body = render(org, sobject, row, request.query.get("fields"), request.base)
    return Response(body=body, headers={"ETag": mark} if mark else {})


def _mark(sobject: SObject, row: Row) -> str:
    """The entity tag of a row; only Accounts have one."""
    if sobject.name != "Account":
        return ""
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
    return f'"{digest[:32]}"'


def render(org: Org, sobject: SObject, row: Row, fields: str | None, base: str) -> dict[str, Any]:
    """A record with all fields, or those of a comma list. Raises INVALID_FIELD."""
    shape = Shape(sobject)
    names = [one.name for one in sobject.declared] if fields is None else [one.strip() for one in fields.split(",")]
    for name in names:
        try:
            shape.add(bind_path(org, sobject, name.split(".")))
        except NoSuchColumnError as missing:
            raise refuse(
                "INVALID_FIELD", f"No such column '{missing.part}' on sobject of type {missing.entity}"
            ) from None
    return shape.render(org, row, base)


def _unmodified(request: Request, sobject: SObject, row: Row) -> None:
    wanted, mark = request.headers.get("if-match", ""), _mark(sobject, row)
    if wanted and mark and mark not in wanted and wanted.strip() != "*":
        raise refuse("PRECONDITION_FAILED", "The resource was modified: its entity tag does not match", status=412)
    until = times.parse_http_date(request.headers.get("if-unmodified-since", ""))
    if until and times.parse_datetime(str(row["LastModifiedDate"])) > until:
        raise refuse("PRECONDITION_FAILED", "The resource was modified since the given date", status=412)


def _fresh(org: Org, request: Request) -> Response | None:
    since = times.parse_http_date(request.headers.get("if-modified-since", ""))
    return Response(304) if since and org.schema_changed <= since else None


def _dated(org: Org, body: dict[str, Any]) -> Response:
    return Response(body=body, headers={"Last-Modified": format_datetime(org.schema_changed, usegmt=True)})
