"""A bare HTTP client for the stand-in, so that its answers are seen as they are on the wire."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

BASE = "/services/data/v66.0"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, lower-case headers and the parsed body (text when it is not JSON, None when empty)."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> str:
        """The error code of the first error."""
        return str(self.body[0]["errorCode"])

    @property
    def message(self) -> str:
        """The sentence of the first error."""
        return str(self.body[0]["message"])


class Client:
    """Calls one stand-in; a connection a call."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Any request as given. Header names are written with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        if data is not None:
            given.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        try:
            connection.request(method, path, data, given)
            response = connection.getresponse()
            raw = response.read()
        finally:
            connection.close()
        names = {name.lower(): value for name, value in response.getheaders()}
        is_json = "json" in names.get("content-type", "") and raw
        return Answer(response.status, names, json.loads(raw) if is_json else raw.decode() or None)

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A call under the API with the token."""
        return self.call(method, BASE + path, body, Authorization=f"Bearer {self.token}", **headers)

    def create(self, sobject: str, **fields: Any) -> str:
        """Creates a record that must be accepted, and gives its id."""
        answer = self.api("POST", f"/sobjects/{sobject}", fields)
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    def read(self, sobject: str, record_id: str, fields: str = "") -> dict[str, Any]:
        """A record that must be there."""
        answer = self.api("GET", f"/sobjects/{sobject}/{record_id}" + (f"?fields={fields}" if fields else ""))
        assert answer.status == 200, answer.body
        return dict(answer.body)

    def upsert(self, sobject: str, field: str, key: str, **fields: Any) -> Answer:
        """An upsert by external id."""
        return self.api("PATCH", f"/sobjects/{sobject}/{field}/{quote(key, safe='')}", fields)

    def query(self, soql: str, **headers: str) -> Answer:
        """A SOQL query."""
        return self.api("GET", "/query/?" + urlencode({"q": soql}), **headers)

    def records(self, soql: str) -> list[dict[str, Any]]:
        """The records of a query that must be accepted."""
        answer = self.query(soql)
        assert answer.status == 200, answer.body
        return list(answer.body["records"])

    def column(self, soql: str, name: str) -> list[Any]:
        """One column of the records."""
        return [record[name] for record in self.records(soql)]

    def search(self, sosl: str) -> Answer:
        """A SOSL search."""
        return self.api("GET", "/search/?" + urlencode({"q": sosl}))

    def found(self, sosl: str) -> list[str]:
        """The names a search that must be accepted finds."""
        answer = self.search(sosl)
        assert answer.status == 200, answer.body
        return [record["Name"] for record in answer.body["searchRecords"]]

    def control(self, method: str, path: str, body: Any = None) -> Answer:
        """A call to the control interface."""
        return self.call(method, "/standin" + path, body)

    def rows(self, sobject: str) -> list[dict[str, Any]]:
        """Every row of an object, deleted ones too."""
        return list(self.control("GET", f"/records/{sobject}").body)
