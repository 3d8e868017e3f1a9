"""Errors as the REST interface words them: an array for single calls, per-record ones for collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One error. `fields` None leaves the key out, which is what query and routing errors do.

    `details` come first in the form of single calls, and are left out inside collections.
    """

    code: str
    message: str
    fields: tuple[str, ...] | None = None
    details: Mapping[str, Any] | None = None

    def as_error(self) -> dict[str, Any]:
        """The form of single calls: `errorCode`."""
        error: dict[str, Any] = {**(self.details or {}), "message": self.message, "errorCode": self.code}
        if self.fields is not None:
            error["fields"] = list(self.fields)
        return error

    def as_record_error(self) -> dict[str, Any]:
        """The form inside collections: `statusCode`, and `fields` always there."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields or ())}


class ApiError(Exception):
    """Ends a call with an HTTP status and its problems."""

    def __init__(self, status: int, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.status = status
        self.problems = tuple(problems)


def refuse(code: str, message: str, fields: Sequence[str] | None = None, *, status: int = 400) -> ApiError:
    """An ApiError with one problem."""
    return ApiError(status, [Problem(code, message, None if fields is None else tuple(fields))])


def not_found(message: str = "The requested resource does not exist") -> ApiError:
    """404 for an address, object or record that is not there."""
    return refuse("NOT_FOUND", message, status=404)


def session_invalid() -> ApiError:
    """401 for a missing, unknown or ended session."""
    return refuse("INVALID_SESSION_ID", "Session expired or invalid", status=401)


def row_locked(record_id: str = "") -> Problem:
    """What a hot parent gives after ten seconds of waiting."""
    about = f": {record_id}" if record_id else ""
    return Problem("UNABLE_TO_LOCK_ROW", f"unable to obtain exclusive access to this record or 1 records{about}", ())


def read_only(status: int) -> ApiError:
    """A record the caller may see and not change; `status` as the org answers."""
    return refuse("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", [], status=status)
