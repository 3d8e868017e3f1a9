"""The HTTP session under simple-salesforce: timeouts, plain HTTP for a stand-in on this machine, quiet logs.

simple-salesforce has no default timeout, always builds https addresses and loses response headers; all three are
put right here, under it.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

# Its lines carry whole addresses, and the query string of a search is a phone number.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)

_log = logging.getLogger(__name__)
_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")
_IDLE = 60.0  # seconds after which a kept connection may have died behind a router without a word


class CrmSession(requests.Session):
    """A requests session that always times out and never logs what travels. One thread at a time.

    ``plain_host`` is the ``host:port`` that is spoken to without TLS; empty for none, and only a loopback host is
    accepted. ``timeout`` is (connect, read) in seconds. ``on_usage`` gets (used, total) of the org's daily requests.
    """

    def __init__(
        self,
        *,
        plain_host: str = "",
        timeout: tuple[float, float] = (5.0, 30.0),
        on_usage: Callable[[int, int], None] | None = None,
    ) -> None:
        super().__init__()
        self._plain_prefix = f"https://{plain_host}/" if plain_host and is_loopback(plain_host) else ""
        self._timeout = timeout
        self._on_usage = on_usage
        self._last_use = 0.0
        self.retry_after: float | None = None
        """Seconds the last response asked us to wait, None when it did not."""
        if self._plain_prefix:
            self.trust_env = False  # a proxy has no business between two programs of one machine
        # An entry in ~/.netrc for the host would otherwise replace the bearer token.
        self.auth = _leave

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """As `requests.Session.request`; redirects are not followed, they would lead away from Salesforce."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self._timeout
        kwargs.setdefault("allow_redirects", False)
        if self._plain_prefix and str(url).startswith(self._plain_prefix):
            url = "http" + str(url)[len("https") :]
        began = time.monotonic()
        if began - self._last_use > _IDLE:
            self.close()
        self.retry_after = None
        try:
            response = super().request(method, url, *args, **kwargs)
        finally:
            self._last_use = time.monotonic()
        self.retry_after = wait_asked(response.headers.get("Retry-After", ""))
        if self._on_usage and (usage := _USAGE.search(response.headers.get("Sforce-Limit-Info", ""))):
            self._on_usage(int(usage[1]), int(usage[2]))
        _log.debug("%s answered %d in %.0f ms", method, response.status_code, (self._last_use - began) * 1000)
        return response


def is_loopback(host: str) -> bool:
    """Is ``host`` (with or without a port) this machine?"""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def wait_asked(header: str) -> float | None:
    """Seconds a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date), None when it says nothing."""
    if header.strip().isdigit():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (at - datetime.now(UTC)).total_seconds()) if at.tzinfo else None


def _leave(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
