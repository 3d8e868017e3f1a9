"""The address of a Salesforce sign-in page, from what people type or copy."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from app.errors import AppError, ErrorCode

PRODUCTION = "https://login.salesforce.com"
SANDBOX = "https://test.salesforce.com"

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(_LABEL)
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Pages of an org that people copy from the browser, and the domain its sign-in page is under.
_PAGES = (
    (".lightning.force.com", ".my.salesforce.com"),
    (".my.salesforce-setup.com", ".my.salesforce.com"),
    (".lightning.crmforce.mil", ".my.salesforce.mil"),
)


def login_url(typed: str) -> str:
    """The address as it is used: https, a host and at most a port. Raises AppError SIGN_IN_ADDRESS.

    One word is taken for the name of a My Domain. Plain http is only for this computer.
    """
    text = typed.strip().lower()
    if not text or not text.isascii() or any(c.isspace() or ord(c) < 33 for c in text) or "\\" in text or "@" in text:
        raise AppError(ErrorCode.SIGN_IN_ADDRESS, typed=typed.strip())
    if _NAME.fullmatch(text) and text not in _LOOPBACK:
        return f"https://{text}.my.salesforce.com"
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AppError(ErrorCode.SIGN_IN_ADDRESS, typed=typed.strip()) from None
    is_here = host in _LOOPBACK
    if parts.scheme not in ({"https", "http"} if is_here else {"https"}) or not (is_here or _is_public(host)):
        raise AppError(ErrorCode.SIGN_IN_ADDRESS, typed=typed.strip())
    for page, own in _PAGES:
        if host.endswith(page):
            host = host.removesuffix(page) + own
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")


def host_of(address: str) -> str:
    """The host of an address, as people know it; with its port when it is another one than usual."""
    return urlsplit(address).netloc


def _is_public(host: str) -> bool:
    return bool(_HOST.fullmatch(host)) and "." in host
