"""Salesforce's token endpoint for a public client: codes and refresh tokens against access tokens, and revoking.

There is no secret in the program: what proves that the one who redeems a code is the one who asked for it is the
verifier (PKCE, RFC 7636). What travels here is never logged.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from app.domain.sign_in_address import host_of
from app.errors import AppError, Detail, ErrorCode
from app.ports.sign_in import Grant
from crm.ids import id18, is_id
from crm.oauth_errors import answer_error, network_errors

if TYPE_CHECKING:
    import requests

SCOPES = "api refresh_token"
# Where the browser may come back to. Salesforce compares letter by letter: the admin registers all of them.
PORTS = (27171, 27172, 27173, 27174, 1717)
PATH = "/OauthRedirect"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Where orgs live. A My Domain is one label below one of these.
_SALESFORCE = (
    ".salesforce.com",
    ".force.com",
    ".cloudforce.com",
    ".database.com",
    ".my-salesforce.com",
    ".salesforce.mil",
    ".crmforce.mil",
    ".sfcrmproducts.cn",
    ".sfcrmapps.cn",
)


class Proof:
    """The secret of one sign-in: ``verifier`` stays here until the code is redeemed, ``challenge`` goes out first."""

    def __init__(self) -> None:
        self.state = secrets.token_urlsafe(32)
        self.verifier = secrets.token_urlsafe(64)

    @property
    def challenge(self) -> str:
        """The S256 challenge of the verifier."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def authorize_address(login_url: str, client_id: str, redirect_uri: str, proof: Proof) -> str:
    """What the browser opens."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": proof.state,
        "code_challenge": proof.challenge,
        "code_challenge_method": "S256",
    }
    return f"{login_url}/services/oauth2/authorize?{urlencode(asked)}"


class TokenEndpoint:
    """One sign-in page's ``/services/oauth2``. One thread; a context manager that drops its connections."""

    def __init__(self, login_url: str, client_id: str, timeout: tuple[float, float] = (5.0, 30.0)) -> None:
        self._login_url = login_url.rstrip("/")
        self._client_id = client_id
        self._host = host_of(login_url)
        self._timeout = timeout
        if not is_safe(login_url):
            raise AppError(ErrorCode.SIGN_IN_ADDRESS, typed=login_url)
        from crm.http import CrmSession

        self._session = CrmSession(timeout=timeout)
        if urlsplit(login_url).hostname in _LOOPBACK:
            self._session.trust_env = False  # no proxy stands between two programs of one machine

    def __enter__(self) -> TokenEndpoint:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._session.close()

    def probe(self) -> None:
        """Is there a sign-in page at all? Told before the browser opens, in words instead of the browser's."""
        answer = self._post("token", {"grant_type": "none"})
        body = _json(answer)
        # Every such endpoint refuses an unknown grant with this object (RFC 6749 §5.2); nothing else does.
        if not (isinstance(body, Mapping) and body.get("error")):
            raise answer_error(answer.status_code, body, host=self._host)

    def redeem(self, code: str, redirect_uri: str, verifier: str) -> Grant:
        """Tokens for a code of the browser. Raises AppError SIGN_IN_*, CRM_*."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        body = self._tokens(form, redirect_uri)
        refresh = str(body.get("refresh_token") or "")
        if not refresh:
            raise AppError(ErrorCode.SIGN_IN_REFUSED, message=Detail.NO_REFRESH)
        return self._grant(body, refresh, None)

    def refresh(self, grant: Grant) -> Grant:
        """Fresh tokens for old ones. With rotation the old refresh token is dead once this returns."""
        body = self._tokens({"grant_type": "refresh_token", "refresh_token": grant.refresh_token})
        fresh = str(body.get("refresh_token") or "")
        rotated = bool(fresh) and fresh != grant.refresh_token
        made = self._grant(body, fresh or grant.refresh_token, rotated or bool(grant.rotates))
        return replace(made, user_id=made.user_id or grant.user_id)

    def revoke(self, token: str) -> None:
        """End what a token stands for. Salesforce answers 400 for one that is dead already: as good."""
        answer = self._post("revoke", {"token": token}, bare=True)
        if answer.status_code not in {200, 400}:
            raise answer_error(answer.status_code, _json(answer), host=self._host)

    def _tokens(self, form: dict[str, str], redirect_uri: str = "") -> Mapping[str, object]:
        answer = self._post("token", form)
        body = _json(answer)
        if answer.status_code == 200 and isinstance(body, Mapping) and body.get("access_token"):
            return body
        raise answer_error(answer.status_code, body, host=self._host, address=redirect_uri)

    def _post(self, name: str, form: dict[str, str], *, bare: bool = False) -> requests.Response:
        sent = form if bare else {**form, "client_id": self._client_id}
        with network_errors(self._host):
            return self._session.request(
                "POST", f"{self._login_url}/services/oauth2/{name}", data=sent, headers={"Accept": "application/json"}
            )

    def _grant(self, body: Mapping[str, object], refresh_token: str, rotates: bool | None) -> Grant:
        instance = str(body.get("instance_url") or "").rstrip("/")
        if not is_instance(instance, self._login_url):
            raise AppError(ErrorCode.SIGN_IN_WRONG_DOMAIN, host=self._host)
        return Grant(
            login_url=self._login_url,
            client_id=self._client_id,
            instance_url=instance,
            user_id=user_of(str(body.get("id") or "")),
            access_token=str(body["access_token"]),
            refresh_token=refresh_token,
            rotates=rotates,
        )


def user_of(identity: str) -> str:
    """The 18-character user id at the end of an identity address; empty when there is none."""
    last = urlsplit(identity).path.rpartition("/")[2]
    return id18(last) if is_id(last) else ""


def is_safe(address: str) -> bool:
    """May tokens go there? Only by https, or within this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def is_instance(address: str, login_url: str) -> bool:
    """May an answer of this sign-in page send everything of the rep there? Only to Salesforce, or the page's own host.

    A page of this machine (the stand-in) may name any safe address; one of elsewhere none of this machine.
    """
    if not is_safe(address):
        return False
    there, page = urlsplit(address), urlsplit(login_url)
    if there.path.strip("/") or there.query or there.fragment or "@" in there.netloc or "\\" in address:
        return False
    if page.hostname in _LOOPBACK or there.netloc.lower() == page.netloc.lower():
        return True
    try:
        usual_port = there.port in {None, 443}
    except ValueError:
        return False
    return there.scheme == "https" and usual_port and (there.hostname or "").endswith(_SALESFORCE)


def _json(answer: requests.Response) -> object:
    try:
        found: object = answer.json()
    except (ValueError, RecursionError):
        return None
    return found
