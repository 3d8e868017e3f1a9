"""Library and HTTP errors become AppError here, and nowhere else.

simple-salesforce puts the address and the whole answer into ``str(error)``, names and numbers included: the original
is therefore not chained to what leaves this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from app.errors import AppError, ErrorCode

LIMIT_PAUSE = 900.0  # seconds: the daily limit rolls over 24 hours, and every knock on the door counts against it
BUSY_PAUSE = 60.0

_WRONG_API = "not valid for use with the REST API"
# INVALID_SESSION_ID is refused (and not signed out) only with those words.
_SHUT_OUT = {"API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED", "INVALID_SESSION_ID"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One error as Salesforce words it. ``message`` may hold private data; ``fields`` are API names."""

    code: str
    message: str = ""
    fields: tuple[str, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    """(object, id) of the records a duplicate rule found."""
    may_save: bool = False
    """The rule only warns: sent again with the wish to save, the record is taken."""


class UnexpectedReplyError(Exception):
    """An answer that is no Salesforce answer, though its status was fine: a proxy or portal in between."""


def read_faults(content: object) -> tuple[Fault, ...]:
    """The errors in a body: single calls say ``errorCode``, collections ``statusCode``; an array or one object."""
    if isinstance(content, Mapping):
        nested = content.get("errors")
        if isinstance(nested, list) and nested:
            return read_faults(nested)
        content = [content]
    if not isinstance(content, list):
        return ()
    return tuple(fault for item in content if isinstance(item, Mapping) and (fault := _fault(item)))


def _fault(item: Mapping[str, object]) -> Fault | None:
    code = item.get("errorCode") or item.get("statusCode") or item.get("error")
    if not code:
        return None
    fields = item.get("fields")
    names = tuple(str(name) for name in fields) if isinstance(fields, list) else ()
    message = item.get("message") or item.get("error_description") or ""
    # Salesforce's own spelling has a slip; should it ever be put right, that is understood too.
    found = item.get("duplicateResut") or item.get("duplicateResult")
    if not isinstance(found, Mapping):
        return Fault(str(code), str(message), names)
    return Fault(str(code), str(message), names, tuple(_candidates(found)), found.get("allowSave") is True)


def _candidates(found: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """(object, id) of each record in a duplicate rule's answer."""
    for result in _mappings(found.get("matchResults")):
        for match in _mappings(result.get("matchRecords")):
            record = match.get("record")
            if not isinstance(record, Mapping):
                continue
            attributes = record.get("attributes")
            kind = attributes.get("type") if isinstance(attributes, Mapping) else None
            record_id = record.get("Id") or record.get("id")
            if record_id:
                yield str(kind or result.get("entityType") or ""), str(record_id)


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def app_error(status: int, faults: tuple[Fault, ...], retry_after: float | None = None) -> AppError:
    """What an HTTP status with these errors means for the app.

    ``values`` of the result: ``message`` in Salesforce's words, ``retry_after`` in seconds (when there is one),
    ``reason`` a code.
    """
    if not faults:
        return _by_status(status, retry_after)
    first = faults[0]
    values: dict[str, object] = {"message": "; ".join(f.message for f in faults if f.message), "reason": first.code}
    wait = {} if retry_after is None else {"retry_after": retry_after}
    match first.code:
        case "INVALID_SESSION_ID" | "INVALID_AUTH_HEADER" if _WRONG_API not in first.message:
            return AppError(ErrorCode.CRM_SIGNED_OUT, **values)
        case "REQUEST_LIMIT_EXCEEDED" if "ConcurrentPerOrg" in first.message:
            return AppError(ErrorCode.CRM_BUSY, **values, retry_after=retry_after or BUSY_PAUSE)
        case "REQUEST_LIMIT_EXCEEDED":
            return AppError(ErrorCode.CRM_LIMIT, **values, retry_after=retry_after or LIMIT_PAUSE)
        case "UNABLE_TO_LOCK_ROW" | "QUERY_TIMEOUT" | "CONCURRENT_REQUEST_LIMIT_EXCEEDED":
            return AppError(ErrorCode.CRM_BUSY, **values, **wait)
        case "NOT_FOUND" | "ENTITY_IS_DELETED" if status != 400:  # 400: something the record points at
            return AppError(ErrorCode.CRM_NOT_FOUND, **values)
        case "DUPLICATES_DETECTED":
            return AppError(ErrorCode.CRM_DUPLICATE, **values, duplicates=first.duplicates, may_save=first.may_save)
        case "SERVER_UNAVAILABLE":
            return AppError(ErrorCode.CRM_OFFLINE, **values, **wait)
        case _ if status >= 500:
            return AppError(ErrorCode.CRM_OFFLINE, **values, **wait)
        case _ if status in {409, 412, 429}:
            return AppError(ErrorCode.CRM_BUSY, **values, **wait)
        case _:
            return AppError(ErrorCode.CRM_REFUSED, **values)


def _by_status(status: int, retry_after: float | None) -> AppError:
    """Without Salesforce's own words the answer is from something in front of it, save for a plain 401."""
    values: dict[str, object] = {"message": "", "reason": f"http-{status}"}
    if retry_after is not None:
        values["retry_after"] = retry_after
    match status:
        case 401:
            return AppError(ErrorCode.CRM_SIGNED_OUT, **values)
        case 300:
            return AppError(ErrorCode.CRM_REFUSED, **values)
        case 409 | 412 | 429:
            return AppError(ErrorCode.CRM_BUSY, **values)
        case _:
            return AppError(ErrorCode.CRM_OFFLINE, **values)


def session_error(error: AppError) -> AppError:
    """The same error; one that shuts the whole session out of the API becomes CRM_SIGNED_OUT with that reason.

    No fresh token cures it and no other request fares better: the queue must wait, not fail row by row.
    """
    if error.code is not ErrorCode.CRM_REFUSED or error.values.get("reason") not in _SHUT_OUT:
        return error
    return AppError(ErrorCode.CRM_SIGNED_OUT, **{**error.values, "reason": ErrorCode.SIGN_IN_NO_API.value})


@contextmanager
def crm_errors(retry_after: Callable[[], float | None] = lambda: None) -> Iterator[None]:
    """Inside, anything Salesforce, the library or the network raises becomes AppError CRM_*.

    ``retry_after`` tells what the last answer's header asked for: the library drops headers. ``unanswered`` is among
    the values when the request may have been done, or be under way still.
    """
    import requests
    from simple_salesforce.exceptions import SalesforceError
    from urllib3.exceptions import HTTPError

    from crm.patience import TooSlowError

    try:
        yield
    except SalesforceError as error:
        raise app_error(int(error.status), read_faults(error.content), retry_after()) from None
    except TooSlowError:  # not "timeout": the size of what was asked may be to blame
        raise AppError(ErrorCode.CRM_OFFLINE, message="", reason="slow", unanswered=True) from None
    except requests.exceptions.ConnectTimeout:
        raise AppError(ErrorCode.CRM_OFFLINE, message="", reason="timeout") from None
    except requests.exceptions.Timeout:
        raise AppError(ErrorCode.CRM_OFFLINE, message="", reason="timeout", unanswered=True) from None
    except requests.exceptions.SSLError:
        raise AppError(ErrorCode.CRM_OFFLINE, message="", reason="certificate") from None
    except requests.exceptions.ConnectionError as error:
        lost = {} if surely_unsent(error) else {"unanswered": True}
        raise AppError(ErrorCode.CRM_OFFLINE, message="", reason="connection", **lost) from None
    # An answer nested deeper than the parser goes, or cut off while its rows were being read, is none of Salesforce's.
    except (requests.exceptions.RequestException, UnexpectedReplyError, RecursionError, HTTPError):
        raise AppError(ErrorCode.CRM_OFFLINE, message="", reason="reply") from None
    except ValueError as error:
        if "integer string conversion" not in str(error):  # Python's own limit; json says no more of it
            raise
        raise AppError(ErrorCode.CRM_OFFLINE, message="", reason="reply") from None


def surely_unsent(error: BaseException) -> bool:
    """Did a failed request certainly never reach Salesforce? (No connection was made, or it answered 4xx or 503.)"""
    import requests
    from simple_salesforce.exceptions import SalesforceError
    from urllib3.exceptions import NameResolutionError, NewConnectionError, SSLError

    match error:
        case SalesforceError():
            return int(error.status) < 500 or int(error.status) == 503
        case requests.exceptions.ConnectTimeout() | requests.exceptions.SSLError():
            return True
        case requests.exceptions.ConnectionError() if error.args:
            cause = getattr(error.args[0], "reason", None)
            return isinstance(cause, NewConnectionError | NameResolutionError | SSLError)
        case _:
            return False
