"""`/services/oauth2/…`: tokens for codes and refresh tokens, revoking, user info. Errors are objects, HTTP 400.

The app is a public client: no secret, but a proof key. What it may do is the `Policy` that `POST /standin/oauth`
changes (see `oauth_control`). A token answer has no `expires_in`, and a refresh token only when there is a new one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from . import oauth_authorize
from .errors import not_found
from .oauth_policy import OAuthError
from .oauth_state import Approval, Session
from .oauth_users import refuse_user
from .org import CLIENT_ID, ORG_ID, Org
from .web import Request, Response

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_SIGNING_KEY = b"stand-in"
_EXPIRED = "expired access/refresh token"


def handle(org: Org, request: Request, rest: tuple[str, ...]) -> Response:
    """Answers one sign-in call; `userinfo` is the router's. Raises ApiError for an unknown address."""
    try:
        match rest:
            case ("authorize",):
                return oauth_authorize.handle(org, request)
            case ("token",):
                return Response(body=_token(org, request))
            case ("revoke",):
                return _revoke(org, request)
            case _:
                raise not_found()
    except OAuthError as error:
        return Response(error.status, error.body())


def _token(org: Org, request: Request) -> dict[str, Any]:
    if request.method != "POST":
        raise OAuthError("invalid_request", "must use HTTP POST")
    form = request.form()
    grant = form.get("grant_type", "")
    if grant not in ("authorization_code", "refresh_token"):
        raise OAuthError("unsupported_grant_type", "grant type not supported")
    if form.get("client_id") != CLIENT_ID:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    if "client_secret" in form or request.headers.get("authorization", "").lower().startswith("basic "):
        raise OAuthError("invalid_client", "invalid client credentials")
    # One at a time: two exchanges of one code, or of one refresh token, must not both succeed.
    with org.store.lock:
        return _exchange(org, form) if grant == "authorization_code" else _refresh(org, form)


def _exchange(org: Org, form: Mapping[str, str]) -> dict[str, Any]:
    code = org.grants.take_code(form.get("code", ""))
    if code is None:
        raise OAuthError("invalid_grant", "invalid authorization code")
    if org.grants.age(code.issued) >= org.policy.code_seconds:
        raise OAuthError("invalid_grant", "expired authorization code")
    if form.get("redirect_uri") != code.redirect_uri:
        raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")
    verifier = form.get("code_verifier", "")
    if code.challenge and not verifier:
        raise OAuthError("invalid_grant", "missing code verifier")
    if code.challenge and not (_VERIFIER.fullmatch(verifier) and challenge_of(verifier) == code.challenge):
        raise OAuthError("invalid_request", "invalid code verifier")
    refuse_user(org, code.user_id)
    approval = None
    if "refresh_token" in code.scope.split():
        approval = org.grants.approve(code.user_id, code.scope, most=org.policy.approvals)
    session = org.grants.open(code.user_id, code.scope, approval.number if approval else 0)
    return answer(org, session, approval)


def _refresh(org: Org, form: Mapping[str, str]) -> dict[str, Any]:
    approval = org.grants.refreshing(form.get("refresh_token", ""))
    if approval is None:
        raise OAuthError("invalid_grant", _EXPIRED)
    idle = org.policy.refresh_idle_seconds
    if idle and org.grants.age(approval.used) >= idle:
        raise OAuthError("invalid_grant", _EXPIRED)
    refuse_user(org, approval.user_id)
    rotate = org.policy.rotation
    used = org.grants.touch(approval, rotate=rotate)
    session = org.grants.open(used.user_id, used.scope, used.number)
    return answer(org, session, used if rotate else None)


def answer(org: Org, session: Session, approval: Approval | None) -> dict[str, Any]:
    """The token answer; `approval` None leaves the refresh token out."""
    issued_at = str(int(org.moment().timestamp() * 1000))
    identity = f"{org.url}/id/{ORG_ID}/{session.user_id}"
    signature = hmac.new(_SIGNING_KEY, (identity + issued_at).encode(), hashlib.sha256).digest()
    out: dict[str, Any] = {"access_token": session.token}
    if approval is not None:
        out["refresh_token"] = approval.refresh_token
    out |= {"signature": base64.b64encode(signature).decode(), "scope": session.scope}
    if "openid" in session.scope.split():
        out["id_token"] = _id_token(org, identity, int(issued_at) // 1000)
    out |= {
        "instance_url": org.policy.instance_url or org.url,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
    }
    if org.policy.expires_in:
        out["expires_in"] = org.policy.expires_in
    return out


def _id_token(org: Org, subject: str, now: int) -> str:
    claims = {"iss": org.url, "sub": subject, "aud": CLIENT_ID, "iat": now, "exp": now + 120}
    parts = [_packed(json.dumps(one).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, claims)]
    mark = hmac.new(_SIGNING_KEY, ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join((*parts, _packed(mark)))


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return _packed(hashlib.sha256(verifier.encode()).digest())


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _revoke(org: Org, request: Request) -> Response:
    token = request.query.get("token") or request.form().get("token", "")
    if hmac.compare_digest(token.encode("utf-8", "replace"), org.token.encode()):
        org.new_session()
        return Response(200)
    if token and org.grants.revoke(token):
        return Response(200)
    # This one call answers its errors as a form.
    words = urlencode({"error": "invalid_token", "error_description": "the token was not found or expired"})
    return Response(400, text=words, content_type="application/x-www-form-urlencoded;charset=UTF-8")
