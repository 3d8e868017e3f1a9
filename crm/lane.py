"""One thread's connection to Salesforce: a session and the library's object over it, for one access token."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit

from crm.errors import UnexpectedReplyError

if TYPE_CHECKING:
    from requests import Response

    from crm.http import CrmSession

API_VERSION = "66.0"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOST_ROWS = 2_000  # Salesforce gives no more at once; what else comes is not looked at
_AT_LEISURE = 20.0  # read time-outs that an answer of many megabytes may take: as long as a request in Salesforce
_MOST_TOGETHER = 2_000_000  # characters: days of texts can be long, and one request should not be


def default_timeout() -> tuple[float, float]:
    """(connect, read) seconds. RINGDOWN_CRM_TIMEOUT shortens the wait for an answer, so that tests can be short."""
    asked = os.environ.get("RINGDOWN_CRM_TIMEOUT", "")
    return 5.0, float(asked) if asked.replace(".", "", 1).isdigit() else 30.0


@dataclass(frozen=True, slots=True)
class Part:
    """One request to the API, of which several may go as one; ``path`` without the version."""

    method: str
    path: str
    body: Mapping[str, Any]


def query_part(soql: str, *, deleted: bool = False) -> Part:
    """A query as one of several requests."""
    return Part("GET", f"{'queryAll' if deleted else 'query'}/?q={quote(soql, safe='')}", {})


class Lane:
    """Requests of one thread with one token. Methods raise the library's own errors: wrap them in `crm_errors`."""

    def __init__(
        self,
        instance_url: str,
        token: str,
        timeout: tuple[float, float],
        on_usage: Callable[[int, int], None],
    ) -> None:
        # Here, not at the top: the library takes a good part of a second to load, and start-up need not wait for it.
        from simple_salesforce.api import Salesforce

        from crm.http import CrmSession

        parts = urlsplit(instance_url)
        self.token = token
        self.session: CrmSession = CrmSession(
            plain_host=parts.netloc if parts.scheme == "http" else "", timeout=timeout, on_usage=on_usage
        )
        # A new one for every token: the library keeps half of an old token when its session_id is set.
        self.sf: Any = Salesforce(
            instance_url=instance_url,
            session_id=token,
            version=API_VERSION,
            session=self.session,
            object_pairs_hook=dict,
        )
        self._host = f"https://{self.sf.sf_instance}"
        self._went: list[tuple[Part, _Answer]] = []

    def retry_after(self) -> float | None:
        """Seconds the last answer asked us to wait."""
        return self.session.retry_after

    def server_now(self) -> datetime:
        """Salesforce's clock. Before the first answer it is asked for, by a request that does not count."""
        if self.session.server_now is None:
            self.session.request("GET", f"{self._host}/services/data/")
        return self.session.server_now or datetime.now(UTC)

    def send(self, part: Part) -> Any:
        """Do one request, or take its answer if it went with others already."""
        if part in (went := [one for one, _ in self._went]):
            _, answer = self._went.pop(went.index(part))
            if answer.status_code >= 300:
                from simple_salesforce.util import exception_handler

                exception_handler(cast(Any, answer), part.path)
            return answer.json()
        return self.restful(part.path, part.method, part.body)

    def restful(self, path: str, method: str, body: Mapping[str, Any]) -> Any:
        """One request of the API, ``path`` without the version."""
        try:
            return self.sf.restful(path, method=method, json=body)
        except TypeError:  # the library asks for the length of what may be `null` or a number
            raise UnexpectedReplyError from None

    @contextmanager
    def together(self, parts: Sequence[Part]) -> Iterator[None]:
        """Do several in one request, which counts as one. Inside, `send` with the same part has its answer."""
        if len(parts) > 1:
            self._do_together(parts)
        try:
            yield
        finally:
            # An answer that nobody took must not be one to a later question.
            self._went = []

    def _do_together(self, parts: Sequence[Part]) -> None:
        base = f"/services/data/v{API_VERSION}/"
        requests = [
            {
                "method": part.method,
                "url": base + part.path,
                "referenceId": f"part{at}",
                **({"body": part.body} if part.body else {}),
            }
            for at, part in enumerate(parts)
        ]
        if len(json.dumps(requests)) > _MOST_TOGETHER:
            return
        answers = self.composite(requests)
        self._went = [
            (part, _Answer(*answers[f"part{at}"], part.path)) for at, part in enumerate(parts) if f"part{at}" in answers
        ]

    def get(self, path: str) -> dict[str, Any]:
        """GET an absolute path of the instance."""
        from simple_salesforce.util import call_salesforce

        response = call_salesforce(self._host + path, "GET", self.session, dict(self.sf.headers))
        return mapping_of(response.json())

    @contextmanager
    def open(self, path: str, *, accept: str) -> Iterator[Response]:
        """GET an absolute path; the body is read inside, at leisure."""
        from simple_salesforce.util import call_salesforce

        headers = {**self.sf.headers, "Accept": accept}
        with self.session.within(_AT_LEISURE):
            with call_salesforce(self._host + path, "GET", self.session, headers, stream=True) as response:
                self.session.read_gently(response)
                yield response

    def get_since(self, path: str, since: str) -> tuple[dict[str, Any] | None, str]:
        """GET an absolute path unless it has not changed since ``since`` (its date then; empty for at any rate).

        (what came or None, its date now).
        """
        from simple_salesforce.exceptions import SalesforceGeneralError
        from simple_salesforce.util import call_salesforce

        headers = {**self.sf.headers, **({"If-Modified-Since": since} if since else {})}
        try:
            response = call_salesforce(self._host + path, "GET", self.session, headers)
        except SalesforceGeneralError as error:
            if error.status != 304:
                raise
            return None, since
        return mapping_of(response.json()), response.headers.get("Last-Modified", "")

    def query(self, soql: str, *, deleted: bool = False) -> list[dict[str, Any]]:
        """The first page of rows (up to 2,000), with ``deleted`` those in the recycle bin and the archive too."""
        if any(part == query_part(soql, deleted=deleted) for part, _ in self._went):
            return rows_of(self.send(query_part(soql, deleted=deleted)))
        return rows_of(self.sf.query(writable(soql), include_deleted=deleted))

    def search(self, sosl: str) -> list[dict[str, Any]]:
        """The rows a SOSL search found."""
        try:
            answer = self.sf.search(writable(sosl))
        except TypeError:  # as in `restful`
            raise UnexpectedReplyError from None
        found = mapping_of(answer or {"searchRecords": []}).get("searchRecords")
        return [mapping_of(row) for row in found[:_MOST_ROWS]] if isinstance(found, list) else []

    def composite(self, requests: list[dict[str, Any]]) -> dict[str, tuple[int, Any]]:
        """Several requests in one; (status, body) by reference id. A part may fail alone."""
        body = {"allOrNone": False, "compositeRequest": requests}
        answer = mapping_of(self.restful("composite", "POST", body)).get("compositeResponse")
        if not isinstance(answer, list):
            raise UnexpectedReplyError
        return {str(p.get("referenceId")): (_status_of(p), p.get("body")) for p in map(mapping_of, answer)}

    def close(self) -> None:
        """Drop the connections."""
        self.session.close()


class _Answer:
    """The answer of one of several requests, as the library's error handling takes it."""

    def __init__(self, status: int, body: Any, url: str) -> None:
        self.status_code = status
        self.url = url
        self._body = body

    @property
    def text(self) -> str:
        """The body as it would have come."""
        return json.dumps(self._body)

    def json(self) -> Any:
        """The body."""
        return self._body


class Lanes:
    """A Lane for each thread that asks, renewed when the token changes. Thread-safe."""

    def __init__(self, make: Callable[[str], Lane]) -> None:
        self._make = make
        self._local = threading.local()
        self._lock = threading.Lock()
        self._all: list[Lane] = []

    def get(self, token: str) -> Lane:
        """This thread's lane for ``token``."""
        lane: Lane | None = getattr(self._local, "lane", None)
        if lane is not None and lane.token == token:
            return lane
        fresh = self._make(token)
        with self._lock:
            if lane in self._all:
                self._all.remove(lane)
            self._all.append(fresh)
        if lane is not None:
            lane.close()
        self._local.lane = fresh
        return fresh

    def close(self) -> None:
        """Drop the connections of every thread."""
        with self._lock:
            lanes, self._all = self._all, []
        for lane in lanes:
            lane.close()


def writable(text: str) -> str:
    """Text without what somebody may have pasted and no query takes: control characters, half characters."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode()


def _status_of(part: Mapping[str, Any]) -> int:
    status = part.get("httpStatusCode", 0)
    if not isinstance(status, int):
        raise UnexpectedReplyError
    return status


def mapping_of(value: Any) -> dict[str, Any]:
    """``value``, which must be a JSON object. Raises UnexpectedReplyError."""
    if not isinstance(value, dict):
        raise UnexpectedReplyError
    return value


def rows_of(reply: Any) -> list[dict[str, Any]]:
    """The records of a query's answer. Raises UnexpectedReplyError."""
    records = mapping_of(reply).get("records")
    if not isinstance(records, list):
        raise UnexpectedReplyError
    return [mapping_of(row) for row in records[:_MOST_ROWS]]
