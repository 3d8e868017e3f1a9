"""What goes wrong while signing in becomes AppError here: Salesforce's words, the network's, and pages of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from app.errors import AppError, ErrorCode
from crm.errors import surely_unsent

_BUSY = {"rate_limit_exceeded", "temporarily_unavailable", "server_error", "unknown_error"}
_SHOWN = 200  # characters of Salesforce's own words


def oauth_error(error: str, description: str, *, host: str, address: str = "") -> AppError:
    """An ``error`` of the authorize page or the token endpoint. ``address`` is the callback that was asked for.

    SIGN_IN_STALE stands for a code or token that is used up; who asked knows which of the two it was.
    """
    said = description.lower()
    values: dict[str, object] = {"host": host, "address": address, "reason": error[:_SHOWN]}
    values["message"] = (description or error)[:_SHOWN]
    match error.lower().replace("-", "_"):
        case "invalid_client_id":
            code = ErrorCode.SIGN_IN_UNKNOWN_APP
        case "invalid_client" | "invalid_client_credentials":
            code = ErrorCode.SIGN_IN_NOT_INSTALLED if "install" in said else ErrorCode.SIGN_IN_UNKNOWN_APP
        case "redirect_uri_mismatch" | "redirect_uri_missing":
            code = ErrorCode.SIGN_IN_REDIRECT
        case "inactive_user" | "inactive_org":
            code = ErrorCode.SIGN_IN_INACTIVE
        case "oauth_app_blocked":
            code = ErrorCode.SIGN_IN_BLOCKED
        case "oauth_app_access_denied":
            code = ErrorCode.SIGN_IN_NOT_ALLOWED
        case name if name in _BUSY:
            code = ErrorCode.CRM_BUSY
        case "access_denied" | "invalid_grant" if "ip restricted" in said or "login hours" in said:
            code = ErrorCode.SIGN_IN_NETWORK
        case "access_denied" | "invalid_grant" if "admin approved" in said or "not approved" in said:
            code = ErrorCode.SIGN_IN_NOT_ALLOWED
        case "access_denied" | "invalid_grant" if "install" in said:
            code = ErrorCode.SIGN_IN_NOT_INSTALLED
        case "access_denied" | "invalid_grant" if "inactive" in said:
            code = ErrorCode.SIGN_IN_INACTIVE
        case "access_denied":
            code = ErrorCode.SIGN_IN_DENIED
        case "invalid_grant" | "invalid_request":
            code = ErrorCode.SIGN_IN_STALE
        case _:
            code = ErrorCode.SIGN_IN_REFUSED
    return AppError(code, **values)


def answer_error(status: int, body: object, *, host: str, address: str = "") -> AppError:
    """An answer that brings no tokens, by its status and its JSON (None when it is none)."""
    if isinstance(body, Mapping) and body.get("error"):
        return oauth_error(str(body["error"]), str(body.get("error_description") or ""), host=host, address=address)
    if status >= 500 or status == 429:
        return AppError(ErrorCode.CRM_OFFLINE, message="", reason=f"http-{status}", host=host)
    return AppError(ErrorCode.SIGN_IN_WRONG_DOMAIN, message="", reason=f"http-{status}", host=host)


@contextmanager
def network_errors(host: str) -> Iterator[None]:
    """Inside, what the network raises becomes AppError SIGN_IN_*, with ``lost`` when an answer may have been lost."""
    import requests

    try:
        yield
    except requests.exceptions.ProxyError:
        raise AppError(ErrorCode.SIGN_IN_PROXY, host=host) from None
    except requests.exceptions.SSLError:
        raise AppError(ErrorCode.SIGN_IN_CERTIFICATE, host=host) from None
    except requests.exceptions.RequestException as error:
        failed = AppError(ErrorCode.SIGN_IN_UNREACHABLE, host=host)
        if not surely_unsent(error):
            failed.values["lost"] = True
        raise failed from None
