"""`/standin/oauth…`: the app's policy, sign-ins without a browser, and ending them.

GET  /standin/oauth                     {"policy": {…}, "approvals": […], "sessions": […]} (no tokens)
POST /standin/oauth                     changes the named values of `Policy` and lists all
POST /standin/oauth/sign-in             {"user": name or id, "scope": "refresh_token api"}: a token answer at once
POST /standin/oauth/end                 {"user": name or id (all), "what": "sessions" | "approvals" | "all"}: ends
                                        access tokens, refresh tokens or both; "all" with no user ends the fixed
                                        token too (`POST /standin/session` gives another)
"""

from __future__ import annotations

from typing import Any

from . import oauth
from .errors import not_found, refuse
from .oauth_users import user_named
from .org import Org
from .web import Request, Response

_WHAT = ("sessions", "approvals", "all")


def handle(org: Org, request: Request, rest: tuple[str, ...]) -> Response:
    """Answers one control call. Raises ApiError."""
    match request.method, rest:
        case "GET", ():
            return Response(body={"policy": org.policy.as_json(), **org.grants.listed()})
        case "POST", ():
            org.set_policy(org.policy.changed(request.record()))
            return Response(body=org.policy.as_json())
        case "POST", ("sign-in",):
            return Response(201, _sign_in(org, request.record()))
        case "POST", ("end",):
            return Response(body=_end(org, request.record() if request.body else {}))
        case _:
            raise not_found()


def _sign_in(org: Org, wanted: dict[str, Any]) -> dict[str, Any]:
    user_id = _user_id(org, wanted.get("user"))
    scope = str(wanted.get("scope", "refresh_token api"))
    with org.store.lock:
        approval = None
        if "refresh_token" in scope.split():
            approval = org.grants.approve(user_id, scope, most=org.policy.approvals)
        session = org.grants.open(user_id, scope, approval.number if approval else 0)
    return oauth.answer(org, session, approval)


def _end(org: Org, wanted: dict[str, Any]) -> dict[str, int]:
    what = wanted.get("what", "all")
    if what not in _WHAT:
        raise refuse("INVALID_INPUT", f"what is one of {', '.join(_WHAT)}")
    user_id = _user_id(org, wanted["user"]) if wanted.get("user") else None
    if what == "all" and user_id is None:
        org.new_session()
    return org.grants.end(user_id=user_id, sessions=what != "approvals", approvals=what != "sessions")


def _user_id(org: Org, name: Any) -> str:
    found = user_named(org, str(name or ""))
    if found is None:
        raise refuse("INVALID_INPUT", f"no such user: {name}")
    return str(found["Id"])
