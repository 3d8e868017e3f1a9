"""A request and a response, apart from any socket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from .errors import ApiError, refuse


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `segments`: the decoded path parts; `headers`: lower-case names.

    `locked`: a row-lock fault is on; holds the places of the records it hits, empty for all.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    segments: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    locked: frozenset[int] | None = None

    @property
    def version(self) -> float:
        """The API version in the address; 0 where there is none."""
        if len(self.segments) > 2 and self.segments[:2] == ("services", "data"):
            try:
                return float(self.segments[2].lstrip("v"))
            except ValueError:
                return 0.0
        return 0.0

    @property
    def base(self) -> str:
        """`/services/data/v66.0`, as this request wrote the version."""
        return "/".join(("", *self.segments[:3]))

    def json(self) -> Any:
        """The body. Raises ApiError when it is not JSON."""
        try:
            return json.loads(self.body, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise refuse("JSON_PARSER_ERROR", f"Unexpected character or end of input: {error}") from error

    def form(self) -> dict[str, str]:
        """The fields of a form body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def record(self) -> dict[str, Any]:
        """The body as one JSON object. Raises ApiError."""
        body = self.json()
        if not isinstance(body, dict):
            raise refuse("JSON_PARSER_ERROR", "Can not deserialize SObject out of START_ARRAY token")
        return body

    def text_list(self, body: Mapping[str, Any], name: str) -> list[str]:
        """A list of texts in the body, empty when it is left out. Raises ApiError."""
        given = body.get(name)
        if given is None:
            return []
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise refuse("JSON_PARSER_ERROR", f"{name} must be a list of texts")
        return given

    def hits(self, place: int) -> bool:
        """Whether the row-lock fault hits the record at this place."""
        return self.locked is not None and (not self.locked or place in self.locked)


def read_target(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """A Request from the raw request target; each path part is decoded by itself, so `%2F` stays inside one."""
    path, _, asked = target.partition("?")
    segments = tuple(unquote(part) for part in path.split("/")[1:])
    if segments and not segments[-1]:
        segments = segments[:-1]
    query = dict(parse_qsl(asked, keep_blank_values=True))
    return Request(method, target, headers, body, segments, query)


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; `body` None is no content, `text` or the bytes of `raw` replace JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    content_type: str = "application/json;charset=UTF-8"
    raw: bytes | None = None

    def payload(self) -> bytes:
        """The bytes to send."""
        if self.raw is not None:
            return self.raw
        if self.text is not None:
            return self.text.encode()
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode("utf-8", "replace")


def failed(error: ApiError) -> Response:
    """The array form of an error."""
    return Response(error.status, [problem.as_error() for problem in error.problems])


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
