"""The port to Salesforce's sign-in in the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.errors import AppError


@dataclass(frozen=True, slots=True)
class Grant:
    """What a sign-in gave: the tokens, where they hold, and whose they are. Kept in the password store, never logged.

    ``rotates`` says whether a refresh has brought a new refresh token (and killed the old one); None before the first.
    """

    login_url: str
    client_id: str
    instance_url: str
    user_id: str
    access_token: str
    refresh_token: str
    rotates: bool | None = None


class SignInPage(Protocol):
    """One sign-in that waits for the browser. `wait` ends with it, whatever happens."""

    @property
    def address(self) -> str:
        """What the browser must open. Holds nothing secret."""
        ...

    def wait(self) -> Grant:
        """Block until the browser has come back and Salesforce has given tokens. Raises AppError SIGN_IN_*."""
        ...

    def answer(self, error: AppError | None) -> None:
        """Tell in the browser how it went, and listen no more. Never raises."""
        ...

    def cancel(self) -> None:
        """End `wait` now. Any thread."""
        ...


class SignInService(Protocol):
    """Salesforce's sign-in (OAuth 2.0 with PKCE, public client). Every method blocks on the network."""

    def begin(self, login_url: str, client_id: str, language: str, noticed: Callable[[AppError], None]) -> SignInPage:
        """Look whether there is a sign-in page at ``login_url``, then listen for the browser. Raises SIGN_IN_*.

        ``language`` is "en" or "ja". ``noticed`` hears, on another thread, of what went wrong without ending it.
        """
        ...

    def refresh(self, grant: Grant) -> Grant:
        """Fresh tokens. Raises AppError: SIGN_IN_* when only a person can help, CRM_OFFLINE and CRM_BUSY else.

        A value ``lost`` says that Salesforce may have done it though no answer came.
        """
        ...

    def revoke(self, grant: Grant) -> None:
        """End the sign-in in Salesforce; one that has ended is fine. Raises as `refresh`."""
        ...
