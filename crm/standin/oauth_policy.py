"""How the org's one registered app may be signed in to, and the words used when it may not."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from .errors import refuse

CALLBACK_PORTS = (1717, 27171, 27172, 27173, 27174)
_CALLBACKS = tuple(f"http://localhost:{port}/OauthRedirect" for port in CALLBACK_PORTS)
_SCOPES = ("api", "refresh_token", "openid", "id", "profile", "email")


class OAuthError(Exception):
    """Ends a sign-in call: `error` and `error_description` as Salesforce words them."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status

    def body(self) -> dict[str, str]:
        """The object form."""
        return {"error": self.error, "error_description": self.description}


@dataclass(frozen=True, slots=True)
class Policy:
    """What `/standin/oauth` can change.

    redirect_uris: the registered callbacks, matched exactly. loopback_ip: also take `127.0.0.1` where `localhost` is
    registered. auto_approve: user name or id who signs in without a page; "" shows the page. scopes: what the app may
    ask for. rotation: each refresh gives a new refresh token and kills the old one. code_seconds: life of a code.
    session_seconds, refresh_idle_seconds: life of an access token, and of a refresh token not used; 0 for ever.
    approvals: consents a user may hold, the oldest falls out. require_pkce: a challenge must be sent.
    installed: the app is installed in the org. blocked: an admin blocked it. denied_users: user names or ids
    the admin did not allow. ip_restricted: the caller's address is outside the trusted ranges. org_active: the org
    is not locked. denial: how a refusal by the user is spelt. instance_url: what token answers name instead of
    this server. expires_in: seconds to tell in token answers; 0 leaves it out, as Salesforce does.
    """

    redirect_uris: tuple[str, ...] = _CALLBACKS
    loopback_ip: bool = False
    auto_approve: str = ""
    scopes: tuple[str, ...] = _SCOPES
    rotation: bool = True
    code_seconds: float = 900.0
    session_seconds: float = 0.0
    refresh_idle_seconds: float = 0.0
    approvals: int = 5
    require_pkce: bool = True
    installed: bool = True
    blocked: bool = False
    denied_users: tuple[str, ...] = ()
    ip_restricted: bool = False
    org_active: bool = True
    denial: str = "access_denied"
    instance_url: str = ""
    expires_in: int = 0

    def as_json(self) -> dict[str, Any]:
        """How the control interface lists it."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def changed(self, wanted: dict[str, Any]) -> Policy:
        """With the named values replaced. Raises ApiError for an unknown name or a wrong type."""
        known = self.as_json()
        clean: dict[str, Any] = {}
        for name, value in wanted.items():
            if name not in known:
                raise refuse("INVALID_SETTING", f"no such setting: {name}")
            clean[name] = _checked(name, known[name], value)
        return replace(self, **clean)

    def takes(self, redirect_uri: str) -> bool:
        """Whether the callback is registered: exactly, port and trailing slash included."""
        if redirect_uri in self.redirect_uris:
            return True
        local = redirect_uri.replace("http://127.0.0.1:", "http://localhost:", 1)
        return self.loopback_ip and local != redirect_uri and local in self.redirect_uris


def _checked(name: str, now: Any, value: Any) -> Any:
    if isinstance(now, list):
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
    elif isinstance(now, bool) or isinstance(value, bool):
        if isinstance(now, bool) and isinstance(value, bool):
            return value
    elif isinstance(now, int | float):
        if isinstance(value, int | float):
            return type(now)(value)
    elif isinstance(value, str):
        return value
    raise refuse("INVALID_SETTING", f"{name} takes a {type(now).__name__}")
