"""Whose access token a request carries, and whether it opens the API or the identity pages."""

from __future__ import annotations

import hmac

from .errors import refuse, session_invalid
from .oauth_users import may_sign_in
from .org import USER_ID, Org
from .web import Request

_NOT_FOR_REST = "This session is not valid for use with the REST API"


def user_of(org: Org, request: Request) -> str | None:
    """The user the token belongs to, good or not for the API; None when there is no such session."""
    _, _, token = request.headers.get("authorization", "").partition(" ")
    found = _lookup(org, token.strip())
    return found[0] if found else None


def user_name(org: Org, request: Request) -> str:
    """The user name the token belongs to, for the log; "" for none."""
    user_id = user_of(org, request)
    row = org.store.find(user_id) if user_id else None
    return str(row.get("Username")) if row else ""


def authorise(org: Org, request: Request) -> str:
    """The user who calls the API, the call counted. Raises ApiError."""
    found = _lookup(org, token_of(request))
    if found is None:
        raise session_invalid()
    user_id, scope = found
    # The same code for what no new session would cure.
    if org.policy.blocked or "api" not in scope.split():
        raise refuse("INVALID_SESSION_ID", _NOT_FOR_REST, status=401)
    if not may_sign_in(org, user_id):
        raise session_invalid()
    if not org.settings.api_enabled:
        message = "API is not enabled for this Organization or Partner"
        raise refuse("API_DISABLED_FOR_ORG", message, status=403)
    org.count_call()
    return user_id


def identified(org: Org, request: Request) -> str | None:
    """The user an identity page may be shown to; None for a missing, unknown or ended session. Raises ApiError."""
    found = _lookup(org, token_of(request))
    return found[0] if found and may_sign_in(org, found[0]) else None


def token_of(request: Request) -> str:
    """The bearer token, "" for none. Raises ApiError for a header of another kind."""
    given = request.headers.get("authorization", "")
    kind, _, token = given.partition(" ")
    if given and (kind.lower() not in ("bearer", "oauth") or not token.strip()):
        raise refuse("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE", status=401)
    return token.strip()


def end(org: Org, request: Request) -> None:
    """Ends the session the request came with, and no other."""
    _, _, token = request.headers.get("authorization", "").partition(" ")
    if _is_fixed(org, token.strip()):
        org.new_session()
    else:
        org.grants.revoke(token.strip())


def _lookup(org: Org, token: str) -> tuple[str, str] | None:
    """(user, scope) of a token."""
    if _is_fixed(org, token):
        return USER_ID, "api refresh_token"
    session = org.grants.session(token)
    if session is None:
        return None
    life = org.policy.session_seconds
    if life and org.grants.age(session.issued) >= life:
        return None
    return session.user_id, session.scope


def _is_fixed(org: Org, token: str) -> bool:
    return hmac.compare_digest(token.encode("utf-8", "replace"), org.token.encode())
