"""The HTTP session under simple-salesforce: timeouts, plain HTTP for a stand-in on this machine, quiet logs.

simple-salesforce has no default timeout, always builds https addresses and loses response headers; all three are
put right here, under it.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from crm.network import use_system_trust
from crm.patience import Connections, CuttableAdapter

# Its lines carry whole addresses, and the query string of a search is a phone number.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)

_log = logging.getLogger(__name__)
_USAGE = re.compile(r"api-usage=(\d{1,12})/(\d{1,12})")
_LONGEST_ASKED = 24 * 3600.0  # seconds: who asks to wait for longer is mistaken, or means us no good
_MOST = 32 * 1024 * 1024  # bytes of an answer, unpacked: two thousand rows take two or three
_IN_ALL = 4.0  # read time-outs that a whole request may take
_IDLE = 60.0  # seconds after which a kept connection may have died behind a router without a word


class CrmSession(requests.Session):
    """A requests session that always times out and never logs what travels. One thread at a time.

    ``plain_host`` is the ``host:port`` that is spoken to without TLS; empty for none, and only a loopback host is
    accepted. ``timeout`` is (connect, read) in seconds, and a request may take four times as long as the second in all.
    ``on_usage`` gets (used, total) of the org's daily requests.
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
        self._connections = Connections()
        self._is_within = False
        self.retry_after: float | None = None
        """Seconds the last response asked us to wait, None when it did not."""
        self._clock: tuple[datetime, float] | None = None
        if self._plain_prefix:
            self.trust_env = False  # a proxy has no business between two programs of one machine
            self.mount("http://", CuttableAdapter(self._connections))
        use_system_trust(self, self._connections)
        # An entry in ~/.netrc for the host would otherwise replace the bearer token.
        self.auth = _leave

    @property
    def server_now(self) -> datetime | None:
        """The server's clock, by the last response; this computer's may be wrong. None before the first."""
        if self._clock is None:
            return None
        told, at = self._clock
        return told + timedelta(seconds=time.monotonic() - at)

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """As `requests.Session.request`; redirects are not followed, they would lead away from Salesforce.

        Raises TooSlowError when it has taken too long in all.
        """
        if self._is_within:
            return self._request(method, url, *args, **kwargs)
        with self._connections.within(_IN_ALL * self._timeout[1]):
            return self._request(method, url, *args, **kwargs)

    @contextmanager
    def within(self, read_timeouts: float) -> Iterator[None]:
        """A request inside, and the reading of its answer by `read_gently`, may take so many read time-outs in all."""
        self._is_within = True
        try:
            with self._connections.within(read_timeouts * self._timeout[1]):
                yield
        finally:
            self._is_within = False

    def read_gently(self, response: requests.Response) -> None:
        """Let every piece of the body that is read ask whether the time is over."""
        for name in ("read", "read1", "readinto"):
            setattr(response.raw, name, _checked(getattr(response.raw, name), self._connections.check))

    def _request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self._timeout
        kwargs.setdefault("allow_redirects", False)
        if self._plain_prefix and str(url).startswith(self._plain_prefix):
            url = "http" + str(url)[len("https") :]
        began = time.monotonic()
        if began - self._last_use > _IDLE:
            self.close()
        self.retry_after = None
        is_stream = kwargs.get("stream")
        kwargs["stream"] = True
        try:
            response = super().request(method, url, *args, **kwargs)
            if not is_stream:
                _read_all(response, self._connections.check)
        finally:
            self._last_use = time.monotonic()
        self.retry_after = wait_asked(response.headers.get("Retry-After", ""))
        if (told := date_of(response.headers.get("Date", ""))) is not None:
            self._clock = told, self._last_use
        if self._on_usage and (usage := _USAGE.search(response.headers.get("Sforce-Limit-Info", ""))):
            self._on_usage(int(usage[1]), int(usage[2]))
        _log.debug("%s answered %d in %.0f ms", method, response.status_code, (self._last_use - began) * 1000)
        return response


class TooLargeError(requests.exceptions.RequestException):
    """An answer larger than any that Salesforce gives: packed, a few kilobytes could fill the memory."""


def _checked(read: Callable[..., Any], check: Callable[[], None]) -> Callable[..., Any]:
    def piece(*args: Any, **kwargs: Any) -> Any:
        check()
        return read(*args, **kwargs)

    return piece


def _read_all(response: requests.Response, check: Callable[[], None]) -> None:
    """Read the body, as requests itself would, but not without end. Raises TooLargeError, and what ``check`` does."""
    kept = bytearray()
    for chunk in response.iter_content(65_536):
        check()
        kept += chunk
        if len(kept) > _MOST:
            response.close()
            raise TooLargeError
    response._content = bytes(kept)


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
    digits = header.strip()
    if digits.isascii() and digits.isdigit():
        return min(float(digits[:9]), _LONGEST_ASKED)
    at = date_of(header)
    return min(max(0.0, (at - datetime.now(UTC)).total_seconds()), _LONGEST_ASKED) if at is not None else None


def date_of(header: str) -> datetime | None:
    """The instant of a Date header (RFC 9110 §6.6.1), None when there is none."""
    try:
        at = parsedate_to_datetime(header)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):  # OverflowError: an instant before the first or after the last year
        return None


def _leave(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
