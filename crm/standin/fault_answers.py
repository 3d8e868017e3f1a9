"""What an armed fault answers instead of the work: in the words of the API, or of the sign-in service."""

from __future__ import annotations

from dataclasses import replace

from . import sessions
from .errors import ApiError, refuse, row_locked, session_invalid
from .faults import Fault, FaultKind
from .oauth_policy import OAuthError
from .org import Org
from .web import Request, Response, failed

_SORRY = (
    "<!DOCTYPE html><html><head><title>Service Unavailable</title></head>"
    "<body><h1>We are down for maintenance.</h1><p>Sorry for the inconvenience.</p></body></html>"
)
# The default codes of faults, as the sign-in service would word them.
_CODES = {"UNKNOWN_EXCEPTION": "unknown_error", "SERVER_UNAVAILABLE": "temporarily_unavailable"}


def answer(org: Org, request: Request, fault: Fault | None) -> Response | None:
    """The answer in place of the work, or None when the work is to be done."""
    if fault is None:
        return None
    if fault.kind is FaultKind.HTML_503:
        return Response(503, text=_SORRY, content_type="text/html;charset=UTF-8")
    if fault.kind is FaultKind.EXPIRE_SESSION and fault.end:
        _end(org, request)
    signing_in = request.segments[:2] == ("services", "oauth2") and request.segments[2:] != ("userinfo",)
    return _sign_in_answer(fault) if signing_in else _api_answer(fault, collection=_has_records(request))


def locked(request: Request, fault: Fault | None) -> Request:
    """The request with the records a row lock hits inside a collection or composite call."""
    if fault is not None and fault.kind is FaultKind.ROW_LOCK and _has_records(request):
        return replace(request, locked=frozenset(fault.records))
    return request


def _has_records(request: Request) -> bool:
    return "composite" in request.segments


def _api_answer(fault: Fault, *, collection: bool) -> Response | None:
    match fault.kind:
        case FaultKind.STATUS:
            return failed(refuse(fault.code, fault.message, status=fault.status))
        case FaultKind.EXPIRE_SESSION:
            return failed(session_invalid())
        case FaultKind.LIMIT_EXCEEDED:
            return failed(refuse("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", status=403))
        case FaultKind.ROW_LOCK if not collection:
            return failed(ApiError(400, [row_locked()]))
        case _:
            return None


def _sign_in_answer(fault: Fault) -> Response | None:
    """The sign-in service answers with an object, and knows neither row locks nor daily limits by those names."""
    match fault.kind:
        case FaultKind.STATUS:
            error = OAuthError(_CODES.get(fault.code, fault.code), fault.message, fault.status)
        case FaultKind.EXPIRE_SESSION:
            error = OAuthError("invalid_grant", "expired access/refresh token")
        case FaultKind.LIMIT_EXCEEDED:
            error = OAuthError("rate_limit_exceeded", "login rate exceeded")
        case FaultKind.ROW_LOCK:
            error = OAuthError("unknown_error", "retry your request")
        case _:
            return None
    return Response(error.status, error.body())


def _end(org: Org, request: Request) -> None:
    """Ends the session, or the approval, the request came with."""
    if request.segments[:2] == ("services", "oauth2"):
        org.grants.revoke(request.form().get("refresh_token", ""))
    else:
        sessions.end(org, request)
