"""`/composite`: several calls in one, later ones using what earlier ones answered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from .errors import ApiError, refuse, row_locked
from .org import Org
from .web import Request, Response, failed, read_target

Dispatch = Callable[[Org, Request], Response]

_MOST_PARTS = 25
_MOST_HEAVY_PARTS = 5
_REFERENCE_ID = re.compile(r"[A-Za-z0-9_]+")
_REFERENCE = re.compile(r"@\{([^}]*)\}")
_HEAVY = re.compile(r"/services/data/v[\d.]+/(query|queryAll|composite/sobjects)\b")
_ROLLED_BACK = "The transaction was rolled back since another operation in the same transaction failed."


class _HaltedError(Exception):
    """A part refers to an answer that is not there."""


class _RolledBackError(Exception):
    """Ends an all-or-none transaction."""


def handle(org: Org, request: Request, dispatch: Dispatch) -> Response:
    """Runs the parts in order. Raises ApiError when the whole is malformed."""
    body = request.record()
    parts = _checked(body.get("compositeRequest"))
    every = body.get("allOrNone") is True
    answers: dict[str, Response] = {}
    try:
        with org.store.transaction():
            for place, part in enumerate(parts):
                answers[part["referenceId"]] = answer = _one(org, part, answers, dispatch, locked=request.hits(place))
                if every and answer.status >= 400:
                    raise _RolledBackError
    except _RolledBackError:
        halted = failed(refuse("PROCESSING_HALTED", _ROLLED_BACK))
        guilty = list(answers)[-1]
        answers = {part["referenceId"]: halted for part in parts} | {guilty: answers[guilty]}
    return Response(
        body={
            "compositeResponse": [
                {
                    "body": answers[part["referenceId"]].body,
                    "httpHeaders": dict(answers[part["referenceId"]].headers),
                    "httpStatusCode": answers[part["referenceId"]].status,
                    "referenceId": part["referenceId"],
                }
                for part in parts
            ]
        }
    )


def _checked(parts: Any) -> list[dict[str, Any]]:
    if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
        raise refuse("JSON_PARSER_ERROR", "compositeRequest must be a list of objects")
    if len(parts) > _MOST_PARTS:
        raise refuse("LIMIT_EXCEEDED", f"Composite requests must not contain more than {_MOST_PARTS} subrequests.")
    names: set[str] = set()
    heavy = 0
    for part in parts:
        name, method, url = (part.get(key) for key in ("referenceId", "method", "url"))
        if not isinstance(name, str) or not _REFERENCE_ID.fullmatch(name):
            raise refuse("INVALID_INPUT", "referenceId must contain only letters, digits and underscores")
        if name in names:
            raise refuse("INVALID_INPUT", f"Duplicate ReferenceId provided: {name}")
        if not isinstance(part.get("httpHeaders") or {}, dict):
            raise refuse("INVALID_INPUT", f"httpHeaders of subrequest {name} must be an object")
        if method not in ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"):
            raise refuse("INVALID_INPUT", f"unknown method in subrequest {name}")
        if not isinstance(url, str) or not url.startswith("/services/data/v"):
            raise refuse("INVALID_INPUT", f"url of subrequest {name} must start with /services/data/vXX.X/")
        names.add(name)
        heavy += bool(_HEAVY.match(url))
    if heavy > _MOST_HEAVY_PARTS:
        raise refuse("LIMIT_EXCEEDED", f"at most {_MOST_HEAVY_PARTS} subrequests can be queries or collections")
    return parts


def _one(org: Org, part: dict[str, Any], answers: dict[str, Response], dispatch: Dispatch, *, locked: bool) -> Response:
    method = "GET" if part["method"] == "HEAD" else str(part["method"])
    if method != "GET" and locked:
        return failed(ApiError(400, [row_locked()]))
    try:
        url = _REFERENCE.sub(lambda match: quote(str(_look_up(match.group(1), answers)), safe=""), part["url"])
        body = _filled(part.get("body"), answers)
    except _HaltedError as halted:
        return failed(refuse("PROCESSING_HALTED", str(halted)))
    headers = {str(name).lower(): str(value) for name, value in (part.get("httpHeaders") or {}).items()}
    headers["content-type"] = "application/json"
    inner = read_target(method, url, headers, b"" if body is None else json.dumps(body).encode())
    if inner.segments[3:] == ("composite",):
        return failed(refuse("INVALID_INPUT", "a composite request cannot contain another one"))
    try:
        with org.store.transaction():
            answer = dispatch(org, inner)
    except ApiError as error:
        return failed(error)
    if answer.raw is not None:
        return failed(refuse("INVALID_INPUT", "blob data cannot be read inside a composite request"))
    return answer


def _filled(value: Any, answers: dict[str, Response]) -> Any:
    match value:
        case str():
            whole = _REFERENCE.fullmatch(value)
            if whole:
                return _look_up(whole.group(1), answers)
            return _REFERENCE.sub(lambda match: str(_look_up(match.group(1), answers)), value)
        case dict():
            return {name: _filled(one, answers) for name, one in value.items()}
        case list():
            return [_filled(one, answers) for one in value]
        case _:
            return value


def _look_up(path: str, answers: dict[str, Response]) -> Any:
    """`ref.id`, `ref.records[0].Id`, `ref[0].id`: case-sensitive."""
    steps = re.findall(r"[^.\[\]]+", path)
    name = steps[0] if steps else ""
    answer = answers.get(name)
    missing = _HaltedError(f"Invalid reference specified. No value for {path} found in {name}.")
    if answer is None or answer.status >= 300:
        raise missing
    value = answer.body
    for step in steps[1:]:
        match value:
            case dict() if step in value:
                value = value[step]
            case list() if step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            case _:
                raise missing
    if value is None or isinstance(value, dict | list):
        raise missing
    return value
