"""Signing in to the stand-in as the app does: proof key, authorize, token."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.crm_standin.client import Answer, Client

CLIENT_ID = "3MVG9standin.ringdown.desktop"
CALLBACK = "http://localhost:1717/OauthRedirect"
VERIFIER = "v" * 64
RILEY = "riley.chen@ringdown.example"
JORDAN = "jordan.brooks@ringdown.example"
AMARA = "amara.singh@ringdown.example"


def challenge(verifier: str = VERIFIER) -> str:
    """The S256 challenge."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def query(**changes: str | None) -> dict[str, str]:
    """A good authorisation request, with changes; None leaves a key out."""
    asked: dict[str, str | None] = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": CALLBACK,
        "state": "s 1&2",
        "scope": "api refresh_token",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
        "standin_user": RILEY,
        **changes,
    }
    return {name: value for name, value in asked.items() if value is not None}


@dataclass(frozen=True, slots=True)
class OAuth:
    """The sign-in calls of one stand-in."""

    client: Client

    def authorize(self, **changes: str | None) -> Answer:
        """The authorize address."""
        return self.client.call("GET", "/services/oauth2/authorize?" + urlencode(query(**changes)))

    def sent_back(self, **changes: str | None) -> dict[str, str]:
        """What the callback is told."""
        answer = self.authorize(**changes)
        assert answer.status == 302, answer.body
        where = answer.headers["location"]
        assert where.startswith((changes.get("redirect_uri") or CALLBACK) + "?")
        return {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}

    def form(self, path: str, **fields: str | None) -> Answer:
        """A form post."""
        body = urlencode({name: value for name, value in fields.items() if value is not None}).encode()
        return self.client.call(
            "POST", f"/services/oauth2/{path}", body, Content_Type="application/x-www-form-urlencoded"
        )

    def exchange(self, code: str, **changes: str | None) -> Answer:
        """A code for tokens."""
        fields: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": CLIENT_ID,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **changes,
        }
        return self.form("token", **fields)

    def refresh(self, token: str, **changes: str | None) -> Answer:
        """A refresh token for an access token."""
        fields: dict[str, str | None] = {
            "grant_type": "refresh_token",
            "refresh_token": token,
            "client_id": CLIENT_ID,
            **changes,
        }
        return self.form("token", **fields)

    def sign_in(self, user: str = RILEY, **changes: str | None) -> dict[str, Any]:
        """All of it, which must succeed."""
        answer = self.exchange(self.sent_back(standin_user=user, **changes)["code"])
        assert answer.status == 200, answer.body
        return dict(answer.body)

    def policy(self, **values: Any) -> None:
        """Changes the app's policy."""
        assert self.client.control("POST", "/oauth", values).status == 200

    def works(self, token: str) -> bool:
        """Whether the API takes the token."""
        return as_user(self.client, token).api("GET", "/limits").status == 200


def as_user(client: Client, token: str) -> Client:
    """The same stand-in with another token."""
    return Client(client.url, token)


def signed_in(client: Client, user: str) -> Client:
    """The stand-in as another of its users, without the ceremony."""
    answer = client.control("POST", "/oauth/sign-in", {"user": user})
    assert answer.status == 201, answer.body
    return as_user(client, str(answer.body["access_token"]))
