"""Tokens, versions, identity, limits, and requests that are not even read."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlsplit

import pytest

from tests.crm_standin.client import BASE, Client


def test_without_a_token_the_api_says_the_session_is_invalid(client: Client) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = client.call("GET", f"{BASE}/sobjects", **headers)
        assert answer.status == 401
        assert answer.body == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_a_malformed_authorization_header_has_its_own_code(client: Client) -> None:
    answer = client.call("GET", f"{BASE}/sobjects", Authorization="Basic abc")
    assert (answer.status, answer.code) == (401, "INVALID_AUTH_HEADER")


def test_versions_need_no_token_and_are_not_counted(client: Client) -> None:
    for path in ("/services/data", "/services/data/"):
        answer = client.call("GET", path)
        assert answer.status == 200
        assert {"label": "Spring '26", "url": "/services/data/v66.0", "version": "66.0"} in answer.body
        assert "sforce-limit-info" not in answer.headers


@pytest.mark.parametrize("path", ["", "/"])
def test_resources_name_the_identity_address(client: Client, path: str) -> None:
    resources = client.api("GET", path).body
    assert resources["sobjects"] == f"{BASE}/sobjects"
    assert resources["identity"].startswith(f"{client.url}/id/00D")


def test_identity_and_user_info_name_the_rep(client: Client) -> None:
    address = client.api("GET", "").body["identity"]
    bearer = {"Authorization": f"Bearer {client.token}"}
    who = client.call("GET", urlsplit(address).path, **bearer).body
    assert (who["display_name"], who["timezone"], who["locale"]) == ("Riley Chen", "America/Los_Angeles", "en_US")
    assert who["user_id"] == address.rpartition("/")[2]
    assert len(who["user_id"]) == len(who["organization_id"]) == 18
    info = client.call("GET", "/services/oauth2/userinfo", **bearer).body
    assert (info["user_id"], info["zoneinfo"]) == (who["user_id"], "America/Los_Angeles")
    refused = client.call("GET", urlsplit(address).path)
    assert (refused.status, refused.body) == (403, "Missing_OAuth_Token")


def test_every_api_answer_tells_the_usage(client: Client) -> None:
    client.control("POST", "/settings", {"api_limit": 500})
    used = [client.api("GET", path).headers["sforce-limit-info"] for path in ("/limits", "/limits/", "/sobjects/Nope")]
    assert used == ["api-usage=1/500", "api-usage=2/500", "api-usage=3/500"]
    assert client.api("GET", "/limits").body["DailyApiRequests"] == {"Max": 500, "Remaining": 496}


def test_over_the_daily_limit_calls_are_refused(client: Client) -> None:
    client.control("POST", "/settings", {"api_limit": 1})
    assert client.api("GET", "/limits").status == 200
    answer = client.api("GET", "/limits")
    assert (answer.status, answer.code) == (403, "REQUEST_LIMIT_EXCEEDED")


def test_unknown_addresses_versions_and_methods(client: Client) -> None:
    assert client.api("GET", "/nothing").code == "NOT_FOUND"
    assert client.call("GET", "/services/data/v99.0/limits", Authorization=f"Bearer {client.token}").status == 404
    assert client.call("GET", "/services/data/v20.0/limits", Authorization=f"Bearer {client.token}").status == 410
    assert client.api("PUT", "/sobjects/Task/x", {}).status == 405
    assert client.api("POST", "/sobjects/Task", b"<a/>", Content_Type="text/xml").status == 415
    assert client.api("POST", "/sobjects/Task", b"{not json").code == "JSON_PARSER_ERROR"


def test_a_new_session_ends_the_old_one(client: Client) -> None:
    old = client.token
    client.token = client.control("POST", "/session").body["access_token"]
    assert client.api("GET", "/limits").status == 200
    assert client.call("GET", f"{BASE}/limits", Authorization=f"Bearer {old}").status == 401


def test_a_rebound_host_name_or_foreign_page_is_refused(client: Client) -> None:
    assert client.call("GET", "/standin/log", Host="evil.example").status == 403
    assert client.call("GET", "/standin/log", Host="127.0.0.1.evil.example:80").status == 403
    assert client.call("POST", "/standin/reset", Origin="https://evil.example").status == 403
    assert client.call("GET", "/standin/log", Host="localhost:1").status == 200
    assert client.call("GET", "/standin/log", Host="[::1]:1").status == 200


def test_sizes_are_bounded(client: Client) -> None:
    assert client.call("GET", "/services/data/?" + "x" * 17_000).status == 414
    assert client.call("GET", "/services/data/", X_Long="x" * 17_000).status == 431
    assert client.call("POST", "/standin/reset", Content_Length=str(10**9)).status == 413
    assert client.call("POST", "/standin/reset", Content_Length="-5").status == 400
    assert client.call("POST", "/standin/reset", Transfer_Encoding="gzip").status == 400
    assert client.call("POST", "/standin/reset", b"{}", Transfer_Encoding="chunked", Content_Length="2").status == 400


def test_one_connection_serves_many_requests(client: Client) -> None:
    connection = http.client.HTTPConnection(urlsplit(client.url).netloc, timeout=20)
    connection.connect()
    sock: socket.socket = connection.sock
    for method in ("GET", "HEAD", "GET"):
        connection.request(method, "/services/data/")
        response = connection.getresponse()
        assert bool(response.read()) is (method == "GET")
        assert connection.sock is sock
    connection.close()


def test_half_a_body_does_nothing(client: Client) -> None:
    made = client.create("Contact", LastName="stays")
    host, _, port = urlsplit(client.url).netloc.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as half:
        half.sendall(b"POST /standin/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{}")
        half.shutdown(socket.SHUT_WR)
        assert half.recv(1024) == b""
    assert client.read("Contact", made)["LastName"] == "stays"
