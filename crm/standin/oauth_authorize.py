"""`/services/oauth2/authorize`: the page where a user signs in and allows the app, and the way back to it.

A wrong app or callback is told on the page, because there is nowhere safe to send the browser; everything else
goes back to the callback. `standin_user=<user name or id>` in the address signs that user in without a page,
`standin_user=-` refuses; so does the policy's `auto_approve`, unless `prompt` asks for the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from .oauth_policy import OAuthError
from .oauth_users import every_user, refuse_user, user_named
from .org import CLIENT_ID, Org
from .schema import Row
from .web import Request, Response

_DENY = "-"
_ASKING = frozenset({"login", "consent", "select_account"})
_ALSO = {"offline_access": "refresh_token"}
_SCOPE_WORDS = {
    "api": "Manage user data via APIs",
    "refresh_token": "Perform requests at any time",
    "openid": "Access unique user identifiers",
    "id": "Access the identity URL service",
    "profile": "Access basic profile information",
    "email": "Access the e-mail address",
}
_STYLE = (
    "body{font:15px system-ui,sans-serif;margin:3rem auto;max-width:26rem;color:#1c1e21;background:#f6f7f8}"
    "main{background:#fff;border:1px solid #dfe2e6;border-radius:8px;padding:1.5rem 2rem}"
    "h1{font-size:1.25rem}button{display:block;width:100%;margin:.5rem 0;padding:.6rem .9rem;font:inherit;"
    "text-align:left;background:#fff;border:1px solid #b9bfc7;border-radius:6px;cursor:pointer}"
    "button:hover,button:focus{border-color:#0b5cab;outline:2px solid #0b5cab33}"
    "small{display:block;color:#667}button.deny{text-align:center;color:#a02020}ul{color:#445;padding-left:1.2rem}"
)


def handle(org: Org, request: Request) -> Response:
    """The page, or a redirect to the app. Raises OAuthError for a call that is neither GET nor POST."""
    if request.method not in ("GET", "POST"):
        raise OAuthError("invalid_request", "must use HTTP GET or POST", 405)
    form = request.form() if request.method == "POST" else {}
    asked = {**request.query, **form}
    try:
        _check_app(org, asked)
    except OAuthError as error:
        words = urlencode({"error": error.error, "error_description": error.description})
        return _page("Sign-in is not possible", f"<p>{escape(words)}</p>", status=400)
    back = {"state": asked["state"]} if "state" in asked else {}
    try:
        scope = _check_request(org, asked)
        user = _user(org, asked, form)
        if user is None:
            return _login_page(org, asked, scope)
        refuse_user(org, str(user["Id"]))
    except OAuthError as error:
        return _redirect(asked["redirect_uri"], {**error.body(), **back})
    code = org.grants.new_code(str(user["Id"]), asked["redirect_uri"], asked.get("code_challenge", ""), scope)
    return _redirect(asked["redirect_uri"], {"code": code, **back})


def _check_app(org: Org, asked: Mapping[str, str]) -> None:
    if asked.get("client_id") != CLIENT_ID:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    if not asked.get("redirect_uri"):
        raise OAuthError("redirect_uri_missing", "redirect_uri not provided")
    if not org.policy.takes(asked["redirect_uri"]):
        raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")


def _check_request(org: Org, asked: Mapping[str, str]) -> str:
    """The scopes to grant."""
    if asked.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "response type not supported")
    if not org.policy.installed:
        raise OAuthError("invalid_client", "app must be installed into org")
    if org.policy.blocked:
        raise OAuthError("OAUTH_APP_BLOCKED", "this app is blocked by admin")
    if not asked.get("code_challenge") and org.policy.require_pkce:
        raise OAuthError("invalid_request", "missing required code challenge")
    if asked.get("code_challenge_method", "S256") != "S256":
        raise OAuthError("invalid_request", "code challenge method not supported")
    wanted = [_ALSO.get(one, one) for one in asked.get("scope", "").split()] or ["refresh_token", "api"]
    if not set(wanted) <= set(org.policy.scopes):
        raise OAuthError("invalid_scope", "the requested scope is not allowed")
    return " ".join(dict.fromkeys(wanted))


def _user(org: Org, asked: Mapping[str, str], form: Mapping[str, str]) -> Row | None:
    """Who signs in; None when the page has to ask. Raises OAuthError when that user says no."""
    prompted = bool(_ASKING & set(asked.get("prompt", "").split()))
    name = form.get("user") or asked.get("standin_user") or ("" if prompted else org.policy.auto_approve)
    if name == _DENY:
        raise OAuthError(org.policy.denial, "end-user denied authorization")
    if not name:
        return None
    found = user_named(org, name)
    if found is None:
        raise OAuthError("invalid_grant", "authentication failure")
    return found


def _login_page(org: Org, asked: Mapping[str, str], scope: str) -> Response:
    hint = asked.get("login_hint", "").lower()
    users = sorted(every_user(org), key=lambda row: str(row.get("Username")).lower() != hint)
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
        if name not in ("user", "standin_user")
    )
    buttons = "".join(
        f'<button name="user" value="{row["Id"]}" data-username="{escape(str(row.get("Username")))}"'
        f"{' autofocus' if place == 0 and hint else ''}>{escape(str(row.get('Name')))}"
        f"<small>{escape(str(row.get('Username')))}{'' if row.get('IsActive') else ' (inactive)'}</small></button>"
        for place, row in enumerate(users)
    )
    wants = "".join(f"<li>{escape(_SCOPE_WORDS.get(one, one))}</li>" for one in scope.split())
    return _page(
        "Log in and allow access",
        f"<p>Ringdown is asking to:</p><ul>{wants}</ul><p>Continue as</p>"
        f'<form method="post" action="/services/oauth2/authorize">{kept}{buttons}'
        f'<button class="deny" name="user" value="{_DENY}">Deny</button></form>',
    )


def _redirect(redirect_uri: str, values: Mapping[str, str]) -> Response:
    joint = "&" if "?" in redirect_uri else "?"
    return Response(302, headers={"Location": f"{redirect_uri}{joint}{urlencode(values)}"})


def _page(title: str, inside: str, *, status: int = 200) -> Response:
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"<main><h1>{escape(title)}</h1>{inside}</main></html>"
    )
    return Response(status, text=html, content_type="text/html;charset=UTF-8")
