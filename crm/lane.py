"""One thread's connection to Salesforce: a session and the library's object over it, for one access token."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crm.errors import UnexpectedReplyError

if TYPE_CHECKING:
    from crm.http import CrmSession

API_VERSION = "66.0"


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

    def retry_after(self) -> float | None:
        """Seconds the last answer asked us to wait."""
        return self.session.retry_after

    def get(self, path: str) -> dict[str, Any]:
        """GET an absolute path of the instance."""
        from simple_salesforce.util import call_salesforce

        response = call_salesforce(self._host + path, "GET", self.session, dict(self.sf.headers))
        return mapping_of(response.json())

    def query(self, soql: str) -> list[dict[str, Any]]:
        """The first page of rows (up to 2,000)."""
        return rows_of(self.sf.query(soql))

    def search(self, sosl: str) -> list[dict[str, Any]]:
        """The rows a SOSL search found."""
        found = mapping_of(self.sf.search(sosl) or {"searchRecords": []}).get("searchRecords")
        return [mapping_of(row) for row in found] if isinstance(found, list) else []

    def composite(self, requests: list[dict[str, Any]]) -> dict[str, tuple[int, Any]]:
        """Several requests in one; (status, body) by reference id. A part may fail alone."""
        body = {"allOrNone": False, "compositeRequest": requests}
        answer = mapping_of(self.sf.restful("composite", method="POST", json=body)).get("compositeResponse")
        if not isinstance(answer, list):
            raise UnexpectedReplyError
        return {str(p.get("referenceId")): (int(p.get("httpStatusCode", 0)), p.get("body")) for p in answer}

    def close(self) -> None:
        """Drop the connections."""
        self.session.close()


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
    return [mapping_of(row) for row in records]
