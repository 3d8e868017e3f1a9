"""A sign-in from the button to the tokens.

1. Look whether the sign-in page is there at all: network, certificate and address are told in words at once.
2. Listen for the browser on one of the registered ports, then give out the address to open.
3. The browser comes back with a code and our state, or with an error. Two minutes, then it is over.
4. The code and the verifier that never left this process bring the tokens.
5. The caller stores them, and only then the browser shows that it worked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from app.domain.sign_in_address import host_of
from app.errors import AppError, ErrorCode
from app.ports.sign_in import Grant, SignInPage
from crm.oauth import PORTS, Proof, TokenEndpoint, authorize_address
from crm.oauth_errors import oauth_error

PATIENCE = 120.0  # seconds for the rep to sign in
# While refreshing, these only mean that Salesforce cannot be reached just now.
_AWAY = {
    ErrorCode.SIGN_IN_UNREACHABLE,
    ErrorCode.SIGN_IN_PROXY,
    ErrorCode.SIGN_IN_CERTIFICATE,
    ErrorCode.SIGN_IN_WRONG_DOMAIN,
}


class BrowserSignIn:
    """Implements SignInService. Any thread but the main one."""

    def __init__(
        self,
        *,
        ports: Sequence[int] = PORTS,
        patience: float = PATIENCE,
        timeout: tuple[float, float] = (5.0, 30.0),
    ) -> None:
        """``ports`` are tried in turn; ``patience`` in seconds; ``timeout`` is (connect, read) in seconds."""
        self._ports = ports
        self._patience = patience
        self._timeout = timeout

    def begin(self, login_url: str, client_id: str, language: str, noticed: Callable[[AppError], None]) -> SignInPage:
        """As the port says."""
        if not client_id:
            raise AppError(ErrorCode.SIGN_IN_NOT_SET_UP)
        with TokenEndpoint(login_url, client_id, self._timeout) as endpoint:
            endpoint.probe()
        return _Page(login_url, client_id, language, noticed, self._ports, self._patience, self._timeout)

    def refresh(self, grant: Grant) -> Grant:
        """As the port says."""
        with TokenEndpoint(grant.login_url, grant.client_id, self._timeout) as endpoint:
            try:
                return endpoint.refresh(grant)
            except AppError as error:
                if error.code is ErrorCode.SIGN_IN_STALE:
                    raise AppError(ErrorCode.SIGN_IN_ENDED, **error.values) from None
                if error.code in _AWAY:
                    values = {**error.values, "message": "", "reason": error.code.value}
                    raise AppError(ErrorCode.CRM_OFFLINE, **values) from None
                raise

    def revoke(self, grant: Grant) -> None:
        """As the port says. The refresh token ends the access tokens that came from it."""
        with TokenEndpoint(grant.login_url, grant.client_id, self._timeout) as endpoint:
            endpoint.revoke(grant.refresh_token or grant.access_token)


class _Page:
    """Implements SignInPage."""

    def __init__(
        self,
        login_url: str,
        client_id: str,
        language: str,
        noticed: Callable[[AppError], None],
        ports: Sequence[int],
        patience: float,
        timeout: tuple[float, float],
    ) -> None:
        from crm.oauth_listener import Listener  # only who signs in needs a web server

        self._proof = Proof()
        self._login_url = login_url
        self._client_id = client_id
        self._noticed = noticed
        self._timeout = timeout
        self._strange = False
        self._listener = Listener(self._proof.state, language, self._saw_stranger, ports)
        self._until = time.monotonic() + patience
        self.address = authorize_address(login_url, client_id, self._listener.redirect_uri, self._proof)

    def wait(self) -> Grant:
        """As the port says. Whoever gets an error must still `answer` it."""
        try:
            came = self._listener.wait(max(0.0, self._until - time.monotonic()))
        except TimeoutError:
            code = ErrorCode.SIGN_IN_MISMATCH if self._strange else ErrorCode.SIGN_IN_TIMED_OUT
            raise AppError(code) from None
        if came is None:
            raise AppError(ErrorCode.SIGN_IN_CANCELLED)
        uri = self._listener.redirect_uri
        if "error" in came:
            said = came.get("error_description", "")
            error = oauth_error(came["error"], said, host=host_of(self._login_url), address=uri)
            if "state" not in came:
                # Any page the browser shows can send this: its words are not put into Salesforce's mouth.
                code = ErrorCode.SIGN_IN_DENIED if error.code is ErrorCode.SIGN_IN_REFUSED else error.code
                error = AppError(code, **{**error.values, "message": "", "reason": ""})
            raise error
        with TokenEndpoint(self._login_url, self._client_id, self._timeout) as endpoint:
            return endpoint.redeem(came["code"], uri, self._proof.verifier)

    def answer(self, error: AppError | None) -> None:
        """As the port says."""
        self._listener.close(done=error is None)

    def cancel(self) -> None:
        """As the port says."""
        self._listener.cancel()

    def _saw_stranger(self) -> None:
        self._strange = True
        self._noticed(AppError(ErrorCode.SIGN_IN_MISMATCH))
