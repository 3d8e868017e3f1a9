"""What each failure of Salesforce or the network means for the app."""

from __future__ import annotations

import json

import pytest
import requests
from simple_salesforce.exceptions import SalesforceGeneralError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from app.errors import AppError, ErrorCode
from crm.errors import UnexpectedReplyError, app_error, crm_errors, read_faults, surely_unsent


def translated(status: int, code: str, message: str = "words") -> AppError:
    return app_error(status, read_faults([{"errorCode": code, "message": message}]))


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (401, "INVALID_SESSION_ID", ErrorCode.CRM_SIGNED_OUT),
        (400, "UNABLE_TO_LOCK_ROW", ErrorCode.CRM_BUSY),
        (412, "PRECONDITION_FAILED", ErrorCode.CRM_BUSY),
        (403, "REQUEST_LIMIT_EXCEEDED", ErrorCode.CRM_LIMIT),
        (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", ErrorCode.CRM_REFUSED),
        (403, "INSUFFICIENT_ACCESS_OR_READONLY", ErrorCode.CRM_REFUSED),
        (400, "REQUIRED_FIELD_MISSING", ErrorCode.CRM_REFUSED),
        (403, "API_DISABLED_FOR_ORG", ErrorCode.CRM_REFUSED),
        (404, "NOT_FOUND", ErrorCode.CRM_NOT_FOUND),
        (404, "ENTITY_IS_DELETED", ErrorCode.CRM_NOT_FOUND),
        (400, "ENTITY_IS_DELETED", ErrorCode.CRM_REFUSED),
        (500, "UNKNOWN_EXCEPTION", ErrorCode.CRM_OFFLINE),
        (503, "SERVER_UNAVAILABLE", ErrorCode.CRM_OFFLINE),
    ],
)
def test_codes(status: int, code: str, meaning: ErrorCode) -> None:
    error = translated(status, code)
    assert error.code is meaning
    assert error.values["message"] == "words"
    assert "words" not in str(error)


def test_a_session_no_refresh_can_cure_is_a_refusal() -> None:
    error = translated(401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API")
    assert error.code is ErrorCode.CRM_REFUSED


def test_limits_say_how_long_to_wait() -> None:
    assert translated(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.").values["retry_after"] == 900
    crowded = translated(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.")
    assert (crowded.code, crowded.values["retry_after"]) == (ErrorCode.CRM_BUSY, 60)


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ([{"errorCode": "A"}, {"errorCode": "B"}], ["A", "B"]),
        ({"errorCode": "A", "message": "m"}, ["A"]),
        ({"success": False, "errors": [{"statusCode": "C", "fields": ["X"]}]}, ["C"]),
        ({"error": "invalid_grant", "error_description": "d"}, ["invalid_grant"]),
        ("<html>", []),
        (b"", []),
        (None, []),
        ([["odd"]], []),
    ],
)
def test_every_shape_of_error_body(content: object, codes: list[str]) -> None:
    assert [fault.code for fault in read_faults(content)] == codes


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (300, ErrorCode.CRM_REFUSED),
        (302, ErrorCode.CRM_OFFLINE),
        (401, ErrorCode.CRM_SIGNED_OUT),
        (404, ErrorCode.CRM_OFFLINE),
        (429, ErrorCode.CRM_BUSY),
        (503, ErrorCode.CRM_OFFLINE),
    ],
)
def test_without_salesforces_words_the_status_decides(status: int, meaning: ErrorCode) -> None:
    with pytest.raises(AppError) as raised, crm_errors(lambda: 7.0):
        raise SalesforceGeneralError("https://x/q=4155550123", status, "Task", b"<html>4155550123</html>")
    assert raised.value.code is meaning
    assert raised.value.values["retry_after"] == 7.0
    assert "4155550123" not in repr(raised.value.values)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (requests.exceptions.ReadTimeout(), "timeout"),
        (requests.exceptions.ConnectTimeout(), "timeout"),
        (requests.exceptions.SSLError(), "certificate"),
        (requests.exceptions.ConnectionError(), "connection"),
        (requests.exceptions.ChunkedEncodingError(), "reply"),
        (requests.exceptions.JSONDecodeError("m", "<html>", 0), "reply"),
        (UnexpectedReplyError(), "reply"),
    ],
)
def test_the_network_is_offline(error: Exception, reason: str) -> None:
    with pytest.raises(AppError) as raised, crm_errors():
        raise error
    assert (raised.value.code, raised.value.values["reason"]) == (ErrorCode.CRM_OFFLINE, reason)
    assert raised.value.__suppress_context__


def test_a_bug_stays_a_bug() -> None:
    with pytest.raises(json.JSONDecodeError), crm_errors():
        json.loads("{")


def test_what_surely_never_left() -> None:
    refused = NewConnectionError(None, "refused")  # type: ignore[arg-type]
    assert surely_unsent(requests.exceptions.ConnectionError(MaxRetryError(None, "/", refused)))  # type: ignore[arg-type]
    assert surely_unsent(requests.exceptions.ConnectTimeout())
    assert surely_unsent(SalesforceGeneralError("", 400, "", b""))
    assert not surely_unsent(requests.exceptions.ConnectionError())
    assert not surely_unsent(requests.exceptions.ReadTimeout())
    assert not surely_unsent(SalesforceGeneralError("", 500, "", b""))


@pytest.mark.parametrize("key", ["duplicateResut", "duplicateResult"])
def test_a_duplicate_keeps_whom_it_is_like(key: str) -> None:
    lead = {"attributes": {"type": "Lead", "url": "/x"}, "Id": "00Q000000000001AAA"}
    results = [
        {"entityType": "Contact", "matchRecords": [{"record": {"Id": "003000000000001AAA"}}, {"record": None}, "x"]},
        {"entityType": "Lead", "matchRecords": [{"record": lead}]},
        {"entityType": "Account", "matchRecords": None},
    ]
    body = [{key: {"allowSave": True, "matchResults": results}, "errorCode": "DUPLICATES_DETECTED", "message": "Use?"}]
    error = app_error(400, read_faults(body))
    assert error.code is ErrorCode.CRM_DUPLICATE
    assert error.values["may_save"] is True
    assert error.values["duplicates"] == (("Contact", "003000000000001AAA"), ("Lead", "00Q000000000001AAA"))


def test_a_duplicate_without_candidates_is_one_all_the_same() -> None:
    error = translated(400, "DUPLICATES_DETECTED")
    assert (error.code, error.values["duplicates"], error.values["may_save"]) == (ErrorCode.CRM_DUPLICATE, (), False)
