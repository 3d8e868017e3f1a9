"""From address to handler: versions, identity, and everything under `/services/data/vXX.X`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from . import (
    bulk,
    caller,
    collection_calls,
    composite,
    control,
    files,
    identity,
    oauth,
    pages,
    queries,
    rows,
    sessions,
    tree,
)
from .errors import ApiError, not_found, refuse
from .org import ORG_ID, Org
from .web import Request, Response, failed

_VERSION = re.compile(r"v(\d+)\.0")
_OLDEST, _NEWEST = 31, 67
_RESOURCES = (
    "composite",
    "describe",
    "jobs",
    "limits",
    "parameterizedSearch",
    "query",
    "queryAll",
    "search",
    "sobjects",
)


def answer(org: Org, request: Request) -> Response:
    """The answer to any request, errors included."""
    try:
        match request.segments:
            case ("standin", *rest):
                return control.handle(org, request, tuple(rest))
            case ("services", "data"):
                return _only_get(request, Response(body=versions()))
            case ("id", org_id, user_id):
                return _identified(org, _get(request), lambda: _identity(org, org_id, user_id))
            case ("services", "oauth2", "userinfo"):
                return _identified(org, request, lambda: Response(body=identity.user_info(org)))
            case ("services", "oauth2", *rest):
                return oauth.handle(org, request, tuple(rest))
            case ("services", "data", version, *_) if _VERSION.fullmatch(version):
                _check_version(version)
                with caller.acting_as(sessions.authorise(org, request)):
                    return _with_usage(org, _answer_api(org, request))
            case ("lightning", "o", "Contact", "new"):
                return pages.new_contact(org, request)
            case (record_id,) if len(record_id) in {15, 18}:
                return _only_get(request, pages.record_page(org, record_id))
            case _:
                raise not_found()
    except ApiError as error:
        return failed(error)


def versions() -> list[dict[str, str]]:
    """Every API version, oldest first."""
    seasons = (("Summer", 23), ("Winter", 24), ("Spring", 24))
    listed = []
    for number in range(_OLDEST, _NEWEST + 1):
        cycle, place = divmod(number - 58, 3)
        name, year = seasons[place]
        listed.append(
            {"label": f"{name} '{year + cycle}", "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        )
    return listed


def _answer_api(org: Org, request: Request) -> Response:
    if org.used > org.settings.api_limit:
        return failed(refuse("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", status=403))
    try:
        # One call at a time: nobody sees half a transaction, and the interpreter would not run two at once anyway.
        with org.store.lock:
            return dispatch(org, request)
    except ApiError as error:
        return failed(error)


def dispatch(org: Org, request: Request) -> Response:
    """One call under a version, already authorised. Raises ApiError."""
    upload = request.segments[3:] == ("sobjects", "ContentVersion") and files.is_multipart(request)
    if request.body and not upload and "json" not in request.headers.get("content-type", "json").lower():
        raise refuse("UNSUPPORTED_MEDIA_TYPE", "Content type of the request is not supported", status=415)
    with caller.with_headers(request.headers):
        return _dispatch(org, request)


def _dispatch(org: Org, request: Request) -> Response:
    rest = request.segments[3:]
    match rest:
        case ():
            return _only_get(request, Response(body=_resources(org, request.base)))
        case ("limits",):
            return _only_get(request, Response(body=limits(org)))
        case ("query",):
            return queries.query(org, _get(request), deleted=False)
        case ("queryAll",):
            return queries.query(org, _get(request), deleted=True)
        case ("query" | "queryAll", locator):
            return queries.more(org, _get(request), locator)
        case ("search",):
            return queries.search(org, _get(request))
        case ("parameterizedSearch",):
            return queries.parameterized(org, request)
        case ("composite",) if request.method == "POST":
            return composite.handle(org, request, dispatch)
        case ("composite", "tree", name) if request.method == "POST":
            return tree.handle(org, request, name)
        case ("composite", "sobjects", *inside):
            return collection_calls.handle(org, request, tuple(inside))
        case ("jobs", "query", *inside):
            return bulk.handle(org, request, tuple(inside))
        case ("sobjects", *inside):
            return rows.handle(org, request, tuple(inside))
        case _:
            raise not_found()


def limits(org: Org) -> dict[str, Any]:
    """What is left of the day's allocations."""
    most = org.settings.api_limit
    return {
        "DailyApiRequests": {"Max": most, "Remaining": max(most - org.used, 0)},
        "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
        "DataStorageMB": {"Max": 10_240, "Remaining": 10_200},
        "FileStorageMB": {"Max": 10_240, "Remaining": 10_200},
    }


def _resources(org: Org, base: str) -> dict[str, str]:
    return {name: f"{base}/{name}" for name in _RESOURCES if name != "describe"} | {
        "identity": f"{org.url}/id/{ORG_ID}/{caller.user_id()}"
    }


def _check_version(version: str) -> None:
    number = int(version[1:-2])
    if number < _OLDEST:
        raise refuse("UNSUPPORTED_API_VERSION", "This API version is retired.", status=410)
    if number > _NEWEST:
        raise not_found()


def _identified(org: Org, request: Request, show: Callable[[], Response]) -> Response:
    """The identity service is not the API: it answers a wrong token with 403 and a bare word."""
    user = sessions.identified(org, request)
    if user is None:
        word = "Bad_OAuth_Token" if sessions.token_of(request) else "Missing_OAuth_Token"
        return Response(403, text=word, content_type="text/html;charset=UTF-8")
    with caller.acting_as(user):
        return show()


def _identity(org: Org, org_id: str, user_id: str) -> Response:
    if org_id[:15] != ORG_ID[:15] or user_id[:15] != caller.user_id()[:15]:
        raise not_found()
    return Response(body=identity.identity(org))


def _get(request: Request) -> Request:
    if request.method != "GET":
        raise refuse(
            "METHOD_NOT_ALLOWED", f"HTTP Method '{request.method}' not allowed. Allowed are HEAD,GET", status=405
        )
    return request


def _only_get(request: Request, response: Response) -> Response:
    _get(request)
    return response


def _with_usage(org: Org, response: Response) -> Response:
    told = f"api-usage={org.used}/{org.settings.api_limit}"
    if org.settings.per_app_limit:
        told += f"; per-app-api-usage={org.used}/{org.settings.per_app_limit}(appName=Ringdown)"
    usage = {"Sforce-Limit-Info": told}
    return replace(response, headers={**response.headers, **usage})
